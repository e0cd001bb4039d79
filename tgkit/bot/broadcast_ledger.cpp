#include "tgkit/bot/broadcast_ledger.hpp"

#include "tgkit/json/append.hpp"
#include "tgkit/json/reader.hpp"

#include <algorithm>
#include <charconv>
#include <unordered_set>
#include <utility>

namespace tgkit::bot {

namespace {

using json::Reader;

constexpr std::string_view head_type = "tgkit.broadcast";
constexpr std::string_view chats_type = "tgkit.broadcast.chats";
constexpr std::string_view results_type = "tgkit.broadcast.results";
constexpr std::uint32_t record_version = 1;
constexpr std::string_view letters = ".>sbfu";

constexpr std::array<std::string_view, 4> states = {"running", "paused", "cancelled", "finished"};

void append_number(std::string& json, std::string_view name, std::size_t value) {
  json += ",\"";
  json += name;
  json += "\":";
  json::append_integer(json, static_cast<std::int64_t>(value));
}

void append_text(std::string& json, std::string_view name, std::string_view value) {
  json += json.empty() ? "{\"" : ",\"";
  json += name;
  json += "\":";
  json::append_string(json, value);
}

}  // namespace

std::string_view to_text(BroadcastResult result) {
  constexpr std::array<std::string_view, 6> names = {"waiting", "on_its_way", "sent", "blocked", "failed", "unknown"};
  return names[letters.find(static_cast<char>(result))];
}

std::string_view to_text(BroadcastState state) { return states[static_cast<std::size_t>(state)]; }

storage::StateKey broadcast_head_key(std::string_view id) { return {std::string(head_type), std::string(id)}; }

std::string encode(const BroadcastHead& head) {
  std::string json;
  append_text(json, "state", to_text(head.state));
  append_text(json, "method", head.method);
  append_text(json, "body", head.body);
  append_number(json, "if_unknown", static_cast<std::size_t>(head.if_unknown));
  append_number(json, "total", head.total);
  append_number(json, "waiting", head.counts.waiting);
  append_number(json, "sent", head.counts.sent);
  append_number(json, "blocked", head.counts.blocked);
  append_number(json, "failed", head.counts.failed);
  append_number(json, "unknown", head.counts.unknown);
  return json + "}";
}

std::optional<BroadcastHead> decode_broadcast_head(std::string_view json) {
  BroadcastHead head;
  Reader reader(json);
  std::string_view key;
  for (bool first = reader.enter_object(); reader.next_key(first, key);) {
    const std::string name(key);
    std::string text;
    std::int64_t number = 0;
    if (reader.string(text)) {
      const auto* state = std::ranges::find(states, text);
      if (name == "state" && state == states.end()) return std::nullopt;
      if (name == "state") head.state = static_cast<BroadcastState>(state - states.begin());
      if (name == "method") head.method = std::move(text);
      if (name == "body") head.body = std::move(text);
    } else if (reader.integer(number) && number >= 0) {
      const auto value = static_cast<std::size_t>(number);
      if (name == "if_unknown") head.if_unknown = value == 1 ? IfUnknown::repeat : IfUnknown::report;
      if (name == "total") head.total = value;
      if (name == "waiting") head.counts.waiting = value;
      if (name == "sent") head.counts.sent = value;
      if (name == "blocked") head.counts.blocked = value;
      if (name == "failed") head.counts.failed = value;
      if (name == "unknown") head.counts.unknown = value;
    } else {
      return std::nullopt;
    }
  }
  if (reader.broken() || head.method.empty()) return std::nullopt;
  return head;
}

BroadcastLedger::BroadcastLedger(std::string id, std::vector<std::int64_t> chats) : id_(std::move(id)) {
  std::unordered_set<std::int64_t> seen;
  seen.reserve(chats.size());
  std::erase_if(chats, [&seen](std::int64_t chat) { return !seen.insert(chat).second; });
  chats_ = std::move(chats);
  results_.assign(chats_.size(), static_cast<char>(BroadcastResult::waiting));
  counts_.waiting = chats_.size();
  changed_.resize(chunks());
}

BroadcastLedger::BroadcastLedger(std::string id, std::size_t total)
    : id_(std::move(id)), chats_(total), results_(total, static_cast<char>(BroadcastResult::waiting)) {
  counts_.waiting = total;
  changed_.resize(chunks());
}

storage::StateKey BroadcastLedger::key(std::string_view type, std::size_t chunk) const {
  return {std::string(type), id_ + "/" + std::to_string(chunk)};
}

std::vector<storage::StateKey> BroadcastLedger::keys() const {
  std::vector<storage::StateKey> all;
  for (std::size_t chunk = 0; chunk < chunks(); ++chunk) {
    all.push_back(key(chats_type, chunk));
    all.push_back(key(results_type, chunk));
  }
  return all;
}

bool BroadcastLedger::read(const std::vector<std::optional<storage::StateRecord>>& records, bool repeat) {
  if (records.size() != 2 * chunks()) return false;
  for (std::size_t chunk = 0; chunk < chunks(); ++chunk) {
    const auto& chats = records[2 * chunk];
    const auto& results = records[2 * chunk + 1];
    if (!chats || !read_chats(chunk, chats->value)) return false;
    if (results && !read_results(chunk, results->value, repeat)) return false;
  }
  return true;
}

bool BroadcastLedger::read_chats(std::size_t chunk, std::string_view text) {
  const std::size_t begin = chunk * chunk_size, end = std::min(begin + chunk_size, chats_.size());
  const char* at = text.data();
  const char* const last = at + text.size();
  for (std::size_t index = begin; index < end; ++index) {
    const auto [rest, error] = std::from_chars(at, last, chats_[index]);
    const bool last_one = index + 1 == end;
    if (error != std::errc{} || (last_one ? rest != last : rest == last || *rest != ',')) return false;
    if (!last_one) at = rest + 1;
  }
  return true;
}

bool BroadcastLedger::read_results(std::size_t chunk, std::string_view text, bool repeat) {
  const std::size_t begin = chunk * chunk_size, end = std::min(begin + chunk_size, chats_.size());
  if (text.size() != end - begin || text.find_first_not_of(letters) != std::string_view::npos) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto result = static_cast<BroadcastResult>(text[i]);
    if (result == BroadcastResult::on_its_way) result = repeat ? BroadcastResult::waiting : BroadcastResult::unknown;
    if (result == BroadcastResult::waiting && text[i] == '.') continue;
    set(begin + i, result);
    if (static_cast<char>(result) != text[i]) changed_[chunk] = true;
  }
  return true;
}

