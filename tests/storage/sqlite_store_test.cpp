// What only a store with a file can promise.
#include "tests/storage/sqlite_house.hpp"

#include <fstream>

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tests {
namespace {

class SyncedStoreTest : public testing::Test, public SqliteHouse {};

TEST_P(SqliteStoreTest, AnUpdateStillBeingHandledIsThereAfterARestart) {
  reopen();
  append(updates(41, 43));
  Commit done;
  done.done.push_back(42);
  commit(done);
  close();
  const Unfinished found = reopen();
  EXPECT_EQ(ids(found.updates), (std::vector<std::int64_t>{41, 43}));
  EXPECT_EQ(found.updates[0].body, "{\"update_id\":41}");
}

TEST_P(SqliteStoreTest, AMessageNotDeliveredIsThereAfterARestart) {
  reopen();
  Commit commit;
  commit.messages.push_back(message(1, 100, "{\"text\":\"first\"}"));
  commit.messages.push_back(message(2, -100, "{\"text\":\"second\"}"));
  commit.messages.push_back(message(3, 100, "{\"text\":\"third\"}"));
  this->commit(commit);
  Commit delivered;
  delivered.delivered.push_back(1);
  this->commit(delivered);
  close();
  const Unfinished found = reopen();
  ASSERT_EQ(ids(found.messages), (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(found.messages[0].chat_id, -100);
  EXPECT_EQ(found.messages[0].lane, 2);
  EXPECT_EQ(found.messages[0].method, "sendMessage");
  EXPECT_EQ(found.messages[0].body, "{\"text\":\"second\"}");
}

TEST_P(SqliteStoreTest, EverythingInTheTablesChangesOnceMoreByTheJournal) {
  reopen();
  append(updates(1, 3));
  Commit first;
  first.messages.push_back(message(1, 1));
  first.messages.push_back(message(2, 1));
  first.writes.push_back(put("u1", "old"));
  first.writes.push_back(put("u2", "old"));
  commit(first);
  settle();  // now in the tables
  Commit second;
  second.done.push_back(2);
  second.delivered.push_back(1);
  second.writes.push_back(put("u1", "new"));
  second.writes.push_back(erase("u2"));
  commit(second);
  EXPECT_EQ(value("u1"), "new");
  EXPECT_EQ(load("u2"), std::nullopt);
  close();
  const Unfinished found = reopen();
  EXPECT_EQ(ids(found.updates), (std::vector<std::int64_t>{1, 3}));
  EXPECT_EQ(ids(found.messages), (std::vector<std::int64_t>{2}));
  EXPECT_EQ(value("u1"), "new");
  EXPECT_EQ(load("u2"), std::nullopt);
}

TEST_P(SqliteStoreTest, DuplicatesAreRecognisedAcrossARestart) {
  reopen();
  append(updates(1, 3));
  close();
  reopen();
  EXPECT_EQ(append(updates(3, 4)), (std::vector<bool>{false, true}));
}

TEST_P(SqliteStoreTest, TheDedupeWindowIsBounded) {
  auto small = settings(path);
  small.dedupe_window = 100;
  open_sqlite(small);
  append(updates(1, 250));
  Commit done;
  for (std::int64_t id = 1; id <= 250; ++id) done.done.push_back(id);
  commit(done);
  close();
  open_sqlite(small);
  EXPECT_EQ(append(updates(1, 1)), (std::vector<bool>{true}));
  EXPECT_EQ(append(updates(250, 250)), (std::vector<bool>{false}));
}

TEST_P(SqliteStoreTest, AnUnfinishedUpdateIsADuplicateHoweverLongAgoItCame) {
  auto small = settings(path);
  small.dedupe_window = 10;
  open_sqlite(small);
  append(updates(1, 1));
  append(updates(100, 200));
  settle();
  EXPECT_EQ(append(updates(1, 1)), (std::vector<bool>{false}));
}

Task<> append_and_finish(Store& store, std::int64_t id) {
  co_await store.append(updates(id, id));
  Commit commit;
  commit.done.push_back(id);
  co_await store.commit(std::move(commit));
}

TEST_P(SqliteStoreTest, MessageIdsGoOnAboveTheLargestEverUsed) {
  reopen();
  Commit commit;
  commit.messages.push_back(message(77, 1));
  this->commit(commit);
  Commit delivered;
  delivered.delivered.push_back(77);
  this->commit(delivered);
  close();
  reopen();
  EXPECT_EQ(store->next_message_id(), 78);
}

TEST_P(SqliteStoreTest, OnlyAttemptsThatDidNotEndAreCountedOverACrash) {
  reopen();
  append(updates(1, 3));
  store->count_attempt(1);
  store->count_attempt(2);
  store->take_back_attempt(2);
  crash();
  reopen();
  EXPECT_EQ(store->attempts(1), 1U);
  EXPECT_EQ(store->attempts(2), 0U) << "broken off on purpose";
  EXPECT_EQ(store->attempts(3), 0U) << "never begun";
  store->count_attempt(1);
  crash();
  reopen();
  EXPECT_EQ(store->attempts(1), 2U);
  Commit done;
  done.done.push_back(1);
  commit(done);
  EXPECT_EQ(store->attempts(1), 0U);
}

TEST_P(SqliteStoreTest, SendsThatHadBegunAreKnownOverACrashUntilTheyAreDelivered) {
  reopen();
  Commit queued;
  for (const std::int64_t id : {1, 2, 3, 4}) queued.messages.push_back(message(id, 1));
  commit(queued);
  for (const std::int64_t id : {1, 2, 3}) store->begin_send(id);
  store->take_back_send(2);
  Commit delivered;
  delivered.writes.push_back(put("u1", "x"));
  delivered.delivered.push_back(3);
  commit(delivered);
  crash();
  const Unfinished found = reopen();
  ASSERT_EQ(ids(found.messages), (std::vector<std::int64_t>{1, 2, 4}));
  EXPECT_TRUE(found.messages[0].begun);
  EXPECT_FALSE(found.messages[1].begun) << "surely not sent";
  EXPECT_FALSE(found.messages[2].begun) << "never begun";
}

TEST_P(SqliteStoreTest, NoSendBeginsWhoseMarkWouldCostAnother) {
  reopen();
  constexpr std::int64_t most = 2048;
  Commit queued;
  for (std::int64_t id = 1; id <= most + 1; ++id) queued.messages.push_back(message(id, 1));
  commit(queued);
  for (std::int64_t id = 1; id <= most; ++id) ASSERT_TRUE(store->begin_send(id)) << id;
  EXPECT_FALSE(store->begin_send(most + 1));
  EXPECT_TRUE(store->begin_send(1)) << "it has a mark";
  crash();
  const Unfinished found = reopen();
  for (const OutboxMessage& kept : found.messages) EXPECT_EQ(kept.begun, kept.id <= most) << kept.id;
  Commit delivered;
  delivered.writes.push_back(put("u1", "x"));
  delivered.delivered.push_back(7);
  commit(delivered);
  EXPECT_TRUE(store->begin_send(most + 1));
}

TEST_P(SqliteStoreTest, TheMarkOfASendThatIsDeliveredInPassingGoesToo) {
  reopen();
  Commit queued;
  queued.messages.push_back(message(1, 1));
  commit(queued);
  store->begin_send(1);
  Commit delivered;
  delivered.delivered.push_back(1);
  commit(delivered);
  close();
  EXPECT_TRUE(reopen().messages.empty());
  Commit again;
  again.messages.push_back(message(1, 1));
  commit(again);
  crash();
  EXPECT_FALSE(reopen().messages.at(0).begun);
}

TEST_P(SqliteStoreTest, TimersThatAreSetAreThereAfterACrashAndCancelledOnesAreNot) {
  reopen();
  Commit first;
  first.timers.push_back(set_timer("kept", 1'000, "{\"a\":1}"));
  first.timers.push_back(set_timer("moved", 2'000));
  first.timers.push_back(set_timer("cancelled", 3'000));
  commit(first);
  settle();
  Commit second;
  second.timers.push_back(set_timer("moved", 9'000, "later"));
  second.timers.push_back(cancel_timer("cancelled"));
  commit(second);
  crash();
  for (int starts = 0; starts < 2; ++starts) {
    const Unfinished found = reopen();
    ASSERT_EQ(found.timers.size(), 2U);
    EXPECT_EQ(found.timers[0].key, (TimerKey{"remind", "kept"}));
    EXPECT_EQ(found.timers[0].record, (TimerRecord{1'000, "{\"a\":1}"}));
    EXPECT_EQ(found.timers[1].record, (TimerRecord{9'000, "later"}));
    close();
  }
}

TEST_P(SqliteStoreTest, ATimerAndTheStateOfItsCommitOutliveACrashTogether) {
  reopen();
  Commit whole;
  whole.writes.push_back(put("u1", "1"));
  whole.timers.push_back(set_timer("a", 1));
  commit(whole);
  crash();
  EXPECT_EQ(reopen().timers.size(), 1U);
  EXPECT_EQ(value("u1"), "1");
}

TEST_P(SqliteStoreTest, RunsThatHadBegunAreCountedOverACrashUntilTheTimerIsWritten) {
  reopen();
  Commit set;
  for (const char* key : {"dies", "stopped", "done", "idle"}) set.timers.push_back(set_timer(key, 1));
  commit(set);
  for (const char* key : {"dies", "stopped", "done"}) store->begin_run(TimerKey{"remind", key});
  store->take_back_run(TimerKey{"remind", "stopped"});
  Commit done;
  done.timers.push_back(set_timer("done", 2));
  commit(done);
  crash();
  Unfinished found = reopen();
  ASSERT_EQ(found.timers.size(), 4U);
  EXPECT_EQ(found.timers[0].begun, 1U) << "dies";
  EXPECT_EQ(found.timers[1].begun, 0U) << "done";
  EXPECT_EQ(found.timers[2].begun, 0U) << "idle";
  EXPECT_EQ(found.timers[3].begun, 0U) << "stopped";
  store->begin_run(TimerKey{"remind", "dies"});
  crash();
  EXPECT_EQ(reopen().timers[0].begun, 2U);
}

TEST_P(SqliteStoreTest, AttemptsOfDoneUpdatesDoNotFillTheFile) {
  reopen();
  run(io, append_and_finish(*store, 1));
  append(updates(2, 2));
  for (const int id : {1, 2, 3}) store->count_attempt(id);  // 1: as if death had come between its commit and this
  crash();
  reopen();
  EXPECT_EQ(store->attempts(1), 0U);
  EXPECT_EQ(store->attempts(2), 1U);
  EXPECT_EQ(store->attempts(3), 1U) << "it died before it was written down, and comes again";
}

TEST_P(SqliteStoreTest, AnUpdateDoneInTheGroupThatAppendsItIsRecognisedAndNotUnfinished) {
  reopen();
  run(io, append_and_finish(*store, 1));
  crash();
  EXPECT_TRUE(reopen().updates.empty());
  EXPECT_EQ(append(updates(1, 1)), (std::vector<bool>{false}));
}

TEST_P(SqliteStoreTest, TheBodyOfAnUpdateDoneInTheGroupThatAppendsItIsNotWritten) {
  auto quiet = settings(path);
  quiet.idle_after = std::chrono::hours(1);  // nothing is folded meanwhile
  open_sqlite(quiet);
  run(io, append_and_finish(*store, 1));
  append(updates(2, 2));
  std::ifstream log(newest_file(), std::ios::binary);
  const std::string written((std::istreambuf_iterator<char>(log)), {});
  EXPECT_EQ(written.find("{\"update_id\":1}"), std::string::npos);
  EXPECT_NE(written.find("{\"update_id\":2}"), std::string::npos);
}

TEST_P(SqliteStoreTest, ACrashLosesNothingThatWasCommitted) {
  reopen();
  append(updates(1, 2));
  commit(put("u1", "kept"));
  crash();
  EXPECT_EQ(ids(reopen().updates), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(value("u1"), "kept");
  EXPECT_TRUE(notices.empty());
}

TEST_P(SqliteStoreTest, DeliveredMarksJoinTheNextGroupWithoutWaiting) {
  open_calm();
  Commit messages;
  messages.messages.push_back(message(1, 1));
  messages.messages.push_back(message(2, 1));
  commit(messages);
  Commit delivered;
  delivered.delivered.push_back(1);
  commit(delivered);
  commit(put("u1", "a group to join"));
  delivered.delivered[0] = 2;
  commit(delivered);  // joins none
  copy_file_to("copy.sqlite");
  StoreHouse other;
  EXPECT_EQ(ids(other.open_sqlite(directory / "copy.sqlite").messages), (std::vector<std::int64_t>{2}));
}

TEST_P(SqliteStoreTest, DeliveredMarksAreWrittenWhenTheirTimeHasCome) {
  open_calm();
  Commit messages;
  messages.messages.push_back(message(1, 1));
  commit(messages);
  Commit delivered;
  delivered.delivered.push_back(1);
  commit(delivered);
  clock.advance(std::chrono::milliseconds(50));
  run(io, store->probe());  // queued behind the marks
  copy_file_to("copy.sqlite");
  StoreHouse other;
  EXPECT_TRUE(other.open_sqlite(directory / "copy.sqlite").messages.empty());
}

TEST_P(SqliteStoreTest, ExpiredStatesLeaveTheFile) {
  reopen();
  Commit many;
  for (int i = 0; i < 500; ++i) many.writes.push_back(put("u" + std::to_string(i), "x", now() + 10));
  many.writes.push_back(put("stays", "x"));
  commit(many);
  settle();
  EXPECT_EQ(count_rows(path, "state"), 501);
  clock.advance(std::chrono::seconds(10));
  settle();
  EXPECT_EQ(count_rows(path, "state"), 1);
}

TEST_P(SqliteStoreTest, AClosedFileHasEverythingInItsTablesAndNoLog) {
  reopen();
  append(updates(1, 3));
  commit(put("u1", "x"));
  close();
  EXPECT_EQ(directory.names(),
            (std::vector<std::string>{"bot.sqlite", "bot.sqlite-attempts", "bot.sqlite-runs", "bot.sqlite-sends"}));
  EXPECT_EQ(count_rows(path, "journal"), 0);
  EXPECT_EQ(count_rows(path, "inbox"), 3);
  EXPECT_EQ(count_rows(path, "state"), 1);
}

TEST_P(SqliteStoreTest, ManyStatesOutliveACacheThatIsTooSmall) {
  auto small = settings(path);
  small.cache_bytes = 4096;
  small.fold_bytes = 10'000;
  open_sqlite(small);
  for (int i = 0; i < 1000; ++i) commit(put("u" + std::to_string(i), std::string(100, 'x') + std::to_string(i)));
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(value("u" + std::to_string(i)), std::string(100, 'x') + std::to_string(i));
  }
}

TEST_P(SqliteStoreTest, TakesALargeBody) {
  reopen();
  const std::string large(20 << 20, 'x');
  Commit commit;
  commit.messages.push_back(message(1, 1, large));
  this->commit(commit);
  close();
  EXPECT_EQ(reopen().messages.at(0).body.size(), large.size());
}

TEST_P(SqliteStoreTest, ItsFilesAreTheOwnersAlone) {
  reopen();
  commit(put("u1", "x"));
  using std::filesystem::perms;
  for (const std::string& name : directory.names()) {
    const perms others =
        std::filesystem::status(directory / name).permissions() & (perms::group_all | perms::others_all);
    EXPECT_EQ(others, perms::none) << name;
  }
}

TEST_P(SqliteStoreTest, CreatesItsDirectory) {
  path = directory.path() / "a" / "b" / "bot.sqlite";
  reopen();
  commit(put("u1", "x"));
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_P(SqliteStoreTest, KeepsWhatACrashLeft) {
  reopen();
  commit(put("u1", "kept"));
  crash();
  reopen();
  EXPECT_EQ(value("u1"), "kept");
}

TEST_P(SqliteStoreTest, TheQuarantineIsBoundedAndSaysWhatItDropped) {
  SqliteStore::Settings with = settings(path);
  with.most_quarantined = 3;
  open_sqlite(with);
  Commit bad;
  for (std::int64_t id = 1; id <= 5; ++id) bad.quarantined.push_back(QuarantinedUpdate{id, "{}", "bad", 1, 0});
  commit(bad);
  settle();
  run(io, store->probe());
  const auto kept = run(io, store->quarantine(10));
  ASSERT_EQ(kept.size(), 3U);
  EXPECT_EQ(kept.back().update_id, 3);
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_NE(notices[0].find("its oldest 2 updates were dropped"), std::string::npos) << notices[0];
}

TEST_P(SqliteStoreTest, AReplayedUpdateIsUnfinishedAfterACrashAndItsNumberIsNotGivenAgain) {
  open_sqlite(path);
  append(updates(7, 7));
  store->count_attempt(7);
  Commit bad;
  bad.done.push_back(7);
  bad.quarantined.push_back(QuarantinedUpdate{7, "{\"update_id\":7}", "bad", 1, 0});
  commit(bad);
  const std::int64_t number = run(io, store->quarantine(1)).at(0).number;
  EXPECT_TRUE(run(io, store->replay(number, update(7, "{\"update_id\":7}"))));
  EXPECT_EQ(store->attempts(7), 0U);
  crash();
  const Unfinished found = reopen();
  EXPECT_EQ(ids(found.updates), std::vector<std::int64_t>{7});
  EXPECT_TRUE(run(io, store->quarantine(1)).empty());
  commit(bad);
  EXPECT_GT(run(io, store->quarantine(1)).at(0).number, number);
}

TEST_P(SqliteStoreTest, KnowsWhenAnUnfinishedUpdateWasTaken) {
  open_sqlite(path);
  const std::int64_t taken = now();
  append(updates(1, 1));
  clock.advance(std::chrono::seconds(100));
  crash();
  EXPECT_EQ(reopen().updates.at(0).at, taken);
}

// ---- a world that refuses

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const StorageError& error) {
    return error.what();
  }
  return "(nothing was thrown)";
}

TEST_P(SqliteStoreTest, SaysThatAnotherProcessHoldsTheLock) {
  reopen();
  close();
  LockOfAnother other(path);
  auto impatient = settings(path);
  impatient.busy_timeout = std::chrono::milliseconds(1);
  const std::string text = message_of([&] { open_sqlite(impatient); });
  EXPECT_NE(text.find(path.string()), std::string::npos) << text;
  EXPECT_NE(text.find("another process"), std::string::npos) << text;
  other.release();
  EXPECT_TRUE(open().updates.empty()) << "an open that failed can be tried again";
  EXPECT_TRUE(notices.empty());
}

TEST_F(SyncedStoreTest, ACommitThatFailsIsNotSeenAndTheNextWorks) {
  auto impatient = settings(path);
  impatient.busy_timeout = std::chrono::milliseconds(1);
  impatient.idle_after = std::chrono::hours(1);  // the writer must not hold the lock by itself meanwhile
  open_sqlite(impatient);
  commit(put("u1", "before"));
  append(updates(1, 1));
  LockOfAnother other(path);
  EXPECT_THROW(commit(put("u1", "lost")), StorageError);
  EXPECT_THROW(append(updates(2, 2)), StorageError);
  EXPECT_THROW(run(io, store->durable()), StorageError) << "asking again is no success";
  EXPECT_THROW(run(io, store->probe()), StorageError);
  EXPECT_EQ(value("u1"), "before");
  other.release();
  run(io, store->durable());
  EXPECT_EQ(append(updates(2, 2)), (std::vector<bool>{false})) << "what could not be written was kept";
  commit(put("u1", "after"));
  EXPECT_EQ(value("u1"), "after");
  run(io, store->probe());
}

TEST_F(SyncedStoreTest, WaitsForAnotherProcessThatHoldsTheLockForAMoment) {
  auto patient = settings(path);
  patient.busy_timeout = std::chrono::hours(1);
  open_sqlite(patient);
  LockOfAnother other(path);
  bool committed = false;
  boost::asio::co_spawn(io, store->commit(commit_of(put("u1", "x"))), [&](std::exception_ptr error) {
    EXPECT_FALSE(error);
    committed = true;
  });
  io.restart();
  io.poll();  // and the loop is free meanwhile
  EXPECT_FALSE(committed);
  other.release();
  io.run();
  EXPECT_TRUE(committed);
  EXPECT_EQ(value("u1"), "x");
}

// Runs `body` in a child process; its answer is the exit code.
int in_child(const std::function<int()>& body) {
  const pid_t child = fork();
  if (child == 0) _exit(body());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

TEST_P(SqliteStoreTest, SaysThatADirectoryCannotBeWritten) {
  std::filesystem::create_directory(directory / "closed");
  std::filesystem::permissions(directory / "closed", std::filesystem::perms(0555));
  std::filesystem::permissions(directory.path(), std::filesystem::perms(0755));
  const int code = in_child([&] {
    if (geteuid() == 0 && setuid(65534) != 0) return 3;  // root may write everywhere
    const std::string text = message_of([&] { open_sqlite(directory / "closed" / "bot.sqlite"); });
    return text.find("check that the directory exists and that this user may write there") == std::string::npos ? 1 : 0;
  });
  EXPECT_EQ(code, 0);
}

TEST_P(SqliteStoreTest, SaysThatTheFileMayOnlyBeRead) {
  reopen();
  commit(put("u1", "x"));
  close();
  store.reset();
  std::filesystem::permissions(directory.path(), std::filesystem::perms(0755));
  std::filesystem::permissions(path, std::filesystem::perms(0444));
  const int code = in_child([&] {
    if (geteuid() == 0 && setuid(65534) != 0) return 3;
    const std::string text = message_of([&] { reopen(); });
    return text.find("may not be written") == std::string::npos ? 1 : 0;
  });
  EXPECT_EQ(code, 0);
  EXPECT_EQ(aside_count(), 0) << "a file that is only protected must stay where it is";
}

Task<> note(Task<> work, bool& ok) {
  try {
    co_await std::move(work);
    ok = true;
  } catch (const StorageError&) {
    ok = false;
  }
}

// A file size limit behaves as a full disk does.
int commit_more_than_fits(StoreHouse& house) {
  signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{2 << 20, 2 << 20};
  if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 3;
  bool small_before = false;
  bool giant = true;
  bool small_after = false;
  int finished = 0;
  const auto done = [&](std::exception_ptr) { ++finished; };
  Commit large;
  large.messages.push_back(message(1, 1, std::string(8 << 20, 'x')));
  large.writes.push_back(put("u2", "never"));
  boost::asio::co_spawn(house.io, note(house.store->commit(commit_of(put("u1", "kept"))), small_before), done);
  boost::asio::co_spawn(house.io, note(house.store->commit(std::move(large)), giant), done);
  boost::asio::co_spawn(house.io, note(house.store->commit(commit_of(put("u3", "kept"))), small_after), done);
  house.io.restart();
  while (finished < 3 && house.io.run_one() > 0) {
  }
  if (!small_before || giant || !small_after) return 1;
  return house.value("u1") == "kept" && house.value("u2") == "(none)" && house.value("u3") == "kept" ? 0 : 2;
}

TEST_P(SqliteStoreTest, ACommitTooLargeForTheDiskSpoilsNoOtherOfItsGroup) {
  const int code = in_child([&] {
    reopen();
    return commit_more_than_fits(*this);
  });
  EXPECT_EQ(code, 0);
  EXPECT_TRUE(reopen().messages.empty());
  EXPECT_EQ(value("u1"), "kept");
  EXPECT_EQ(value("u2"), "(none)");
  EXPECT_EQ(value("u3"), "kept");
}

int fill_the_disk(StoreHouse& house) {
  signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{1 << 20, 1 << 20};
  if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 3;
  for (int i = 0; i < 10'000; ++i) {
    const std::string text = message_of([&] { house.commit(put("u" + std::to_string(i), std::string(2000, 'x'))); });
    if (text == "(nothing was thrown)") continue;
    // What a probe writes is small: a few may still fit where the commit did not.
    int probes = 0;
    while (probes < 10 && message_of([&] { run(house.io, house.store->probe()); }) == "(nothing was thrown)") ++probes;
    if (probes == 10) return 4;
    return i > 50 && house.value("u" + std::to_string(i)) == "(none)" ? 0 : 1;
  }
  return 2;
}

TEST_P(SqliteStoreTest, AFullDiskFailsTheCommitAndTheProbeAndLosesNothing) {
  const int code = in_child([&] {
    auto never_resting = settings(path);
    never_resting.idle_after = std::chrono::hours(1);
    never_resting.fold_bytes = 1 << 30;
    open_sqlite(never_resting);
    return fill_the_disk(*this);
  });
  EXPECT_EQ(code, 0);
  reopen();
  for (int i = 0; i < 50; ++i) ASSERT_EQ(value("u" + std::to_string(i)).size(), 2000U);
}

// ---- death at any moment

// Counts for ever and tells each acknowledged count through the pipe.
Task<> count_for_ever(Store& store, int pipe) {
  for (std::int64_t i = 1;; ++i) {
    std::vector<InboxUpdate> one(1, update(i, std::string(1000, 'b')));
    co_await store.append(std::move(one));
    Commit commit;
    commit.writes.push_back(put("u1", std::to_string(i)));
    commit.done.push_back(i);
    commit.messages.push_back(message(i, 1, std::string(500, 'm')));
    if (i > 1) commit.delivered.push_back(i - 1);
    co_await store.commit(std::move(commit));
    if (write(pipe, &i, sizeof i) != sizeof i) _exit(9);
  }
}

TEST_P(SqliteStoreTest, KillNineLosesNothingThatWasAcknowledged) {
  for (const int lifetime : {1, 40, 1500}) {
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe(ends.data()), 0);
    const pid_t child = fork();
    if (child == 0) {
      auto often = settings(path);
      often.fold_bytes = 100'000;  // folding, too, is hit
      open_sqlite(often);
      run(io, count_for_ever(*store, ends[1]));
      _exit(9);
    }
    ::close(ends[1]);
    std::int64_t acknowledged = 0;
    std::int64_t heard = 0;
    while (acknowledged < lifetime && read(ends[0], &heard, sizeof heard) == sizeof heard) acknowledged = heard;
    kill(child, SIGKILL);
    while (read(ends[0], &heard, sizeof heard) == sizeof heard) acknowledged = heard;
    ::close(ends[0]);
    waitpid(child, nullptr, 0);

    const Unfinished found = reopen();
    const std::int64_t counted = std::stoll(value("u1"));
    EXPECT_GE(acknowledged, lifetime);
    EXPECT_GE(counted, acknowledged);
    EXPECT_LE(counted, acknowledged + 1) << "at most the commit under way";
    // The message and the state of one commit are true together.
    ASSERT_EQ(found.messages.size(), 1U);
    EXPECT_EQ(found.messages[0].id, counted);
    EXPECT_LE(found.updates.size(), 1U) << "at most the update under way";
    EXPECT_TRUE(notices.empty());
    store.reset();
    std::filesystem::remove(path);
    std::filesystem::remove(path.string() + "-wal");
    std::filesystem::remove(path.string() + "-shm");
  }
}

TEST_P(SqliteStoreTest, DestructionMakesDurableWhatWasCalled) {
  reopen();
  bool told = false;
  boost::asio::co_spawn(io, store->commit(commit_of(put("u1", "called"))), [&](std::exception_ptr) { told = true; });
  io.restart();
  io.poll_one();  // the coroutine has called and waits
  store.reset();
  io.poll();
  EXPECT_FALSE(told);
  reopen();
  EXPECT_EQ(value("u1"), "called");
}

TEST_P(SqliteStoreTest, TheJournalIsFoldedWhileCommitsComeWithoutAPause) {
  auto small = settings(path);
  small.idle_after = std::chrono::hours(1);
  small.fold_bytes = 1000;
  open_sqlite(small);
  for (int i = 0; i < 1000; ++i) commit(put("u" + std::to_string(i), std::string(1000, 'x')));
  EXPECT_GT(count_rows(path, "state"), 500);
}

INSTANTIATE_TEST_SUITE_P(Both, SqliteStoreTest, testing::Values(Durability::power, Durability::process));

}  // namespace
}  // namespace tests
