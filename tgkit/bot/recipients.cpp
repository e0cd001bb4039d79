#include "tgkit/bot/recipients.hpp"

#include "tgkit/json/append.hpp"
#include "tgkit/json/reader.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace tgkit::bot {

namespace {

using json::Reader;

constexpr std::string_view state_type = "tgkit.recipients";
constexpr std::uint32_t state_version = 1;

std::vector<std::int64_t> read_integers(Reader& reader) {
  std::vector<std::int64_t> all;
  std::int64_t value = 0;
  for (bool first = reader.enter_array(); reader.next_item(first) && reader.integer(value);) all.push_back(value);
  return all;
}

void append_all(std::string& json, std::string_view name, const std::vector<std::int64_t>& values) {
  json += json.empty() ? '{' : ',';
  json::append_string(json, name);
  json += ':';
  json::append_integers(json, values);
}

}  // namespace

std::size_t Recipients::number_of(std::int64_t chat) {
  static_assert(shards == 1U << 6U);
  return static_cast<std::size_t>(static_cast<std::uint64_t>(chat) * 0x9e3779b97f4a7c15U >> 58U);
}

void Recipients::touch(Shard& shard) {
  if (!std::exchange(shard.changed, true)) ++changed_;
}

bool Recipients::unreachable(std::int64_t chat) const {
  return unreachable_ > 0 && shard_of(chat).unreachable.contains(chat);
}

bool Recipients::mark(std::int64_t chat) {
  Shard& shard = shard_of(chat);
  if (!shard.unreachable.insert(chat).second) return false;
  ++unreachable_;
  touch(shard);
  return true;
}

bool Recipients::clear(std::int64_t chat) {
  if (!unreachable(chat)) return false;
  Shard& shard = shard_of(chat);
  shard.unreachable.erase(chat);
  --unreachable_;
  touch(shard);
  return true;
}

std::int64_t Recipients::current(std::int64_t chat) const {
  if (moved_ == 0) return chat;
  const auto& moved = shard_of(chat).moved;
  const auto found = moved.find(chat);
  return found == moved.end() ? chat : found->second;
}

// No chain and no circle: whoever pointed to the old id points to the new one, and the new one nowhere.
void Recipients::moved(std::int64_t from, std::int64_t to) {
  if (from == to) return;
  if (shard_of(to).moved.erase(to) > 0) {
    --moved_;
    touch(shard_of(to));
  }
  for (Shard& shard : shards_) {
    for (auto& [old, now] : shard.moved) {
      if (now != from) continue;
      now = to;
      touch(shard);
    }
  }
  if (shard_of(from).moved.insert_or_assign(from, to).second) ++moved_;
  touch(shard_of(from));
}

std::vector<storage::StateKey> Recipients::keys() {
  std::vector<storage::StateKey> all;
  all.reserve(shards);
  for (std::size_t number = 0; number < shards; ++number)
    all.push_back({std::string(state_type), std::to_string(number)});
  return all;
}

void Recipients::read(const std::vector<std::optional<storage::StateRecord>>& records) {
  for (const auto& record : records) {
    if (!record || record->version != state_version) continue;
    Reader reader(record->value);
    std::string_view key;
    for (bool first = reader.enter_object(); reader.next_key(first, key);) {
      const bool moves = key == "moved";
      const std::vector<std::int64_t> values = read_integers(reader);
      for (std::size_t i = 0; moves && i + 1 < values.size(); i += 2)
        if (shard_of(values[i]).moved.insert_or_assign(values[i], values[i + 1]).second) ++moved_;
      for (std::size_t i = 0; !moves && i < values.size(); ++i)
        if (shard_of(values[i]).unreachable.insert(values[i]).second) ++unreachable_;
    }
  }
}

std::vector<storage::StateWrite> Recipients::take_writes() {
  std::vector<storage::StateWrite> writes;
  for (std::size_t number = 0; changed_ > 0 && number < shards; ++number) {
    Shard& shard = shards_[number];
    if (!std::exchange(shard.changed, false)) continue;
    --changed_;
    storage::StateWrite& write = writes.emplace_back();
    write.key = {std::string(state_type), std::to_string(number)};
    if (shard.unreachable.empty() && shard.moved.empty()) continue;
    std::vector<std::int64_t> pairs;
    for (const auto& [from, to] : shard.moved) pairs.insert(pairs.end(), {from, to});
    std::string json;
    append_all(json, "unreachable", {shard.unreachable.begin(), shard.unreachable.end()});
    append_all(json, "moved", pairs);
    write.record = storage::StateRecord{json + "}", state_version, 0};
  }
  return writes;
}

void Recipients::give_back(const std::vector<storage::StateWrite>& not_written) {
  for (const storage::StateWrite& write : not_written) touch(shards_.at(std::stoul(write.key.owner)));
}

}  // namespace tgkit::bot
