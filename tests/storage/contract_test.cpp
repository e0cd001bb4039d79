// One suite for every store.
#include "tests/storage/store_fixture.hpp"

#include <boost/asio/co_spawn.hpp>

namespace tests {
namespace {

struct Memory {
  static std::unique_ptr<Store> make(StoreHouse& house, const TemporaryDirectory&) {
    return std::make_unique<tgkit::storage::MemoryStore>(house.clock);
  }
};

template <Durability durability>
struct Sqlite {
  static std::unique_ptr<Store> make(StoreHouse& house, const TemporaryDirectory& directory) {
    auto settings = house.settings(directory / "bot.sqlite");
    settings.durability = durability;
    return std::make_unique<SqliteStore>(house.io.get_executor(), house.clock, std::move(settings));
  }
};

// Nothing is answered from the cache, and the journal is folded after every group.
template <Durability durability>
struct SqliteWithoutCacheOrJournal {
  static std::unique_ptr<Store> make(StoreHouse& house, const TemporaryDirectory& directory) {
    auto settings = house.settings(directory / "bot.sqlite");
    settings.durability = durability;
    settings.cache_bytes = 0;
    settings.fold_bytes = 1;
    return std::make_unique<SqliteStore>(house.io.get_executor(), house.clock, std::move(settings));
  }
};

template <class Kind>
class AnyStore : public testing::Test, public StoreHouse {
 protected:
  AnyStore() {
    store = Kind::make(*this, directory_);
    open();
  }
  TemporaryDirectory directory_;
};

using Kinds =
    testing::Types<Memory, Sqlite<Durability::power>, Sqlite<Durability::process>,
                   SqliteWithoutCacheOrJournal<Durability::power>, SqliteWithoutCacheOrJournal<Durability::process>>;
TYPED_TEST_SUITE(AnyStore, Kinds);

TYPED_TEST(AnyStore, RecognisesAnUpdateThatCameBefore) {
  EXPECT_EQ(this->append(updates(1, 3)), (std::vector<bool>{true, true, true}));
  EXPECT_EQ(this->append(updates(2, 5)), (std::vector<bool>{false, false, true, true}));
}

TYPED_TEST(AnyStore, RecognisesAnUpdateThatWasDone) {
  this->append(updates(1, 1));
  Commit done;
  done.done.push_back(1);
  this->commit(done);
  EXPECT_EQ(this->append(updates(1, 1)), (std::vector<bool>{false}));
}

TYPED_TEST(AnyStore, RecognisesAnUpdateThatComesTwiceInOneBatch) {
  std::vector<InboxUpdate> batch = updates(7, 7);
  batch.push_back(update(7));
  EXPECT_EQ(this->append(batch), (std::vector<bool>{true, false}));
}

TYPED_TEST(AnyStore, TakesIdsThatStartAgainAtASmallerNumber) {
  this->append(updates(900'000'000, 900'000'002));
  EXPECT_EQ(this->append(updates(5, 6)), (std::vector<bool>{true, true}));
}

TYPED_TEST(AnyStore, LoadsNothingForAnUnknownOwner) { EXPECT_EQ(this->load("u1"), std::nullopt); }

TYPED_TEST(AnyStore, LoadsWhatWasCommitted) {
  this->commit(put("u1", "{\"n\":1}"));
  EXPECT_EQ(this->value("u1"), "{\"n\":1}");
  this->commit(put("u1", "{\"n\":2}"));
  EXPECT_EQ(this->value("u1"), "{\"n\":2}");
}

TYPED_TEST(AnyStore, KeepsVersionAndExpiry) {
  StateWrite write = put("u1", "x", this->now() + 100);
  write.record->version = 7;
  this->commit(write);
  EXPECT_EQ(this->load("u1"), write.record);
}

TYPED_TEST(AnyStore, KeepsBytesAsTheyAre) {
  const std::string odd("a\0b\xff\xfe \xd0\x96", 8);
  this->commit(put("u1", odd));
  this->commit(put("u2", ""));
  EXPECT_EQ(this->value("u1"), odd);
  EXPECT_EQ(this->value("u2"), "");
}

TYPED_TEST(AnyStore, KeepsTypesOfOneOwnerApart) {
  Commit both;
  both.writes.push_back(put("u1", "counter"));
  both.writes.push_back(put("u1", "prefs"));
  both.writes[1].key.type = "prefs";
  this->commit(both);
  std::vector<StateKey> keys;
  keys.push_back(StateKey{"prefs", "u1"});
  keys.push_back(StateKey{"none", "u1"});
  keys.push_back(StateKey{"counter", "u1"});
  const auto found = run(this->io, this->store->load(keys));
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].value().value, "prefs");
  EXPECT_EQ(found[1], std::nullopt);
  EXPECT_EQ(found[2].value().value, "counter");
}

