#include "app/trader/stops.hpp"

#include <array>

namespace app::trader {
namespace {

struct StopWords {
  std::string_view name, text;
};

constexpr std::array<StopWords, stop_count> stop_words{{
    {"configured_dry_run", "the configuration says dry run"},
    {"switched_dry_run", "no admin has allowed live trading"},
    {"panic", "stopped by /panic"},
    {"paused", "paused by a person"},
    {"paused_by_balance", "paused: the balance changed without a reason"},
    {"errors", "stopped for a while after errors"},
    {"stepped_down", "another instance of the bot has taken over"},
    {"settling_in", "just started: waiting whether another instance is there"},
    {"telegram_unreachable", "Telegram cannot be reached: nobody could say stop"},
}};

}  // namespace

std::string_view name_of(Stop stop) { return stop_words[static_cast<std::size_t>(stop)].name; }
std::string_view to_text(Stop stop) { return stop_words[static_cast<std::size_t>(stop)].text; }

std::vector<Stop> Stops::all() const {
  std::vector<Stop> holding;
  for (std::size_t i = 0; i != stop_count; ++i) {
    if (has(static_cast<Stop>(i))) holding.push_back(static_cast<Stop>(i));
  }
  return holding;
}

}  // namespace app::trader
