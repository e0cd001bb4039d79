#pragma once
// The whole sandbox behind one handler: which part answers which path.
#include "sandbox/bot_api/server.hpp"
#include "sandbox/chat/world.hpp"
#include "sandbox/control/control.hpp"
#include "sandbox/dmarket/api.hpp"
#include "sandbox/dmarket/venue.hpp"
#include "sandbox/faults/faults.hpp"
#include "sandbox/webhook/courier.hpp"

#include <string>

namespace sandbox {

struct SandboxSettings {
  WorldOptions world;
  BotApiSettings bot_api;
  VenueSettings exchange;
  bool with_users = true;  // two people to begin with
};

// Not thread-safe: used on the loop's thread only.
class Sandbox {
 public:
  Sandbox(tgkit::Executor executor, tgkit::Clock& clock, SandboxSettings settings);

  tgkit::Task<tgkit::net::ServerResponse> handle(tgkit::net::ServerRequest request);
  void stop();                                          // ends every long poll and every delivery
  tgkit::Task<> finished() { return courier_.join(); }  // await it between stop() and the end

  World& world() { return world_; }
  Faults& faults() { return faults_; }
  Venue& venue() { return venue_; }

 private:
  tgkit::Task<tgkit::net::ServerResponse> route(tgkit::net::ServerRequest request);

  Faults faults_;
  World world_;
  Venue venue_;
  BotApi bot_api_;
  Courier courier_;
  DmarketApi dmarket_;
  Control control_;
};

}  // namespace sandbox
