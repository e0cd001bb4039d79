#include "app/speech.hpp"

namespace app {

using tgkit::Task;
using tgkit::bot::BadArgument;
using tgkit::bot::Context;
using tgkit::bot::Next;

namespace {

struct Speak {
  const Defaults* defaults;
  HeardLanguages* heard;

  Task<> operator()(Context& ctx, Next next) const {
    heard->hear(ctx.user_id(), ctx.event().language());
    const Preferences chosen = co_await look_at_preferences(ctx);
    ctx.set_language(choose_language(chosen.language, ctx.event().language(), defaults->language));
    co_await next();
  }
};

}  // namespace

tgkit::bot::Middleware speak(const Defaults& defaults, HeardLanguages& heard) { return Speak{&defaults, &heard}; }

std::string FrameworkTexts::bad_argument(std::string_view language, const BadArgument& bad,
                                         std::string_view usage) const {
  const app::Texts& t = app::Texts::of(language);
  std::string text;
  switch (bad.problem) {
    case BadArgument::Problem::missing:
      text = t.tr("Something is missing: {0}.", bad.argument);
      break;
    case BadArgument::Problem::unreadable:
      text = t.tr("I cannot read this: {0}.", bad.argument);
      break;
    case BadArgument::Problem::too_many:
      text = t.tr("That is more than this command takes.");
      break;
  }
  return text + "\n" + t.tr("Write it like this: {0}", usage);
}

std::string FrameworkTexts::failed(std::string_view language) const {
  return app::Texts::of(language).tr("Something went wrong on our side. It was noted; please try again.");
}

std::string FrameworkTexts::timed_out(std::string_view language) const {
  return app::Texts::of(language).tr("This took too long and was given up. Please try again.");
}

std::string FrameworkTexts::slow_down(std::string_view language, std::chrono::seconds wait) const {
  return app::Texts::of(language).tr_n("Too many requests. Please wait {0} second.",
                                       "Too many requests. Please wait {0} seconds.",
                                       static_cast<std::uint64_t>(wait.count()));
}

std::string FrameworkTexts::not_allowed(std::string_view language, std::int64_t user_id) const {
  const app::Texts& t = app::Texts::of(language);
  if (user_id == 0) return t.tr("This bot is private.");
  return t.tr("This bot is private. If you should have access, tell its operator your number: {0}", user_id);
}

std::string FrameworkTexts::newer_state(std::string_view language) const {
  return app::Texts::of(language).tr(
      "Your settings were saved by a newer version of the bot and are left as they are.");
}

std::string FrameworkTexts::press_again(std::string_view language) const {
  return app::Texts::of(language).tr("The bot was busy or away. Please press again.");
}

std::string FrameworkTexts::payment_late(std::string_view language) const {
  return app::Texts::of(language).tr(
      "This payment could not be checked in time. Nothing was charged; please try again.");
}

std::string FrameworkTexts::payment_refused(std::string_view language) const {
  return app::Texts::of(language).tr("This payment cannot be accepted here. Nothing was charged.");
}

std::string FrameworkTexts::old_button(std::string_view language) const {
  return app::Texts::of(language).tr("This button is out of date. /menu shows the present ones.");
}

}  // namespace app
