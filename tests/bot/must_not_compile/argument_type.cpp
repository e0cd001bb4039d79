// Expected: a command's argument type has no tgkit::bot::Argument<T> with name and parse()
#include "tgkit/bot/command.hpp"
#include "tgkit/bot/payload.hpp"
#include "tgkit/bot/router.hpp"

using namespace tgkit::bot;
using tgkit::Task;

struct Item {};
Task<> handler(Context&, Item) { co_return; }
void wire(Router& router) { router.on(command<"price", Item>, handler); }
