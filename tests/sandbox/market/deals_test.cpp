// The life of a deal: protection, release, reversal; purchases that are pending; money and items move with it.

#include "tests/sandbox/market/scene.hpp"

namespace sandbox::market {
namespace {

class MarketDeals : public Scene {
 protected:
  std::int64_t sold(Money price) { return exchange.buy_offer(offer(price)).value(); }
  std::int64_t bought(Money price) { return exchange.sell_to_target(target(price)).value(); }
  TradeState state(std::int64_t trade) {
    return exchange.books().trades().at(static_cast<std::size_t>(trade - 1)).state;
  }
};

TEST_F(MarketDeals, a_sale_is_protected_first_and_its_proceeds_are_not_in_the_balance) {
  const Money before = balance().usd, price = cents(2'000), fee = exchange.fee(title, price);
  sold(price);
  EXPECT_EQ(balance().usd, before);
  EXPECT_EQ(balance().usd_protected, price - fee);
  const Trade sale = sales().at(0);
  EXPECT_EQ(sale.state, TradeState::trade_protected);
  EXPECT_EQ(sale.fee, fee);
  EXPECT_GT(sale.finalization_at, start + 7 * day);
  EXPECT_LE(sale.finalization_at, start + 8 * day);
  EXPECT_TRUE(items().empty());
  EXPECT_EQ(exchange.books().balance(MoneyPlace::fees), fee);
}

TEST_F(MarketDeals, it_is_released_after_seven_days_at_eight_in_the_morning) {
  const Money before = balance().usd, price = cents(2'000), net = price - exchange.fee(title, price);
  const std::int64_t trade = sold(price);
  const Time release = sales().at(0).finalization_at;
  EXPECT_EQ(release % day, 8 * hour);
  exchange.advance(release - 1);
  EXPECT_EQ(state(trade), TradeState::trade_protected);
  exchange.advance(release);
  EXPECT_EQ(state(trade), TradeState::successful);
  EXPECT_EQ(sales().at(0).finalization_at, release);
  EXPECT_EQ(balance().usd, before + net);
  EXPECT_EQ(balance().usd_to_withdraw, before + net);
  EXPECT_EQ(balance().usd_protected, Money());
}

TEST_F(MarketDeals, without_protection_a_sale_is_successful_at_once) {
  exchange.rules().protection_days = {0, 0, 0, 0};
  const Money before = balance().usd;
  const std::int64_t trade = sold(cents(2'000));
  EXPECT_EQ(state(trade), TradeState::successful);
  EXPECT_EQ(balance().usd, before + cents(2'000) - sales().at(0).fee);
  EXPECT_EQ(balance().usd_protected, Money());
}

TEST_F(MarketDeals, a_reverted_sale_gives_item_money_and_fee_back) {
  const Balance before = balance();
  const Uuid asset = item();
  const std::int64_t trade = exchange.buy_offer(offer(asset, cents(2'000))).value();
  EXPECT_TRUE(items().empty());
  wait(day);
  ASSERT_TRUE(exchange.revert(trade));
  EXPECT_EQ(state(trade), TradeState::reverted);
  EXPECT_EQ(balance().usd, before.usd);
  EXPECT_EQ(balance().usd_protected, Money());
  EXPECT_EQ(exchange.books().balance(MoneyPlace::fees), Money());
  ASSERT_EQ(items().size(), 1u);
  EXPECT_EQ(items()[0].asset_id, asset);
  EXPECT_FALSE(items()[0].offered);
  EXPECT_EQ(code(exchange.revert(trade)), "BadRequest");
  wait(9 * day);
  EXPECT_EQ(state(trade), TradeState::reverted);
  EXPECT_TRUE(create(asset, cents(2'000)));
}

TEST_F(MarketDeals, a_reverted_purchase_gives_the_money_back_and_takes_the_item_even_from_its_offer) {
  const Money before = balance().usd;
  const std::int64_t trade = bought(cents(900));
  EXPECT_EQ(balance().usd, before - cents(900));
  const InventoryItem got = items().at(0);
  EXPECT_TRUE(got.protected_purchase);
  EXPECT_FALSE(got.tradable);
  offer(got.asset_id, worth() * 5);
  ASSERT_TRUE(exchange.revert(trade));
  EXPECT_EQ(balance().usd, before);
  EXPECT_TRUE(items().empty());
  EXPECT_TRUE(own_offers().empty());
  EXPECT_EQ(purchases().at(0).state, TradeState::reverted);
}

TEST_F(MarketDeals, reverting_a_purchase_that_was_sold_on_reverts_the_sale_first) {
  const Money before = balance().usd;
  const std::int64_t purchase = bought(cents(900));
  const std::int64_t sale = exchange.buy_offer(offer(items().at(0).asset_id, cents(2'000))).value();
  wait(day);
  ASSERT_TRUE(exchange.revert(purchase));
  EXPECT_EQ(state(sale), TradeState::reverted);
  EXPECT_EQ(state(purchase), TradeState::reverted);
  EXPECT_EQ(balance().usd, before);
  EXPECT_EQ(balance().usd_protected, Money());
  EXPECT_TRUE(items().empty());
}

TEST_F(MarketDeals, a_purchase_becomes_final_and_its_item_free) {
  const std::int64_t trade = bought(cents(900));
  wait(9 * day);
  EXPECT_EQ(state(trade), TradeState::successful);
  EXPECT_FALSE(items().at(0).protected_purchase);
  EXPECT_TRUE(items().at(0).tradable);
  EXPECT_EQ(code(exchange.revert(trade)), "BadRequest");
}

TEST_F(MarketDeals, a_share_of_protected_sales_is_reverted_within_the_protection) {
  exchange.rules().revert_share = 500'000;
  for (int i = 0; i < 60; ++i) sold(cents(1'000 + i));
  wait(9 * day);
  int reverted = 0;
  for (const Trade& sale : sales()) {
    ASSERT_NE(sale.state, TradeState::trade_protected);
    if (sale.state == TradeState::successful) continue;
    ++reverted;
    EXPECT_GT(sale.finalization_at, start);
    EXPECT_LT(sale.finalization_at, start + 8 * day);
  }
  EXPECT_GT(reverted, 15);
  EXPECT_LT(reverted, 45);
}

TEST_F(MarketDeals, closed_lists_are_newest_first_in_pages_and_filtered) {
  for (int i = 0; i < 7; ++i) {
    sold(cents(1'000 + i));
    if (i % 2) wait(minute);
  }
  ASSERT_TRUE(exchange.finalize(2));
  ASSERT_TRUE(exchange.revert(3));
  std::vector<std::int64_t> numbers;
  ClosedQuery query;
  query.limit = 3;
  do {
    const auto page = exchange.closed_offers(query);
    EXPECT_EQ(page->total, 7);
    for (const Trade& trade : page->items) numbers.push_back(trade.number);
    query.cursor = page->cursor;
  } while (!query.cursor.empty());
  EXPECT_EQ(numbers, (std::vector<std::int64_t>{7, 6, 5, 4, 3, 2, 1}));
  query = {};
  query.ascending = true;
  query.status.any_of = {TradeState::successful, TradeState::reverted};
  const auto some = exchange.closed_offers(query)->items;
  ASSERT_EQ(some.size(), 2u);
  EXPECT_EQ(some[0].number, 2);
  query = {};
  query.closed_from = start + minute;
  query.closed_to = start + minute;
  EXPECT_EQ(exchange.closed_offers(query)->items.size(), 2u);
  query = {};
  query.limit = 0;
  EXPECT_EQ(code(exchange.closed_offers(query)), "InvalidArgument");
  query = {};
  query.cursor = "nonsense";
  EXPECT_EQ(code(exchange.closed_offers(query)), "InvalidArgument");
}

TEST_F(MarketDeals, an_offer_is_bought_at_its_price_only) {
  const Offer cheapest = market_offers().at(0);
  const Money before = balance().usd;
  EXPECT_EQ(buy(cheapest.offer_id, cheapest.price - cents(1)).fail_code, "OfferPriceChanged");
  EXPECT_EQ(buy(Uuid{1, 2}, cheapest.price).fail_code, "OfferNotFound");
  EXPECT_EQ(buy(offer(worth() * 5), worth() * 5).fail_code, "OwnOffer");
  EXPECT_EQ(balance().usd, before);
  const BuyAnswer answer = buy(cheapest.offer_id, cheapest.price);
  EXPECT_EQ(answer.status, TxStatus::success);
  EXPECT_TRUE(answer.started.at(0).second);
  EXPECT_EQ(balance().usd, before - cheapest.price);
  EXPECT_NE(market_offers().at(0).offer_id, cheapest.offer_id);
  EXPECT_EQ(buy(cheapest.offer_id, cheapest.price).fail_code, "OfferNotFound");
  const auto own = items();
  EXPECT_EQ(std::count_if(own.begin(), own.end(), [&](auto& one) { return one.asset_id == cheapest.asset_id; }), 1);
  EXPECT_TRUE(purchases().empty());  // closed targets hold what targets bought
  EXPECT_EQ(exchange.books().trades().at(0).by, SaleBy::offer);
}

TEST_F(MarketDeals, several_offers_are_bought_together_or_not_at_all) {
  const auto all = market_offers();
  const Money before = balance().usd;
  BuyRequest requests[] = {{all.at(0).offer_id, all[0].price}, {all.at(1).offer_id, all[1].price + cents(1)}};
  EXPECT_EQ(exchange.buy(requests).fail_code, "OfferPriceChanged");
  EXPECT_EQ(balance().usd, before);
  requests[1] = requests[0];
  EXPECT_EQ(exchange.buy(requests).status, TxStatus::failed);
  requests[1] = {all[1].offer_id, all[1].price};
  exchange.set_balance({all[0].price + all[1].price - cents(1), {}, {}, {}});
  EXPECT_EQ(exchange.buy(requests).fail_code, "BalanceInsufficientFunds");
  exchange.add_money(cents(1));
  EXPECT_EQ(exchange.buy(requests).status, TxStatus::success);
  EXPECT_EQ(balance().usd, Money());
  EXPECT_EQ(items().size(), 2u);
}

TEST_F(MarketDeals, a_pending_purchase_holds_money_and_offer_until_it_ends) {
  exchange.rules().pending_share = 1'000'000;
  exchange.rules().pending_fail_share = 0;
  const Offer cheapest = market_offers().at(0);
  const Money before = balance().usd;
  EXPECT_EQ(buy(cheapest.offer_id, cheapest.price).status, TxStatus::pending);
  EXPECT_EQ(balance().usd, before - cheapest.price);
  EXPECT_EQ(balance().usd_reserved, cheapest.price);
  EXPECT_TRUE(market_offers().at(0).locked);
  EXPECT_TRUE(items().empty());
  EXPECT_EQ(buy(cheapest.offer_id, cheapest.price).fail_code, "OfferLocked");
  wait(5 * minute);
  EXPECT_EQ(balance().usd_reserved, Money());
  EXPECT_EQ(items().size(), 1u);
  EXPECT_EQ(state(1), TradeState::trade_protected);
}

TEST_F(MarketDeals, a_pending_purchase_that_fails_gives_the_money_back) {
  exchange.rules().pending_share = exchange.rules().pending_fail_share = 1'000'000;
  const Offer cheapest = market_offers().at(0);
  const Balance before = balance();
  EXPECT_EQ(buy(cheapest.offer_id, cheapest.price).status, TxStatus::pending);
  wait(5 * minute);
  EXPECT_EQ(balance().usd, before.usd);
  EXPECT_EQ(balance().usd_to_withdraw, before.usd_to_withdraw);
  EXPECT_EQ(balance().usd_reserved, Money());
  EXPECT_FALSE(market_offers().at(0).locked);
  EXPECT_EQ(market_offers().at(0).offer_id, cheapest.offer_id);
  EXPECT_TRUE(items().empty());
  EXPECT_EQ(state(1), TradeState::failed);
}

TEST_F(MarketDeals, nobody_else_takes_or_changes_an_offer_whose_purchase_is_pending) {
  exchange.rules().pending_share = 1'000'000;
  exchange.rules().pending_fail_share = 0;
  exchange.rules().pending_from = exchange.rules().pending_to = static_cast<int>(6 * day);
  std::size_t begun = 0;
  for (const TitleInfo& one : exchange.titles()) {
    Filter filter;
    filter.game = one.game;
    filter.title_prefix = one.title;
    Paging paging;
    paging.order_by = OrderBy::price;
    const auto page = exchange.offers(filter, paging);
    if (page->items.empty() || page->items[0].price > cents(3'000)) continue;
    begun += buy(page->items[0].offer_id, page->items[0].price).status == TxStatus::pending ? 1 : 0;
  }
  EXPECT_GT(begun, 100u);
  wait(6 * day);
  EXPECT_EQ(exchange.books().totals(TradeState::trade_protected).purchases, static_cast<std::int64_t>(begun));
}

TEST_F(MarketDeals, spending_takes_what_cannot_be_paid_out_first) {
  exchange.set_balance({cents(10'000), cents(4'000), {}, {}});
  bought(cents(5'000));
  EXPECT_EQ(balance().usd_to_withdraw, cents(4'000));
  bought(cents(2'000));
  EXPECT_EQ(balance().usd_to_withdraw, cents(3'000));
}

TEST_F(MarketDeals, the_account_tells_what_happened_in_order) {
  const std::int64_t first = exchange.last_event();
  const std::int64_t sale = sold(cents(2'000));
  const std::int64_t purchase = bought(cents(900));
  ASSERT_TRUE(exchange.revert(sale));
  const auto events = exchange.events(first);
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].kind, "sold");
  EXPECT_EQ(events[0].trade, sale);
  EXPECT_EQ(events[1].kind, "bought");
  EXPECT_EQ(events[1].trade, purchase);
  EXPECT_EQ(events[2].kind, "reverted");
  EXPECT_EQ(exchange.events(events[1].number).size(), 1u);
  EXPECT_EQ(exchange.last_event(), events[2].number);
}

TEST(MarketBooks, an_entry_that_does_not_fit_is_found) {
  Books books;
  books.move(start, MoneyPlace::outside, MoneyPlace::player, cents(100), "opening");
  EXPECT_TRUE(books.violations().empty());
  books.move(start, MoneyPlace::player, MoneyPlace::traders, cents(101), "purchase");
  EXPECT_EQ(books.violations().size(), 1u);  // below zero
  Trade trade;
  trade.price = cents(50);
  books.open(trade);
  EXPECT_EQ(books.violations().size(), 3u);  // neither its money nor its item has moved
  EXPECT_THROW(books.move(start, MoneyPlace::fees, MoneyPlace::fees, cents(1), "nothing"), std::logic_error);
  books.move(start, 1, ItemPlace::outside, ItemPlace::market, "given");
  EXPECT_THROW(books.move(start, 1, ItemPlace::steam, ItemPlace::market, "deposit"), std::logic_error);
}

}  // namespace
}  // namespace sandbox::market
