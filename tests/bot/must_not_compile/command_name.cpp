// Expected: a command's name is 1 to 32 of a-z, 0-9 and _, without the slash
#include "tgkit/bot/command.hpp"
#include "tgkit/bot/payload.hpp"
#include "tgkit/bot/router.hpp"

using namespace tgkit::bot;
using tgkit::Task;

Task<> handler(Context&) { co_return; }
void wire(Router& router) { router.on(command<"/Price">, handler); }
