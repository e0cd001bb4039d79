// Expected: describe the button's payload once: specialise tgkit::bot::Payload<T> with tag and fields
#include "tgkit/bot/command.hpp"
#include "tgkit/bot/payload.hpp"
#include "tgkit/bot/router.hpp"

using namespace tgkit::bot;
using tgkit::Task;

struct Buy {
  int offer = 0;
};
Task<> handler(Context&, Buy) { co_return; }
void wire(Router& router) { router.on(pressed<Buy>, handler); }
