#include "tgkit/bot/pacing.hpp"

#include "tgkit/json/reader.hpp"

#include <algorithm>
#include <array>

namespace tgkit::bot {

namespace {

using json::Reader;

enum class Counts : std::uint8_t { nothing, message, items, edit };

struct Counting {
  std::string_view beginning;  // of the method's name; the first that fits holds
  Counts counts;
  std::string_view list = {};  // the parameter that holds the items
};

constexpr std::array counting = {
    Counting{"sendChatAction", Counts::nothing},
    Counting{"sendMessageDraft", Counts::nothing},
    Counting{"sendRichMessageDraft", Counts::nothing},
    Counting{"sendChatJoinRequestWebApp", Counts::nothing},
    Counting{"sendMediaGroup", Counts::items, "media"},
    Counting{"forwardMessages", Counts::items, "message_ids"},
    Counting{"copyMessages", Counts::items, "message_ids"},
    Counting{"send", Counts::message},
    Counting{"forwardMessage", Counts::message},
    Counting{"copyMessage", Counts::message},
    Counting{"editMessage", Counts::edit},
};

constexpr std::size_t least_chats = 1024;  // below it nothing is swept
constexpr std::uint8_t most_items = 100;   // of any list in the Bot API

std::uint8_t items_in(std::string_view json, std::string_view list) {
  Reader reader(json);
  std::string_view key;
  for (bool first = reader.enter_object(); reader.next_key(first, key);) {
    if (key != list) {
      if (!reader.skip()) return 1;
      continue;
    }
    std::uint8_t items = 0;
    for (bool none = reader.enter_array(); items < most_items && reader.next_item(none) && reader.skip();) ++items;
    return std::max<std::uint8_t>(items, 1);
  }
  return 1;
}

TokenBucket bucket(const SendRate& rate) { return {rate.messages, rate.per, rate.burst}; }

}  // namespace

SendCost send_cost(std::string_view method, std::string_view json, std::int64_t chat) {
  const auto* found =
      std::ranges::find_if(counting, [&](const Counting& counted) { return method.starts_with(counted.beginning); });
  if (found == counting.end()) return {};
  switch (found->counts) {
    case Counts::nothing:
      return {};
    case Counts::message:
      return {1, 1};
    case Counts::edit:
      return {1, static_cast<std::uint8_t>(chat < 0 ? 1 : 0)};
    case Counts::items: {
      const std::uint8_t items = items_in(json, found->list);
      return {items, items};
    }
  }
  return {};
}

Pacer::Pacer(const std::optional<PacingSettings>& settings) : settings_(settings), sweep_at_(least_chats) {
  if (settings_ && settings_->overall.messages > 0) overall_.emplace(bucket(settings_->overall));
}

const SendRate& Pacer::rate_of(std::int64_t chat) const {
  return chat < 0 ? settings_->group : settings_->private_chat;
}

Duration Pacer::wait_for_chat(std::int64_t chat, SendCost cost, TimePoint now) const {
  if (!settings_ || cost.chat == 0) return Duration::zero();
  const auto found = chats_.find(chat);
  return found == chats_.end() ? Duration::zero() : found->second.wait(now);
}

Duration Pacer::wait_for_all(SendCost cost, TimePoint now) const {
  return overall_ && cost.overall > 0 ? overall_->wait(now) : Duration::zero();
}

TokenBucket* Pacer::bucket_of(std::int64_t chat) {
  if (!settings_ || chat == 0 || rate_of(chat).messages == 0) return nullptr;
  return &chats_.try_emplace(chat, bucket(rate_of(chat))).first->second;
}

void Pacer::take(std::int64_t chat, SendCost cost, TimePoint now) {
  if (!settings_) return;
  for (int i = 0; overall_ && i < cost.overall; ++i) overall_->take(now);
  if (cost.chat == 0) return;
  if (TokenBucket* own = bucket_of(chat)) {
    for (int i = 0; i < cost.chat; ++i) own->take(now);
  }
  if (chats_.size() >= sweep_at_) sweep(now);
}

void Pacer::flooded(std::int64_t chat, TimePoint until) {
  if (TokenBucket* own = bucket_of(chat)) own->block_until(until);
}

void Pacer::all_flooded(TimePoint until) {
  if (overall_) overall_->block_until(until);
}

// A full bucket says what a new one says. Constant work per call on average: the next sweep comes when as many again
// have been added.
void Pacer::sweep(TimePoint now) {
  std::erase_if(chats_, [now](const auto& entry) { return entry.second.full(now); });
  sweep_at_ = std::max(least_chats, 2 * chats_.size());
}

}  // namespace tgkit::bot
