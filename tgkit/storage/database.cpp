#include "tgkit/storage/database.hpp"

#include <algorithm>
#include <utility>

#include <sqlite3.h>

namespace tgkit::storage {
namespace {

int note_wal_pages(void* pages, sqlite3*, const char*, int count) {
  *static_cast<std::size_t*>(pages) = static_cast<std::size_t>(count);
  return SQLITE_OK;
}

}  // namespace

struct Database::Statements {
  explicit Statements(sqlite::Connection& c)
      : add_row(c, "INSERT INTO journal(body) VALUES(?1)"),
        read_rows(c, "SELECT body FROM journal ORDER BY seq"),
        clear_rows(c, "DELETE FROM journal"),
        load_state(c, "SELECT value, version, expires_at FROM state WHERE owner=?1 AND type=?2"),
        put_state(c,
                  "INSERT INTO state(owner, type, value, version, expires_at) VALUES(?1, ?2, ?3, ?4, ?5) "
                  "ON CONFLICT DO UPDATE SET value=?3, version=?4, expires_at=?5"),
        erase_state(c, "DELETE FROM state WHERE owner=?1 AND type=?2"),
        sweep_states(c,
                     "DELETE FROM state WHERE (owner, type) IN "
                     "(SELECT owner, type FROM state WHERE expires_at > 0 AND expires_at <= ?1 LIMIT ?2)"),
        put_update(c, "INSERT OR REPLACE INTO inbox(update_id, body, at) VALUES(?1, ?2, ?3)"),
        erase_update(c, "DELETE FROM inbox WHERE update_id=?1"),
        put_seen(c, "INSERT INTO seen(number, update_id) VALUES(?1, ?2)"),
        trim_seen(c, "DELETE FROM seen WHERE number <= ?1"),
        put_message(c, "INSERT OR REPLACE INTO outbox(id, chat_id, lane, method, body) VALUES(?1, ?2, ?3, ?4, ?5)"),
        erase_message(c, "DELETE FROM outbox WHERE id=?1"),
        erase_same(c, "DELETE FROM quarantine WHERE update_id=?1 AND update_id<>0 AND body=?2"),
        put_quarantined(c, "INSERT INTO quarantine(update_id, body, reason, at, number) VALUES(?1, ?2, ?3, ?4, ?5)"),
        erase_quarantined(c, "DELETE FROM quarantine WHERE number=?1"),
        put_timer(c,
                  "INSERT INTO timer(job, key, due, value) VALUES(?1, ?2, ?3, ?4) "
                  "ON CONFLICT DO UPDATE SET due=?3, value=?4"),
        erase_timer(c, "DELETE FROM timer WHERE job=?1 AND key=?2"),
        put_entry(c, "INSERT OR IGNORE INTO book(number, book, body) VALUES(?1, ?2, ?3)"),
        put_meta(c, "INSERT INTO meta(name, value) VALUES(?1, ?2) ON CONFLICT DO UPDATE SET value=?2") {}

  void set(std::string_view name, std::int64_t value) { put_meta.bind_text(1, name).bind(2, value).run(); }

