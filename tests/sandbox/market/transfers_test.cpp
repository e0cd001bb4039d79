#include "tests/sandbox/market/scene.hpp"

namespace sandbox::market {
namespace {

class MarketTransfers : public Scene {
 protected:
  std::string in_steam() {
    const std::string id = exchange.give_item(title.game, title.title, false).value();
    exchange.sync_inventory(title.game);
    wait(90);
    return id;
  }
  Result<Uuid> deposit(const std::string& id) { return exchange.deposit({&id, 1}); }
  Result<Uuid> withdraw(const Uuid& asset, const std::string& request = "") {
    return exchange.withdraw({{asset}, request});
  }
};

TEST_F(MarketTransfers, a_sync_shows_what_is_new_in_steam_after_a_while) {
  const std::string id = exchange.give_item(title.game, title.title, false).value();
  EXPECT_TRUE(items().empty());
  exchange.sync_inventory(title.game);
  wait(4);
  EXPECT_TRUE(items().empty());
  wait(86);
  ASSERT_EQ(items().size(), 1u);
  EXPECT_EQ(items()[0].id, id);
  EXPECT_FALSE(items()[0].in_market);
  EXPECT_EQ(id, title.class_id + ":" + items()[0].steam_asset_id + ":730");
}

TEST_F(MarketTransfers, a_deposit_goes_from_pending_by_a_trade_offer_to_success_and_the_id_becomes_a_uuid) {
  const std::string id = in_steam();
  const Uuid deposit_id = deposit(id).value();
  EXPECT_EQ(exchange.deposit_status(deposit_id)->status, DepositStatus::pending);
  EXPECT_EQ(code(deposit(id)), "BadRequest");  // it is under way
  wait(30);
  const Deposit created = exchange.deposit_status(deposit_id).value();
  EXPECT_EQ(created.status, DepositStatus::created);
  EXPECT_FALSE(created.trade_offer_id.empty());
  EXPECT_FALSE(items().at(0).in_market);
  wait(240);
  const Deposit done = exchange.deposit_status(deposit_id).value();
  EXPECT_EQ(done.status, DepositStatus::success);
  EXPECT_EQ(done.assets.at(0).in_game_asset_id, id);
  EXPECT_EQ(items().at(0).asset_id, done.assets[0].dmarket_asset_id);
  EXPECT_TRUE(items()[0].in_market);
  EXPECT_TRUE(create(done.assets[0].dmarket_asset_id, worth() * 5));
  EXPECT_FALSE(exchange.deposit_status(Uuid{1, 2}));
}

TEST_F(MarketTransfers, a_deposit_waits_for_the_person_by_rule) {
  exchange.rules().deposits_accept_themselves = false;
  const Uuid id = deposit(in_steam()).value();
  EXPECT_EQ(code(exchange.accept_deposit(id)), "BadRequest");
  wait(hour);
  EXPECT_EQ(exchange.deposit_status(id)->status, DepositStatus::created);
  EXPECT_TRUE(exchange.accept_deposit(id));
  EXPECT_EQ(exchange.deposit_status(id)->status, DepositStatus::success);
  EXPECT_EQ(code(exchange.accept_deposit(Uuid{1, 2})), "DepositTransferNotFound");
}

TEST_F(MarketTransfers, unknown_and_bare_ids_are_not_deposited) {
  const std::string id = in_steam();
  EXPECT_EQ(code(deposit(items().at(0).steam_asset_id)), "InventoryItemsNotFound");
  const std::string hidden = exchange.give_item(title.game, title.title, false).value();
  EXPECT_EQ(code(deposit(hidden)), "InventoryItemsNotFound");  // not synced yet
  const std::string twice[] = {id, id};
  EXPECT_EQ(code(exchange.deposit(twice)), "DuplicatedAssets");
}

TEST_F(MarketTransfers, a_blocked_title_is_listed_and_its_deposit_fails) {
  const TitleInfo* blocked = nullptr;
  for (const Game game : all_games) {
    const auto page = exchange.deposit_blocked(game, 100, "");
    EXPECT_EQ(page->total, static_cast<std::int64_t>(page->items.size()));
    if (!page->items.empty()) blocked = page->items[0].title;
  }
  ASSERT_TRUE(blocked);
  const std::string id = exchange.give_item(blocked->game, blocked->title, false).value();
  exchange.sync_inventory(blocked->game);
  wait(90);
  const Uuid deposit_id = deposit(id).value();
  wait(hour);
  EXPECT_EQ(exchange.deposit_status(deposit_id)->status, DepositStatus::failed_to_create);
  EXPECT_FALSE(exchange.deposit_status(deposit_id)->error.empty());
}

TEST_F(MarketTransfers, a_withdrawn_item_comes_back_under_another_id_but_with_its_float_and_seed) {
  const Uuid asset = item();
  const Copy copy = items().at(0).copy;
  const Uuid transfer = withdraw(asset).value();
  EXPECT_FALSE(exchange.withdrawal(transfer)->done);
  EXPECT_EQ(code(create(asset, worth())), "AssetNotFound");
  wait(240);
  EXPECT_TRUE(exchange.withdrawal(transfer)->done);
  EXPECT_TRUE(items().empty());
  exchange.sync_inventory(title.game);
  wait(90);
  EXPECT_FALSE(items().at(0).tradable);
  EXPECT_EQ(code(deposit(items()[0].id)), "BadRequest");  // Steam's lock
  wait(7 * day);
  const Uuid deposit_id = deposit(items().at(0).id).value();
  wait(hour);
  const Uuid back = exchange.deposit_status(deposit_id)->assets.at(0).dmarket_asset_id;
  EXPECT_NE(back, asset);
  EXPECT_EQ(items().at(0).copy.float_value, copy.float_value);
  EXPECT_EQ(items()[0].copy.paint_seed, copy.paint_seed);
}

TEST_F(MarketTransfers, offered_protected_and_foreign_items_are_not_withdrawn) {
  const Uuid offered = item();
  offer(offered, worth() * 5);
  EXPECT_EQ(code(withdraw(offered)), "BadRequest");
  EXPECT_EQ(code(withdraw(market_offers().at(0).asset_id)), "InventoryItemsNotFound");
  ASSERT_TRUE(exchange.sell_to_target(target(cents(900))));
  EXPECT_EQ(code(withdraw(items().at(1).asset_id)), "BadRequest");
  exchange.rules().bought_items_locked = false;  // it may still be taken back by its seller
  const Uuid before = items()[1].asset_id;
  ASSERT_TRUE(exchange.sell_to_target(target(cents(901))));
  for (const InventoryItem& one : items()) {
    if (one.asset_id == offered || one.asset_id == before) continue;
    EXPECT_EQ(code(withdraw(one.asset_id)), "BadRequest");
  }
}

TEST_F(MarketTransfers, a_request_id_names_one_withdrawal_or_none_by_rule) {
  const Uuid asset = item();
  const Uuid first = withdraw(asset, "w-1").value();
  EXPECT_EQ(withdraw(asset, "w-1").value(), first);
  exchange.rules().request_id_idempotent = false;
  EXPECT_EQ(code(withdraw(asset, "w-1")), "InventoryItemsNotFound");
  EXPECT_NE(withdraw(item(), "w-1").value(), first);
}

}  // namespace
}  // namespace sandbox::market
