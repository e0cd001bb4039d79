// With Durability::process: commits that are not in the database yet.
#include "tests/storage/sqlite_house.hpp"

#include <boost/asio/co_spawn.hpp>

namespace tests {
namespace {

// Whether a commit was through without anybody having waited for another thread.
bool commits_by_polling(StoreHouse& house) {
  bool committed = false;
  boost::asio::co_spawn(house.io, house.store->commit(commit_of(put("u1", "x"))),
                        [&](std::exception_ptr) { committed = true; });
  house.io.restart();
  house.io.poll();
  const bool at_once = committed;
  house.io.run();
  return at_once && committed;
}

class RecentCommitsTest : public testing::Test, public SqliteHouse {
 protected:
  RecentCommitsTest() { durability = Durability::process; }
};

TEST_F(RecentCommitsTest, ACommitThatIsNoTripToTheDiskWaitsForNoThread) {
  open_calm();
  int at_once = 0;
  for (int i = 0; i < 200; ++i) at_once += commits_by_polling(*this) ? 1 : 0;
  EXPECT_GE(at_once, 150) << "the writer's thread may have been about to rest for the first ones";
}

TEST_F(RecentCommitsTest, SoonAllIsInTheDatabaseThoughCommitsGoOn) {
  reopen();
  for (int i = 0; i < 20'000 && count_rows(path, "journal") + count_rows(path, "state") == 0; ++i)
    commit(put("u1", std::to_string(i)));
  EXPECT_GT(count_rows(path, "journal") + count_rows(path, "state"), 0);
}

TEST_F(RecentCommitsTest, AreKeptWhileTheDatabaseCannotBeWrittenAsLongAsThereIsRoom) {
  open_calm();
  commit(put("first", "x"));
  LockOfAnother other(path);
  EXPECT_THROW(run(io, store->probe()), StorageError) << "it says so at once";
  int kept = 0;
  const auto fill = [&] {
    for (; kept < 1000; ++kept) commit(put("u" + std::to_string(kept), std::string(1000, 'x')));
  };
  EXPECT_THROW(fill(), StorageError);
  EXPECT_GT(kept, 100);
  EXPECT_LT(kept, 300);
  other.release();
  commit(put("last", "y"));
  run(io, store->probe());
  crash();
  reopen();
  EXPECT_EQ(value("first"), "x");
  for (int i = 0; i < kept; ++i) ASSERT_EQ(value("u" + std::to_string(i)).size(), 1000U) << i;
  EXPECT_EQ(value("u" + std::to_string(kept)), "(none)");
  EXPECT_EQ(value("last"), "y");
}

// A death between the writing of the database and the clearing of the file.
TEST_F(RecentCommitsTest, AreNotTakenOverTwice) {
  open_calm();
  commit(put("u0", "the thread rests after this"));
  commit(put("u1", "old"));
  std::filesystem::copy(newest_file(), directory / "before");
  settle();
  commit(put("u1", "new"));
  settle();
  crash();
  std::filesystem::copy(directory / "before", newest_file(), std::filesystem::copy_options::overwrite_existing);
  reopen();
  EXPECT_EQ(value("u1"), "new");
}

TEST_F(RecentCommitsTest, AreTakenOverByAStoreThatSyncs) {
  open_calm();
  while (!commits_by_polling(*this)) {
  }
  append(updates(1, 2));
  commit(put("u2", "kept"));
  copy_file_to("copy.sqlite");
  StoreHouse other;
  EXPECT_EQ(ids(other.open_sqlite(directory / "copy.sqlite").updates), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(other.value("u2"), "kept");
  EXPECT_FALSE(std::filesystem::exists(directory / "copy.sqlite-recent"));
  EXPECT_TRUE(other.notices.empty());
}

// After a power cut that took what the database had got, but not what came later.
TEST_F(RecentCommitsTest, DoNotCountWithoutTheOnesBefore) {
  open_calm();
  settle();
  std::filesystem::copy(path, directory / "copy.sqlite");
  commit(put("u1", "lost"));
  settle();
  while (!commits_by_polling(*this)) {
  }
  std::filesystem::copy(newest_file(), directory / "copy.sqlite-recent");
  StoreHouse other;
  other.durability = Durability::process;
  other.open_sqlite(directory / "copy.sqlite");
  EXPECT_EQ(other.value("u1"), "(none)");
  ASSERT_EQ(other.notices.size(), 1U);
  EXPECT_NE(other.notices[0].find("does not continue this database"), std::string::npos);
  other.commit(put("u1", "new"));
  other.store.reset();
  other.notices.clear();
  other.open_sqlite(directory / "copy.sqlite");
  EXPECT_EQ(other.value("u1"), "new");
  EXPECT_TRUE(other.notices.empty());
}

}  // namespace
}  // namespace tests
