// Expected: a handler is a coroutine that returns tgkit::Task<>
#include "tgkit/bot/command.hpp"
#include "tgkit/bot/payload.hpp"
#include "tgkit/bot/router.hpp"

using namespace tgkit::bot;
using tgkit::Task;

void handler(Context&) {}
void wire(Router& router) { router.on(command<"go">, handler); }
