#pragma once
// A store with a file in a directory of its own, and ways to look at the file and to stand in its way.
#include "tests/storage/store_fixture.hpp"

#include <sqlite3.h>

namespace tests {

class SqliteHouse : public StoreHouse {
 public:
  TemporaryDirectory directory;
  std::filesystem::path path = directory / "bot.sqlite";

  // As a process that dies: the file is left as it is.
  void crash() { store.reset(); }
  Unfinished reopen() { return open_sqlite(path); }
  // Nothing is folded or moved before it has to be.
  Unfinished open_calm() {
    auto calm = settings(path);
    calm.idle_after = std::chrono::hours(1);
    calm.busy_timeout = std::chrono::milliseconds(1);
    return open_sqlite(calm);
  }
  // Where the last commits stand.
  std::filesystem::path newest_file() const {
    return path.string() + (durability == Durability::power ? "-wal" : "-recent");
  }
  void copy_file_to(const std::string& name) const {
    for (const std::string part : {"", "-wal", "-recent"}) {
      if (std::filesystem::exists(path.string() + part))
        std::filesystem::copy(path.string() + part, directory / (name + part));
    }
  }
  int aside_count() const {
    int count = 0;
    for (const std::string& name : directory.names())
      count += name.find(".set-aside-") == std::string::npos || name.ends_with("-recent") ? 0 : 1;
    return count;
  }
};

class SqliteStoreTest : public testing::TestWithParam<Durability>, public SqliteHouse {
 protected:
  SqliteStoreTest() { durability = GetParam(); }
};

inline std::int64_t count_rows(const std::filesystem::path& path, const char* table) {
  sqlite3* database = nullptr;
  EXPECT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  sqlite3_stmt* statement = nullptr;
  const std::string sql = std::string("SELECT count(*) FROM ") + table;
  EXPECT_EQ(sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr), SQLITE_OK);
  EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW);
  const std::int64_t count = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  sqlite3_close(database);
  return count;
}

// Of another process, as long as it lives: nobody else may write the database.
class LockOfAnother {
 public:
  explicit LockOfAnother(const std::filesystem::path& path) {
    EXPECT_EQ(sqlite3_open(path.c_str(), &database_), SQLITE_OK);
    sqlite3_busy_timeout(database_, 60'000);  // the store's writer may be at work
    EXPECT_EQ(sqlite3_exec(database_, "BEGIN EXCLUSIVE", nullptr, nullptr, nullptr), SQLITE_OK);
  }
  ~LockOfAnother() { release(); }
  LockOfAnother(const LockOfAnother&) = delete;
  LockOfAnother& operator=(const LockOfAnother&) = delete;

  void release() {
    if (database_ == nullptr) return;
    sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
    sqlite3_close(std::exchange(database_, nullptr));
  }

 private:
  sqlite3* database_ = nullptr;
};

}  // namespace tests
