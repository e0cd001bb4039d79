#pragma once
// How much one bot may send, as Telegram limits it: overall, per private chat and per group. Pure.
#include "tgkit/async/token_bucket.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

namespace sandbox {

struct FloodSettings {
  bool enabled = false;
  std::int64_t overall_per_second = 30;
  std::int64_t private_per_second = 1;
  std::int64_t private_burst = 5;  // at once, after a pause
  std::int64_t group_per_minute = 20;
};

// How many messages a call counts as; 0: it is not limited. `items`: of an album, or messages to forward or copy.
int flood_weight(std::string_view method, bool group, int items);

class FloodLimits {
 public:
  explicit FloodLimits(const FloodSettings& settings);

  // Nothing: the messages may go. Otherwise the seconds to wait, at least 1, and nothing is counted.
  std::optional<std::int64_t> refused(std::int64_t chat, bool group, int weight, tgkit::TimePoint now);

 private:
  tgkit::TokenBucket& bucket_of(std::int64_t chat, bool group);

  FloodSettings settings_;
  tgkit::TokenBucket overall_;
  std::map<std::int64_t, tgkit::TokenBucket> chats_;
};

// The limits of every bot, with what was refused.
class FloodControl {
 public:
  explicit FloodControl(FloodSettings settings) : settings_(settings) {}

  const FloodSettings& settings() const { return settings_; }
  void change(FloodSettings settings);  // everybody begins anew
  std::uint64_t refusals() const { return refusals_; }
  std::optional<std::int64_t> refused(std::int64_t bot, std::int64_t chat, int weight, tgkit::TimePoint now);

 private:
  FloodSettings settings_;
  std::map<std::int64_t, FloodLimits> bots_;
  std::uint64_t refusals_ = 0;
};

}  // namespace sandbox
