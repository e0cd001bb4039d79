// Expected: a handler is a function or a callable object with one, not generic, call operator
#include "tgkit/bot/command.hpp"
#include "tgkit/bot/payload.hpp"
#include "tgkit/bot/router.hpp"

using namespace tgkit::bot;
using tgkit::Task;

void wire(Router& router) {
  router.on(text, [](auto&, auto) -> Task<> { co_return; });
}
