#pragma once
// Telegram's sending limits, kept in advance: how long a call has to wait so that none of them is met. Pure: time comes
// in, waits come out.
//
// What counts (see pacing.cpp for the table): every message, each item of an album, forward or copy of several; edits
// count like messages overall and in groups, and not in private chats; actions, answers, deletes and settings count
// nothing.
#include "tgkit/async/clock.hpp"
#include "tgkit/async/token_bucket.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace tgkit::bot {

// On average `messages` in `per`, and up to `burst` of them at once.
struct SendRate {
  std::uint32_t messages = 0;  // 0: no limit
  Duration per{0};
  std::uint32_t burst = 1;
};

struct PacingSettings {
  SendRate overall{30, std::chrono::seconds{1}, 5};
  SendRate private_chat{1, std::chrono::seconds{1}, 3};
  SendRate group{20, std::chrono::minutes{1}, 3};  // also channels
};

struct SendCost {
  std::uint8_t overall = 0;
  std::uint8_t chat = 0;
};

// `chat`: as chat_of() gives it.
SendCost send_cost(std::string_view method, std::string_view json, std::int64_t chat);

class Pacer {
 public:
  explicit Pacer(const std::optional<PacingSettings>& settings);  // nullopt: nothing ever waits

  bool on() const noexcept { return settings_.has_value(); }
  Duration wait_for_chat(std::int64_t chat, SendCost cost, TimePoint now) const;
  Duration wait_for_all(SendCost cost, TimePoint now) const;
  // The call leaves now. One that costs more than there is leaves a debt.
  void take(std::int64_t chat, SendCost cost, TimePoint now);
  // Telegram has said "not before `until`": afterwards messages leave one by one.
  void flooded(std::int64_t chat, TimePoint until);
  void all_flooded(TimePoint until);

  // Chats that are remembered: those with a debt, and some more until they are swept.
  std::size_t chats() const noexcept { return chats_.size(); }

 private:
  const SendRate& rate_of(std::int64_t chat) const;
  TokenBucket* bucket_of(std::int64_t chat);  // null: no limit
  void sweep(TimePoint now);

  std::optional<PacingSettings> settings_;
  std::optional<TokenBucket> overall_;
  std::unordered_map<std::int64_t, TokenBucket> chats_;
  std::size_t sweep_at_;
};

}  // namespace tgkit::bot
