// Expected: a button's payload is at most 38 bytes
#include "tgkit/bot/command.hpp"
#include "tgkit/bot/payload.hpp"
#include "tgkit/bot/router.hpp"

using namespace tgkit::bot;
using tgkit::Task;

struct Big {
  std::int64_t a, b, c, d, e;
};
template <>
struct tgkit::bot::Payload<Big> {
  static constexpr std::string_view tag = "big";
  static constexpr auto fields = std::tuple(&Big::a, &Big::b, &Big::c, &Big::d, &Big::e);
};
Task<> handler(Context&, Big) { co_return; }
void wire(Router& router) { router.on(pressed<Big>, handler); }