std::size_t& BroadcastLedger::count(BroadcastResult result) {
  switch (result) {
    case BroadcastResult::sent:
      return counts_.sent;
    case BroadcastResult::blocked:
      return counts_.blocked;
    case BroadcastResult::failed:
      return counts_.failed;
    case BroadcastResult::unknown:
      return counts_.unknown;
    case BroadcastResult::waiting:
    case BroadcastResult::on_its_way:
      break;
  }
  return counts_.waiting;
}

void BroadcastLedger::set(std::size_t index, BroadcastResult result) {
  --count(this->result(index));
  ++count(result);
  results_[index] = static_cast<char>(result);
  changed_[index / chunk_size] = true;
}

std::optional<std::size_t> BroadcastLedger::next() {
  if (!returned_.empty()) {
    const std::size_t index = returned_.back();
    returned_.pop_back();
    return index;
  }
  while (next_ < chats_.size() && result(next_) != BroadcastResult::waiting) ++next_;
  if (next_ == chats_.size()) return std::nullopt;
  return next_++;
}

std::vector<BroadcastUser> BroadcastLedger::users() const {
  std::vector<BroadcastUser> all;
  all.reserve(chats_.size());
  for (std::size_t index = 0; index < chats_.size(); ++index) all.push_back({chats_[index], result(index)});
  return all;
}

storage::StateWrite BroadcastLedger::results_write(std::size_t chunk, std::int64_t expires_at) const {
  storage::StateWrite write;
  write.key = key(results_type, chunk);
  write.record = storage::StateRecord{results_.substr(chunk * chunk_size, chunk_size), record_version, expires_at};
  return write;
}

storage::StateWrite BroadcastLedger::chats_write(std::size_t chunk, std::int64_t expires_at) const {
  std::string text;
  const std::size_t end = std::min((chunk + 1) * chunk_size, chats_.size());
  for (std::size_t index = chunk * chunk_size; index < end; ++index) {
    if (!text.empty()) text += ',';
    json::append_integer(text, chats_[index]);
  }
  storage::StateWrite write;
  write.key = key(chats_type, chunk);
  write.record = storage::StateRecord{std::move(text), record_version, expires_at};
  return write;
}

std::vector<storage::StateWrite> BroadcastLedger::all_writes(std::int64_t expires_at) const {
  std::vector<storage::StateWrite> writes;
  for (std::size_t chunk = 0; chunk < chunks(); ++chunk) {
    writes.push_back(chats_write(chunk, expires_at));
    writes.push_back(results_write(chunk, expires_at));
  }
  return writes;
}

std::vector<storage::StateWrite> BroadcastLedger::take_writes() {
  std::vector<storage::StateWrite> writes;
  for (std::size_t chunk = 0; chunk < changed_.size(); ++chunk) {
    if (!changed_[chunk]) continue;
    changed_[chunk] = false;
    writes.push_back(results_write(chunk, 0));
  }
  return writes;
}

std::vector<storage::StateWrite> BroadcastLedger::writes_of(std::size_t index) {
  const std::size_t chunk = index / chunk_size;
  changed_[chunk] = false;
  std::vector<storage::StateWrite> writes;
  writes.push_back(results_write(chunk, 0));
  return writes;
}

void BroadcastLedger::give_back(const std::vector<storage::StateWrite>& not_written) {
  for (const storage::StateWrite& write : not_written) {
    const std::string& owner = write.key.owner;
    changed_[std::stoul(owner.substr(owner.rfind('/') + 1))] = true;
  }
}

}  // namespace tgkit::bot
