#pragma once
// Taking orders of ours down: all of them after /panic, those that a person has named in dry run. Pure: what is due,
// and what has become of each. That an order stands is what the books say.
#include "app/ledger/books.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace app::trader {

// Real orders of ours that DMarket has, as far as we know.
struct StandingOrders {
  std::size_t targets = 0, offers = 0;
  dmarket::Money bound;  // what the targets may still buy for
  bool any() const { return targets + offers > 0; }
};
StandingOrders standing_orders(const ledger::Books& books);

// The id of the order that it deletes.
const std::string& order_of(const ledger::Intent& deletion);

enum class OrderFate {
  kept,       // it stands: in dry run it is deleted when a person says so
  waiting,    // its deletion has not been tried
  locked,     // by the exchange, until then
  failed,     // refused, or it could not leave; the reason is known
  looked_up,  // an answer was lost
  gone,
  traded  // it was filled or sold before it could be deleted
};

struct TakedownLine {
  std::string id;
  std::string title;
  dmarket::Money price;
  bool is_offer = false;
  OrderFate fate = OrderFate::waiting;
  std::int64_t locked_until = 0;  // Unix seconds by the exchange's clock
  std::string why;                // it failed
};

struct TakedownReport {
  bool panic = false;               // everything; else what a person has named
  bool goes_on = true;              // what is left is tried again by itself
  bool written = true;              // the panic is in the ledger; false: it lasts until the next start only
  std::vector<TakedownLine> lines;  // in the order in which they were taken up
  std::size_t looked_up = 0;        // orders whose making is being looked up: they may still appear
  std::size_t simulated = 0;        // targets of the dry run that were dropped

  std::size_t count(OrderFate fate) const;
  std::size_t left() const { return lines.size() - count(OrderFate::gone) - count(OrderFate::traded); }
  bool over() const { return left() == 0 && looked_up == 0; }
};

class Takedown {
 public:
  // What stands is to go, but for what is taken up already.
  void take_up(const ledger::Books& real);
  void forget() { orders_.clear(); }
  bool empty() const { return orders_.empty(); }

  // The deletions to give now, each with `why` as its reason; none of what is being looked up. `despite_locks`: also of
  // what we believe to be locked.
  std::vector<ledger::Intent> due(const ledger::Books& real, std::int64_t now, bool despite_locks,
                                  std::string_view why) const;
  void tried(const ledger::Intent& deletion, const ledger::Outcome& outcome);
  void tried(const ledger::Intent& deletion, std::string failure);

  std::vector<TakedownLine> lines(const ledger::Books& real, std::int64_t now) const;

 private:
  struct Order {
    ledger::Intent deletion;
    std::int64_t pieces = 1;  // of a target, when it was made
    std::string failure;
  };
  void add(ledger::Intent deletion, std::int64_t pieces);
  Order* find(const ledger::Intent& deletion);
  TakedownLine line_of(const Order& order, const ledger::Books& real, std::int64_t now) const;

  std::vector<Order> orders_;
};

}  // namespace app::trader
