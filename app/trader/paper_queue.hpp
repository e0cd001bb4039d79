#pragma once
// The place of a simulated order in the market's queue. A real order is served after those at a better price and after
// those that came before it at its own; a simulated one waits for as many trades before a trade counts as its own.
// Kept in memory: after a restart an order stands at the end of the queue again, which flatters nobody. Pure.
#include "app/trader/snapshot.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace app::trader {

struct Demanded {  // a target of ours
  dmarket::trading::Demand demand;
  Money price;
  Time placed;
};
struct Asked {  // an offer of ours
  dmarket::trading::Traits copy;
  Money price;
  Time placed;
};

class PaperQueue {
 public:
  // What was traded before the first call of this is not counted: nobody knows any more how many stood before an order.
  void begin(Time now) {
    if (!begun_) begun_ = now;
  }
  // The trades of the market since the last call that would have been with the order, the oldest first; they point into
  // `market`. `left`: no more than so many.
  std::vector<const dmarket::trading::Sale*> served(const std::string& order, const Demanded& target, std::int64_t left,
                                                    const TitleMarket& market, Time now);
  std::vector<const dmarket::trading::Sale*> served(const std::string& order, const Asked& offer,
                                                    const TitleMarket& market, Time now);
  // Drops the places of orders that stand no more.
  template <class Stands>
  void keep_only(Stands stands) {
    std::erase_if(places_, [&stands](const auto& place) { return !stands(place.first); });
  }

 private:
  struct Place {
    std::int64_t ahead = 0;  // copies that go before it
    Time since;              // trades up to then are counted
  };
  template <class Order>
  std::vector<const dmarket::trading::Sale*> serve(const std::string& name, const Order& order, std::int64_t left,
                                                   const TitleMarket& market, Time now);

  std::map<std::string, Place> places_;
  std::optional<Time> begun_;
};

}  // namespace app::trader
