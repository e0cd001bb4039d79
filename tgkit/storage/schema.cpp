#include "tgkit/storage/schema.hpp"

#include <array>

#include <fmt/format.h>

namespace tgkit::storage::schema {
namespace {

// One step per version: step i leads from version i to i+1. A released step is never changed.
constexpr std::array<const char*, version> steps = {
    R"(
CREATE TABLE meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE journal(seq INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
CREATE TABLE inbox(update_id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE seen(number INTEGER PRIMARY KEY, update_id INTEGER NOT NULL) STRICT;
CREATE TABLE state(
  owner TEXT NOT NULL, type TEXT NOT NULL, value TEXT NOT NULL, version INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  PRIMARY KEY(owner, type)) STRICT, WITHOUT ROWID;
CREATE INDEX state_expiry ON state(expires_at) WHERE expires_at > 0;
CREATE TABLE outbox(
  id INTEGER PRIMARY KEY, chat_id INTEGER NOT NULL, lane INTEGER NOT NULL, method TEXT NOT NULL, body TEXT NOT NULL)
  STRICT;
CREATE TABLE quarantine(
  number INTEGER PRIMARY KEY, update_id INTEGER NOT NULL, body BLOB NOT NULL, reason TEXT NOT NULL,
  at INTEGER NOT NULL) STRICT;
)",
    R"(
CREATE TABLE timer(
  job TEXT NOT NULL, key TEXT NOT NULL, due INTEGER NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY(job, key)) STRICT, WITHOUT ROWID;
)",
    "ALTER TABLE inbox ADD COLUMN at INTEGER NOT NULL DEFAULT 0",
    R"(
CREATE TABLE book(number INTEGER PRIMARY KEY, book TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX book_entries ON book(book, number);
CREATE TRIGGER book_never_changes BEFORE UPDATE ON book BEGIN SELECT RAISE(ABORT, 'entries of a book are final'); END;
CREATE TRIGGER book_never_shrinks BEFORE DELETE ON book BEGIN SELECT RAISE(ABORT, 'entries of a book are final'); END;
)",
};

}  // namespace

void bring_up_to_date(sqlite::Connection& connection, WallTime now) {
  const std::int64_t found = connection.number("PRAGMA user_version");
  if (found == version) return;
  sqlite::Transaction transaction(connection);
  for (auto i = static_cast<std::size_t>(found); i < steps.size(); ++i) connection.run(steps[i]);
  connection.run(fmt::format("PRAGMA application_id={}; PRAGMA user_version={}", application_id, version).c_str());
  if (found == 0) {
    const auto born = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    connection.run(fmt::format("INSERT INTO meta(name, value) VALUES('born', {})", born).c_str());
  }
  transaction.commit();
}

}  // namespace tgkit::storage::schema
