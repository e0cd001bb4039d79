// A month of a simple trader, on several seeds, with everything that the rules let happen: what the lists say adds up
// to the balance, and to the books, to the cent.

#include "tests/sandbox/market/scene.hpp"

#include <map>
#include <set>

namespace sandbox::market {
namespace {

// Buys by targets where the spread pays the fee, sells a cent below the cheapest but not below cost and fee.
class Trader {
 public:
  explicit Trader(Exchange& exchange) : exchange_(exchange) {}

  void work() {
    for (const Game game : all_games) {
      filter_.game = game;
      list();
      reprice();
      take_back();
      bid();
    }
  }

 private:
  Money asked(const TitleInfo& title, const Uuid& asset) {
    Money cost;
    for (const Trade& trade : exchange_.books().trades()) {
      if (trade.asset_id == asset && trade.side == TradeSide::purchase) cost = trade.price;
    }
    const Depth book = exchange_.depth(title.game, title.title);
    Money price = book.offers.empty() ? exchange_.worth(title) : book.offers[0].price - cents(1);
    price = std::max(price, cents(3));
    while (price - exchange_.fee(title, price) < cost + cents(1)) price += cents(1);
    return price;
  }

  void list() {
    std::vector<OfferRequest> requests;
    const auto items = exchange_.inventory(filter_, {});
    for (const InventoryItem& item : items->items) {
      if (item.in_market && !item.offered) requests.push_back({item.asset_id, asked(*item.title, item.asset_id)});
    }
    if (!requests.empty()) (void)exchange_.create_offers(requests);
  }

  void reprice() {
    std::vector<OfferRequest> requests;
    const auto offers = exchange_.user_offers(filter_, {});
    for (const Offer& offer : offers->items) {
      const Money price = asked(*offer.title, offer.asset_id);
      if (price < offer.price) requests.push_back({offer.offer_id, price});
    }
    if (!requests.empty()) (void)exchange_.update_offers(requests);
  }

  void take_back() {
    std::vector<Uuid> old;
    const auto targets = exchange_.user_targets(filter_, {});
    for (const Target& target : targets->items) old.push_back(target.target_id);
    if (!old.empty()) (void)exchange_.delete_targets(old);
  }

  void bid() {
    std::vector<TargetRequest> requests;
    const auto prices = exchange_.aggregated_prices(filter_.game, {}, 1'000, "");
    for (const AggregatedPrice& row : prices->items) {
      if (!row.offer_best || !row.order_best || requests.size() == 12) continue;
      const Money pay = *row.order_best + cents(1), sell = *row.offer_best - cents(1);
      const bool worth_it = sell - exchange_.fee(*row.title, sell) > pay + cents(pay.in_cents() / 20 + 2);
      if (worth_it && pay < cents(5'000)) requests.push_back({row.title->title, pay, 1, {}});
    }
    if (!requests.empty()) (void)exchange_.create_targets(filter_.game, requests);
  }

  Exchange& exchange_;
  Filter filter_;
};

std::vector<Trade> all(const Exchange& exchange, auto list) {
  std::vector<Trade> trades;
  ClosedQuery query;
  query.limit = 17;
  do {
    const auto page = (exchange.*list)(query);
    trades.insert(trades.end(), page->items.begin(), page->items.end());
    query.cursor = page->cursor;
  } while (!query.cursor.empty());
  return trades;
}

struct Sums {
  Money released, held, paid, fees;
  std::size_t reverted = 0;
};

Sums from_lists(const Exchange& exchange) {
  Sums sums;
  for (const Trade& sale : all(exchange, &Exchange::closed_offers)) {
    const bool counts = sale.state != TradeState::reverted;
    if (sale.state == TradeState::successful) sums.released += sale.price - sale.fee;
    if (sale.state == TradeState::trade_protected) sums.held += sale.price - sale.fee;
    if (counts)
      sums.fees += sale.fee;
    else
      ++sums.reverted;
  }
  for (const Trade& purchase : all(exchange, &Exchange::closed_targets)) {
    if (purchase.state != TradeState::reverted)
      sums.paid += purchase.price;
    else
      ++sums.reverted;
  }
  return sums;
}

TEST(MarketMonth, what_the_lists_say_adds_up_to_the_balance_and_the_books_every_day) {
  std::size_t sold = 0, reverted = 0;
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    const Money opening = cents(60'000);
    MarketOptions options;
    options.seed = seed;
    options.titles = 150;
    options.offers = 2'500;
    options.usd = options.usd_to_withdraw = opening;
    MarketRules rules;
    rules.revert_share = 60'000;
    rules.purchase_revert_share = 30'000;
    Exchange exchange(options, rules, start);
    Trader trader(exchange);
    for (int i = 0; i < 30 * 6; ++i) {
      exchange.advance(start + i * 4 * hour);
      trader.work();
      if (i % 6 != 0) continue;
      ASSERT_EQ(exchange.violations(), std::vector<std::string>());
      const Sums sums = from_lists(exchange);
      ASSERT_EQ(exchange.balance().usd, opening + sums.released - sums.paid) << "seed " << seed << ", day " << i / 6;
      ASSERT_EQ(exchange.balance().usd_protected, sums.held);
      ASSERT_EQ(exchange.books().balance(MoneyPlace::fees), sums.fees);
    }
    const auto sales = all(exchange, &Exchange::closed_offers);
    std::set<std::pair<Uuid, Uuid>> once;
    for (const Trade& sale : sales) EXPECT_TRUE(once.emplace(sale.offer_id, sale.asset_id).second);
    sold += sales.size();
    reverted += from_lists(exchange).reverted;
  }
  EXPECT_GT(sold, 100u);
  EXPECT_GT(reverted, 5u);
}

}  // namespace
}  // namespace sandbox::market
