#pragma once
// The control API: what people do in the world, and what tests and the chat page read of it. Specified in
// docs/sandbox.md.
#include "sandbox/bot_api/server.hpp"
#include "sandbox/chat/world.hpp"
#include "sandbox/dmarket/venue.hpp"
#include "sandbox/faults/faults.hpp"
#include "sandbox/webhook/courier.hpp"
#include "tgkit/net/server.hpp"

namespace sandbox {

// Not thread-safe: used on the loop's thread only.
class Control {
 public:
  Control(World& world, Faults& faults, BotApi& bot_api, const Courier& courier, Venue& venue)
      : world_(world), faults_(faults), bot_api_(bot_api), courier_(courier), venue_(venue) {}

  // For paths that begin with /control/.
  tgkit::Task<tgkit::net::ServerResponse> handle(tgkit::net::ServerRequest request);

 private:
  tgkit::Task<tgkit::net::ServerResponse> route(const tgkit::net::ServerRequest& request);

  World& world_;
  Faults& faults_;
  BotApi& bot_api_;
  const Courier& courier_;
  Venue& venue_;
};

}  // namespace sandbox
