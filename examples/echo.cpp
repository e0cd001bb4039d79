// Says what it is told.
//   TELEGRAM_BOT_TOKEN=... ./example-echo
#include "tgkit/bot/run.hpp"

using namespace tgkit::bot;

tgkit::Task<> echo(Context& ctx, std::string text) {
  ctx.reply(text);
  co_return;
}

int main() {
  Router router;
  router.on(text, echo);
  return run(std::move(router));
}
