#pragma once
// What a person has chosen, and how it is used: language and time zone.
#include "app/locale.hpp"
#include "tgkit/bot/context.hpp"
#include "tgkit/bot/state.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

namespace app {

struct Preferences {
  std::string language;   // code; empty: not chosen
  std::string time_zone;  // IANA name; empty: not chosen
};

// The operator's choice for people who have made none.
struct Defaults {
  std::string language = "en";
  std::string time_zone = "UTC";
};

// Which language Telegram says that a person speaks, since this start: for telling who has chosen none something that
// he did not ask for.
class HeardLanguages {
 public:
  void hear(std::int64_t user, std::string_view code);
  std::string of(std::int64_t user) const;  // empty: not heard

 private:
  std::map<std::int64_t, std::string> codes_;  // bounded: of the first thousand who write
};

// The language to answer in: what the person chose, else what Telegram says of them if we speak it, else the default.
std::string choose_language(std::string_view chosen, std::string_view telegram_code, std::string_view fallback);

// The person's time zone: the chosen one, else the default. Refers into its arguments.
const std::string& zone_of(const Preferences& preferences, const Defaults& defaults);

// What the person of this update has chosen, as it is kept; nobody waits for it. Without a person: nothing chosen.
tgkit::Task<Preferences> look_at_preferences(tgkit::bot::Context& ctx);

// The texts of the language that the middleware `speak` found for this update.
const Texts& texts_of(const tgkit::bot::Context& ctx);

// "2026-11-23 14:05 (UTC+3)"; the zone's name must be one that time_zone_exists() knows.
std::string local_time(std::chrono::system_clock::time_point at, const std::string& time_zone);
std::string utc_offset(const std::string& time_zone, std::chrono::system_clock::time_point at);  // "UTC+5:30"
bool time_zone_exists(const std::string& name);

}  // namespace app

template <>
struct tgkit::bot::Stored<app::Preferences> {
  static constexpr std::string_view name = "preferences";
  static constexpr auto fields =
      std::tuple(field("language", &app::Preferences::language), field("time_zone", &app::Preferences::time_zone));
};
