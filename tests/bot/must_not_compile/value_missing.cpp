// Expected: after Context& a handler takes what its filter hands over: the same types in the same order
#include "tgkit/bot/command.hpp"
#include "tgkit/bot/payload.hpp"
#include "tgkit/bot/router.hpp"

using namespace tgkit::bot;
using tgkit::Task;

Task<> handler(Context&) { co_return; }
void wire(Router& router) { router.on(text, handler); }
