// The same seed gives the same world, however and whenever one looks.

#include "tests/sandbox/market/scene.hpp"

#include <map>

namespace sandbox::market {
namespace {

// FNV-1a over everything that can be seen.
class Digest {
 public:
  void add(std::int64_t value) {
    for (int i = 0; i < 8; ++i) sum_ = (sum_ ^ (static_cast<std::uint64_t>(value) >> (8 * i) & 255)) * 0x100000001b3u;
  }
  void add(std::string_view text) {
    for (const char c : text) sum_ = (sum_ ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  }
  void add(Exchange& exchange) {
    for (const TitleInfo& title : exchange.titles()) {
      add(title.title);
      add(exchange.worth(title).in_cents());
      for (const Sale& sale : exchange.last_sales({title.game, title.title, {}, {}, {}, {}, 50, 0})) {
        add(sale.at);
        add(sale.price.in_cents());
        add(sale.copy.float_value);
      }
      for (const TargetLine& line : exchange.targets_by_title(title.game, title.title)) {
        add(line.price.in_cents());
        add(line.amount);
      }
      add(exchange.fee(title, exchange.worth(title)).in_cents());
    }
    for (const Game game : all_games) {
      Filter filter;
      filter.game = game;
      Paging paging;
      do {
        const auto page = exchange.offers(filter, paging);
        for (const Offer& offer : page->items) {
          add(to_text(offer.offer_id));
          add(to_text(offer.asset_id));
          add(offer.price.in_cents());
          add(offer.created_at);
          add(offer.copy.float_value);
          add(offer.copy.paint_seed);
          add(offer.copy.unlock_at);
        }
        paging.cursor = page->cursor;
      } while (!paging.cursor.empty());
    }
    for (const Trade& trade : exchange.books().trades()) {
      add(trade.price.in_cents());
      add(trade.fee.in_cents());
      add(trade.closed_at);
      add(static_cast<std::int64_t>(trade.state));
    }
    add(exchange.balance().usd.in_cents());
  }
  std::uint64_t sum() const { return sum_; }

 private:
  std::uint64_t sum_ = 0xcbf29ce484222325u;
};

std::uint64_t digest(Exchange& exchange) {
  Digest made;
  made.add(exchange);
  return made.sum();
}

MarketOptions small() {
  MarketOptions options;
  options.titles = 60;
  options.offers = 900;
  options.usd = options.usd_to_withdraw = cents(200'000);
  options.items_in_market = 20;
  return options;
}

// A trader who lists what he has below the others and bids for a few titles; the same in every world.
void trade(Exchange& exchange) {
  for (const Game game : all_games) {
    Filter filter;
    filter.game = game;
    std::vector<OfferRequest> offers;
    const auto items = exchange.inventory(filter, {});
    for (const InventoryItem& item : items->items) {
      if (item.in_market && !item.offered) offers.push_back({item.asset_id, exchange.worth(*item.title)});
    }
    if (!offers.empty()) {
      ASSERT_TRUE(exchange.create_offers(offers));
    }
    std::vector<TargetRequest> targets;
    const auto prices = exchange.aggregated_prices(game, {}, 4, "");
    for (const AggregatedPrice& row : prices->items) {
      if (row.order_best) targets.push_back({row.title->title, *row.order_best + cents(1), 1, {}});
    }
    ASSERT_TRUE(exchange.create_targets(game, targets));
  }
}

TEST(MarketTime, a_seed_gives_the_same_world_on_every_machine_and_compiler) {
  Exchange exchange(small(), {}, start);
  trade(exchange);
  exchange.advance(start + 12 * day);
  EXPECT_GT(exchange.books().trades().size(), 10u);
  EXPECT_EQ(digest(exchange), 16962926842233825162u);
}

TEST(MarketTime, another_seed_gives_another_world) {
  MarketOptions other = small();
  other.seed = 2;
  Exchange a(small(), {}, start), b(other, {}, start);
  EXPECT_NE(digest(a), digest(b));
}

TEST(MarketTime, looking_changes_nothing_however_often) {
  Exchange looked_at(small(), {}, start), left_alone(small(), {}, start);
  trade(looked_at);
  trade(left_alone);
  for (Time at = start; at < start + 5 * day; at += 97 * minute) {
    looked_at.advance(at);
    Digest ignored;
    if (at % 7 == 0) ignored.add(looked_at);
    const TitleInfo& title = looked_at.titles()[static_cast<std::size_t>(at % 60)];
    (void)looked_at.depth(title.game, title.title);
  }
  looked_at.advance(start + 5 * day);
  left_alone.advance(start + 5 * day);
  EXPECT_GT(looked_at.books().trades().size(), 5u);
  EXPECT_EQ(digest(looked_at), digest(left_alone));
}

TEST(MarketTime, one_step_and_many_steps_lead_to_the_same) {
  Exchange one(small(), {}, start), many(small(), {}, start);
  trade(one);
  trade(many);
  one.advance(start + 3 * day);
  while (many.now() < start + 3 * day) many.advance(many.now() + 61);
  many.advance(one.now());
  one.advance(many.now());
  EXPECT_EQ(digest(one), digest(many));
}

TEST(MarketTime, going_from_event_to_event_misses_nothing) {
  Exchange stepped(small(), {}, start), jumped(small(), {}, start);
  trade(stepped);
  trade(jumped);
  const Time end = start + 2 * day;
  while (stepped.next_event() && *stepped.next_event() <= end) {
    const Time next = *stepped.next_event();
    stepped.advance(next - 1);
    const auto deals = stepped.books().trades().size();
    const auto money = stepped.books().money().size();
    stepped.advance(next - 1);
    EXPECT_EQ(stepped.books().trades().size(), deals);
    EXPECT_EQ(stepped.books().money().size(), money);
    stepped.advance(next);
  }
  stepped.advance(end);
  jumped.advance(end);
  EXPECT_EQ(digest(stepped), digest(jumped));
}

TEST(MarketTime, it_never_goes_back) {
  Exchange exchange(small(), {}, start);
  exchange.advance(start + day);
  exchange.advance(start);
  EXPECT_EQ(exchange.now(), start + day);
}

TEST(MarketTime, the_other_traders_do_not_depend_on_titles_the_player_is_not_in) {
  Exchange with(small(), calm(), start), without(small(), calm(), start);
  const TitleInfo& elsewhere = with.titles()[0];
  const TargetRequest request{elsewhere.title, cents(3), 1, {}};
  ASSERT_TRUE(with.create_targets(elsewhere.game, {&request, 1}));
  with.advance(start + 4 * day);
  without.advance(start + 4 * day);
  for (std::size_t i = 1; i < with.titles().size(); ++i) {
    const TitleInfo& title = with.titles()[i];
    EXPECT_TRUE(same_book(with.depth(title.game, title.title), without.depth(title.game, title.title))) << title.title;
  }
}

TEST(MarketTime, impossible_options_are_refused) {
  const auto make = [](const MarketOptions& options) { Exchange exchange(options, {}, start); };
  EXPECT_THROW(make({.titles = 3}), std::invalid_argument);
  EXPECT_THROW(make({.offers = -1}), std::invalid_argument);
  EXPECT_THROW(make({.usd = cents(1), .usd_to_withdraw = cents(2)}), std::invalid_argument);
  EXPECT_NO_THROW(make({.titles = 4, .offers = 0}));
}

}  // namespace
}  // namespace sandbox::market
