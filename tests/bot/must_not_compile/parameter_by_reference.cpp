// Expected: a handler takes its parameters by value, all but Context&
#include "tgkit/bot/command.hpp"
#include "tgkit/bot/payload.hpp"
#include "tgkit/bot/router.hpp"

using namespace tgkit::bot;
using tgkit::Task;

Task<> handler(Context&, const std::string&) { co_return; }
void wire(Router& router) { router.on(text, handler); }
