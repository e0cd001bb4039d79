// DMarket's client and the sandbox's exchange, over HTTP on loopback: every call, with the switches of the API both
// ways. What the client understands is held against what the exchange knows.
#include "dmarket/client.hpp"
#include "dmarket/reconcile.hpp"
#include "tests/dmarket/test_keys.hpp"
#include "tests/sandbox/exchange_scene.hpp"
#include "tgkit/net/server.hpp"

#include <ostream>

namespace sandbox {
namespace {

using dmarket::AssetId;
using dmarket::Client;
using dmarket::ErrorKind;
using dmarket::ItemFate;
using dmarket::Money;
using dmarket::OfferId;

struct Switching {
  const char* name;
  const char* api;  // as /control/dmarket-switches takes it
  const char* rules = "";
  friend std::ostream& operator<<(std::ostream& out, const Switching& switching) { return out << switching.name; }
};

constexpr Switching switchings[] = {
    {"as_it_starts", "{}"},
    {"numbers", R"({"integers_as_text":false})"},
    {"gaps", R"({"missing_percent":60,"missing_seed":7})"},
    {"order_for_target", R"({"sales_say_order":true})"},
    {"bare", R"({"show_protected_money":false,"limit_headers":false,"limit_body":false})"},
    {"limited", R"({"limits":true,"retry_after":true})"},
    {"future_dates", R"({"allow_future_dates":true})"},
    {"fees_rounded_half_up", "{}", R"(,"fee_rounding":"half_up")"},
    {"fees_rounded_down", "{}", R"(,"fee_rounding":"floor")"},
    {"equal_targets_refused", "{}", R"(,"equal_target":"refused")"},
    {"requests_without_memory", "{}", R"(,"request_id_idempotent":false)"},
    {"uncovered_targets_look_active", "{}", R"(,"shows_inactive":false)"},
};

// The sandbox listens; the client has a connection to it.
class Contract : public testing::TestWithParam<Switching> {
 protected:
  Contract() {
    control("dmarket-switches",
            std::string(R"({"api":)") + GetParam().api + R"(,"rules":{"pending_share":0)" + GetParam().rules + "}}");
  }
  void TearDown() override {
    EXPECT_EQ(world_.venue().limits.refusals(), 0u) << "the client goes faster than it may";
    http_.close();
    world_.stop();
    run(server_.stop(std::chrono::seconds{1}));
  }

