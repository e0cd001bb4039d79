// A store that must not be begun anew: its file is refused and left as it is.
#include "tests/storage/sqlite_house.hpp"

#include <fstream>

namespace tests {
namespace {

class RefusalTest : public SqliteStoreTest {
 protected:
  Unfinished open_what_is_there() {
    auto careful = settings(path);
    careful.may_begin = false;
    return open_sqlite(careful);
  }
  void write_file(const std::string& contents) const { std::ofstream(path, std::ios::binary) << contents; }
  std::string read_file() const {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  // The second start, too: nothing may be different after the first.
  void expect_refused_for(const std::string& reason) {
    const bool there = std::filesystem::exists(path);
    const std::string before = read_file();
    for (int start = 0; start < 2; ++start) {
      try {
        open_what_is_there();
        ADD_FAILURE() << "it was opened";
      } catch (const tgkit::storage::UnusableStore& error) {
        EXPECT_NE(std::string(error.what()).find(reason), std::string::npos) << error.what();
      }
    }
    store.reset();
    EXPECT_EQ(std::filesystem::exists(path), there);
    EXPECT_EQ(read_file(), before);
    EXPECT_EQ(aside_count(), 0);
    EXPECT_TRUE(notices.empty());
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

TEST_P(RefusalTest, AMissingOne) { expect_refused_for("is missing"); }

TEST_P(RefusalTest, AnEmptyOne) {
  write_file("");
  expect_refused_for("is empty");
}

TEST_P(RefusalTest, AFileThatIsNoDatabase) {
  write_file(std::string(10'000, 'g'));
  expect_refused_for("is not a database");
}

TEST_P(RefusalTest, ALogWithoutItsDatabase) {
  std::ofstream(path.string() + "-wal") << "something";
  expect_refused_for("has a log but no database");
}

TEST_P(RefusalTest, ATruncatedOne) {
  fill();
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  expect_refused_for("is damaged");
}

TEST_P(RefusalTest, OneThatWasBegunIsOpenedAndKnowsItsBirth) {
  EXPECT_TRUE(tgkit::storage::begin_database(path, tgkit::WallTime(std::chrono::seconds(1'790'000'000))).empty());
  EXPECT_GT(std::filesystem::file_size(path), 0U);
  EXPECT_TRUE(open_what_is_there().updates.empty());
  EXPECT_EQ(dynamic_cast<SqliteStore&>(*store).born(), 1'790'000'000);
}

TEST_P(RefusalTest, OneOfAVersionThatNotedNoBirthIsOpenedAndHasNone) {
  fill();
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(database, "DELETE FROM meta WHERE name='born'", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(database);
  open_what_is_there();
  EXPECT_EQ(value("u1"), std::string(100, 'x'));
  EXPECT_EQ(dynamic_cast<SqliteStore&>(*store).born(), 0);
}

INSTANTIATE_TEST_SUITE_P(Both, RefusalTest, testing::Values(Durability::power, Durability::process));

}  // namespace
}  // namespace tests
