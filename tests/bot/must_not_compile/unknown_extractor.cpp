// Expected: after the filter's values a handler takes only UserState<T>, ChatState<T>, Dialog<T> and Use<T>
#include "tgkit/bot/command.hpp"
#include "tgkit/bot/payload.hpp"
#include "tgkit/bot/router.hpp"

using namespace tgkit::bot;
using tgkit::Task;

struct Market {};
Task<> handler(Context&, Market) { co_return; }
void wire(Router& router) { router.on(command<"buy">, handler); }