  sqlite::Statement add_row, read_rows, clear_rows;
  sqlite::Statement load_state, put_state, erase_state, sweep_states;
  sqlite::Statement put_update, erase_update, put_seen, trim_seen;
  sqlite::Statement put_message, erase_message, erase_same, put_quarantined, erase_quarantined, put_timer, erase_timer,
      put_entry, put_meta;
};

Database::Database(DatabaseFile file, const DatabaseLimits& limits)
    : connection_(std::move(file.connection)), sql_(std::make_unique<Statements>(*connection_)), limits_(limits) {
  sqlite3_wal_hook(connection_->handle(), note_wal_pages, &wal_pages_);
  numbers_.last_message_id = std::max(connection_->number("SELECT value FROM meta WHERE name='last_message_id'"),
                                      connection_->number("SELECT coalesce(max(id), 0) FROM outbox"));
  numbers_.seen = connection_->number("SELECT coalesce(max(number), 0) FROM seen");
  numbers_.quarantined = std::max(connection_->number("SELECT value FROM meta WHERE name='quarantine_number'"),
                                  connection_->number("SELECT coalesce(max(number), 0) FROM quarantine"));
  sqlite::Transaction transaction(*connection_);
  fold_within_transaction();
  sql_->set("running", 1);
  transaction.commit();
}

Database::~Database() = default;

std::vector<std::int64_t> Database::seen() {
  std::vector<std::int64_t> found;
  sqlite::Statement ids = connection_->prepare("SELECT update_id FROM seen ORDER BY number");
  while (ids.step()) found.push_back(ids.number(0));
  return found;
}

Unfinished Database::unfinished() {
  Unfinished found;
  sqlite::Statement updates = connection_->prepare("SELECT update_id, body, at FROM inbox ORDER BY update_id");
  while (updates.step()) {
    InboxUpdate& update = found.updates.emplace_back();
    update.update_id = updates.number(0);
    update.body = updates.bytes(1);
    update.at = updates.number(2);
  }
  sqlite::Statement messages = connection_->prepare("SELECT id, chat_id, lane, method, body FROM outbox ORDER BY id");
  while (messages.step()) {
    OutboxMessage& message = found.messages.emplace_back();
    message.id = messages.number(0);
    message.chat_id = messages.number(1);
    message.lane = static_cast<std::int32_t>(messages.number(2));
    message.method = messages.bytes(3);
    message.body = messages.bytes(4);
  }
  sqlite::Statement timers = connection_->prepare("SELECT job, key, due, value FROM timer ORDER BY job, key");
  while (timers.step()) {
    UnfinishedTimer& timer = found.timers.emplace_back();
    timer.key.job = timers.bytes(0);
    timer.key.key = timers.bytes(1);
    timer.record.due = timers.number(2);
    timer.record.value = timers.bytes(3);
  }
  return found;
}

void Database::write(std::string_view row) {
  sql_->add_row.bind_blob(1, row).run();
  journal_bytes_ += row.size();
}

void Database::write_recent(std::string_view row, std::uint64_t generation) {
  sqlite::Transaction transaction(*connection_);
  sql_->add_row.bind_blob(1, row).run();
  sql_->set("recent", static_cast<std::int64_t>(generation));
  transaction.commit();
  journal_bytes_ += row.size();
}

std::uint64_t Database::recent_generation() const {
  return static_cast<std::uint64_t>(
      connection_->number("SELECT coalesce(max(value), 0) FROM meta WHERE name='recent'"));
}

void Database::expect_recent(std::uint64_t generation) {
  sql_->set("recent", static_cast<std::int64_t>(generation - 1));
}

void Database::remember(const StateWrite& change) { unfolded_.insert_or_assign(change.key, change.record); }

std::optional<StateRecord> Database::load(const StateKey& key, std::int64_t now) {
  std::optional<StateRecord> record;
  if (const auto it = unfolded_.find(key); it != unfolded_.end()) {
    record = it->second;
  } else {
    sqlite::Statement& statement = sql_->load_state.bind_text(1, key.owner).bind_text(2, key.type);
    if (statement.step()) {
      record.emplace();
      record->value = statement.bytes(0);
      record->version = static_cast<std::uint32_t>(statement.number(1));
      record->expires_at = statement.number(2);
    }
    statement.reset();
  }
  if (record && expired(*record, now)) record.reset();
  return record;
}

std::vector<QuarantinedUpdate> Database::quarantine(std::size_t most, std::int64_t before) {
  fold();
  std::vector<QuarantinedUpdate> found;
  sqlite::Statement rows = connection_->prepare(
      "SELECT update_id, body, reason, at, number FROM quarantine WHERE number < ?2 ORDER BY number DESC LIMIT ?1");
  rows.bind(1, static_cast<std::int64_t>(std::min<std::size_t>(most, INT64_MAX)));
  rows.bind(2, before > 0 ? before : INT64_MAX);
  while (rows.step()) {
    QuarantinedUpdate& bad = found.emplace_back();
    bad.update_id = rows.number(0);
    bad.body = rows.bytes(1);
    bad.reason = rows.bytes(2);
    bad.at = rows.number(3);
    bad.number = rows.number(4);
  }
  return found;
}

std::size_t Database::drop_quarantined(const std::vector<std::int64_t>& numbers) {
  fold();
  sqlite::Transaction transaction(*connection_);
  std::size_t dropped = 0;
  for (const std::int64_t number : numbers) {
    sql_->erase_quarantined.bind(1, number).run();
    dropped += static_cast<std::size_t>(sqlite3_changes64(connection_->handle()));
  }
  transaction.commit();
  return dropped;
}

std::int64_t Database::born() const { return connection_->number("SELECT value FROM meta WHERE name='born'"); }

std::int64_t Database::last_entry_number() const {
  return connection_->number("SELECT coalesce(max(number), 0) FROM book");
}

std::vector<BookEntry> Database::entries(const std::string& book, std::int64_t after, std::size_t most) {
  fold();
  std::vector<BookEntry> found;
  sqlite::Statement rows =
      connection_->prepare("SELECT number, body FROM book WHERE book=?1 AND number > ?2 ORDER BY number LIMIT ?3");
  rows.bind_text(1, book).bind(2, after).bind(3, static_cast<std::int64_t>(std::min<std::size_t>(most, INT64_MAX)));
  while (rows.step()) {
    BookEntry& entry = found.emplace_back();
    entry.number = rows.number(0);
    entry.book = book;
    entry.body = rows.bytes(1);
  }
  return found;
}

bool Database::replay(std::int64_t number, const InboxUpdate& update) {
  fold();
  sqlite::Transaction transaction(*connection_);
  sql_->erase_quarantined.bind(1, number).run();
  if (sqlite3_changes64(connection_->handle()) == 0) return false;
  sql_->put_update.bind(1, update.update_id).bind_text(2, update.body).bind(3, update.at).run();
  transaction.commit();
  return true;
}

std::vector<std::string> Database::journal_rows() {
  std::vector<std::string> rows;
  while (sql_->read_rows.step()) rows.emplace_back(sql_->read_rows.bytes(0));
  sql_->read_rows.reset();
  return rows;
}

void Database::fold() {
  if (journal_bytes_ == 0) return;
  const Numbers before = numbers_;
  try {
    sqlite::Transaction transaction(*connection_);
    fold_within_transaction();
    transaction.commit();
  } catch (...) {
    numbers_ = before;
    throw;
  }
  forget_journal();
}

// The in-memory picture follows only when the transaction is through.
void Database::fold_within_transaction() {
  const std::vector<std::string> rows = journal_rows();
  if (rows.empty()) return;
  journal::Effect effect;
  for (const std::string& row : rows) effect.read(row);
  apply_states(effect);
  apply_inbox(effect);
  apply_seen(effect);
  apply_outbox(effect);
  apply_quarantine(effect);
  apply_timers(effect);
  apply_entries(effect);
  sql_->clear_rows.run();
}

void Database::forget_journal() {
  journal_bytes_ = 0;
  unfolded_.clear();
}

void Database::apply_states(const journal::Effect& effect) {
  using Entry = const std::pair<const journal::StateRef, std::optional<journal::StateValue>>;
  std::vector<Entry*> changes;
  changes.reserve(effect.states.size());
  for (Entry& change : effect.states) changes.push_back(&change);
  // Neighbours in the table are written one after the other, so that each page is visited once.
  std::sort(changes.begin(), changes.end(), [](Entry* a, Entry* b) { return a->first < b->first; });
  for (Entry* change : changes) {
    const auto& [key, state] = *change;
    if (state) {
      sql_->put_state.bind_text(1, key.owner).bind_text(2, key.type).bind_text(3, state->value);
      sql_->put_state.bind(4, state->version).bind(5, state->expires_at).run();
    } else {
      sql_->erase_state.bind_text(1, key.owner).bind_text(2, key.type).run();
    }
  }
}

void Database::apply_inbox(const journal::Effect& effect) {
  for (const std::int64_t id : effect.done) sql_->erase_update.bind(1, id).run();
  for (const auto& [id, update] : effect.appended)
    sql_->put_update.bind(1, id).bind_text(2, update.body).bind(3, update.at).run();
}

void Database::apply_seen(const journal::Effect& effect) {
  const std::size_t skip = effect.seen.size() - std::min(effect.seen.size(), limits_.dedupe_window);
  for (std::size_t i = skip; i < effect.seen.size(); ++i)
    sql_->put_seen.bind(1, ++numbers_.seen).bind(2, effect.seen[i]).run();
  if (!effect.seen.empty())
    sql_->trim_seen.bind(1, numbers_.seen - static_cast<std::int64_t>(limits_.dedupe_window)).run();
}

void Database::apply_outbox(const journal::Effect& effect) {
  for (const std::int64_t id : effect.delivered) sql_->erase_message.bind(1, id).run();
  for (const auto& [id, message] : effect.messages) {
    sql_->put_message.bind(1, id).bind(2, message.chat_id).bind(3, message.lane);
    sql_->put_message.bind_text(4, message.method).bind_text(5, message.body).run();
  }
  if (effect.last_message_id > numbers_.last_message_id) {
    numbers_.last_message_id = effect.last_message_id;
    sql_->set("last_message_id", numbers_.last_message_id);
  }
}

void Database::apply_quarantine(const journal::Effect& effect) {
  for (const journal::QuarantinedRef& bad : effect.quarantined) {
    sql_->erase_same.bind(1, bad.update_id).bind_blob(2, bad.body).run();
    sql_->put_quarantined.bind(1, bad.update_id).bind_blob(2, bad.body).bind_text(3, bad.reason).bind(4, bad.at);
    sql_->put_quarantined.bind(5, ++numbers_.quarantined).run();
  }
  if (effect.quarantined.empty()) return;
  sql_->set("quarantine_number", numbers_.quarantined);  // a number is not given twice, though its entry be gone
  trim_quarantine();
}

void Database::trim_quarantine() {
  const auto most = static_cast<std::int64_t>(limits_.most_quarantined);
  const std::int64_t surplus = connection_->number("SELECT count(*) FROM quarantine") - most;
  if (surplus <= 0) return;
  sqlite::Statement trim = connection_->prepare(
      "DELETE FROM quarantine WHERE number IN (SELECT number FROM quarantine ORDER BY number LIMIT ?1)");
  trim.bind(1, surplus).run();
  numbers_.overflow += static_cast<std::size_t>(surplus);
}

void Database::apply_timers(const journal::Effect& effect) {
  for (const auto& [key, timer] : effect.timers) {
    if (timer) {
      sql_->put_timer.bind_text(1, key.job).bind_text(2, key.key).bind(3, timer->due).bind_text(4, timer->value).run();
    } else {
      sql_->erase_timer.bind_text(1, key.job).bind_text(2, key.key).run();
    }
  }
}

void Database::apply_entries(const journal::Effect& effect) {
  for (const auto& [number, entry] : effect.entries)
    sql_->put_entry.bind(1, number).bind_text(2, entry.book).bind_text(3, entry.body).run();
}

std::int64_t Database::sweep(std::int64_t now, std::int64_t most) {
  sql_->sweep_states.bind(1, now).bind(2, most).run();
  return sqlite3_changes64(connection_->handle());
}

void Database::checkpoint() {
  const int code =
      sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (code != SQLITE_OK && code != SQLITE_BUSY) connection_->fail(code);
  wal_pages_ = 0;  // counted anew by the next commit, which starts the log over when all of it was copied
}

void Database::close() {
  sqlite::Transaction transaction(*connection_);
  fold_within_transaction();
  sql_->set("running", 0);
  transaction.commit();
  forget_journal();
  sql_.reset();
  sqlite3_db_config(connection_->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
  connection_.reset();  // checkpoints, and removes the log
}

namespace {

std::unique_ptr<Database> try_open(const DatabaseFileOptions& options, const DatabaseLimits& limits, WallTime now,
                                   std::vector<std::string>& notices) {
  DatabaseFile file = open_database_file(options, now);
  notices.insert(notices.end(), file.notices.begin(), file.notices.end());
  try {
    return std::make_unique<Database>(std::move(file), limits);
  } catch (const journal::Damaged&) {
    return nullptr;
  } catch (const sqlite::Error& error) {
    if (!error.damaged()) throw;
    return nullptr;
  }
}

}  // namespace

std::unique_ptr<Database> open_database(const DatabaseFileOptions& options, const DatabaseLimits& limits, WallTime now,
                                        std::vector<std::string>& notices) {
  if (auto database = try_open(options, limits, now, notices)) return database;
  // The damage showed only when the contents were read.
  if (!options.may_begin) refuse(options.path, "is damaged");
  notices.push_back(set_aside(options.path, "is damaged", now));
  if (auto database = try_open(options, limits, now, notices)) return database;
  throw StorageError(options.path.string() + ": a fresh database cannot be read back: check the disk");
}

}  // namespace tgkit::storage
