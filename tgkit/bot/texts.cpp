#include "tgkit/bot/texts.hpp"

namespace tgkit::bot {

std::string Texts::bad_argument(std::string_view, const BadArgument& bad, std::string_view usage) const {
  std::string text;
  switch (bad.problem) {
    case BadArgument::Problem::missing:
      text = "Missing: " + bad.argument + ".";
      break;
    case BadArgument::Problem::unreadable:
      text = "Not understood: " + bad.argument + (bad.reason.empty() ? "." : " (" + bad.reason + ").");
      break;
    case BadArgument::Problem::too_many:
      text = "Too many words.";
      break;
  }
  if (!usage.empty()) text += "\nUsage: " + std::string(usage);
  return text;
}

std::string Texts::failed(std::string_view) const { return "Something went wrong. Please try again later."; }

std::string Texts::timed_out(std::string_view) const { return "This took too long and was stopped. Please try again."; }

std::string Texts::slow_down(std::string_view, std::chrono::seconds wait) const {
  return "Too many requests. Please wait " + std::to_string(wait.count()) + " s.";
}

std::string Texts::not_allowed(std::string_view, std::int64_t user_id) const {
  if (user_id == 0) return "This bot is private.";
  return "This bot is private. If you should have access, tell its operator your number: " + std::to_string(user_id);
}

std::string Texts::newer_state(std::string_view) const {
  return "Your saved data was written by a newer version of this bot and was left untouched.";
}

std::string Texts::press_again(std::string_view) const { return "The bot was busy or away. Please press again."; }

std::string Texts::payment_late(std::string_view) const {
  return "This payment could not be checked in time. Nothing was charged; please try again.";
}

std::string Texts::payment_refused(std::string_view) const {
  return "This payment cannot be accepted here. Nothing was charged.";
}

std::string Texts::old_button(std::string_view) const { return "This button is out of date."; }

}  // namespace tgkit::bot
