// Compiles: shows that the others fail for their own reason.
#include "tgkit/bot/command.hpp"
#include "tgkit/bot/payload.hpp"
#include "tgkit/bot/router.hpp"

using namespace tgkit::bot;
using tgkit::Task;

struct Market {};
Task<> handler(Context&, std::string, int, Use<Market>) { co_return; }
void wire(Router& router) { router.on(command<"buy", std::string, int>, handler); }
