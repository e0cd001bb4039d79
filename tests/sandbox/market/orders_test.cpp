// Offers and targets of the player: what is refused, what is locked, and for how long.

#include "tests/sandbox/market/scene.hpp"

namespace sandbox::market {
namespace {

class MarketOrders : public Scene {};

TEST_F(MarketOrders, an_offer_stands_in_the_market_under_its_own_id) {
  const Uuid asset = item();
  const Uuid id = offer(asset, worth() * 5);
  const auto own = own_offers();
  ASSERT_EQ(own.size(), 1u);
  EXPECT_EQ(own[0].offer_id, id);
  EXPECT_EQ(own[0].asset_id, asset);
  EXPECT_EQ(own[0].price, worth() * 5);
  EXPECT_EQ(own[0].created_at, start);
  EXPECT_EQ(own[0].change_at, start + 15 * minute);
  const auto all = market_offers();
  EXPECT_EQ(std::count_if(all.begin(), all.end(), [&](const Offer& one) { return one.offer_id == id && one.mine; }), 1);
}

TEST_F(MarketOrders, a_change_makes_a_new_id_and_the_old_one_is_dead) {
  const Uuid asset = item();
  const Uuid old_id = offer(asset, worth() * 5);
  wait(15 * minute);
  const auto changed = update(old_id, worth() * 4);
  ASSERT_TRUE(changed);
  EXPECT_NE(changed->offer_id, old_id);
  EXPECT_EQ(changed->asset_id, asset);
  EXPECT_EQ(own_offers().at(0).offer_id, changed->offer_id);
  EXPECT_EQ(own_offers().at(0).price, worth() * 4);
  wait(15 * minute);
  EXPECT_EQ(code(update(old_id, worth() * 3)), "OfferNotFound");
}

TEST_F(MarketOrders, a_change_within_the_lock_is_refused_with_the_time_that_is_left) {
  const Uuid id = offer(worth() * 5);
  EXPECT_EQ(update(id, worth() * 4).error().message, "15:00");
  wait(2 * minute + 41);
  const auto refused = update(id, worth() * 4);
  EXPECT_EQ(code(refused), "AssetTimeLocked");
  EXPECT_EQ(refused.error().message, "12:19");
  wait(12 * minute + 18);
  EXPECT_EQ(update(id, worth() * 4).error().message, "00:01");
  wait(1);
  const auto changed = update(id, worth() * 4);
  ASSERT_TRUE(changed);
  EXPECT_EQ(code(update(changed->offer_id, worth() * 3)), "AssetTimeLocked");
}

TEST_F(MarketOrders, a_copy_that_was_taken_down_is_locked_by_rule) {
  const Uuid asset = item();
  const Uuid id = offer(asset, worth() * 5);
  wait(10 * minute);
  EXPECT_TRUE(remove(id));
  EXPECT_TRUE(own_offers().empty());
  wait(14 * minute);
  EXPECT_EQ(create(asset, worth() * 5).error().message, "01:00");
  wait(minute);
  const auto again = create(asset, worth() * 5);
  ASSERT_TRUE(again);
  exchange.rules().lock_after_delete = false;
  wait(15 * minute);
  EXPECT_TRUE(remove(again->offer_id));
  EXPECT_TRUE(create(asset, worth() * 5));
}

TEST_F(MarketOrders, the_lock_refuses_to_take_down_by_rule) {
  exchange.rules().lock_refuses_delete = true;
  const Uuid id = offer(worth() * 5);
  EXPECT_EQ(code(remove(id)), "AssetTimeLocked");
  wait(15 * minute);
  EXPECT_TRUE(remove(id));
}

TEST_F(MarketOrders, a_batch_fails_item_by_item) {
  const Uuid good = item(), offered = item();
  offer(offered, worth() * 5);
  const OfferRequest requests[] = {
      {good, worth() * 5}, {good, worth() * 5}, {offered, worth()}, {Uuid{1, 2}, worth()}, {item(), Money()}};
  const auto batch = exchange.create_offers(requests);
  ASSERT_EQ(batch->offers.size(), 1u);
  EXPECT_EQ(batch->offers[0].asset_id, good);
  ASSERT_EQ(batch->failed.size(), 4u);
  const char* codes[] = {"DuplicatedAssets", "AssetAlreadyOffered", "AssetNotFound", "InvalidPrice"};
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(batch->failed[i].why.code, codes[i]);
    EXPECT_EQ(batch->failed[i].id, requests[i + 1].id);
  }
  EXPECT_EQ(code(remove(Uuid{1, 2})), "OfferNotFound");
  EXPECT_EQ(code(update(market_offers().at(0).offer_id, worth())), "OfferNotFound");  // somebody else's
}

TEST_F(MarketOrders, a_batch_beyond_the_limit_is_refused_as_a_whole) {
  exchange.rules().batch_limit = 2;
  std::vector<OfferRequest> requests{{item(), worth()}, {item(), worth()}, {item(), worth()}};
  EXPECT_EQ(code(exchange.create_offers(requests)), "BadRequest");
  EXPECT_TRUE(own_offers().empty());
  EXPECT_EQ(code(exchange.create_offers({})), "BadRequest");
  requests.pop_back();
  EXPECT_EQ(exchange.create_offers(requests)->offers.size(), 2u);
  const std::vector<TargetRequest> targets(3, TargetRequest{title.title, cents(3), 1, {}});
  EXPECT_EQ(code(exchange.create_targets(title.game, targets)), "BadRequest");
}

TEST_F(MarketOrders, targets_are_answered_in_order_each_for_itself) {
  const TargetRequest requests[] = {{title.title, cents(100), 1, {}},
                                    {"", cents(100), 1, {}},
                                    {"No such thing", cents(100), 1, {}},
                                    {title.title, Money(), 1, {}},
                                    {title.title, cents(100), 0, {}},
                                    {title.title, cents(100), 101, {}},
                                    {title.title, cents(100), 1, {{}, Phase::ruby, 0}},
                                    {title.title, cents(100), 100, {}}};
  const auto results = exchange.create_targets(title.game, requests);
  const char* codes[] = {
      "", "TitleRequired", "TitleNotFound", "InvalidPrice", "InvalidAmount", "InvalidAmount", "InvalidAttributes", ""};
  for (std::size_t i = 0; i < std::size(codes); ++i) EXPECT_EQ(code(results->at(i)), codes[i]) << i;
  EXPECT_EQ(own_targets().size(), 2u);
  EXPECT_EQ(own_targets()[1].amount, 100);
}

TEST_F(MarketOrders, a_float_part_is_possible_within_the_exterior_only) {
  const std::uint8_t firsts[] = {0, 1, 8, 13, 18, 23};
  const std::uint8_t inside = firsts[static_cast<std::size_t>(title.exterior)];
  EXPECT_TRUE(try_target(cents(100), 1, {FloatPart{inside}, Phase::none, 0}));
  const FloatPart outside{static_cast<std::uint8_t>(inside == 1 ? 20 : 1)};
  EXPECT_EQ(code(try_target(cents(100), 1, {outside, Phase::none, 0})), "InvalidAttributes");
}

TEST_F(MarketOrders, a_target_is_locked_for_eleven_to_fifteen_minutes) {
  const Uuid id = target(cents(100));
  const Time free_at = own_targets().at(0).change_at;
  EXPECT_GE(free_at, start + 11 * minute);
  EXPECT_LE(free_at, start + 15 * minute);
  wait(free_at - now() - 1);
  const auto refused = remove_target(id);
  EXPECT_EQ(code(refused), "TargetTimeLocked");
  EXPECT_EQ(refused.error().message, "00:01");
  wait(1);
  EXPECT_TRUE(remove_target(id));
  EXPECT_EQ(code(remove_target(id)), "TargetNotFound");
  exchange.rules().target_lock_refuses_delete = false;
  EXPECT_TRUE(remove_target(target(cents(100))));
}

TEST_F(MarketOrders, an_equal_target_is_doubled_or_refused) {
  target(cents(100));
  target(cents(100));
  EXPECT_EQ(own_targets().size(), 2u);
  exchange.rules().equal_target = EqualTarget::refused;
  EXPECT_EQ(code(try_target(cents(101))), "TargetAlreadyExists");
  EXPECT_TRUE(try_target(cents(101), 1, {{}, Phase::none, 5}));
}

TEST_F(MarketOrders, the_number_of_open_targets_is_limited_per_game) {
  exchange.rules().targets_limit = 2;
  target(cents(100));
  target(cents(101));
  EXPECT_EQ(code(try_target(cents(102))), "TargetsLimitExceeded");
}

TEST_F(MarketOrders, targets_of_all_traders_are_shown_in_one_line_per_price_and_demand) {
  const Money price = cents(7);
  target(price, 2);
  target(price, 3);
  target(price, 1, {{}, Phase::none, 13});
  const auto lines = exchange.targets_by_title(title.game, title.title);
  ASSERT_GE(lines.size(), 3u);
  EXPECT_TRUE(std::is_sorted(lines.begin(), lines.end(), [](auto& a, auto& b) { return a.price > b.price; }));
  const auto generic =
      std::find_if(lines.begin(), lines.end(), [&](const TargetLine& line) { return line.price == price; });
  ASSERT_NE(generic, lines.end());
  EXPECT_EQ(generic->amount, 5);
  EXPECT_TRUE(generic->mine);
  EXPECT_EQ(lines.back().demand.paint_seed, 13);
  EXPECT_TRUE(exchange.targets_by_title(title.game, "No such thing").empty());
}

TEST_F(MarketOrders, a_target_above_the_balance_is_shown_as_the_rule_says) {
  exchange.set_balance({cents(1'000), cents(1'000), {}, {}});
  target(cents(1'001));
  EXPECT_EQ(own_targets().at(0).status, TargetStatus::inactive);
  exchange.add_money(cents(1));
  EXPECT_EQ(own_targets().at(0).status, TargetStatus::active);
  exchange.add_money(cents(-1));
  exchange.rules().shows_inactive = false;
  EXPECT_EQ(own_targets().at(0).status, TargetStatus::active);
  exchange.rules().target_needs_cover = true;
  EXPECT_EQ(code(try_target(cents(1'001))), "NotEnoughBalance");
}

TEST_F(MarketOrders, the_sum_of_targets_needs_cover_by_rule) {
  exchange.set_balance({cents(1'000), cents(1'000), {}, {}});
  target(cents(600));
  target(cents(600));
  EXPECT_EQ(own_targets().at(1).status, TargetStatus::active);
  exchange.rules().sum_of_targets_needs_cover = true;
  EXPECT_EQ(own_targets().at(1).status, TargetStatus::inactive);
}

}  // namespace
}  // namespace sandbox::market
