#pragma once
// How a call and its answer fare on their way under a fault.
#include "sandbox/chat/world.hpp"
#include "sandbox/faults/faults.hpp"
#include "tgkit/net/server.hpp"

namespace sandbox {

// The connection is to be closed without an answer.
struct ConnectionDropped {
  bool reset = false;
};

// Before the call is carried out: waits, or throws ConnectionDropped.
tgkit::Task<> on_the_way_there(World& world, const Fault& fault);

// Whether the fault answers by itself, so that the call is not carried out.
bool answers_instead(Fault::Action action);

// After the call was carried out, before the answer leaves: waits.
tgkit::Task<> on_the_way_out(World& world, const Fault& fault);

// The answer as it arrives. Throws ConnectionDropped when it does not.
tgkit::net::ServerResponse on_the_way_back(World& world, const Fault& fault, tgkit::net::ServerResponse response);

// An answer that is nothing but a reset of the connection.
tgkit::net::ServerResponse reset_connection();

}  // namespace sandbox
