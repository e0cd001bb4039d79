#include "app/preferences.hpp"

#include "tgkit/async/cancellation.hpp"

#include <optional>
#include <stdexcept>

#include <date/tz.h>
#include <fmt/format.h>

namespace app {
namespace {

constexpr std::size_t most_heard = 1000;

bool is_spoken(std::string_view code) {
  const auto primary = code.substr(0, code.find_first_of("-_"));
  for (const auto& language : Texts::languages()) {
    if (language == primary) return true;
  }
  return false;
}

std::string offset_text(std::chrono::seconds offset) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(offset).count();
  if (minutes == 0) return "UTC";
  const auto magnitude = minutes < 0 ? -minutes : minutes;
  const std::string hours = fmt::format("UTC{}{}", minutes < 0 ? '-' : '+', magnitude / 60);
  return magnitude % 60 == 0 ? hours : fmt::format("{}:{:02}", hours, magnitude % 60);
}

}  // namespace

// What cannot be read costs the language, not the command: /panic has to work in any case.
tgkit::Task<Preferences> look_at_preferences(tgkit::bot::Context& ctx) {
  using Cell = tgkit::bot::StateCell<Preferences>;
  if (!tgkit::bot::has_state_owner(ctx.event(), tgkit::bot::StateScope::user)) co_return Preferences();
  Cell cell(tgkit::bot::state_key(ctx.event(), tgkit::bot::StateScope::user, tgkit::bot::Stored<Preferences>::name));
  try {
    const std::optional<tgkit::storage::StateRecord> record = co_await ctx.peek(cell.key());
    cell.read(record ? &*record : nullptr);
  } catch (const std::runtime_error& error) {
    if (tgkit::is_cancellation(error)) throw;
    ctx.log().warn("a person's settings cannot be read", tgkit::ops::Field("reason", error.what()));
  }
  co_return cell.value;
}

void HeardLanguages::hear(std::int64_t user, std::string_view code) {
  if (user == 0 || code.empty()) return;
  if (codes_.size() < most_heard || codes_.contains(user)) codes_.insert_or_assign(user, std::string(code));
}

std::string HeardLanguages::of(std::int64_t user) const {
  const auto found = codes_.find(user);
  return found == codes_.end() ? std::string() : found->second;
}

std::string choose_language(std::string_view chosen, std::string_view telegram_code, std::string_view fallback) {
  if (is_spoken(chosen)) return Texts::of(chosen).language();
  if (is_spoken(telegram_code)) return Texts::of(telegram_code).language();
  return Texts::of(fallback).language();
}

const std::string& zone_of(const Preferences& preferences, const Defaults& defaults) {
  return preferences.time_zone.empty() ? defaults.time_zone : preferences.time_zone;
}

const Texts& texts_of(const tgkit::bot::Context& ctx) { return Texts::of(ctx.language()); }

std::string utc_offset(const std::string& time_zone, std::chrono::system_clock::time_point at) {
  return offset_text(date::locate_zone(time_zone)->get_info(at).offset);
}

std::string local_time(std::chrono::system_clock::time_point at, const std::string& time_zone) {
  const auto info = date::locate_zone(time_zone)->get_info(at);
  const auto local = std::chrono::floor<std::chrono::minutes>(at + info.offset);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date(day);
  const auto minutes = (local - day).count();
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02} ({})", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), minutes / 60, minutes % 60,
                     offset_text(info.offset));
}

bool time_zone_exists(const std::string& name) {
  try {
    date::locate_zone(name);
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

}  // namespace app
