#include "tgkit/ops/turned_away.hpp"

#include <utility>

namespace tgkit::ops {
namespace {

constexpr std::chrono::minutes silent_for{1};

std::string_view advice(net::TurnedAway reason) {
  switch (reason) {
    case net::TurnedAway::address:
      return "the address is not on the list";
    case net::TurnedAway::share:
      return "the address holds as many connections as one may";
    case net::TurnedAway::full:
      return "all connections are taken and busy";
    case net::TurnedAway::gave_way:
      return "an idle connection gave way to a new one";
  }
  return "";
}

}  // namespace

TurnedAwayConnections::TurnedAwayConnections(Clock& clock, Log& log, Metrics& metrics, std::string port)
    : clock_(clock), log_(log), port_(std::move(port)) {
  for (std::size_t i = 0; i < reasons_.size(); ++i) {
    const auto reason = std::string(net::to_text(static_cast<net::TurnedAway>(i)));
    reasons_[i].counter =
        &metrics.counter("tgkit_connections_turned_away_total", Labels("port", port_).with("reason", reason));
  }
}

void TurnedAwayConnections::add(net::TurnedAway reason, std::string_view address) {
  OfOneReason& one = reasons_[static_cast<std::size_t>(reason)];
  one.counter->increment();
  ++one.unsaid;
  if (one.said && clock_.now() - *one.said < silent_for) return;
  one.said = clock_.now();
  log_.warn("connections turned away", Field("port", port_), Field("reason", net::to_text(reason)),
            Field("from", address), Field("connections", one.unsaid), Field("why", advice(reason)));
  one.unsaid = 0;
}

}  // namespace tgkit::ops
