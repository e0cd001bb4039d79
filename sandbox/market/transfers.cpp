// Items between Steam and the market.

#include "sandbox/market/state.hpp"

#include <algorithm>

namespace sandbox::market {
namespace {

constexpr Time steam_lock = 7 * 86'400;

}  // namespace

Asset& Exchange::State::new_asset(std::uint32_t title, const Copy& copy) {
  Asset asset;
  asset.number = ++last_item;
  asset.title = title;
  asset.copy = with_index(title, copy);
  asset.created_at = asset.updated_at = now;
  return assets[asset.number] = asset;
}

void Exchange::State::to_market(Asset& asset, Uuid id) {
  const ItemPlace from = asset.steam_id.empty() ? ItemPlace::outside : ItemPlace::steam;
  steam_items.erase(asset.steam_id);
  asset.steam_id.clear();
  const std::uint32_t serial = id.empty() ? book(asset.title).next_serial() : 0;
  asset.id = id.empty() ? market.ids().make(IdKind::asset, asset.title, serial) : id;
  asset.place = ItemPlace::market;
  asset.moving = false;
  asset.updated_at = now;
  market_items[asset.id] = asset.number;
  books.move(now, asset.number, from, ItemPlace::market, from == ItemPlace::steam ? "deposit" : "given");
}

void Exchange::State::to_steam(Asset& asset, bool shown) {
  const ItemPlace from = asset.id.empty() ? ItemPlace::outside : ItemPlace::market;
  market_items.erase(asset.id);
  asset.id = {};
  last_steam_asset += random.between(1, 1'000'000);
  const TitleInfo& title = info(asset.title);
  asset.steam_id =
      title.class_id + ":" + std::to_string(last_steam_asset) + ":" + std::to_string(steam_app(title.game));
  asset.place = ItemPlace::steam;
  asset.moving = false;
  asset.shown = shown;
  asset.updated_at = now;
  steam_items[asset.steam_id] = asset.number;
  books.move(now, asset.number, from, ItemPlace::steam, from == ItemPlace::market ? "withdrawal" : "given");
}

std::string Exchange::State::blocked(std::uint32_t title) const {
  const std::uint64_t draw = mixed(market.traits(title).seed, 0xb10c) % 200;
  if (draw == 0) return "Overstocked";
  return draw == 1 ? "SaleRestricted" : "";
}

void Exchange::sync_inventory(Game game) {
  State& state = *state_;
  state.plan(state.after(state.rules.sync_from, state.rules.sync_to), What::sync_ends, {}, static_cast<int>(game));
}

void Exchange::State::sync_ends(Game game) {
  for (auto& [number, asset] : assets) {
    if (asset.place == ItemPlace::steam && info(asset.title).game == game) asset.shown = true;
  }
  tell("synced", "The inventory of " + std::string(sync_name(game)) + " is in step with Steam");
}

Result<Uuid> Exchange::deposit(std::span<const std::string> ids) {
  State& state = *state_;
  if (const auto refusal = batch_refusal(ids.size(), state.rules.batch_limit)) return std::unexpected(*refusal);
  DepositInProgress made;
  for (const std::string& id : ids) {
    const auto found = state.steam_items.find(id);
    const Asset* asset = found == state.steam_items.end() ? nullptr : &state.assets.at(found->second);
    if (!asset || !asset->shown)
      return std::unexpected(Refusal{"InventoryItemsNotFound", "no item " + id + " in Steam"});
    if (std::find(made.items.begin(), made.items.end(), asset->number) != made.items.end()) {
      return std::unexpected(Refusal{"DuplicatedAssets", "the item " + id + " comes twice"});
    }
    if (asset->moving) return std::unexpected(Refusal{"BadRequest", "the item " + id + " is being deposited already"});
    if (asset->copy.unlock_at > state.now) {
      return std::unexpected(Refusal{"BadRequest", "the item " + id + " is under Steam's trade lock"});
    }
    made.items.push_back(asset->number);
    made.deposit.assets.push_back({id, {}});
  }
  for (const ItemNumber item : made.items) state.assets.at(item).moving = true;
  made.number = static_cast<std::int64_t>(state.deposits.size());
  made.deposit.deposit_id = state.new_id(IdKind::deposit);
  const Time next = state.after(state.rules.deposit_created_from, state.rules.deposit_created_to);
  state.plan(next, What::deposit_goes_on, {}, made.number);
  state.deposits.push_back(made);
  return made.deposit.deposit_id;
}

void Exchange::State::deposit_goes_on(std::int64_t number) {
  DepositInProgress& one = deposits.at(static_cast<std::size_t>(number));
  Deposit& deposit = one.deposit;
  if (deposit.status == DepositStatus::pending) {
    std::string why;
    for (const ItemNumber item : one.items) why = why.empty() ? blocked(assets.at(item).title) : why;
    deposit.status = why.empty() ? DepositStatus::created : DepositStatus::failed_to_create;
    deposit.error = why;
    if (!why.empty()) {
      for (const ItemNumber item : one.items) assets.at(item).moving = false;
      return tell("deposited", "A deposit was refused: " + why, 0, deposit.deposit_id);
    }
    deposit.trade_offer_id = std::to_string(7'000'000'000 + number * 37 + random.below(30));
    deposit.message = std::to_string(random.between(100'000, 999'999));
    if (rules.deposits_accept_themselves) {
      plan(after(rules.deposit_accept_from, rules.deposit_accept_to), What::deposit_goes_on, {}, number);
    }
    return;
  }
  if (deposit.status != DepositStatus::created) return;
  deposit.status = DepositStatus::success;
  for (std::size_t i = 0; i < one.items.size(); ++i) {
    Asset& asset = assets.at(one.items[i]);
    to_market(asset);
    deposit.assets[i].dmarket_asset_id = asset.id;
  }
  tell("deposited", std::to_string(one.items.size()) + " items came from Steam", 0, deposit.deposit_id);
}

std::optional<Deposit> Exchange::deposit_status(const Uuid& deposit) {
  for (const DepositInProgress& one : state_->deposits) {
    if (one.deposit.deposit_id == deposit) return one.deposit;
  }
  return std::nullopt;
}

Result<Uuid> Exchange::accept_deposit(const Uuid& deposit) {
  for (const DepositInProgress& one : state_->deposits) {
    if (one.deposit.deposit_id != deposit) continue;
    if (one.deposit.status != DepositStatus::created) {
      return std::unexpected(Refusal{"BadRequest", "the deposit has no open trade offer in Steam"});
    }
    state_->deposit_goes_on(one.number);
    return deposit;
  }
  return std::unexpected(Refusal{"DepositTransferNotFound", "no such deposit"});
}

Result<Uuid> Exchange::withdraw(const WithdrawRequest& request) {
  State& state = *state_;
  if (const auto refusal = batch_refusal(request.assets.size(), state.rules.batch_limit))
    return std::unexpected(*refusal);
  const auto before = state.request_ids.find(request.request_id);
  if (state.rules.request_id_idempotent && before != state.request_ids.end()) return before->second;
  WithdrawalInProgress made;
  for (const Uuid& id : request.assets) {
    const auto found = state.market_items.find(id);
    const Asset* asset = found == state.market_items.end() ? nullptr : &state.assets.at(found->second);
    if (!asset || asset->place != ItemPlace::market || asset->moving) {
      return std::unexpected(Refusal{"InventoryItemsNotFound", "no asset " + to_text(id) + " of yours in the market"});
    }
    if (std::find(made.items.begin(), made.items.end(), asset->number) != made.items.end()) {
      return std::unexpected(Refusal{"DuplicatedAssets", "the asset " + to_text(id) + " comes twice"});
    }
    if (asset->offer != 0) return std::unexpected(Refusal{"BadRequest", "the asset " + to_text(id) + " is offered"});
    if (asset->bought_by != 0 || asset->copy.unlock_at > state.now) {
      return std::unexpected(Refusal{"BadRequest", "the asset " + to_text(id) + " is under trade protection"});
    }
    made.items.push_back(asset->number);
  }
  for (const ItemNumber item : made.items) state.assets.at(item).moving = true;
  made.withdrawal.transfer_id = state.new_id(IdKind::transfer);
  made.withdrawal.assets = request.assets;
  const auto number = static_cast<std::int64_t>(state.withdrawals.size());
  state.plan(state.after(state.rules.withdraw_from, state.rules.withdraw_to), What::withdrawal_ends, {}, number);
  if (!request.request_id.empty()) state.request_ids[request.request_id] = made.withdrawal.transfer_id;
  state.withdrawals.push_back(made);
  return made.withdrawal.transfer_id;
}

void Exchange::State::withdrawal_ends(std::int64_t number) {
  WithdrawalInProgress& one = withdrawals.at(static_cast<std::size_t>(number));
  one.withdrawal.done = true;
  for (const ItemNumber item : one.items) {
    Asset& asset = assets.at(item);
    to_steam(asset, false);
    asset.copy.unlock_at = now + steam_lock;
  }
  tell("withdrawn", std::to_string(one.items.size()) + " items went to Steam", 0, one.withdrawal.transfer_id);
}

std::optional<Withdrawal> Exchange::withdrawal(const Uuid& transfer) {
  for (const WithdrawalInProgress& one : state_->withdrawals) {
    if (one.withdrawal.transfer_id == transfer) return one.withdrawal;
  }
  return std::nullopt;
}

}  // namespace sandbox::market
