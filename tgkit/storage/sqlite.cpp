#include "tgkit/storage/sqlite.hpp"

#include <utility>

#include <fmt/format.h>
#include <sqlite3.h>

namespace tgkit::storage::sqlite {
namespace {

const char* advice(int code) {
  if (code == SQLITE_CANTOPEN_SYMLINK)
    return "it is a symbolic link, which is not followed: name the folder that it points into, or move it here with "
           "the files beside it";
  if (code == SQLITE_IOERR_SHMSIZE) code = SQLITE_FULL;  // the file beside it finds no room
  switch (code & 0xff) {
    case SQLITE_FULL:
      return "the disk is full: free some space; what was accepted before is safe";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another process holds its lock: end that process or wait for it";
    case SQLITE_READONLY:
      return "it may not be written: check the owner and the mode of the file and its directory, and the mount";
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return "it cannot be opened: check that the directory exists and that this user may write there";
    case SQLITE_IOERR:
      return "reading or writing it failed: check the disk, its quota and the system's log";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "it is damaged: the next start sets it aside and begins a fresh one; restore a backup if there is one";
    case SQLITE_TOOBIG:
      return "one value is larger than a database can hold";
    case SQLITE_NOMEM:
      return "there is no memory left";
    default:
      return "see the code for its meaning in SQLite's documentation";
  }
}

// Links are not followed, but the folder may be one.
std::filesystem::path by_real_folder(const std::filesystem::path& path) {
  std::error_code error;
  const auto folder = std::filesystem::canonical(path.has_parent_path() ? path.parent_path() : ".", error);
  return error ? path : folder / path.filename();
}

std::string describe(const std::filesystem::path& path, int code, const char* detail) {
  return fmt::format("{}: {} (SQLite {}: {})", path.string(), advice(code), code, detail);
}

}  // namespace

bool Error::damaged() const noexcept {
  const int primary = code_ & 0xff;
  return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}

Connection::Connection(const std::filesystem::path& path) : path_(path) {
  const int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOFOLLOW;
  const int code = sqlite3_open_v2(by_real_folder(path).c_str(), &handle_, flags, nullptr);
  if (code != SQLITE_OK) {
    const std::string text = describe(path, code, handle_ != nullptr ? sqlite3_errmsg(handle_) : "no memory");
    sqlite3_close_v2(handle_);
    throw Error(code, text);
  }
  // A file that may yet turn out to be foreign is left exactly as it was found.
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

Connection::~Connection() { sqlite3_close_v2(handle_); }

void Connection::fail(int code) const { throw Error(code, describe(path_, code, sqlite3_errmsg(handle_))); }

void Connection::run(const char* sql) {
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

Statement Connection::prepare(std::string_view sql) { return Statement(*this, sql); }

std::int64_t Connection::number(std::string_view sql) {
  Statement statement = prepare(sql);
  return statement.step() ? statement.number(0) : 0;
}

std::string Connection::text(std::string_view sql) {
  Statement statement = prepare(sql);
  return statement.step() ? std::string(statement.bytes(0)) : std::string();
}

Statement::Statement(Connection& connection, std::string_view sql) : connection_(&connection) {
  const int code = sqlite3_prepare_v3(connection.handle(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle_, nullptr);
  if (code != SQLITE_OK) connection.fail(code);
}

Statement::~Statement() { sqlite3_finalize(handle_); }

Statement::Statement(Statement&& other) noexcept
    : connection_(other.connection_), handle_(std::exchange(other.handle_, nullptr)) {}

Statement& Statement::bind(int index, std::int64_t value) {
  if (const int code = sqlite3_bind_int64(handle_, index, value); code != SQLITE_OK) connection_->fail(code);
  return *this;
}

Statement& Statement::bind_text(int index, std::string_view value) {
  const char* data = value.data() != nullptr ? value.data() : "";  // a null pointer would bind NULL
  const int code = sqlite3_bind_text64(handle_, index, data, value.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (code != SQLITE_OK) connection_->fail(code);
  return *this;
}

Statement& Statement::bind_blob(int index, std::string_view value) {
  const char* data = value.data() != nullptr ? value.data() : "";
  const int code = sqlite3_bind_blob64(handle_, index, data, value.size(), SQLITE_STATIC);
  if (code != SQLITE_OK) connection_->fail(code);
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  // The text of the error belongs to the connection and survives the reset, which keeps the statement usable.
  sqlite3_reset(handle_);
  connection_->fail(code);
}

void Statement::run() {
  while (step()) {
  }
  reset();
}

void Statement::reset() noexcept { sqlite3_reset(handle_); }

std::int64_t Statement::number(int column) const { return sqlite3_column_int64(handle_, column); }

std::string_view Statement::bytes(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(handle_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
  return data != nullptr ? std::string_view(data, size) : std::string_view();
}

Transaction::Transaction(Connection& connection) : connection_(connection) { connection_.run("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
  // SQLite may have rolled back by itself, after which there is nothing to undo.
  if (open_ && sqlite3_get_autocommit(connection_.handle()) == 0) {
    sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

void Transaction::commit() {
  connection_.run("COMMIT");
  open_ = false;
}

}  // namespace tgkit::storage::sqlite
