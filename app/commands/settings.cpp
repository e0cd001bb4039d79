#include "app/commands/commands.hpp"
#include "app/menu.hpp"
#include "app/preferences.hpp"
#include "tgkit/telegram/format.hpp"

namespace app {
namespace {

using tgkit::Task;
using tgkit::bot::Context;
using tgkit::bot::Use;
using tgkit::bot::UserState;
using tgkit::telegram::format::escape_html;

struct Zone {
  const char* name;
  const char* city;
};

// West to east, where traders are.
constexpr Zone zones[] = {
    {"America/Los_Angeles", msgid("Los Angeles")},
    {"America/New_York", msgid("New York")},
    {"America/Sao_Paulo", msgid("Sao Paulo")},
    {"UTC", msgid("World time")},
    {"Europe/London", msgid("London")},
    {"Europe/Berlin", msgid("Berlin")},
    {"Europe/Kyiv", msgid("Kyiv")},
    {"Europe/Moscow", msgid("Moscow")},
    {"Europe/Istanbul", msgid("Istanbul")},
    {"Asia/Dubai", msgid("Dubai")},
    {"Asia/Yekaterinburg", msgid("Yekaterinburg")},
    {"Asia/Almaty", msgid("Almaty")},
    {"Asia/Novosibirsk", msgid("Novosibirsk")},
    {"Asia/Kolkata", msgid("Kolkata")},
    {"Asia/Shanghai", msgid("Shanghai")},
    {"Asia/Vladivostok", msgid("Vladivostok")},
};

std::string marked(std::string label, bool chosen) { return chosen ? "\u2713 " + label : label; }

Page settings_page(const Context& ctx, const Preferences& preferences, const Defaults& defaults) {
  const Texts& t = texts_of(ctx);
  std::string text = "<b>" + t.tr("Settings") + "</b>\n";
  text += t.tr("Language: {0}", t.name()) + "\n";
  const std::string& zone = zone_of(preferences, defaults);
  text += t.tr("Time zone: {0}", escape_html(zone)) + "\n";
  text += t.tr("Now: {0}", local_time(ctx.clock().wall(), zone));
  Keyboard keyboard(ctx);
  for (const std::string& code : Texts::languages()) {
    keyboard.button(marked(Texts::of(code).name(), code == t.language()), SetLanguage{std::string_view(code)});
  }
  keyboard.row().button(t.tr("Time zone"), OpenTimeZones{}).row().button(t.tr("Menu"), OpenMenu{});
  return Page(std::move(text), std::move(keyboard));
}

Page zones_page(const Context& ctx, const Preferences& preferences, const Defaults& defaults) {
  const Texts& t = texts_of(ctx);
  Keyboard keyboard(ctx);
  int in_row = 0;
  for (const Zone& zone : zones) {
    if (!time_zone_exists(zone.name)) continue;  // older time zone data knows some cities by other names
    if (in_row++ % 2 == 0) keyboard.row();
    const std::string label = t.tr(zone.city) + ", " + utc_offset(zone.name, ctx.clock().wall());
    keyboard.button(marked(label, zone_of(preferences, defaults) == zone.name),
                    SetTimeZone{std::string_view(zone.name)});
  }
  keyboard.row().button(t.tr("Back"), OpenSettings{});
  return Page("<b>" + t.tr("Time zone") + "</b>\n" + t.tr("Choose where you are."), std::move(keyboard));
}

Task<> settings(Context& ctx, UserState<Preferences> preferences, Use<Defaults> defaults) {
  show(ctx, settings_page(ctx, *preferences, *defaults));
  co_return;
}

Task<> press_settings(Context& ctx, OpenSettings, UserState<Preferences> preferences, Use<Defaults> defaults) {
  co_await settings(ctx, preferences, defaults);
}

Task<> press_time_zones(Context& ctx, OpenTimeZones, UserState<Preferences> preferences, Use<Defaults> defaults) {
  show(ctx, zones_page(ctx, *preferences, *defaults));
  co_return;
}

Task<> set_language(Context& ctx, SetLanguage choice, UserState<Preferences> preferences, Use<Defaults> defaults) {
  preferences->language = Texts::of(choice.code.view()).language();
  ctx.set_language(preferences->language);
  ctx.answer_callback(texts_of(ctx).tr("Saved"));
  show(ctx, settings_page(ctx, *preferences, *defaults));
  co_return;
}

Task<> set_time_zone(Context& ctx, SetTimeZone choice, UserState<Preferences> preferences, Use<Defaults> defaults) {
  const std::string name(choice.name.view());
  if (!time_zone_exists(name)) {
    ctx.answer_callback(texts_of(ctx).tr("This time zone is not known any more. Choose another."), true);
    co_return;
  }
  preferences->time_zone = name;
  ctx.answer_callback(texts_of(ctx).tr("Saved"));
  show(ctx, settings_page(ctx, *preferences, *defaults));
}

}  // namespace

void add_settings(tgkit::bot::Router& router) {
  using namespace tgkit::bot;
  describe(router.on(command<"settings">, settings), msgid("language and time zone")).role(Role::viewer);
  router.on(pressed<OpenSettings>, press_settings).role(Role::viewer);
  router.on(pressed<OpenTimeZones>, press_time_zones).role(Role::viewer);
  router.on(pressed<SetLanguage>, set_language).role(Role::viewer);
  router.on(pressed<SetTimeZone>, set_time_zone).role(Role::viewer);
}

}  // namespace app
