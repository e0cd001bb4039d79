#include "dmarket/rate_limit.hpp"

#include "tgkit/net/http_date.hpp"

#include <algorithm>
#include <charconv>

namespace dmarket {
namespace {

std::optional<std::uint32_t> number(const tgkit::net::Headers& headers, std::string_view name) {
  const auto text = headers.find(name);
  if (!text) return std::nullopt;
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return value;
}

// A header may ask for a pause, not for a night.
constexpr std::uint32_t most_seconds = 15 * 60;

std::optional<std::chrono::seconds> seconds(const tgkit::net::Headers& headers, std::string_view name) {
  const auto value = number(headers, name);
  if (!value) return std::nullopt;
  return std::chrono::seconds(std::min(*value, most_seconds));
}

const Rate& rate_of(const LimitSettings& settings, RequestGroup group) {
  return settings.rates[static_cast<std::size_t>(group)];
}

bool slower(std::uint32_t per_second, const Rate& rate) {
  return tgkit::Duration(std::chrono::seconds(1)) / per_second > rate.per / rate.requests;
}

}  // namespace

LimitHeaders read_limit_headers(const tgkit::net::Headers& headers, tgkit::WallTime received) {
  LimitHeaders read;
  read.per_second = number(headers, "X-RateLimit-Limit-Second");
  read.remaining = number(headers, "X-RateLimit-Remaining-Second");
  const auto remaining = number(headers, "RateLimit-Remaining");
  if (remaining) read.remaining = std::min(*remaining, read.remaining.value_or(*remaining));
  read.reset = seconds(headers, "RateLimit-Reset");
  if (const auto asked = tgkit::net::retry_after(headers, received))
    read.retry_after = std::min(*asked, std::chrono::seconds(most_seconds));
  return read;
}

GroupLimit::GroupLimit(const LimitSettings& settings, RequestGroup group)
    : own_(rate_of(settings, group)),
      enabled_(settings.enabled),
      first_stop_(settings.first_stop),
      longest_stop_(settings.longest_stop),
      next_stop_(settings.first_stop),
      bucket_(own_.requests, own_.per, own_.burst),
      interval_(enabled_ ? own_.per / own_.requests : tgkit::Duration::zero()) {}

tgkit::Duration GroupLimit::wait(tgkit::TimePoint now) const {
  const tgkit::Duration pace = enabled_ ? bucket_.wait(now) : tgkit::Duration::zero();
  if (!stopped_ || stopped_until_ <= now) return pace;
  return std::max(pace, tgkit::Duration(stopped_until_ - now));
}

void GroupLimit::take(tgkit::TimePoint now) {
  if (enabled_) bucket_.take(now);
}

void GroupLimit::set_pace(const Rate& rate) {
  bucket_ = tgkit::TokenBucket(rate.requests, rate.per, rate.burst);
  interval_ = rate.per / rate.requests;
}

// One below what the exchange allows, so that its clock and ours need not agree.
void GroupLimit::lower_to(std::uint32_t per_second) {
  if (lowered_ == per_second) return;
  lowered_ = per_second;
  const Rate allowed{std::max(per_second, 2u) - 1, std::chrono::seconds(1), 1};
  set_pace(slower(allowed.requests, own_) ? allowed : own_);
}

void GroupLimit::learn(const LimitHeaders& headers, tgkit::TimePoint now) {
  next_stop_ = first_stop_;
  if (!enabled_) return;
  if (headers.per_second) lower_to(*headers.per_second);
  // Somebody else uses the account as well: the next request would be refused.
  if (headers.remaining == 0u) stop_until(now + headers.reset.value_or(std::chrono::seconds(1)));
}

void GroupLimit::refused(const LimitHeaders& headers, tgkit::TimePoint now) {
  if (headers.per_second && enabled_) lower_to(*headers.per_second);
  const auto asked = headers.retry_after ? headers.retry_after : headers.reset;
  // Requests that left together are refused together: that is one refusal, and one step of the pauses.
  if (!asked && stopped_ && stopped_until_ > now) return;
  stop_until(now + (asked && asked->count() > 0 ? tgkit::Duration(*asked) : next_stop_));
  if (!asked) next_stop_ = std::min(next_stop_ * 2, longest_stop_);
}

void GroupLimit::stop_until(tgkit::TimePoint when) {
  if (stopped_ && when <= stopped_until_) return;
  stopped_ = true;
  stopped_until_ = when;
  if (enabled_) bucket_.block_until(when);  // one by one after it
}

}  // namespace dmarket
