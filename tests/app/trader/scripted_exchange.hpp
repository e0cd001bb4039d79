#pragma once
// An exchange in memory that does what is asked, remembers it, and can lose answers, refuse, or hold a call.
#include "app/trader/exchange.hpp"
#include "dmarket/error.hpp"
#include "tgkit/async/event.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace tests::trader {

using dmarket::Money;
using tgkit::Task;

class ScriptedExchange final : public app::trader::Exchange {
 public:
  std::int64_t time = 1'790'000'000;
  bool keys = true, changes_allowed = true;
  Money usd = Money::cents(100'000);
  std::vector<dmarket::Target> own_targets;
  std::vector<dmarket::Offer> own_offers;
  std::vector<dmarket::InventoryItem> items;
  std::vector<dmarket::ClosedOffer> sold;
  std::vector<dmarket::ClosedTarget> bought;
  std::vector<dmarket::Offer> market;
  std::vector<dmarket::TargetOrder> orders;
  std::vector<dmarket::Sale> sales;
  std::vector<std::string> written;  // "create_target AK $9.01", in order
  struct BoughtAtOnce {
    std::string offer, asset;
    Money price;
  };
  std::vector<BoughtAtOnce> bought_at_once;
  // What becomes of a change: done, answer lost after or before it was made, refused; pending: of a purchase; broken:
  // the exchange says that it is busy.
  enum class Fate { done, lost_after, lost_before, refused, locked, pending, broken };
  std::function<Fate(const std::string& what)> fate = [](const std::string&) { return Fate::done; };
  tgkit::Event* hold = nullptr;    // a change waits here before it leaves
  bool down = false;               // reads fail
  std::set<dmarket::Game> broken;  // games whose own lists and fees fail
  std::int64_t slow = 0;           // seconds that a question about a title takes

  std::int64_t now() const override { return time; }
  bool has_keys() const override { return keys; }
  bool may_be_changed() const override { return changes_allowed; }

  Task<dmarket::Balance> balance() override {
    fail_when_down();
    dmarket::Balance balance;
    balance.usd = usd;
    co_return balance;
  }
  Task<dmarket::Listed<dmarket::Target>> targets(dmarket::Game game) override {
    fail_when_broken(game);
    co_return all(own_targets);
  }
  Task<dmarket::Listed<dmarket::Offer>> offers(dmarket::Game) override { co_return all(own_offers); }
  Task<dmarket::Listed<dmarket::InventoryItem>> inventory(dmarket::Game) override { co_return all(items); }
  Task<dmarket::Listed<dmarket::ClosedOffer>> closed_offers(std::int64_t) override { co_return all(sold); }
  Task<dmarket::Listed<dmarket::ClosedTarget>> closed_targets(std::int64_t) override { co_return all(bought); }
  Task<dmarket::Listed<dmarket::Offer>> cheapest_offers(dmarket::Game, std::string, Enough) override {
    co_return all(market);
  }
  Task<dmarket::Listed<dmarket::Offer>> market_offers(dmarket::Game, std::string) override { co_return all(market); }
  Task<std::vector<dmarket::TargetOrder>> targets_of(dmarket::Game, std::string) override { co_return orders; }
  Task<std::vector<dmarket::Sale>> last_sales(dmarket::Game, std::string) override {
    time += slow;
    co_return sales;
  }
  Task<dmarket::CustomizedFees> fees(dmarket::Game game) override {
    fail_when_broken(game);
    dmarket::CustomizedFees fees;
    fees.default_fee.fraction = dmarket::FeeRate::millionths(20'000);
    fees.default_fee.min_amount = Money::cents(1);
    co_return fees;
  }

  Task<dmarket::TargetOutcome> create_target(dmarket::Game, dmarket::TargetDraft draft) override {
    const std::string what = "create_target " + draft.title + " " + dmarket::to_text(draft.price);
    const Fate fate_now = co_await leave(what);
    dmarket::TargetOutcome outcome = refused<dmarket::TargetOutcome>(fate_now);
    if (outcome.fate == dmarket::ItemFate::refused) co_return outcome;
    if (fate_now != Fate::lost_before) {
      dmarket::Target target;
      target.target_id = dmarket::TargetId(fresh_id());
      target.title = draft.title;
      target.price = draft.price;
      target.amount = draft.amount;
      target.attributes = draft.attributes;
      target.created_at = wall();
      own_targets.push_back(target);
      outcome.target_id = target.target_id;
    }
    lose(fate_now, "POST /marketplace-api/v1/user-targets/create");
    co_return outcome;
  }
  Task<std::vector<dmarket::TargetOutcome>> delete_targets(std::vector<dmarket::TargetId> ids) override {
    std::vector<dmarket::TargetOutcome> outcomes;
    for (const dmarket::TargetId& id : ids) {
      const Fate fate_now = co_await leave("delete_target " + id.text());
      dmarket::TargetOutcome outcome = refused<dmarket::TargetOutcome>(fate_now);
      if (outcome.fate == dmarket::ItemFate::done && fate_now != Fate::lost_before)
        std::erase_if(own_targets, [&id](const dmarket::Target& target) { return target.target_id == id; });
      outcomes.push_back(outcome);
      lose(fate_now, "POST /marketplace-api/v1/user-targets/delete");
    }
    co_return outcomes;
  }
  Task<dmarket::OfferOutcome> create_offer(dmarket::OfferDraft draft) override {
    co_return co_await put_offer("create_offer", draft.asset, draft.price, "");
  }
  Task<dmarket::OfferOutcome> change_offer(dmarket::OfferChange change) override {
    co_return co_await put_offer("change_offer", change.asset, change.price, change.offer.text());
  }
  Task<dmarket::OfferOutcome> delete_offer(dmarket::OfferRemoval removal) override {
    const Fate fate_now = co_await leave("delete_offer " + removal.offer.text());
    dmarket::OfferOutcome outcome = refused<dmarket::OfferOutcome>(fate_now);
    if (outcome.fate == dmarket::ItemFate::done && fate_now != Fate::lost_before) drop_offer(removal.offer.text());
    lose(fate_now, "POST /marketplace-api/v2/offers:batchDelete");
    co_return outcome;
  }

  Task<dmarket::BuyAnswer> buy_offer(dmarket::Purchase purchase) override {
    const Fate fate_now = co_await leave("buy " + purchase.offer.text() + " " + dmarket::to_text(purchase.price));
    dmarket::BuyAnswer answer;
    answer.status = dmarket::Spelled(dmarket::BuyStatus::success, "TxSuccess");
    const auto is_it = [&purchase](const dmarket::Offer& offer) { return offer.offer_id == purchase.offer; };
    const auto offer = std::find_if(market.begin(), market.end(), is_it);
    if (offer == market.end()) answer.fail_code = "OfferNotFound";
    if (offer != market.end() && offer->price != purchase.price) answer.fail_code = "OfferPriceChanged";
    if (fate_now == Fate::refused) answer.fail_code = "BalanceInsufficientFunds";
    if (!answer.fail_code.empty()) {
      answer.status = dmarket::Spelled(dmarket::BuyStatus::failed, "TxFailed");
    } else if (fate_now == Fate::pending) {
      answer.status = dmarket::Spelled(dmarket::BuyStatus::pending, "TxPending");
      offer->locked = true;
    } else if (fate_now != Fate::lost_before) {
      hand_over(offer);
    }
    lose(fate_now, "PATCH /exchange/v1/offers-buy");
    co_return answer;
  }

  // --- the other side

  // The purchase that is pending comes to its end.
  void end_pending(bool succeeds) {
    const auto is_it = [](const dmarket::Offer& offer) { return offer.locked.value_or(false); };
    const auto offer = std::find_if(market.begin(), market.end(), is_it);
    offer->locked = false;
    if (succeeds) hand_over(offer);
  }
  // The seller of a copy takes it back.
  void take_back(std::size_t purchase) {
    const BoughtAtOnce& made = bought_at_once[purchase];
    std::erase_if(items,
                  [&made](const dmarket::InventoryItem& item) { return item.attributes.id->text() == made.asset; });
    std::erase_if(own_offers,
                  [&made](const dmarket::Offer& offer) { return offer.attributes.id->text() == made.asset; });
    usd += made.price;
  }

  std::string fresh_id() {
    char text[40];
    std::snprintf(text, sizeof text, "00000000-0000-4000-8000-%012d", ++ids_);
    return text;
  }
  tgkit::WallTime wall() const { return tgkit::WallTime(std::chrono::seconds(time)); }

  // Somebody sells to our first target; gives the asset.
  std::string sell_to_us() {
    const dmarket::AssetId asset(fresh_id());
    return sell_to_us(asset, "0.2" + std::to_string(ids_));
  }
  std::string sell_to_us(const dmarket::AssetId& asset, const std::string& float_value) {
    dmarket::Target& target = own_targets.front();
    dmarket::ClosedTarget closed;
    closed.target_id = target.target_id;
    closed.asset_id = asset;
    closed.title = target.title;
    closed.price = target.price;
    closed.status = dmarket::Spelled(dmarket::TradeStatus::trade_protected, "trade_protected");
    closed.closed_at = wall();
    bought.push_back(closed);
    dmarket::InventoryItem item;
    item.attributes.id = closed.asset_id;
    item.attributes.title = target.title;
    item.attributes.float_value = float_value;
    item.in_market = true;
    items.push_back(item);
    usd -= *target.price;
    if (*target.amount > 1)
      --*target.amount;
    else
      own_targets.erase(own_targets.begin());
    return closed.asset_id->text();
  }
  // Somebody buys our first offer; the money comes later.
  void buy_from_us(Money fee) {
    const dmarket::Offer offer = own_offers.front();
    dmarket::ClosedOffer closed;
    closed.offer_id = offer.offer_id;
    closed.asset_id = offer.attributes.id;
    closed.title = offer.attributes.title;
    closed.price = offer.price;
    closed.fee.amount = fee;
    closed.status = dmarket::Spelled(dmarket::TradeStatus::trade_protected, "trade_protected");
    closed.closed_at = wall();
    sold.push_back(closed);
    own_offers.erase(own_offers.begin());
    std::erase_if(items, [&](const dmarket::InventoryItem& item) { return item.attributes.id == closed.asset_id; });
  }
  void finish(std::size_t sale, dmarket::TradeStatus status, const char* text) {
    sold[sale].status = dmarket::Spelled(status, text);
    sold[sale].finalized_at = wall();
    if (status == dmarket::TradeStatus::successful) usd += *sold[sale].price - *sold[sale].fee.amount;
  }
  dmarket::Offer& add_market_offer(Money price, std::string title = "AK", std::string float_value = "") {
    dmarket::Offer& offer = market.emplace_back();
    offer.offer_id = dmarket::OfferId(fresh_id());
    offer.price = price;
    offer.attributes.id = dmarket::AssetId(fresh_id());
    offer.attributes.title = std::move(title);
    if (!float_value.empty()) offer.attributes.float_value = std::move(float_value);
    return offer;
  }
  void add_order(Money price) {
    dmarket::TargetOrder order;
    order.title = "AK";
    order.price = price;
    order.amount = 1;
    orders.push_back(order);
  }
  void add_sale(Money price, std::int64_t ago) {
    dmarket::Sale sale;
    sale.price = price;
    sale.date = tgkit::WallTime(std::chrono::seconds(time - ago));
    sale.kind = dmarket::Spelled(dmarket::SaleKind::offer, "Offer");
    sales.insert(sales.begin(), sale);
  }

 private:
  void fail_when_down() const {
    if (down) throw dmarket::Error(dmarket::ErrorKind::unavailable, "GET /account/v1/balance", 503, "", "down");
  }
  void fail_when_broken(dmarket::Game game) const {
    if (broken.contains(game))
      throw dmarket::Error(dmarket::ErrorKind::unavailable, "GET /marketplace-api/v2/user/targets", 503, "", "down");
  }
  template <class T>
  dmarket::Listed<T> all(const std::vector<T>& list) const {
    fail_when_down();
    dmarket::Listed<T> listed;
    listed.items = list;
    listed.end = dmarket::ListEnd::complete;
    return listed;
  }
  Task<Fate> leave(std::string what) {
    if (hold != nullptr) co_await hold->wait();
    written.push_back(what);
    const Fate decided = fate(what);
    if (decided == Fate::broken) throw dmarket::Error(dmarket::ErrorKind::rate_limited, what, 429, "", "busy");
    co_return decided;
  }
  template <class T>
  static T refused(Fate fate_now) {
    T outcome;
    outcome.fate = dmarket::ItemFate::done;
    if (fate_now == Fate::refused || fate_now == Fate::locked) outcome.fate = dmarket::ItemFate::refused;
    if (fate_now == Fate::refused) outcome.code = "NotEnoughBalance";
    if (fate_now == Fate::locked) {
      outcome.code = "AssetTimeLocked";
      outcome.message = "12:00";
    }
    return outcome;
  }
  static void lose(Fate fate_now, const char* endpoint) {
    if (fate_now == Fate::lost_after || fate_now == Fate::lost_before)
      throw dmarket::Error(dmarket::ErrorKind::unknown_outcome, endpoint, 0, "", "the answer was lost");
  }
  void hand_over(std::vector<dmarket::Offer>::iterator offer) {
    BoughtAtOnce& made = bought_at_once.emplace_back();
    made.offer = offer->offer_id->text();
    made.asset = offer->attributes.id->text();
    made.price = *offer->price;
    dmarket::InventoryItem item;
    item.attributes = offer->attributes;
    item.in_market = true;
    items.push_back(item);
    usd -= made.price;
    market.erase(offer);
  }
  void drop_offer(const std::string& id) {
    std::erase_if(own_offers, [&id](const dmarket::Offer& offer) { return offer.offer_id->text() == id; });
  }
  Task<dmarket::OfferOutcome> put_offer(std::string verb, dmarket::AssetId asset, Money price, std::string old) {
    const Fate fate_now = co_await leave(verb + " " + dmarket::to_text(price));
    dmarket::OfferOutcome outcome = refused<dmarket::OfferOutcome>(fate_now);
    if (outcome.fate == dmarket::ItemFate::refused) co_return outcome;
    if (fate_now != Fate::lost_before) {
      drop_offer(old);
      dmarket::Offer offer;
      offer.offer_id = dmarket::OfferId(fresh_id());
      offer.price = price;
      offer.created_at = wall();
      offer.attributes.id = asset;
      offer.attributes.title = "AK";
      own_offers.push_back(offer);
      outcome.offer_id = offer.offer_id;
    }
    lose(fate_now, "POST /marketplace-api/v2/offers:batchCreate");
    co_return outcome;
  }
  int ids_ = 0;
};

}  // namespace tests::trader