TYPED_TEST(AnyStore, ForgetsWhatWasErased) {
  this->commit(put("u1", "1"));
  this->commit(erase("u1"));
  EXPECT_EQ(this->load("u1"), std::nullopt);
  this->commit(put("u1", "2"));
  EXPECT_EQ(this->value("u1"), "2");
}

TYPED_TEST(AnyStore, TakesTheLastOfTwoWritesInOneCommit) {
  Commit twice;
  twice.writes.push_back(put("u1", "1"));
  twice.writes.push_back(put("u1", "2"));
  this->commit(twice);
  EXPECT_EQ(this->value("u1"), "2");
}

TYPED_TEST(AnyStore, DoesNotLoadWhatHasExpired) {
  this->commit(put("u1", "1", this->now() + 10));
  EXPECT_EQ(this->value("u1"), "1");
  this->clock.advance(std::chrono::seconds(9));
  EXPECT_EQ(this->value("u1"), "1");
  this->clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(this->load("u1"), std::nullopt);
}

TYPED_TEST(AnyStore, RevivesAnExpiredStateByWritingIt) {
  this->commit(put("u1", "1", this->now() + 10));
  this->clock.advance(std::chrono::seconds(20));
  this->commit(put("u1", "2", this->now() + 10));
  EXPECT_EQ(this->value("u1"), "2");
}

TYPED_TEST(AnyStore, ReturnsTheNewestQuarantinedFirst) {
  Commit bad;
  bad.quarantined.push_back(QuarantinedUpdate{1, "{\"a\"", "cut short", 100, 0});
  bad.quarantined.push_back(QuarantinedUpdate{0, std::string("\0\xff", 2), "not JSON", 101, 0});
  this->commit(bad);
  const auto all = run(this->io, this->store->quarantine(10));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].body, std::string("\0\xff", 2));
  EXPECT_EQ(all[0].reason, "not JSON");
  EXPECT_EQ(all[0].at, 101);
  EXPECT_EQ(all[1].update_id, 1);
  EXPECT_EQ(run(this->io, this->store->quarantine(1)).size(), 1U);
}

TYPED_TEST(AnyStore, WhatIsSetAsideTwiceIsThereOnce) {
  Commit bad;
  bad.quarantined.push_back(QuarantinedUpdate{1, "{\"a\"", "cut short", 100, 0});
  bad.quarantined.push_back(QuarantinedUpdate{0, "x", "no number", 100, 0});
  this->commit(bad);
  this->commit(bad);
  std::vector<std::int64_t> ids;
  for (const QuarantinedUpdate& one : run(this->io, this->store->quarantine(10))) ids.push_back(one.update_id);
  EXPECT_EQ(ids, (std::vector<std::int64_t>{0, 1, 0})) << "without a number nobody knows whether it is the same";
}

std::vector<std::int64_t> numbers(const std::vector<QuarantinedUpdate>& found) {
  std::vector<std::int64_t> all;
  for (const QuarantinedUpdate& bad : found) all.push_back(bad.number);
  return all;
}