  static SandboxSettings sandbox_settings() {
    SandboxSettings made;
    made.exchange.market.titles = 40;
    made.exchange.market.offers = 600;
    made.exchange.market.usd = Money::cents(1'000'000);
    made.exchange.market.usd_to_withdraw = Money::cents(500'000);
    made.exchange.market.items_in_market = 12;
    made.exchange.market.items_in_steam = 8;
    made.exchange.switches.limits = false;
    return made;
  }
  dmarket::TransportSettings transport_settings(bool dry_run) {
    if (server_.port() == 0) server_.listen();
    dmarket::TransportSettings made;
    made.base = tgkit::net::Url::parse("http://127.0.0.1:" + std::to_string(server_.port()));
    made.keys = dmarket::tests::test_keys();
    made.dry_run = dry_run;
    made.retry_pause = std::chrono::milliseconds{1};
    made.limits.enabled = std::string_view(GetParam().name) == "limited";  // else as fast as it goes
    made.on_api_changed = [](std::string_view endpoint, std::string_view what) {
      ADD_FAILURE() << endpoint << " changed: " << what;
    };
    return made;
  }

  template <class T>
  T run(tgkit::Task<T> task) {
    return tests::run(io_, std::move(task));
  }
  void control(const std::string& name, const std::string& body) {
    const ServerResponse response = run(world_.handle(request("POST", "/control/" + name, body, "application/json")));
    EXPECT_EQ(response.status, 200) << name << " " << response.body;
  }
  void advance(int seconds) { control("time", R"({"advance":)" + std::to_string(seconds) + "}"); }
  market::Exchange& exchange() { return world_.venue().exchange(); }

  const market::TitleInfo& title_with_offers() {
    for (const market::TitleInfo& title : exchange().titles()) {
      if (title.game == market::Game::cs2 && exchange().depth(title.game, title.title).offers.size() > 2) return title;
    }
    throw std::logic_error("the market has no offers");
  }
  // Items of CS2 in the market that may be offered.
  std::vector<dmarket::InventoryItem> own_items() {
    dmarket::InventoryQuery query(dmarket::Game::cs2);
    query.filters.is("inMarket", "true");
    auto listing = client_.all_inventory(query);
    return run(listing.rest()).items;
  }
  OfferId offer_one(std::int64_t cents) {
    const auto made =
        run(client_.create_offers({dmarket::OfferDraft(*own_items().at(0).attributes.id, Money::cents(cents))}));
    EXPECT_EQ(made.at(0).fate, ItemFate::done) << made.at(0).code << made.at(0).message;
    return made.at(0).offer_id.value_or(OfferId());
  }
  template <class T>
  ErrorKind failure_of(tgkit::Task<T> task) {
    try {
      run(std::move(task));
    } catch (const dmarket::Error& error) {
      return error.kind();
    }
    ADD_FAILURE() << "the call succeeded";
    return ErrorKind::rejected;
  }

  boost::asio::io_context io_;
  tgkit::SystemClock clock_{io_.get_executor()};
  Sandbox world_{io_.get_executor(), clock_, sandbox_settings()};
  tgkit::net::HttpServer server_{
      io_.get_executor(), clock_, {}, [this](ServerRequest asked) { return world_.handle(std::move(asked)); }};
  tgkit::net::HttpClient http_{io_.get_executor(), clock_, {}};
  dmarket::Transport transport_{http_, clock_, transport_settings(false)};
  Client client_{transport_};
};

TEST_P(Contract, the_balance_and_the_profile_are_the_exchanges) {
  const dmarket::Balance balance = run(client_.balance());
  EXPECT_EQ(balance.usd, exchange().balance().usd);
  EXPECT_EQ(balance.usd_available_to_withdraw, exchange().balance().usd_to_withdraw);
  if (world_.venue().switches.show_protected_money) {
    EXPECT_EQ(balance.usd_trade_protected, Money());
  }
  EXPECT_EQ(run(client_.user()).public_key, test_public_key);
}

TEST_P(Contract, every_offer_of_the_market_is_read_with_its_price_and_its_copy) {
  for (const dmarket::Game game : dmarket::all_games) {
    auto listing = client_.all_market_offers(dmarket::OffersQuery(game));
    const auto all = run(listing.rest());
    EXPECT_TRUE(all.complete());
    market::Filter filter;
    filter.game = *market::game_by_id(dmarket::game_id(game));
    EXPECT_EQ(static_cast<std::int64_t>(all.items.size()), exchange().offers(filter, {})->total);
    for (const dmarket::Offer& offer : all.items) {
      ASSERT_TRUE(offer.offer_id && offer.price && offer.attributes.id && offer.attributes.title);
      EXPECT_GT(*offer.price, Money());
      const market::TitleInfo* title = exchange().find_title(filter.game, *offer.attributes.title);
      ASSERT_TRUE(title);
      EXPECT_EQ(offer.attributes.float_value.has_value(), title->has_float);
      EXPECT_EQ(offer.attributes.unknown.find("cs2"), std::string::npos);
    }
  }
}

TEST_P(Contract, targets_and_aggregated_prices_agree_with_the_exchange_to_the_cent) {
  const market::TitleInfo& title = title_with_offers();
  const auto lines = exchange().targets_by_title(title.game, title.title);
  const auto orders = run(client_.targets_by_title(dmarket::Game::cs2, title.title));
  ASSERT_EQ(orders.size(), lines.size());
  for (const market::TargetLine& line : lines) {  // they come in no order
    const auto is_it = [&line](const dmarket::TargetOrder& order) {
      return order.price == line.price && order.amount == line.amount &&
             order.attributes.generic() == line.demand.generic() &&
             order.attributes.float_part.value_or("") == market::to_text(line.demand.float_part);
    };
    EXPECT_TRUE(std::ranges::any_of(orders, is_it)) << dmarket::to_text(line.price);
  }
  const auto prices = run(client_.aggregated_prices_of(dmarket::Game::cs2, {title.title, "no such title"}));
  ASSERT_EQ(prices.size(), 1u);
  const std::vector<std::string> titles{title.title};
  const market::AggregatedPrice known = exchange().aggregated_prices(title.game, titles, 10, "")->items.at(0);
  EXPECT_EQ(prices[0].offer_best_price, known.offer_best);
  EXPECT_EQ(prices[0].order_best_price, known.order_best);
  EXPECT_EQ(prices[0].offer_count, known.offer_count);
  auto all = client_.all_aggregated_prices(dmarket::Game::cs2, 7);
  std::size_t in_game = 0;
  for (const market::TitleInfo& one : exchange().titles()) in_game += one.game == market::Game::cs2;
  EXPECT_EQ(run(all.rest()).items.size(), in_game);
}

TEST_P(Contract, sales_fees_depth_and_blocked_titles_are_read) {
  const market::TitleInfo& title = title_with_offers();
  market::SalesQuery asked;
  asked.title = title.title;
  const auto known = exchange().last_sales(asked);
  const auto sales = run(client_.last_sales(dmarket::LastSalesQuery(dmarket::Game::cs2, title.title)));
  ASSERT_EQ(sales.items.size(), known.size());
  for (std::size_t i = 0; i < known.size(); ++i) {
    EXPECT_EQ(sales.items[i].price, known[i].price);
    EXPECT_EQ(sales.items[i].kind == dmarket::SaleKind::target, known[i].by == market::SaleBy::target);
    EXPECT_NE(sales.items[i].kind.value, dmarket::SaleKind::unknown);
  }
  const auto fees = run(client_.all_fees(dmarket::Game::cs2));
  EXPECT_EQ(static_cast<std::int64_t>(fees.reduced.size()),
            exchange().fees(market::Game::cs2, 100'000, 0).total_reduced);
  EXPECT_EQ(fees.default_fee.min_amount, exchange().rules().minimum_fee);
  EXPECT_EQ(run(client_.market_depth(dmarket::Game::cs2, title.title)).offers.size(),
            exchange().depth(title.game, title.title).offers.size());
  auto blocked = client_.all_deposit_blocked_titles(dmarket::Game::cs2);
  EXPECT_TRUE(run(blocked.rest()).complete());
}

TEST_P(Contract, an_offer_is_made_locked_changed_and_taken_down) {
  const auto items = own_items();
  ASSERT_FALSE(items.empty());
  const AssetId asset = *items[0].attributes.id;
  const auto made = run(client_.create_offers({dmarket::OfferDraft(asset, Money::cents(10'000'000))}));
  ASSERT_EQ(made.at(0).fate, ItemFate::done) << made.at(0).message;
  const dmarket::OfferChange change(*made[0].offer_id, asset, Money::cents(9'000'000));
  const auto locked = run(client_.update_offers({change}));
  EXPECT_EQ(locked.at(0).fate, ItemFate::refused);
  EXPECT_EQ(locked.at(0).code, "AssetTimeLocked");
  ASSERT_TRUE(locked.at(0).locked_for);
  EXPECT_GT(*locked.at(0).locked_for, std::chrono::seconds{890});
  advance(901);
  const auto changed = run(client_.update_offers({change}));
  ASSERT_EQ(changed.at(0).fate, ItemFate::done) << changed.at(0).message;
  EXPECT_NE(changed[0].offer_id, made[0].offer_id);
  auto listing = client_.all_user_offers(dmarket::OffersQuery(dmarket::Game::cs2));
  const auto own = run(listing.rest());
  ASSERT_EQ(own.items.size(), 1u);
  EXPECT_EQ(own.items[0].price, Money::cents(9'000'000));
  EXPECT_EQ(own.items[0].attributes.id, asset);
  EXPECT_EQ(run(client_.delete_offers({dmarket::OfferRemoval(*changed[0].offer_id, asset)})).at(0).fate,
            ItemFate::done);
}

TEST_P(Contract, targets_are_made_listed_and_deleted) {
  control("dmarket-switches", R"({"rules":{"target_lock_refuses_delete":false}})");
  const std::string& title = title_with_offers().title;
  dmarket::TargetDraft draft(title, Money::cents(129));
  draft.attributes.float_part = "FT-0";
  const auto made =
      run(client_.create_targets(dmarket::Game::cs2, {draft, dmarket::TargetDraft("no such title", Money::cents(5))}));
  ASSERT_EQ(made.at(0).fate, ItemFate::done) << made.at(0).message;
  EXPECT_EQ(made.at(1).fate, ItemFate::refused);
  EXPECT_FALSE(made.at(1).code.empty());
  auto listing = client_.all_user_targets(dmarket::TargetsQuery(dmarket::Game::cs2));
  const auto own = run(listing.rest());
  ASSERT_EQ(own.items.size(), 1u);
  EXPECT_EQ(own.items[0].target_id, made[0].target_id);
  EXPECT_EQ(own.items[0].price, Money::cents(129));
  EXPECT_EQ(own.items[0].amount, 1);
  EXPECT_EQ(own.items[0].attributes.float_part, "FT-0");
  EXPECT_NE(own.items[0].status.value, dmarket::TargetStatus::unknown);
  EXPECT_EQ(run(client_.delete_targets({*made[0].target_id})).at(0).fate, ItemFate::done);
}

TEST_P(Contract, an_equal_target_stands_twice_or_is_refused_by_name) {
  const dmarket::TargetDraft draft(title_with_offers().title, Money::cents(57));
  const auto first = run(client_.create_targets(dmarket::Game::cs2, {draft}));
  const auto second = run(client_.create_targets(dmarket::Game::cs2, {draft}));
  ASSERT_EQ(first.at(0).fate, ItemFate::done) << first.at(0).message;
  auto listing = client_.all_user_targets(dmarket::TargetsQuery(dmarket::Game::cs2));
  const auto own = run(listing.rest());
  if (exchange().rules().equal_target == market::EqualTarget::refused) {
    EXPECT_EQ(second.at(0).fate, ItemFate::refused);
    EXPECT_FALSE(second.at(0).code.empty());
    EXPECT_EQ(own.items.size(), 1u);
  } else {
    EXPECT_EQ(second.at(0).fate, ItemFate::done);
    EXPECT_NE(second.at(0).target_id, first.at(0).target_id);
    EXPECT_EQ(own.items.size(), 2u);
  }
}

TEST_P(Contract, a_target_without_cover_is_listed_and_its_status_is_read) {
  control("dmarket-switches", R"({"rules":{"targets_take_resting_offers":false}})");
  const auto made = run(client_.create_targets(
      dmarket::Game::cs2, {dmarket::TargetDraft(title_with_offers().title, Money::cents(2'000'000))}));
  ASSERT_EQ(made.at(0).fate, ItemFate::done) << made.at(0).message;
  auto listing = client_.all_user_targets(dmarket::TargetsQuery(dmarket::Game::cs2));
  const auto own = run(listing.rest());
  EXPECT_EQ(own.items.at(0).status,
            exchange().rules().shows_inactive ? dmarket::TargetStatus::inactive : dmarket::TargetStatus::active);
}

TEST_P(Contract, a_withdrawal_asked_for_twice_is_one_only_where_the_exchange_remembers_its_name) {
  const auto items = own_items();
  ASSERT_GE(items.size(), 1u);
  const dmarket::Withdrawal item(*items[0].attributes.id, dmarket::Game::cs2, "1:2");
  const dmarket::TransferId first = run(client_.withdraw({item}, "request-1"));
  if (exchange().rules().request_id_idempotent)
    EXPECT_EQ(run(client_.withdraw({item}, "request-1")), first);
  else
    EXPECT_EQ(failure_of(client_.withdraw({item}, "request-1")), ErrorKind::rejected);
}

TEST_P(Contract, a_batch_beyond_the_exchanges_limit_is_refused_and_changes_nothing) {
  const auto items = own_items();
  ASSERT_GE(items.size(), 2u);
  control("dmarket-switches", R"({"rules":{"batch_limit":1}})");
  const std::vector<dmarket::OfferDraft> two{{*items[0].attributes.id, Money::cents(10'000'000)},
                                             {*items[1].attributes.id, Money::cents(10'000'000)}};
  EXPECT_EQ(failure_of(client_.create_offers(two)), ErrorKind::rejected);
  EXPECT_TRUE(run(client_.user_offers(dmarket::OffersQuery(dmarket::Game::cs2))).items.empty());
}

TEST_P(Contract, sales_and_purchases_equal_the_exchanges_books) {
  control("market", R"({"act":"buy","offer":")" + offer_one(1'999).text() + R"("})");
  const auto made = run(
      client_.create_targets(dmarket::Game::cs2, {dmarket::TargetDraft(title_with_offers().title, Money::cents(57))}));
  control("market", R"({"act":"sell","target":")" + made.at(0).target_id->text() + R"("})");
  const auto sold = run(client_.closed_offers(dmarket::ClosedQuery()));
  ASSERT_EQ(sold.items.size(), 1u);
  const market::Trade& sale = exchange().books().trades().at(0);
  EXPECT_EQ(sold.items[0].price, Money::cents(1'999));
  EXPECT_EQ(sold.items[0].fee.amount, sale.fee);
  EXPECT_EQ(sold.items[0].status, dmarket::TradeStatus::trade_protected);
  EXPECT_FALSE(sold.items[0].target_id);
  const auto bought = run(client_.closed_targets(dmarket::ClosedQuery()));
  ASSERT_EQ(bought.items.size(), 1u);
  EXPECT_EQ(bought.items[0].price, Money::cents(57));
  EXPECT_EQ(bought.items[0].target_id, made[0].target_id);
  EXPECT_EQ(run(client_.balance()).usd, Money::cents(1'000'000 - 57));
  advance(9 * 86'400);
  const auto later = run(client_.closed_offers(dmarket::ClosedQuery()));
  EXPECT_NE(later.items.at(0).status, dmarket::TradeStatus::trade_protected);
  EXPECT_TRUE(exchange().violations().empty());
}

TEST_P(Contract, a_purchase_is_made_at_the_shown_price_and_at_no_other) {
  dmarket::OffersQuery query(dmarket::Game::cs2);
  query.order_by = "price";
  query.limit = 1;
  const dmarket::Offer offer = run(client_.market_offers(query)).items.at(0);
  const auto wrong = run(client_.buy_offers({dmarket::Purchase(*offer.offer_id, *offer.price + Money::cents(1))}));
  EXPECT_EQ(wrong.status, dmarket::BuyStatus::failed);
  EXPECT_FALSE(wrong.fail_code.empty());
  const auto bought = run(client_.buy_offers({dmarket::Purchase(*offer.offer_id, *offer.price)}));
  EXPECT_EQ(bought.status, dmarket::BuyStatus::success) << bought.fail_code;
  EXPECT_EQ(run(client_.balance()).usd, Money::cents(1'000'000) - *offer.price);
}

TEST_P(Contract, items_come_from_steam_and_go_back) {
  run(client_.sync_inventory(dmarket::Game::cs2));
  AssetId in_steam;
  dmarket::Game game = dmarket::Game::cs2;
  for (const dmarket::Game one : dmarket::all_games) {
    dmarket::InventoryQuery query(one);
    query.filters.is("inMarket", "false");
    for (const auto& item : run(client_.inventory(query)).items) {
      if (!item.attributes.tradable.value_or(true)) continue;
      in_steam = *item.attributes.id;
      game = one;
    }
  }
  ASSERT_FALSE(in_steam.empty());
  EXPECT_FALSE(dmarket::is_uuid(in_steam.text()));
  const dmarket::DepositId deposit = run(client_.deposit({in_steam}));
  EXPECT_EQ(run(client_.deposit_status(deposit)).state, dmarket::DepositState::pending);
  advance(600);
  const auto done = run(client_.deposit_status(deposit));
  EXPECT_EQ(done.state, dmarket::DepositState::success);
  ASSERT_TRUE(done.assets.at(0).asset_id);
  const AssetId asset = *done.assets[0].asset_id;
  const dmarket::TransferId transfer = run(client_.withdraw({dmarket::Withdrawal(asset, game, "1:2")}, "request-1"));
  EXPECT_FALSE(transfer.empty());
}

TEST_P(Contract, a_lost_answer_is_found_out_from_the_lists) {
  const AssetId asset = *own_items().at(0).attributes.id;
  const dmarket::OfferDraft draft(asset, Money::cents(10'000'000));
  control("faults", R"({"method":"dmarket","action":"drop_after","path":"/marketplace-api/v2/offers:batchCreate"})");
  const tgkit::WallTime sent = clock_.wall();
  EXPECT_EQ(failure_of(client_.create_offers({draft})), ErrorKind::unknown_outcome);
  auto offers = client_.all_user_offers(dmarket::OffersQuery(dmarket::Game::cs2));
  auto closed = client_.all_closed_offers(dmarket::ClosedQuery());
  auto items = client_.all_inventory(dmarket::InventoryQuery(dmarket::Game::cs2));
  const auto finding = dmarket::find_created_offer(draft, run(offers.rest()), run(closed.rest()), run(items.rest()),
                                                   dmarket::Look(sent, clock_.wall()));
  EXPECT_EQ(finding.verdict, dmarket::Verdict::done) << finding.reason;
}

TEST_P(Contract, a_client_whose_clock_is_a_month_behind_corrects_itself) {
  advance(30 * 86'400);
  EXPECT_EQ(run(client_.balance()).usd, exchange().balance().usd);
  EXPECT_FALSE(run(client_.market_offers(dmarket::OffersQuery(dmarket::Game::cs2))).items.empty());
}

TEST_P(Contract, lists_that_lead_in_a_circle_or_nowhere_end) {
  control("faults", R"({"method":"dmarket","action":"same_cursor","count":0,"path":"/marketplace-api/v2/offers"})");
  auto circle = client_.all_market_offers(dmarket::OffersQuery(dmarket::Game::cs2));
  EXPECT_EQ(run(circle.rest()).end, dmarket::ListEnd::repeated_cursor);
  control("faults", R"({"clear":true})");
  control("faults", R"({"method":"dmarket","action":"empty_page","path":"/marketplace-api/v2/offers"})");
  auto nowhere = client_.all_market_offers(dmarket::OffersQuery(dmarket::Game::cs2));
  EXPECT_EQ(run(nowhere.rest()).end, dmarket::ListEnd::empty_page);
}

TEST_P(Contract, a_dry_run_writes_nothing) {
  dmarket::Transport dry(http_, clock_, transport_settings(true));
  const Client client(dry);
  EXPECT_EQ(
      failure_of(client.create_offers({dmarket::OfferDraft(*own_items().at(0).attributes.id, Money::cents(100))})),
      ErrorKind::refused_by_guard);
  EXPECT_EQ(failure_of(client.create_targets(dmarket::Game::cs2, {dmarket::TargetDraft("x", Money::cents(5))})),
            ErrorKind::refused_by_guard);
  EXPECT_EQ(failure_of(client.sync_inventory(dmarket::Game::cs2)), ErrorKind::refused_by_guard);
  run(client.balance());
  EXPECT_EQ(world_.venue().write_calls(), 0u);
  EXPECT_EQ(world_.venue().changing_calls(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Switches, Contract, testing::ValuesIn(switchings),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace sandbox
