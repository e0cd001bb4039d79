// A counter per person that survives restarts when BOT_STORE names a file, with a button that adds what it carries.
#include "tgkit/bot/command.hpp"
#include "tgkit/bot/middleware/error_boundary.hpp"
#include "tgkit/bot/middleware/logging.hpp"
#include "tgkit/bot/middleware/rate_limit.hpp"
#include "tgkit/bot/run.hpp"
#include "tgkit/telegram/calls/messages.hpp"
#include "tgkit/telegram/types/keyboard.hpp"

using namespace tgkit::bot;
using namespace std::chrono_literals;

struct Tally {
  std::int64_t count = 0;
};
template <>
struct tgkit::bot::Stored<Tally> {
  static constexpr std::string_view name = "tally";
  static constexpr auto fields = std::tuple(field("count", &Tally::count));
};

struct AddMore {
  std::int32_t amount = 1;
};
template <>
struct tgkit::bot::Payload<AddMore> {
  static constexpr std::string_view tag = "add";
  static constexpr auto fields = std::tuple(&AddMore::amount);
};

tgkit::telegram::InlineKeyboardMarkup buttons(const Context& ctx) {
  tgkit::telegram::InlineKeyboardMarkup keyboard;
  keyboard.inline_keyboard.resize(1);
  for (const int amount : {1, 5}) {
    tgkit::telegram::InlineKeyboardButton button("+" + std::to_string(amount));
    button.callback_data = ctx.press(AddMore{amount});
    keyboard.inline_keyboard.front().push_back(std::move(button));
  }
  return keyboard;
}

tgkit::Task<> add(Context& ctx, std::optional<std::int32_t> amount, UserState<Tally> tally) {
  tally->count += amount.value_or(1);
  ctx.reply("Count: " + std::to_string(tally->count)).reply_markup(buttons(ctx));
  co_return;
}

tgkit::Task<> add_pressed(Context& ctx, AddMore more, UserState<Tally> tally) {
  tally->count += more.amount;
  ctx.edit("Count: " + std::to_string(tally->count)).reply_markup(buttons(ctx));
  co_return;
}

tgkit::Task<> reset(Context& ctx, UserState<Tally> tally) {
  tally.erase();
  ctx.reply("Forgotten.");
  co_return;
}

int main() {
  Router router;
  router.wrap(logging);
  router.wrap(error_boundary);
  router.wrap(rate_limit({.requests = 30, .window = 60s}));
  router.on(command<"add", std::optional<std::int32_t>>, add).help("add to your counter").timeout(5s);
  router.on(pressed<AddMore>, add_pressed).limit(5, 2s);
  router.on(command<"reset"> && in_private, reset).help("forget it");
  return run(std::move(router));
}