Commit three_bad_updates() {
  Commit bad;
  for (std::int64_t id = 1; id <= 3; ++id) bad.quarantined.push_back(QuarantinedUpdate{id, "{}", "bad", 1, 0});
  return bad;
}

TYPED_TEST(AnyStore, NumbersWhatIsSetAsideAndGivesItPageByPage) {
  this->commit(three_bad_updates());
  const auto newest = run(this->io, this->store->quarantine(2));
  ASSERT_EQ(newest.size(), 2U);
  EXPECT_GT(newest[0].number, newest[1].number);
  const auto rest = run(this->io, this->store->quarantine(2, newest[1].number));
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest[0].update_id, 1);
  EXPECT_EQ(run(this->io, this->store->find_quarantined(rest[0].number)).value().update_id, 1);
  EXPECT_FALSE(run(this->io, this->store->find_quarantined(newest[0].number + 1)));
}

TYPED_TEST(AnyStore, DropsWhatIsNamedAndSaysHowMuchThereWas) {
  this->commit(three_bad_updates());
  const auto all = numbers(run(this->io, this->store->quarantine(10)));
  EXPECT_EQ(run(this->io, this->store->drop_quarantined({all[0], all[2], 99})), 2U);
  EXPECT_EQ(numbers(run(this->io, this->store->quarantine(10))), std::vector<std::int64_t>{all[1]});
}

TYPED_TEST(AnyStore, ReplaysIntoTheInboxOnce) {
  this->commit(three_bad_updates());
  const auto all = numbers(run(this->io, this->store->quarantine(10)));
  EXPECT_TRUE(run(this->io, this->store->replay(all[0], update(3))));
  EXPECT_FALSE(run(this->io, this->store->replay(all[0], update(3))));
  EXPECT_EQ(run(this->io, this->store->quarantine(10)).size(), 2U);
  EXPECT_EQ(this->append(updates(3, 3)), std::vector<bool>{false});
}

TYPED_TEST(AnyStore, KnowsWhatItHasTaken) {
  EXPECT_FALSE(this->store->knows(5));
  this->append(updates(5, 5));
  EXPECT_TRUE(this->store->knows(5));
}

TYPED_TEST(AnyStore, TakesTimersAndTheirRunsInAnyCommit) {
  Commit commit;
  commit.timers.push_back(set_timer("a", 1000));
  commit.writes.push_back(put("u1", "1"));
  this->commit(commit);
  this->store->begin_run(commit.timers[0].key);
  this->store->take_back_run(commit.timers[0].key);
  this->store->begin_run(commit.timers[0].key);
  Commit cancelled;
  cancelled.timers.push_back(cancel_timer("a"));
  cancelled.timers.push_back(cancel_timer("never set"));
  this->commit(cancelled);
  EXPECT_EQ(this->value("u1"), "1");
}

TYPED_TEST(AnyStore, ProbesWhileItWorks) { run(this->io, this->store->probe()); }

TYPED_TEST(AnyStore, RefusesEveryCallAfterClose) {
  this->close();
  EXPECT_THROW(this->append(updates(1, 1)), StorageError);
  EXPECT_THROW(this->load("u1"), StorageError);
  EXPECT_THROW(this->commit(Commit()), StorageError);
  EXPECT_THROW(run(this->io, this->store->quarantine(1)), StorageError);
  EXPECT_THROW(run(this->io, this->store->probe()), StorageError);
  EXPECT_THROW(this->close(), StorageError);
  EXPECT_THROW(this->open(), StorageError);
}

TYPED_TEST(AnyStore, RefusesCallsBeforeOpen) {
  TemporaryDirectory directory;
  const auto fresh = TypeParam::make(*this, directory);
  EXPECT_THROW(run(this->io, fresh->commit(Commit())), StorageError);
}

