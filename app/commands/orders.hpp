#pragma once
// The page of /orders: pure, for the command and its tests.
#include "app/locale.hpp"
#include "dmarket/game.hpp"
#include "dmarket/money.hpp"
#include "tgkit/async/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace app {

enum class OrderKind { target, offer };
enum class OrderMaker { somebody, bot, simulation };

struct OrderLine {
  OrderLine(OrderKind kind_, std::string title_, std::optional<dmarket::Money> price_)
      : kind(kind_), title(std::move(title_)), price(price_) {}
  OrderKind kind;
  dmarket::Game game = dmarket::Game::cs2;
  std::string title;
  std::optional<dmarket::Money> price;
  std::int64_t amount = 1;
  bool active = true;  // an inactive target does not buy: the money for it is missing
  OrderMaker made_by = OrderMaker::somebody;
  std::optional<dmarket::Money> best;  // what others bid highest, or ask lowest; this order may be it
  std::optional<dmarket::Money> net;   // of an offer, after today's fee
};

struct OrderList {
  std::vector<OrderLine> lines;
  bool simulated = false;  // all of them, or none
  std::size_t items = 0;   // that lie on the exchange and are not on offer
  tgkit::WallTime read;    // the oldest of what it was made of
  std::size_t page = 0;

  std::size_t pages() const;  // at least one
  void turn_to(std::size_t wanted);
  std::span<OrderLine> on_page();
};

std::string orders_text(OrderList list, tgkit::WallTime now, const Texts& t);  // HTML

}  // namespace app
