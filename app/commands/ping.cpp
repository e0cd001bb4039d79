#include "app/commands/commands.hpp"
#include "tgkit/bot/state.hpp"

#include <tuple>

namespace app {

// How often a person has asked whether the bot is there.
struct Pings {
  std::int64_t count = 0;
};

}  // namespace app

template <>
struct tgkit::bot::Stored<app::Pings> {
  static constexpr std::string_view name = "pings";
  static constexpr auto fields = std::tuple(field("count", &app::Pings::count));
};

namespace app {
namespace {

using tgkit::Task;
using tgkit::bot::Context;
using tgkit::bot::UserState;

// "pong 7 (3)": the word that came with it, and the count that is kept. Each part of the way an update takes is passed,
// the store included.
Task<> ping(Context& ctx, std::optional<std::string> word, UserState<Pings> pings) {
  ++pings->count;
  ctx.reply("pong " + (word ? *word + " " : std::string()) + "(" + std::to_string(pings->count) + ")");
  co_return;
}

}  // namespace

void add_ping(tgkit::bot::Router& router) {
  using namespace tgkit::bot;
  describe(router.on(command<"ping", std::optional<std::string>>, ping), msgid("does the bot answer?"))
      .role(Role::viewer)
      .for_everybody();
}

}  // namespace app