Task<> count(Store& store, std::string owner, int times, std::int64_t first_update) {
  for (int i = 0; i < times; ++i) {
    std::vector<InboxUpdate> one(1, update(first_update + i, "{\"text\":\"hello\"}"));
    co_await store.append(std::move(one));
    std::vector<StateKey> keys(1, StateKey{"counter", owner});
    const auto found = co_await store.load(std::move(keys));
    const int counter = found[0] ? std::stoi(found[0]->value) : 0;
    Commit commit;
    commit.writes.push_back(put(owner, std::to_string(counter + 1)));
    commit.done.push_back(first_update + i);
    const std::int64_t id = store.next_message_id();
    commit.messages.push_back(message(id, 1));
    co_await store.commit(std::move(commit));
    Commit delivered;
    delivered.delivered.push_back(id);
    co_await store.commit(std::move(delivered));
  }
}

TYPED_TEST(AnyStore, LosesNoCountOfManyCoroutinesAtOnce) {
  constexpr int people = 100;
  constexpr int each = 20;
  int finished = 0;
  for (int i = 0; i < people; ++i) {
    boost::asio::co_spawn(this->io, count(*this->store, "u" + std::to_string(i), each, 1 + i * each),
                          [&](std::exception_ptr error) {
                            EXPECT_FALSE(error);
                            ++finished;
                          });
  }
  this->io.restart();
  while (finished < people && this->io.run_one() > 0) {
  }
  for (int i = 0; i < people; ++i) EXPECT_EQ(this->value("u" + std::to_string(i)), std::to_string(each));
}

Task<> write_without_waiting(Store& store, std::string value) { co_await store.commit(commit_of(put("u1", value))); }

TYPED_TEST(AnyStore, ALoadSeesEveryCommitCalledBeforeIt) {
  int finished = 0;
  for (int i = 1; i <= 5; ++i) {
    boost::asio::co_spawn(this->io, write_without_waiting(*this->store, std::to_string(i)),
                          [&](std::exception_ptr) { ++finished; });
  }
  EXPECT_EQ(this->value("u1"), "5");  // spawned behind them, so called after them
  while (finished < 5 && this->io.run_one() > 0) {
  }
}

TYPED_TEST(AnyStore, CloseFinishesWhatWasCalledBefore) {
  int finished = 0;
  for (int i = 0; i < 50; ++i) {
    boost::asio::co_spawn(this->io, write_without_waiting(*this->store, std::to_string(i)),
                          [&](std::exception_ptr error) { finished += error ? 0 : 1; });
  }
  this->close();
  EXPECT_EQ(finished, 50);
}

TYPED_TEST(AnyStore, GivesTheEntriesOfABookByNumberAndInPieces) {
  this->enter({book_entry(1, "first"), book_entry(2, "of another", "other"), book_entry(3, "second")});
  this->enter({book_entry(4, "third")});
  EXPECT_EQ(this->book(), "1:first 3:second 4:third");
  EXPECT_EQ(this->book("ledger", 1), "3:second 4:third");
  EXPECT_EQ(this->book("ledger", 1, 1), "3:second");
  EXPECT_EQ(this->book("other"), "2:of another");
  EXPECT_EQ(this->book("none"), "");
}

TYPED_TEST(AnyStore, AnEntryOfABookIsNeverChanged) {
  this->enter({book_entry(1, "true")});
  this->enter({book_entry(1, "forged"), book_entry(2, "next")});
  EXPECT_EQ(this->book(), "1:true 2:next");
  this->enter({book_entry(2, "forged")});
  EXPECT_EQ(this->book(), "1:true 2:next");
}

TYPED_TEST(AnyStore, NumbersOfEntriesRise) {
  const std::int64_t first = this->store->next_entry_number();
  EXPECT_LT(first, this->store->next_entry_number());
}

TYPED_TEST(AnyStore, MessageIdsRise) {
  const std::int64_t first = this->store->next_message_id();
  EXPECT_LT(first, this->store->next_message_id());
}

}  // namespace
}  // namespace tests
