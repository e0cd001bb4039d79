// A conversation of several messages that survives restarts: /order asks for the dish, then for the number.
#include "tgkit/bot/command.hpp"
#include "tgkit/bot/middleware/error_boundary.hpp"
#include "tgkit/bot/regex_filter.hpp"
#include "tgkit/bot/run.hpp"

using namespace tgkit::bot;
using namespace std::chrono_literals;

struct Meal {
  enum class Step { none, dish, amount } step = Step::none;
  std::string dish;
};
template <>
struct tgkit::bot::Stored<Meal> {
  static constexpr std::string_view name = "order";
  static constexpr std::chrono::seconds expiry = 24h;
  static constexpr auto fields = std::tuple(field("step", &Meal::step), field("dish", &Meal::dish));
};

tgkit::Task<> begin(Context& ctx, Dialog<Meal> order) {
  order.go(Meal::Step::dish);
  ctx.reply("What would you like?");
  co_return;
}

tgkit::Task<> cancel(Context& ctx, Dialog<Meal> order) {
  ctx.reply(order.active() ? "Cancelled." : "There is nothing to cancel.");
  order.finish();
  co_return;
}

tgkit::Task<> choose(Context& ctx, std::string dish, Dialog<Meal> order) {
  order->dish = std::move(dish);
  order.go(Meal::Step::amount);
  ctx.reply("How many?");
  co_return;
}

tgkit::Task<> confirm(Context& ctx, Captures number, Dialog<Meal> order) {
  ctx.reply("Ordered: " + number[0] + " x " + order->dish);
  order.finish();
  co_return;
}

tgkit::Task<> ask_again(Context& ctx, std::string, Dialog<Meal>) {
  ctx.reply("A number, please. /cancel ends the order.");
  co_return;
}

int main() {
  Router router;
  router.wrap(error_boundary);
  router.on(command<"order">, begin).help("order something");
  router.on(command<"cancel">, cancel).help("end the order");
  router.on(text && at_step<Meal::Step::dish, Meal>, choose);
  router.on(regex<"^[1-9][0-9]?$"> && at_step<Meal::Step::amount, Meal>, confirm);
  router.on(text && at_step<Meal::Step::amount, Meal>, ask_again);
  return run(std::move(router));
}
