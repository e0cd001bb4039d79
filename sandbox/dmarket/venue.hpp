#pragma once
// The exchange as it stands in the world: the market, carried along by the world's clock, the account's keys, the
// switches of its API, the limits, and the record of who called.
#include "sandbox/chat/world.hpp"
#include "sandbox/dmarket/account.hpp"
#include "sandbox/dmarket/limits.hpp"
#include "sandbox/dmarket/recorded_call.hpp"
#include "sandbox/dmarket/switches.hpp"
#include "sandbox/market/exchange.hpp"

#include <memory>

namespace sandbox {

struct VenueSettings {
  DmarketAccount account;
  ApiSwitches switches;
  market::MarketOptions market;
  market::MarketRules rules;
  std::size_t keep_calls = 20'000;
};

// Not thread-safe: used on the loop's thread only.
class Venue {
 public:
  Venue(World& world, VenueSettings settings);

  // At the present of the world. The market is made when it is asked for the first time, as it was at the beginning.
  market::Exchange& exchange();
  // After anybody has acted: what the exchange plans next will happen at its time, and who waits looks again.
  void acted();

  // The exchange's own clock, which its Date header shows and dates of signatures are held against.
  UnixSeconds clock() const { return world_.now() + account.clock_skew; }
  ApiLimits::Moment moment() const;

  void record(RecordedExchangeCall call);
  const ExchangeCallLog& calls() const { return calls_; }
  std::uint64_t write_calls() const { return write_calls_; }        // of the kind that changes something
  std::uint64_t changing_calls() const { return changing_calls_; }  // that did

  DmarketAccount account;
  ApiSwitches switches;
  ApiLimits limits;

 private:
  void plan();

  World& world_;
  market::MarketOptions options_;
  market::MarketRules rules_;
  market::Time start_;
  std::unique_ptr<market::Exchange> exchange_;
  tgkit::Clock::Timer next_;
  ExchangeCallLog calls_;
  std::uint64_t write_calls_ = 0, changing_calls_ = 0;
};

}  // namespace sandbox
