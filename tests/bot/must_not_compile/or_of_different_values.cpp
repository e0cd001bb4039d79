// Expected: both sides of || must hand over the same types to the handler
#include "tgkit/bot/command.hpp"
#include "tgkit/bot/payload.hpp"
#include "tgkit/bot/router.hpp"

using namespace tgkit::bot;
using tgkit::Task;

Task<> handler(Context&, int) { co_return; }
void wire(Router& router) { router.on(command<"a", int> || command<"b", std::string>, handler); }
