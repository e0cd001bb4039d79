#include "sandbox/bot_api/flood_limits.hpp"

#include <algorithm>

namespace sandbox {
namespace {

using tgkit::Duration;

tgkit::TokenBucket bucket(std::int64_t tokens, Duration per, std::int64_t burst) {
  return tgkit::TokenBucket(static_cast<std::uint32_t>(tokens), per, static_cast<std::uint32_t>(burst));
}

}  // namespace

int flood_weight(std::string_view method, bool group, int items) {
  if (method == "sendChatAction" || method == "sendMessageDraft" || method == "sendRichMessageDraft" ||
      method == "sendChatJoinRequestWebApp") {
    return 0;
  }
  if (method == "sendMediaGroup" || method == "forwardMessages" || method == "copyMessages") return std::max(1, items);
  const bool edit = method.starts_with("editMessage");
  const bool send = method.starts_with("send") || method == "forwardMessage" || method == "copyMessage";
  return send || (edit && group) ? 1 : 0;
}

FloodLimits::FloodLimits(const FloodSettings& settings)
    : settings_(settings),
      overall_(bucket(settings.overall_per_second, std::chrono::seconds{1}, settings.overall_per_second)) {}

tgkit::TokenBucket& FloodLimits::bucket_of(std::int64_t chat, bool group) {
  if (const auto known = chats_.find(chat); known != chats_.end()) return known->second;
  return chats_
      .emplace(chat, group ? bucket(settings_.group_per_minute, std::chrono::minutes{1}, settings_.group_per_minute)
                           : bucket(settings_.private_per_second, std::chrono::seconds{1}, settings_.private_burst))
      .first->second;
}

// What is heavier than one message is let through when one would be, and counted in full.
std::optional<std::int64_t> FloodLimits::refused(std::int64_t chat, bool group, int weight, tgkit::TimePoint now) {
  tgkit::TokenBucket& own = bucket_of(chat, group);
  const Duration wait = std::max(overall_.wait(now), own.wait(now));
  if (wait > Duration::zero()) {
    return std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(wait).count());
  }
  for (int i = 0; i < weight; ++i) {
    overall_.take(now);
    own.take(now);
  }
  return std::nullopt;
}

void FloodControl::change(FloodSettings settings) {
  settings_ = settings;
  bots_.clear();
}

std::optional<std::int64_t> FloodControl::refused(std::int64_t bot, std::int64_t chat, int weight,
                                                  tgkit::TimePoint now) {
  if (!settings_.enabled || weight == 0) return std::nullopt;
  FloodLimits& limits = bots_.try_emplace(bot, settings_).first->second;
  const auto wait = limits.refused(chat, chat < 0, weight, now);
  if (wait) ++refusals_;
  return wait;
}

}  // namespace sandbox
