#include "tgkit/storage/journal.hpp"

#include <algorithm>
#include <cstring>

namespace tgkit::storage::journal {
namespace {

// Stored in files: never renumber, only add.
enum class Tag : std::uint8_t {
  append = 1,  // of format 1, which did not say when
  done = 2,
  state = 3,
  erase = 4,
  message = 5,
  delivered = 6,
  quarantined = 7,
  probe = 8,
  timer = 9,
  cancel = 10,
  append_at = 11,
  book_entry = 12,
};

template <class Int>
void put(std::string& row, Int value) {
  char bytes[sizeof value];  // little-endian, as every machine that Debian runs this on
  std::memcpy(bytes, &value, sizeof value);
  row.append(bytes, sizeof value);
}

void put(std::string& row, Tag tag) { row.push_back(static_cast<char>(tag)); }

void put_text(std::string& row, std::string_view text) {
  put(row, static_cast<std::uint32_t>(text.size()));
  row.append(text);
}

class Reader {
 public:
  explicit Reader(std::string_view row) : rest_(row) {}

  bool more() const noexcept { return !rest_.empty(); }

  template <class Int>
  Int get() {
    Int value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  std::string_view text() { return take(get<std::uint32_t>()); }

 private:
  std::string_view take(std::size_t size) {
    if (size > rest_.size()) throw Damaged("the journal is damaged: a record is cut short");
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::string_view rest_;
};

std::size_t size_of(const Commit& commit) {
  std::size_t size = 9 * (commit.done.size() + commit.delivered.size());
  for (const StateWrite& write : commit.writes) {
    size += 32 + write.key.owner.size() + write.key.type.size() + (write.record ? write.record->value.size() : 0);
  }
  for (const OutboxMessage& message : commit.messages) size += 32 + message.method.size() + message.body.size();
  for (const QuarantinedUpdate& bad : commit.quarantined) size += 32 + bad.body.size() + bad.reason.size();
  for (const TimerWrite& timer : commit.timers) {
    size += 32 + timer.key.job.size() + timer.key.key.size() + (timer.record ? timer.record->value.size() : 0);
  }
  for (const BookEntry& entry : commit.entries) size += 32 + entry.book.size() + entry.body.size();
  return size;
}

void write_state(std::string& row, const StateWrite& write) {
  put(row, write.record ? Tag::state : Tag::erase);
  put_text(row, write.key.owner);
  put_text(row, write.key.type);
  if (!write.record) return;
  put(row, write.record->version);
  put(row, write.record->expires_at);
  put_text(row, write.record->value);
}

void write_message(std::string& row, const OutboxMessage& message) {
  put(row, Tag::message);
  put(row, message.id);
  put(row, message.chat_id);
  put(row, message.lane);
  put_text(row, message.method);
  put_text(row, message.body);
}

void write_timer(std::string& row, const TimerWrite& timer) {
  put(row, timer.record ? Tag::timer : Tag::cancel);
  put_text(row, timer.key.job);
  put_text(row, timer.key.key);
  if (!timer.record) return;
  put(row, timer.record->due);
  put_text(row, timer.record->value);
}

void write_entry(std::string& row, const BookEntry& entry) {
  put(row, Tag::book_entry);
  put(row, entry.number);
  put_text(row, entry.book);
  put_text(row, entry.body);
}

void read_append(Reader& in, Effect& effect, bool has_time) {
  const auto id = in.get<std::int64_t>();
  AppendedRef update;
  if (has_time) update.at = in.get<std::int64_t>();
  update.body = in.text();
  effect.appended.insert_or_assign(effect.appended.end(), id, update);
  effect.seen.push_back(id);
}

void read_done(Reader& in, Effect& effect) {
  const auto id = in.get<std::int64_t>();
  if (effect.appended.erase(id) == 0) effect.done.push_back(id);
}

StateRef read_key(Reader& in) {
  StateRef key;
  key.owner = in.text();
  key.type = in.text();
  return key;
}

void read_state(Reader& in, Effect& effect) {
  const StateRef key = read_key(in);
  StateValue value;
  value.version = in.get<std::uint32_t>();
  value.expires_at = in.get<std::int64_t>();
  value.value = in.text();
  effect.states.insert_or_assign(key, value);
}

void read_message(Reader& in, Effect& effect) {
  const auto id = in.get<std::int64_t>();
  EnteredMessage message;
  message.chat_id = in.get<std::int64_t>();
  message.lane = in.get<std::int32_t>();
  message.method = in.text();
  message.body = in.text();
  effect.messages.insert_or_assign(effect.messages.end(), id, message);
  effect.last_message_id = std::max(effect.last_message_id, id);
}

void read_delivered(Reader& in, Effect& effect) {
  const auto id = in.get<std::int64_t>();
  if (effect.messages.erase(id) == 0) effect.delivered.push_back(id);
}

void read_quarantined(Reader& in, Effect& effect) {
  QuarantinedRef bad;
  bad.update_id = in.get<std::int64_t>();
  bad.at = in.get<std::int64_t>();
  bad.reason = in.text();
  bad.body = in.text();
  effect.quarantined.push_back(bad);
}

TimerRef read_timer_key(Reader& in) {
  TimerRef key;
  key.job = in.text();
  key.key = in.text();
  return key;
}

void read_timer(Reader& in, Effect& effect) {
  const TimerRef key = read_timer_key(in);
  TimerValue timer;
  timer.due = in.get<std::int64_t>();
  timer.value = in.text();
  effect.timers.insert_or_assign(key, timer);
}

void read_entry(Reader& in, Effect& effect) {
  const auto number = in.get<std::int64_t>();
  BookEntryRef entry;
  entry.book = in.text();
  entry.body = in.text();
  effect.entries.try_emplace(number, entry);
}

}  // namespace

void write_append(std::string& row, std::int64_t update_id, std::int64_t at, std::string_view body) {
  put(row, Tag::append_at);
  put(row, update_id);
  put(row, at);
  put_text(row, body);
}

void write_commit(std::string& row, const Commit& commit) {
  if (const std::size_t needed = row.size() + size_of(commit); needed > row.capacity()) {
    row.reserve(std::max(needed, 2 * row.capacity()));
  }
  for (const StateWrite& write : commit.writes) write_state(row, write);
  for (const std::int64_t id : commit.done) {
    put(row, Tag::done);
    put(row, id);
  }
  for (const OutboxMessage& message : commit.messages) write_message(row, message);
  for (const std::int64_t id : commit.delivered) {
    put(row, Tag::delivered);
    put(row, id);
  }
  for (const QuarantinedUpdate& bad : commit.quarantined) {
    put(row, Tag::quarantined);
    put(row, bad.update_id);
    put(row, bad.at);
    put_text(row, bad.reason);
    put_text(row, bad.body);
  }
  for (const TimerWrite& timer : commit.timers) write_timer(row, timer);
  for (const BookEntry& entry : commit.entries) write_entry(row, entry);
}

void write_probe(std::string& row) { put(row, Tag::probe); }

void Effect::read(std::string_view row) {
  Reader in(row);
  while (in.more()) {
    switch (static_cast<Tag>(in.get<std::uint8_t>())) {
      case Tag::append:
        read_append(in, *this, false);
        break;
      case Tag::append_at:
        read_append(in, *this, true);
        break;
      case Tag::done:
        read_done(in, *this);
        break;
      case Tag::state:
        read_state(in, *this);
        break;
      case Tag::erase:
        states.insert_or_assign(read_key(in), std::nullopt);
        break;
      case Tag::message:
        read_message(in, *this);
        break;
      case Tag::delivered:
        read_delivered(in, *this);
        break;
      case Tag::quarantined:
        read_quarantined(in, *this);
        break;
      case Tag::probe:
        break;
      case Tag::timer:
        read_timer(in, *this);
        break;
      case Tag::cancel:
        timers.insert_or_assign(read_timer_key(in), std::nullopt);
        break;
      case Tag::book_entry:
        read_entry(in, *this);
        break;
      default:
        throw Damaged("the journal is damaged: a record of an unknown kind");
    }
  }
}

}  // namespace tgkit::storage::journal
