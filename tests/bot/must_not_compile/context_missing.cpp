// Expected: a handler's first parameter is tgkit::bot::Context&
#include "tgkit/bot/command.hpp"
#include "tgkit/bot/payload.hpp"
#include "tgkit/bot/router.hpp"

using namespace tgkit::bot;
using tgkit::Task;

Task<> handler(std::string) { co_return; }
void wire(Router& router) { router.on(text, handler); }
