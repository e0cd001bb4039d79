// Whatever anybody does, in whatever order: no cent and no item appears or vanishes.

#include "tests/sandbox/market/scene.hpp"

#include <rapidcheck.h>

namespace sandbox::market {
namespace {

// One thing that can be done to the world, chosen and shaped by numbers.
class Actor {
 public:
  Actor(Exchange& exchange, std::uint32_t dice) : exchange_(exchange), dice_(dice) {}

  void act(unsigned what) {
    const TitleInfo& title = exchange_.titles()[pick(exchange_.titles().size())];
    const Money near = cents(1 + exchange_.worth(title).in_cents() * static_cast<std::int64_t>(60 + pick(80)) / 100);
    switch (what) {
      case 0:
        return exchange_.advance(exchange_.now() + static_cast<Time>(pick(1'000)));
      case 1:
        return exchange_.advance(exchange_.now() + static_cast<Time>(pick(3 * day)));
      case 2:
        return static_cast<void>(exchange_.give_item(title.game, title.title, pick(2) == 0));
      case 3:
        return list();
      case 4:
        return change();
      case 5:
        return take_down();
      case 6:
        return bid(title, near);
      case 7:
        return unbid();
      case 8:
        return buy();
      case 9:
        return sell_to();
      case 10:
        return buy_from();
      case 11:
        return static_cast<void>(exchange_.revert(some_trade()));
      case 12:
        return static_cast<void>(exchange_.finalize(some_trade()));
      case 13:
        return static_cast<void>(exchange_.move_price(title.game, title.title, 500'000 + pick(1'000'000)));
      case 14:
        return exchange_.add_money(cents(static_cast<std::int64_t>(pick(20'000)) - 10'000));
      case 15:
        return deposit(title.game);
      case 16:
        return withdraw(title.game);
      case 17:
        return static_cast<void>(exchange_.place_offer(title.game, title.title, near));
      case 18:
        return static_cast<void>(exchange_.place_target(title.game, title.title, near, 1 + pick(3), {}));
      case 19:
        return exchange_.set_balance({near, near, near, {}});
      default:
        return rule();
    }
  }

 private:
  std::uint32_t pick(std::uint64_t n) {
    dice_ = dice_ * 1'664'525u + 1'013'904'223u;
    return static_cast<std::uint32_t>((static_cast<std::uint64_t>(dice_ >> 8) * n) >> 24);
  }
  template <class T>
  const T* one_of(const std::vector<T>& rows) {
    return rows.empty() ? nullptr : &rows[pick(rows.size())];
  }
  Filter some_game() {
    Filter filter;
    filter.game = static_cast<Game>(pick(4));
    return filter;
  }
  std::int64_t some_trade() { return 1 + static_cast<std::int64_t>(pick(exchange_.books().trades().size() + 1)); }

  void list() {
    const auto items = exchange_.inventory(some_game(), {})->items;
    const InventoryItem* item = one_of(items);
    if (!item) return;
    const OfferRequest request{item->asset_id,
                               cents(1 + exchange_.worth(*item->title).in_cents() * (70 + pick(50)) / 100)};
    (void)exchange_.create_offers({&request, 1});
  }
  void change() {
    const auto offers = exchange_.user_offers(some_game(), {})->items;
    const Offer* offer = one_of(offers);
    if (!offer) return;
    const OfferRequest request{offer->offer_id, cents(1 + offer->price.in_cents() * (80 + pick(40)) / 100)};
    (void)exchange_.update_offers({&request, 1});
  }
  void take_down() {
    const auto offers = exchange_.user_offers(some_game(), {})->items;
    const Offer* offer = one_of(offers);
    if (!offer) return;
    const OfferRequest request{offer->offer_id, {}};
    (void)exchange_.delete_offers({&request, 1});
  }
  void bid(const TitleInfo& title, Money price) {
    Demand demand;
    if (pick(4) == 0) demand.paint_seed = static_cast<std::uint16_t>(1 + pick(1'000));
    const TargetRequest request{title.title, price, 1 + static_cast<std::int64_t>(pick(3)), demand};
    (void)exchange_.create_targets(title.game, {&request, 1});
  }
  void unbid() {
    const auto targets = exchange_.user_targets(some_game(), {})->items;
    if (const Target* target = one_of(targets)) (void)exchange_.delete_targets({&target->target_id, 1});
  }
  void buy() {
    Paging paging;
    paging.order_by = OrderBy::price;
    const auto offers = exchange_.offers(some_game(), paging)->items;
    std::vector<BuyRequest> requests;
    for (std::uint32_t i = 0; i <= pick(3); ++i) {
      if (const Offer* offer = one_of(offers)) requests.push_back({offer->offer_id, offer->price});
    }
    (void)exchange_.buy(requests);
  }
  void sell_to() {
    const auto targets = exchange_.user_targets(some_game(), {})->items;
    if (const Target* target = one_of(targets)) (void)exchange_.sell_to_target(target->target_id);
  }
  void buy_from() {
    const auto offers = exchange_.user_offers(some_game(), {})->items;
    if (const Offer* offer = one_of(offers)) (void)exchange_.buy_offer(offer->offer_id);
  }
  void deposit(Game game) {
    exchange_.sync_inventory(game);
    Filter filter;
    filter.game = game;
    filter.in_market = false;
    const auto items = exchange_.inventory(filter, {})->items;
    if (const InventoryItem* item = one_of(items)) (void)exchange_.deposit({&item->id, 1});
  }
  void withdraw(Game game) {
    Filter filter;
    filter.game = game;
    filter.in_market = true;
    const auto items = exchange_.inventory(filter, {})->items;
    if (const InventoryItem* item = one_of(items))
      (void)exchange_.withdraw({{item->asset_id}, std::to_string(pick(9))});
  }
  void rule() {
    MarketRules& rules = exchange_.rules();
    rules.match_price = static_cast<MatchPrice>(pick(3));
    rules.fee_rounding = static_cast<FeeRounding>(pick(3));
    rules.protection_days.fill(static_cast<int>(pick(3)) * 3);
    rules.sum_of_targets_needs_cover = pick(2) == 0;
    rules.targets_take_resting_offers = pick(2) == 0;
    rules.offer_lock = static_cast<int>(pick(900));
    rules.revert_share = static_cast<int>(pick(1'000'000));
    rules.purchase_revert_share = static_cast<int>(pick(1'000'000));
    rules.pending_share = static_cast<int>(pick(1'000'000));
    rules.bought_items_locked = pick(2) == 0;
  }

  Exchange& exchange_;
  std::uint32_t dice_;
};

constexpr unsigned kinds = 21;

std::string first_violation(std::uint64_t seed, const std::vector<std::pair<unsigned, std::uint32_t>>& acts) {
  Exchange exchange({.seed = seed,
                     .titles = 12,
                     .offers = 120,
                     .usd = cents(100'000),
                     .usd_to_withdraw = cents(100'000),
                     .items_in_market = 10,
                     .items_in_steam = 5},
                    {}, start);
  for (const auto& [what, dice] : acts) {
    Actor(exchange, dice).act(what % kinds);
    const auto found = exchange.violations();
    if (!found.empty()) return "after " + std::to_string(what % kinds) + ": " + found[0];
  }
  exchange.advance(exchange.now() + 30 * day);
  const auto found = exchange.violations();
  return found.empty() ? "" : "in the end: " + found[0];
}

TEST(MarketConservation, money_and_items_are_conserved_under_any_acts) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed, const std::vector<std::pair<unsigned, std::uint32_t>>& acts) {
    RC_ASSERT(first_violation(seed, acts) == "");
  }));
}

TEST(MarketConservation, and_over_long_lives_in_which_everything_has_happened) {
  std::map<TradeState, std::size_t> states;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    Exchange exchange({.seed = seed,
                       .titles = 12,
                       .offers = 120,
                       .usd = cents(1'000'000),
                       .usd_to_withdraw = cents(1'000'000),
                       .items_in_market = 10,
                       .items_in_steam = 5},
                      {}, start);
    std::uint32_t dice = static_cast<std::uint32_t>(seed);
    for (int i = 0; i < 1'500; ++i) {
      dice = dice * 1'664'525u + 1'013'904'223u;
      Actor(exchange, dice).act((dice >> 16) % kinds);
      ASSERT_EQ(exchange.violations(), std::vector<std::string>()) << "seed " << seed << ", act " << i;
    }
    for (const Trade& trade : exchange.books().trades()) ++states[trade.state];
  }
  EXPECT_GT(states[TradeState::successful], 50u);
  EXPECT_GT(states[TradeState::reverted], 20u);
  EXPECT_GT(states[TradeState::failed], 5u);
}

}  // namespace
}  // namespace sandbox::market
