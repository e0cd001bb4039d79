// What folding keeps when it fails half-way: everything, and its numbers.
#include "tgkit/storage/database.hpp"

#include "tests/storage/store_fixture.hpp"

#include <csignal>

#include <sys/resource.h>

namespace tests {
namespace {

using tgkit::storage::Database;
using tgkit::storage::DatabaseFileOptions;
using tgkit::storage::DatabaseLimits;
namespace journal = tgkit::storage::journal;

// No file may grow beyond so many bytes while it lives.
class SizeLimit {
 public:
  explicit SizeLimit(std::uintmax_t bytes) : before_(std::signal(SIGXFSZ, SIG_IGN)) { set(bytes); }
  ~SizeLimit() {
    set(RLIM_INFINITY);
    std::signal(SIGXFSZ, before_);
  }

 private:
  static void set(rlim_t bytes) {
    rlimit limit{bytes, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  void (*before_)(int);
};

class Folding : public testing::Test {
 protected:
  std::unique_ptr<Database> open() {
    DatabaseFileOptions options;
    options.path = directory / "bot.sqlite";
    options.sync_each_commit = false;
    return tgkit::storage::open_database(options, limits, tgkit::WallTime(std::chrono::seconds(1'790'000'000)),
                                         notices);
  }
  void fail_to_fold(Database& database) {
    const SizeLimit full(std::filesystem::file_size(directory / "bot.sqlite-wal") + 100);
    EXPECT_THROW(database.fold(), StorageError);
  }
  static void write_message(Database& database, std::int64_t id) {
    Commit commit;
    commit.messages.push_back(message(id, 1, std::string(200'000, 'x')));
    std::string row;
    journal::write_commit(row, commit);
    database.write(row);
  }

  TemporaryDirectory directory;
  DatabaseLimits limits;
  std::vector<std::string> notices;
};

TEST_F(Folding, WhenItFailedOnceNoMessageNumberIsGivenTwice) {
  {
    const auto database = open();
    write_message(*database, 7);
    fail_to_fold(*database);
    database->fold();
    database->close();
  }
  EXPECT_EQ(open()->last_message_id(), 7);
}

TEST_F(Folding, WhenItFailedOftenTheWholeWindowIsStillKnown) {
  limits.dedupe_window = 50;
  {
    const auto database = open();
    std::string row;
    for (int id = 1; id <= 60; ++id) journal::write_append(row, id, 0, std::string(4000, 'b'));
    database->write(row);
    for (int i = 0; i < 3; ++i) fail_to_fold(*database);
    database->fold();
    database->close();
  }
  EXPECT_EQ(open()->seen().size(), 50U);
}

}  // namespace
}  // namespace tests
