#pragma once
// DMarket's trading API under its real paths: the two account calls so far.
#include "sandbox/chat/world.hpp"
#include "sandbox/dmarket/account.hpp"
#include "sandbox/faults/faults.hpp"
#include "tgkit/net/server.hpp"

namespace sandbox {

bool is_dmarket_path(std::string_view path);

// Not thread-safe: used on the loop's thread only.
class DmarketApi {
 public:
  DmarketApi(World& world, Faults& faults, DmarketAccount& account)
      : world_(world), faults_(faults), account_(account) {}

  // Throws ConnectionDropped (faults/travel.hpp) and cancellation only.
  tgkit::Task<tgkit::net::ServerResponse> handle(tgkit::net::ServerRequest request);

 private:
  tgkit::net::ServerResponse answer(const tgkit::net::ServerRequest& request);
  tgkit::net::ServerResponse faulty_answer(const Fault& fault) const;

  World& world_;
  Faults& faults_;
  DmarketAccount& account_;
};

}  // namespace sandbox
