// Orders that meet: never in the answer itself, after a delay, and at the price of the rule.

#include "tests/sandbox/market/scene.hpp"

namespace sandbox::market {
namespace {

class MarketMatching : public Scene {
 protected:
  // Seconds until the first deal, at most `limit`.
  Time until_deal(Time limit) {
    const Time begin = now();
    while (exchange.books().trades().empty() && now() < begin + limit) wait(1);
    return now() - begin;
  }
};

TEST_F(MarketMatching, a_new_offer_meets_a_target_at_its_price_after_a_delay) {
  const Money price = best_target();
  const Uuid id = offer(price);
  EXPECT_TRUE(sales().empty());
  const Time delay = until_deal(10 * minute);
  EXPECT_GE(delay, 5);
  EXPECT_LE(delay, 180);
  ASSERT_EQ(sales().size(), 1u);
  const Trade sale = sales()[0];
  EXPECT_EQ(sale.offer_id, id);
  EXPECT_FALSE(sale.target_id.empty());
  EXPECT_EQ(sale.price, price);
  EXPECT_EQ(sale.by, SaleBy::target);
  EXPECT_EQ(sale.closed_at, now());
  EXPECT_TRUE(own_offers().empty());
  EXPECT_LT(best_target(), price + cents(1));
}

TEST_F(MarketMatching, the_target_that_was_met_is_gone) {
  const Money price = best_target() + cents(10);
  ASSERT_TRUE(exchange.place_target(title.game, title.title, price, 2, {}));
  const auto amount = [&] { return exchange.targets_by_title(title.game, title.title).at(0).amount; };
  EXPECT_EQ(amount(), 2);
  offer(price);
  wait(5 * minute);
  EXPECT_EQ(sales().size(), 1u);
  EXPECT_EQ(amount(), 1);
  offer(price);
  wait(5 * minute);
  EXPECT_EQ(sales().size(), 2u);
  EXPECT_LT(best_target(), price);
}

TEST_F(MarketMatching, an_offer_a_cent_above_the_best_target_stays) {
  offer(best_target() + cents(1));
  wait(hour);
  EXPECT_TRUE(sales().empty());
}

TEST_F(MarketMatching, an_offer_that_is_changed_in_time_is_not_sold_at_the_old_price) {
  exchange.rules().offer_lock = 0;
  exchange.rules().match_delay_from = exchange.rules().match_delay_to = 60;
  const Money asked = best_offer() - cents(1);
  const Uuid id = offer(best_target());
  wait(59);
  ASSERT_TRUE(update(id, asked));
  wait(hour);
  EXPECT_TRUE(sales().empty());
  EXPECT_EQ(own_offers().size(), 1u);
}

TEST_F(MarketMatching, the_price_is_that_of_the_order_that_rests_or_as_the_rule_says) {
  const Money asked = best_target() - cents(20);
  const auto sold_at = [&](MatchPrice rule) {
    const Money paid = best_offer() - cents(1);
    EXPECT_TRUE(exchange.place_target(title.game, title.title, paid, 1, {}));
    exchange.rules().match_price = rule;
    offer(asked);
    wait(5 * minute);
    return std::pair(sales().at(0).price, paid);
  };
  const auto [resting, paid] = sold_at(MatchPrice::resting);
  EXPECT_EQ(resting, paid);
  EXPECT_EQ(sold_at(MatchPrice::offer).first, asked);
  const auto [by_target, paid_last] = sold_at(MatchPrice::target);
  EXPECT_EQ(by_target, paid_last);
}

TEST_F(MarketMatching, a_target_at_an_offers_price_is_met_after_a_delay_and_closes_with_both_ids) {
  const Money price = best_offer();
  const Uuid wanted = market_offers().at(0).offer_id;
  const Money before = balance().usd;
  const Uuid id = target(price);
  EXPECT_TRUE(purchases().empty());
  const Time delay = until_deal(10 * minute);
  EXPECT_GE(delay, 5);
  EXPECT_LE(delay, 180);
  const Trade bought = purchases().at(0);
  EXPECT_EQ(bought.target_id, id);
  EXPECT_EQ(bought.offer_id, wanted);
  EXPECT_EQ(bought.price, price);
  EXPECT_EQ(balance().usd, before - price);
  EXPECT_TRUE(own_targets().empty());
  ASSERT_EQ(items().size(), 1u);
  EXPECT_EQ(items()[0].asset_id, bought.asset_id);
  EXPECT_NE(market_offers().at(0).offer_id, wanted);
}

TEST_F(MarketMatching, resting_offers_are_left_alone_by_rule_and_new_ones_are_taken) {
  exchange.rules().targets_take_resting_offers = false;
  target(best_offer());
  wait(hour);
  EXPECT_TRUE(purchases().empty());
  ASSERT_TRUE(exchange.place_offer(title.game, title.title, best_offer() - cents(5)));
  wait(5 * minute);
  EXPECT_EQ(purchases().size(), 1u);
}

TEST_F(MarketMatching, a_target_of_several_copies_is_met_copy_by_copy) {
  const Money price = best_offer() - cents(1);
  const Uuid id = target(price, 3);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(exchange.place_offer(title.game, title.title, price));
  wait(20 * minute);
  EXPECT_EQ(purchases().size(), 2u);
  ASSERT_EQ(own_targets().size(), 1u);
  EXPECT_EQ(own_targets()[0].target_id, id);
  EXPECT_EQ(own_targets()[0].amount, 1);
}

TEST_F(MarketMatching, a_target_without_cover_does_not_execute_until_money_comes) {
  const Money price = best_offer();
  exchange.set_balance({price - cents(1), {}, {}, {}});
  target(price);
  wait(hour);
  EXPECT_TRUE(purchases().empty());
  EXPECT_EQ(code(exchange.sell_to_target(own_targets().at(0).target_id)), "NotEnoughBalance");
  exchange.add_money(cents(1));
  wait(5 * minute);
  EXPECT_EQ(purchases().size(), 1u);
  EXPECT_EQ(balance().usd, Money());
}

TEST_F(MarketMatching, other_traders_targets_without_cover_head_the_list_but_do_not_execute) {
  int tried = 0;
  for (const TitleInfo& one : exchange.titles()) {
    const std::string names[] = {one.title};
    const auto best = [&](bool uncovered_too) {
      exchange.rules().aggregated_counts_uncovered = uncovered_too;
      return exchange.aggregated_prices(one.game, names, 1, "")->items.at(0).order_best.value_or(Money());
    };
    const Money shown = best(true);
    if (best(false) == shown) continue;
    ++tried;
    offer(*parse_uuid(*exchange.give_item(one.game, one.title, true)), shown);
  }
  EXPECT_GT(tried, 10);
  wait(3 * minute);
  for (const Trade& sale : sales()) EXPECT_EQ(sale.by, SaleBy::offer);
}

TEST_F(MarketMatching, a_demand_is_met_by_such_a_copy_only) {
  const Money price = best_offer() + cents(1'000);
  const auto all = market_offers();
  std::uint16_t absent = 1;
  const auto has = [&](std::uint16_t seed) {
    return std::any_of(all.begin(), all.end(), [&](const Offer& one) { return one.copy.paint_seed == seed; });
  };
  while (has(absent)) ++absent;
  target(price, 1, {{}, Phase::none, absent});
  wait(hour);
  EXPECT_TRUE(purchases().empty());
  const Uuid wanted = all.at(0).offer_id;
  target(price, 1, {{}, Phase::none, all[0].copy.paint_seed});
  wait(5 * minute);
  EXPECT_EQ(purchases().at(0).offer_id, wanted);
}

TEST_F(MarketMatching, the_player_never_trades_with_himself) {
  const Money price = best_offer() - cents(1);
  target(price);
  offer(price);
  wait(hour);
  EXPECT_TRUE(exchange.books().trades().empty());
}

TEST_F(MarketMatching, other_traders_buy_the_players_offers_and_sell_into_his_targets_in_time) {
  const TitleInfo* busy = nullptr;
  std::size_t most = 0;
  for (const TitleInfo& one : exchange.titles()) {
    if (exchange.worth(one) < cents(300) || exchange.worth(one) > cents(20'000)) continue;
    SalesQuery query{one.game, one.title, {}, {}, {}, {}, 1'000, 0};
    std::size_t fresh = 0;
    for (const Sale& sale : exchange.last_sales(query)) fresh += sale.at > start - 7 * day ? 1 : 0;
    if (fresh > most) busy = &one, most = fresh;
  }
  ASSERT_TRUE(busy);
  const Depth book = exchange.depth(busy->game, busy->title);
  const TargetRequest request{busy->title, book.orders.at(0).price + cents(1), 1, {}};
  ASSERT_TRUE(exchange.create_targets(busy->game, {&request, 1})->at(0));
  offer(*parse_uuid(*exchange.give_item(busy->game, busy->title, true)), book.offers.at(0).price - cents(1));
  wait(7 * day);
  ASSERT_EQ(sales().size(), 1u);
  EXPECT_EQ(sales()[0].by, SaleBy::offer);
  EXPECT_TRUE(sales()[0].target_id.empty());
}

TEST_F(MarketMatching, competitors_answer_within_the_rules_delay) {
  exchange.rules().reaction_share = 1'000'000;
  const Uuid mine = offer(best_offer() - cents(1));
  EXPECT_EQ(market_offers().at(0).offer_id, mine);
  wait(59);
  EXPECT_EQ(market_offers().at(0).offer_id, mine);
  wait(20 * minute);
  const auto all = market_offers();
  EXPECT_NE(all.at(0).offer_id, mine);
  EXPECT_EQ(all.at(0).price, all.at(1).price - cents(1));
  EXPECT_EQ(all.at(1).offer_id, mine);
  target(best_target() + cents(1));
  wait(21 * minute);
  const auto lines = exchange.targets_by_title(title.game, title.title);
  EXPECT_FALSE(lines.at(0).mine);
  EXPECT_EQ(lines.at(0).price, lines.at(1).price + cents(1));
  EXPECT_TRUE(lines.at(1).mine);
}

TEST_F(MarketMatching, a_person_moves_the_price_and_orders_meet) {
  const Money price = best_offer();
  target(price - cents(50));
  wait(hour);
  EXPECT_TRUE(purchases().empty());
  const Money before = worth();
  const auto after = exchange.move_price(title.game, title.title, 500'000);
  ASSERT_TRUE(after);
  EXPECT_LE(*after, cents(before.in_cents() / 2 + 1));
  wait(5 * minute);
  EXPECT_EQ(purchases().size(), 1u);
  EXPECT_EQ(code(exchange.move_price(title.game, title.title, 0)), "BadRequest");
  EXPECT_EQ(code(exchange.move_price(title.game, "No such thing", 1'100'000)), "TitleNotFound");
}

}  // namespace
}  // namespace sandbox::market
