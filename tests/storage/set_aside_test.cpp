// Files that are not ours to use.
#include "tests/storage/sqlite_house.hpp"

#include <algorithm>
#include <fstream>

namespace tests {
namespace {

class SetAsideTest : public SqliteStoreTest {
 protected:
  void write_file(const std::string& contents) {
    std::ofstream file(path, std::ios::binary);
    file << contents;
  }
  std::string read_file(const std::filesystem::path& from) {
    std::ifstream file(from, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  std::string aside() {
    for (const std::string& name : directory.names()) {
      const bool companion = name.ends_with("-wal") || name.ends_with("-shm") || name.ends_with("-recent");
      if (name.starts_with("bot.sqlite.set-aside-") && !companion) return name;
    }
    return "";
  }
  void expect_fresh_and_told(const std::string& reason) {
    EXPECT_TRUE(reopen().updates.empty());
    ASSERT_EQ(notices.size(), 1U);
    EXPECT_NE(notices[0].find(path.string()), std::string::npos) << notices[0];
    EXPECT_NE(notices[0].find(reason), std::string::npos) << notices[0];
    EXPECT_NE(notices[0].find(aside()), std::string::npos) << notices[0];
    EXPECT_NE(aside(), "");
    commit(put("u1", "works"));
    EXPECT_EQ(value("u1"), "works");
  }
  void execute(const char* sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
    sqlite3_close(database);
  }
  void fill() {
    reopen();
    Commit many;
    for (int i = 0; i < 2000; ++i) many.writes.push_back(put("u" + std::to_string(i), std::string(100, 'x')));
    commit(many);
    close();
    store.reset();
  }
};

TEST_P(SetAsideTest, AFileThatIsNoDatabase) {
  const std::string garbage(10'000, 'g');
  write_file(garbage);
  expect_fresh_and_told("is not a database");
  EXPECT_EQ(read_file(directory / aside()), garbage);
}

TEST_P(SetAsideTest, RecentCommitsWhoseDatabaseIsGone) {
  const std::filesystem::path recent = path.string() + "-recent";
  std::ofstream(recent, std::ios::binary) << "commits of another life";
  EXPECT_TRUE(reopen().updates.empty());
  ASSERT_EQ(notices.size(), 1U);
  const auto is_kept = [](const std::string& name) {
    return name.starts_with("bot.sqlite.set-aside-") && name.ends_with("-recent");
  };
  const auto names = directory.names();
  const auto kept = std::ranges::find_if(names, is_kept);
  ASSERT_NE(kept, names.end());
  EXPECT_EQ(read_file(directory / *kept), "commits of another life");
}

TEST_P(SetAsideTest, AShortFile) {
  write_file("SQLite");
  expect_fresh_and_told("is not a database");
}

TEST_P(SetAsideTest, ATruncatedDatabase) {
  fill();
  const auto half = std::filesystem::file_size(path) / 2;
  std::filesystem::resize_file(path, half);
  const std::string before = read_file(path);
  expect_fresh_and_told("is damaged");
  EXPECT_EQ(read_file(directory / aside()), before);
}

TEST_P(SetAsideTest, ADatabaseDamagedInsideAfterACrash) {
  fill();
  reopen();
  crash();
  std::filesystem::remove(path.string() + "-wal");
  std::string contents = read_file(path);
  for (std::size_t at = 4096 * 3; at < contents.size(); ++at) contents[at] = static_cast<char>(at * 7);
  write_file(contents);
  // The mark of the crash lies in the log that was removed, so say it again.
  execute("UPDATE meta SET value=1 WHERE name='running'");
  expect_fresh_and_told("is damaged");
}

TEST_P(SetAsideTest, ADatabaseOfAnotherProgram) {
  execute("PRAGMA application_id=42; CREATE TABLE theirs(x); INSERT INTO theirs VALUES('precious')");
  const std::string before = read_file(path);
  expect_fresh_and_told("belongs to another program");
  EXPECT_EQ(read_file(directory / aside()), before);
}

TEST_P(SetAsideTest, ADatabaseWithTablesAndWithoutAnOwner) {
  execute("CREATE TABLE theirs(x)");
  expect_fresh_and_told("belongs to another program");
}

TEST_P(SetAsideTest, ADatabaseOfANewerVersionIsRefusedAndLeftAsItIs) {
  fill();
  execute("PRAGMA user_version=999");
  const std::string before = read_file(path);
  EXPECT_THROW(reopen(), tgkit::storage::NewerStore);
  EXPECT_TRUE(notices.empty());
  EXPECT_EQ(read_file(path), before);
  EXPECT_EQ(aside(), "");
}

TEST_P(SetAsideTest, ADatabaseOfTheFirstVersionIsBroughtUpToDateAndKeepsWhatItHolds) {
  reopen();
  append(updates(1, 2));
  commit(put("u1", "kept"));
  close();
  store.reset();
  execute("DROP TABLE book; DROP TABLE timer; ALTER TABLE inbox DROP COLUMN at; PRAGMA user_version=1");
  EXPECT_EQ(ids(reopen().updates), (std::vector<std::int64_t>{1, 2}));
  EXPECT_TRUE(notices.empty());
  EXPECT_EQ(value("u1"), "kept");
  Commit timer;
  timer.timers.push_back(set_timer("a", 1'000));
  commit(timer);
  close();
  EXPECT_EQ(reopen().timers.size(), 1U);
}

TEST_P(SetAsideTest, NeitherTheProgramNorAnybodyElseTakesAnEntryOutOfABook) {
  reopen();
  enter({book_entry(1, "true")});
  close();
  store.reset();
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database, "DELETE FROM book", nullptr, nullptr, nullptr), SQLITE_CONSTRAINT);
  EXPECT_EQ(sqlite3_exec(database, "UPDATE book SET body='forged'", nullptr, nullptr, nullptr), SQLITE_CONSTRAINT);
  sqlite3_close(database);
  reopen();
  EXPECT_EQ(book(), "1:true");
}

TEST_P(SetAsideTest, EntriesOfABookAndTheirNumbersOutliveACrash) {
  reopen();
  enter({book_entry(store->next_entry_number(), "a"), book_entry(store->next_entry_number(), "b")});
  store.reset();
  reopen();
  EXPECT_EQ(book(), "1:a 2:b");
  EXPECT_EQ(store->next_entry_number(), 3);
}

TEST_P(SetAsideTest, ALogWithoutItsDatabase) {
  std::ofstream(path.string() + "-wal") << "something";
  EXPECT_TRUE(reopen().updates.empty());
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_NE(notices[0].find("has a log but no database"), std::string::npos);
}

TEST_P(SetAsideTest, AnUnfinishedTransactionInAnothersLogGoesWithIt) {
  sqlite3* theirs = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &theirs), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(theirs, "PRAGMA journal_mode=WAL; CREATE TABLE t(x); INSERT INTO t VALUES(7)", nullptr,
                         nullptr, nullptr),
            SQLITE_OK);
  TemporaryDirectory copy;
  std::filesystem::copy(path, copy / "bot.sqlite");
  std::filesystem::copy(path.string() + "-wal", copy / "bot.sqlite-wal");
  sqlite3_close(theirs);
  open_sqlite(copy / "bot.sqlite");
  ASSERT_EQ(notices.size(), 1U);
  for (const std::string& name : copy.names()) {
    if (name.starts_with("bot.sqlite.set-aside-") && !name.ends_with("-wal") && !name.ends_with("-shm")) {
      EXPECT_EQ(count_rows(copy / name, "t"), 1);
    }
  }
}

TEST_P(SetAsideTest, TwoInTheSameSecondKeepBothFiles) {
  write_file(std::string(500, 'a'));
  reopen();
  store.reset();
  for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(path.string() + part);
  write_file(std::string(500, 'b'));
  reopen();
  EXPECT_EQ(aside_count(), 2);
}

INSTANTIATE_TEST_SUITE_P(Both, SetAsideTest, testing::Values(Durability::power, Durability::process));

}  // namespace
}  // namespace tests
