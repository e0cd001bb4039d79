#include "tgkit/storage/database_file.hpp"

#include "tgkit/storage/schema.hpp"

#include <array>
#include <fstream>
#include <optional>
#include <system_error>

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

namespace tgkit::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 4> suffixes = {"", "-wal", "-shm", "-recent"};

fs::path with_suffix(const fs::path& path, const std::string& suffix) { return path.string() + suffix; }

[[noreturn]] void fail(const fs::path& path, std::string_view what, const std::error_code& error) {
  throw StorageError(
      fmt::format("{}: {}: {}; check the path, its owner and its mode", path.string(), what, error.message()));
}

void make_directory(const fs::path& path) {
  if (!path.has_parent_path()) return;
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) fail(path.parent_path(), "the directory cannot be created", error);
}

void refuse_links(const fs::path& path) {
  for (const char* suffix : suffixes) {
    std::error_code error;
    if (fs::symlink_status(with_suffix(path, suffix), error).type() != fs::file_type::symlink) continue;
    throw StorageError(
        with_suffix(path, suffix).string() +
        " is a symbolic link, which is not followed: name the folder that it points into as DATA_DIR, or move the "
        "file here together with those beside it (-wal, -recent, -attempts, -sends, -runs)");
  }
}

// What people wrote is in it: a fresh one is its owner's alone, and its log with it. SQLite tells of what goes wrong
// here.
void make_private(const fs::path& path) {
  if (const int made = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600); made >= 0) ::close(made);
}

std::uintmax_t size_of(const fs::path& path) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path, error);
  if (!error) return size;
  if (error == std::errc::no_such_file_or_directory) return 0;
  fail(path, "it cannot be used as a file", error);
}

bool has_sqlite_header(const fs::path& path) {
  std::array<char, 16> head{};
  std::ifstream file(path, std::ios::binary);
  if (!file) throw StorageError(fmt::format("{}: it cannot be read: check its owner and its mode", path.string()));
  file.read(head.data(), head.size());
  return file.gcount() == 16 && std::string_view(head.data(), 16) == std::string_view("SQLite format 3\0", 16);
}

// Why a look at the files alone says that there is no database to open, or nothing.
std::optional<std::string_view> lack(const fs::path& path) {
  if (!fs::exists(path)) return size_of(with_suffix(path, "-wal")) > 0 ? "has a log but no database" : "is missing";
  if (size_of(path) == 0) return "is empty";
  if (!has_sqlite_header(path)) return "is not a database";
  return std::nullopt;
}

// Why the file cannot be ours, or nothing.
std::optional<std::string> objection(sqlite::Connection& connection) {
  const std::int64_t owner = connection.number("PRAGMA application_id");
  if (owner != schema::application_id) {
    if (owner == 0 && connection.number("SELECT count(*) FROM sqlite_schema") == 0) return std::nullopt;
    return "belongs to another program";
  }
  const std::int64_t version = connection.number("PRAGMA user_version");
  if (version > schema::version) {
    throw NewerStore(fmt::format(
        "{} was written by a newer version of this program (its format is {}, this program knows {}): start "
        "that version, or restore the backup that was made before the upgrade; the file is left as it is",
        connection.path().string(), version, schema::version));
  }
  return std::nullopt;
}

void configure(sqlite::Connection& connection, const DatabaseFileOptions& options) {
  if (connection.number("PRAGMA page_count") == 0) {
    // Nothing is lost when making a fresh file breaks off, so it needs no rollback journal and no trips to the disk for
    // it.
    connection.run("PRAGMA journal_mode=MEMORY");
  }
  if (connection.text("PRAGMA journal_mode=WAL") != "wal") {
    throw StorageError(options.path.string() +
                       ": this file system cannot hold it (no write-ahead log): use a local disk");
  }
  connection.run(options.sync_each_commit ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
  // 4 MB of pages: a bot has to stay small. Checkpoints are ours to place, off the path of commits.
  connection.run("PRAGMA cache_size=-4096; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=0");
}

// Opens and examines it; an answer other than nothing says why it has to be set aside.
std::optional<std::string> try_open(DatabaseFile& file, const DatabaseFileOptions& options, WallTime now) {
  try {
    make_private(options.path);
    file.connection = std::make_unique<sqlite::Connection>(options.path);
    sqlite::Connection& connection = *file.connection;
    connection.run(fmt::format("PRAGMA busy_timeout={}", options.busy_timeout.count()).c_str());
    if (auto reason = objection(connection)) return reason;
    configure(connection, options);
    schema::bring_up_to_date(connection, now);
    file.unclean = connection.number("SELECT value FROM meta WHERE name='running'") != 0;
    // A file that was closed properly is believed; reading all of it would delay every start.
    if (file.unclean && connection.text("PRAGMA quick_check(1)") != "ok") return "is damaged";
    return std::nullopt;
  } catch (const sqlite::Error& error) {
    if (!error.damaged()) throw;
    return "is damaged";
  }
}

}  // namespace

std::string set_aside(const fs::path& path, std::string_view reason, WallTime now) {
  const std::string stamp = fmt::format("{:%Y%m%dT%H%M%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
  std::string suffix = ".set-aside-" + stamp;
  for (int i = 2; fs::exists(with_suffix(path, suffix)) || fs::exists(with_suffix(path, suffix + "-wal")); ++i) {
    suffix = fmt::format(".set-aside-{}-{}", stamp, i);
  }
  // The companions keep their endings, so that SQLite still takes the three for one database.
  for (const char* part : suffixes) {
    const fs::path from = with_suffix(path, part);
    std::error_code error;
    fs::rename(from, with_suffix(path, suffix + part), error);
    if (error && error != std::errc::no_such_file_or_directory) fail(from, "it cannot be set aside", error);
  }
  return fmt::format("{} {}: it was set aside as {} and a fresh one was begun", path.string(), reason,
                     with_suffix(path, suffix).filename().string());
}

void refuse(const fs::path& path, std::string_view reason) {
  throw UnusableStore(fmt::format("{} {}; it was left as it is, and no fresh one was begun", path.string(), reason));
}

DatabaseFile open_database_file(const DatabaseFileOptions& options, WallTime now) {
  make_directory(options.path);
  refuse_links(options.path);
  DatabaseFile file;
  if (!options.may_begin) {
    if (const auto reason = lack(options.path)) refuse(options.path, *reason);
  }
  if (size_of(options.path) == 0) {
    // Neither may be taken over by the database that is begun now.
    if (size_of(with_suffix(options.path, "-wal")) > 0 || fs::exists(with_suffix(options.path, "-recent"))) {
      file.notices.push_back(set_aside(options.path, "has a log but no database", now));
    }
  } else if (!has_sqlite_header(options.path)) {
    file.notices.push_back(set_aside(options.path, "is not a database", now));
  }
  if (const auto reason = try_open(file, options, now)) {
    file.connection.reset();
    if (!options.may_begin) refuse(options.path, *reason);
    file.notices.push_back(set_aside(options.path, *reason, now));
    file.unclean = false;
    if (const auto again = try_open(file, options, now)) {
      throw StorageError(fmt::format("{}: a fresh database {}", options.path.string(), *again));
    }
  }
  return file;
}

}  // namespace tgkit::storage
