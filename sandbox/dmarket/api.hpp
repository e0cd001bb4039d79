#pragma once
// DMarket's trading API under its real paths, over the market of sandbox/market.
#include "sandbox/chat/world.hpp"
#include "sandbox/dmarket/api_call.hpp"
#include "sandbox/dmarket/venue.hpp"
#include "sandbox/faults/faults.hpp"
#include "tgkit/net/server.hpp"

#include <optional>

namespace sandbox {

bool is_dmarket_path(std::string_view path);

// Not thread-safe: used on the loop's thread only.
class DmarketApi {
 public:
  DmarketApi(World& world, Faults& faults, Venue& venue) : world_(world), faults_(faults), venue_(venue) {}

  // Every call is recorded in the venue. Throws ConnectionDropped (faults/travel.hpp) and cancellation only.
  tgkit::Task<tgkit::net::ServerResponse> handle(tgkit::net::ServerRequest request);

 private:
  tgkit::Task<tgkit::net::ServerResponse> carry_out(const tgkit::net::ServerRequest& request, const FoundRoute& found,
                                                    const std::optional<Fault>& fault, RecordedExchangeCall& record);
  tgkit::net::ServerResponse answer(const tgkit::net::ServerRequest& request, const FoundRoute& found,
                                    RecordedExchangeCall& record);
  tgkit::net::ServerResponse routed(const tgkit::net::ServerRequest& request, const FoundRoute& found,
                                    RecordedExchangeCall& record);
  tgkit::net::ServerResponse faulty_answer(const Fault& fault) const;

  World& world_;
  Faults& faults_;
  Venue& venue_;
};

}  // namespace sandbox
