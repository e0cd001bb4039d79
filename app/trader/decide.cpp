#include "app/trader/decide.hpp"

#include "app/ledger/export.hpp"
#include "app/trader/valuation.hpp"
#include "dmarket/trading/outbid.hpp"
#include "dmarket/trading/reprice.hpp"

#include <algorithm>

namespace app::trader {
namespace {

namespace trading = dmarket::trading;
using ledger::Action;
using ledger::Intent;

// A purchase that is not in the inventory yet, or lies in Steam for its protection, is held all the same.
constexpr std::int64_t surely_held = 8 * ledger::day_seconds;

class Deciding {
 public:
  Deciding(const Rules& rules, const Snapshot& snapshot, const ledger::Books& books, const trading::GuardState& guards)
      : rules_(rules), snapshot_(snapshot), books_(books), guards_(guards), account_(account_of(snapshot, books)) {
    for (ledger::Position& position : books.positions()) {
      std::string asset = position.asset_id;
      positions_.emplace(std::move(asset), std::move(position));
    }
  }

  Plan run() {
    if (guards_.paused) return nothing(trading::Refusal::paused);
    if (trading::stopped(guards_.errors, snapshot_.now)) return nothing(trading::Refusal::stopped_after_errors);
    withdraw_targets_without_rule();
    for (const Rule& rule : rules_.rules) {
      bid(rule);
      if (rule.sell) sell(rule);
    }
    return std::move(plan_);
  }

 private:
  Plan nothing(trading::Refusal why) {
    for (const Rule& rule : rules_.rules) refuse(rule, trading::Refused{why, {}});
    return std::move(plan_);
  }

  void refuse(const Rule& rule, const trading::Refused& refused) {
    plan_.refused.count(refused.why);
    note(rule, trading::to_text(refused));
  }
  void note(const Rule& rule, std::string text) {
    Note& made = plan_.notes.emplace_back();
    made.rule = rule.name;
    made.text = std::move(text);
  }

  // While the fate of an order is not known, nothing else is ordered in its place.
  bool in_doubt(const Rule& rule, bool buying, const std::string& asset = {}) const {
    return std::ranges::any_of(books_.open_intents(), [&](const auto& entry) {
      const Intent& open = entry.second.intent;
      const bool buys =
          open.action == Action::create_target || open.action == Action::delete_target || open.action == Action::buy;
      if (buys != buying) return false;
      return buying ? open.item.title == rule.title && open.item.game == dmarket::game_id(rule.game)
                    : open.asset_id == asset;
    });
  }

  // --- buying

  void withdraw_targets_without_rule() {
    for (const auto& [id, target] : books_.targets()) {
      const auto wants = [&target](const Rule& rule) {
        return rule.name == target.made_by.reason.rule && rule.max_price && rule.title == target.made_by.item.title;
      };
      if (std::ranges::any_of(rules_.rules, wants) || !may_delete(id)) continue;
      trading::Figures none;
      plan_.chains.push_back(
          {removal(id, target, reason_of(target.made_by.reason.rule, "no rule wants it any more", none))});
    }
  }

  // Ours, on the exchange, and not locked as far as we know.
  bool may_delete(const std::string& id) const {
    return snapshot_.own.targets.contains(id) && !is_locked(id) && !being_deleted(id);
  }
  bool is_locked(const std::string& what) const {
    return books_.locked_until(what) > trading::unix_seconds(snapshot_.now);
  }
  bool being_deleted(const std::string& id) const {
    return std::ranges::any_of(books_.open_intents(),
                               [&id](const auto& entry) { return entry.second.intent.target_id == id; });
  }

  static Intent removal(const std::string& id, const ledger::OwnTarget& target, ledger::Reason reason) {
    Intent intent = target.made_by;
    intent.action = Action::delete_target;
    intent.amount = target.left();
    intent.reserve = Money();
    intent.target_id = id;
    intent.known.clear();
    intent.reason = std::move(reason);
    return intent;
  }

  trading::OwnTarget standing_of(const std::string& id, const ledger::OwnTarget& target) const {
    trading::OwnTarget standing;
    standing.price = target.made_by.price;
    standing.amount = target.left();
    standing.demand = demand_of(target.made_by);
    standing.changed = trading::time_of(target.at);
    if (const auto until = books_.locked_until(id); until != 0) standing.locked_until = trading::time_of(until);
    return standing;
  }

  std::int64_t held(const Rule& rule) const {
    const auto is_ours = [&rule](dmarket::Game game, const std::string& title) {
      return game == rule.game && title == rule.title;
    };
    std::int64_t copies = 0, bought = 0;
    for (const Copy& copy : snapshot_.own.copies) copies += is_ours(copy.game, copy.item.title) ? 1 : 0;
    for (const auto& [asset, position] : positions_) {
      const bool recent = position.at > trading::unix_seconds(snapshot_.now) - surely_held;
      bought +=
          recent && position.item.game == dmarket::game_id(rule.game) && position.item.title == rule.title ? 1 : 0;
    }
    return std::max(copies, bought);
  }

  std::int64_t ordered_by_others(const Rule& rule) const {
    std::int64_t pieces = 0;
    for (const auto& [id, target] : books_.targets()) {
      if (target.made_by.item.title == rule.title && target.made_by.reason.rule != rule.name) pieces += target.left();
    }
    return pieces;
  }

  void bid(const Rule& rule) {
    if (!rule.max_price) return;
    const Scene scene = scene_of(snapshot_, rule);
    if (scene.fees == nullptr) return refuse(rule, trading::Refused{trading::Refusal::no_fees, {}});
    if (scene.market == nullptr || !scene.market->offers_at || !scene.market->targets_at || !scene.market->sales_at)
      return note(rule, "the market of the title could not be read");
    if (in_doubt(rule, true)) return note(rule, "the fate of an earlier order is not known yet");
    std::optional<std::pair<std::string, trading::OwnTarget>> standing;
    std::vector<trading::OwnTarget> own;
    for (const auto& [id, target] : books_.targets()) {
      if (target.made_by.item.title != rule.title || target.made_by.item.game != dmarket::game_id(rule.game)) continue;
      if (!snapshot_.own.targets.contains(id))
        return note(rule, "a target of ours is not listed; looking for what became of it");
      own.push_back(standing_of(id, target));
      if (target.made_by.reason.rule == rule.name && !standing) standing.emplace(id, own.back());
    }
    const std::int64_t wanted = rule.amount - held(rule) - ordered_by_others(rule);
    if (wanted <= 0) return withdraw_when_standing(rule, standing, "there are enough copies");
    if (!standing && rules_.blacklist.blocks(rule.title))
      return refuse(rule, trading::Refused{trading::Refusal::blacklisted, {}});
    std::vector<trading::Order> others;
    if (rule.keep_best) others = trading::without_own(scene.market->targets, own);
    decide_bid(rule, scene, standing, others, wanted);
  }

  using Standing = std::optional<std::pair<std::string, trading::OwnTarget>>;

  void decide_bid(const Rule& rule, const Scene& scene, const Standing& standing,
                  const std::vector<trading::Order>& others, std::int64_t wanted) {
    const auto worth = worth_of(rule, scene, snapshot_.now);
    if (!worth && !standing) return refuse(rule, worth.error());
    trading::OutbidRule outbid;
    outbid.demand = rule.demand;
    outbid.cap = *rule.max_price;
    outbid.opening = rule.opening_price;
    if (!rule.keep_best && !outbid.opening) outbid.opening = rule.max_price;
    outbid.least_percent = rule.least_profit;
    const auto decision = trading::decide_bid(outbid, standing ? std::optional(standing->second) : std::nullopt, others,
                                              worth.value_or(trading::Worth()), snapshot_.now);
    if (!decision) return refuse(rule, decision.error());
    const ledger::Reason reason = reason_of(rule.name, trading::to_text(decision->reason), decision->figures);
    switch (decision->action) {
      case trading::BidAction::keep:
        break;
      case trading::BidAction::wait:
        note(rule, "locked by the exchange until " + ledger::utc_text(trading::unix_seconds(*decision->next_change)));
        break;
      case trading::BidAction::withdraw:
        if (!worth) plan_.refused.count(worth.error().why);
        withdraw(rule, standing->first, reason);
        break;
      case trading::BidAction::place:
      case trading::BidAction::change:
        order(rule, standing, decision->price, wanted, reason);
        break;
    }
  }

  void withdraw_when_standing(const Rule& rule, const Standing& standing, std::string_view why) {
    trading::Figures figures;
    figures.add_count(trading::Figure::copies, held(rule)).add_count(trading::Figure::most_copies, rule.amount);
    if (standing) withdraw(rule, standing->first, reason_of(rule.name, why, figures));
  }

  void withdraw(const Rule& rule, const std::string& id, ledger::Reason reason) {
    if (!may_delete(id)) return note(rule, "the target to withdraw is locked by the exchange");
    plan_.chains.push_back({removal(id, books_.targets().at(id), std::move(reason))});
  }

  // As many pieces as the guards allow. What stands is taken away first, and its money counts as free.
  void order(const Rule& rule, const Standing& standing, Money price, std::int64_t wanted,
             const ledger::Reason& reason) {
    trading::Account account = account_;
    if (standing) {
      const Money freed = standing->second.price * standing->second.amount;
      if (account.committed) *account.committed -= freed;
      if (account.spent_today) *account.spent_today -= freed;
    }
    for (std::int64_t copies = wanted; copies > 0; --copies) {
      trading::Purchase purchase;
      purchase.price = price;
      purchase.copies = copies;
      purchase.held = held(rule) + ordered_by_others(rule);
      const auto allowed = trading::check_purchase(rule.title, purchase, account, guards_, rules_.money,
                                                   rules_.blacklist, snapshot_.now);
      if (!allowed && copies > 1) continue;
      if (!allowed) {
        refuse(rule, allowed.error());
        if (standing && may_delete(standing->first))
          withdraw(rule, standing->first,
                   reason_of(rule.name, trading::to_text(allowed.error().why), allowed.error().figures));
        return;
      }
      Chain chain;
      if (standing) {
        if (!may_delete(standing->first)) return;
        chain.push_back(removal(standing->first, books_.targets().at(standing->first), reason));
      }
      chain.push_back(target(rule, price, copies, reason));
      account_ = account;
      *account_.committed += chain.back().reserve;
      *account_.spent_today += chain.back().reserve;
      plan_.chains.push_back(std::move(chain));
      return;
    }
  }

  Intent target(const Rule& rule, Money price, std::int64_t copies, ledger::Reason reason) const {
    Intent intent;
    intent.action = Action::create_target;
    intent.item.game = dmarket::game_id(rule.game);
    intent.item.title = rule.title;
    intent.item.phase = trading::to_text(rule.demand.phase);
    intent.item.paint_seed = rule.demand.paint_seed.value_or(0);
    intent.float_part = trading::to_text(rule.demand.float_part);
    intent.price = price;
    intent.amount = copies;
    intent.reserve = price * copies;
    for (const auto& [id, title] : snapshot_.own.targets) {
      if (title == rule.title) intent.known.push_back(id);
    }
    intent.reason = std::move(reason);
    return intent;
  }

  // --- selling

  void sell(const Rule& rule) {
    for (const Copy& copy : snapshot_.own.copies) {
      if (copy.game != rule.game || copy.item.title != rule.title || assigned_.contains(copy.asset_id)) continue;
      const bool asked_for = rule.items.contains(copy.asset_id);
      if (!asked_for && !(books_.bought_by_bot(copy.asset_id) && trading::buys(rule.demand, copy.traits))) continue;
      assigned_.insert(copy.asset_id);
      sell_copy(rule, copy, asked_for);
    }
  }

  void sell_copy(const Rule& rule, const Copy& copy, bool asked_for) {
    const auto is_it = [&copy](const ListedOffer& offer) { return offer.asset_id == copy.asset_id; };
    const auto listed = std::ranges::find_if(snapshot_.own.offers, is_it);
    const bool on_offer = listed != snapshot_.own.offers.end();
    if (on_offer && !asked_for && !books_.made_offer(listed->offer_id)) return;  // somebody made it by hand
    if (in_doubt(rule, false, copy.asset_id))
      return note(rule, "the fate of an earlier change of an offer is not known yet");
    const Scene scene = scene_of(snapshot_, rule);
    if (scene.fees == nullptr) return refuse(rule, trading::Refused{trading::Refusal::no_fees, {}});
    if (scene.market == nullptr || !scene.market->offers_at || !scene.market->sales_at)
      return note(rule, "the market of the title could not be read");
    if (on_offer)
      reprice(rule, copy, *listed, scene);
    else
      put_on_offer(rule, copy, scene);
  }

  trading::OwnOffer own_offer(const Copy& copy) const {
    trading::OwnOffer own;
    own.copy = copy.traits;
    const auto position = positions_.find(copy.asset_id);
    if (position != positions_.end()) own.cost = position->second.cost;
    if (const auto until = books_.locked_until(copy.asset_id); until != 0) own.locked_until = trading::time_of(until);
    own.changed = trading::time_of(0);
    return own;
  }

  trading::RepriceRule reprice_rule(const Rule& rule) const {
    trading::RepriceRule made;
    made.floor = rule.floor;
    made.ceiling = rule.ceiling;
    made.allowed_loss = rule.allowed_loss;
    made.like = likeness_of(rule.demand);
    return made;
  }

  void put_on_offer(const Rule& rule, const Copy& copy, const Scene& scene) {
    if (!copy.can_be_sold) return note(rule, "a copy cannot be sold yet");
    if (is_locked(copy.asset_id)) return note(rule, "a copy is locked by the exchange");
    const auto [sold, median] = outlook(rule, copy, scene, snapshot_.now);
    const auto decision = trading::decide_first_price(own_offer(copy), reprice_rule(rule), scene.offers, median,
                                                      scene.fees->of(rule.title), sold, snapshot_.now);
    if (!decision) return refuse(rule, decision.error());
    Intent intent = about(rule, copy, decision->price, *decision);
    intent.action = Action::create_offer;
    plan_.chains.push_back({std::move(intent)});
  }

  void reprice(const Rule& rule, const Copy& copy, const ListedOffer& listed, const Scene& scene) {
    trading::OwnOffer own = own_offer(copy);
    own.price = listed.price;
    const auto known = books_.offers().find(listed.offer_id);
    if (known != books_.offers().end()) own.changed = trading::time_of(known->second.at);
    const auto [sold, median] = outlook(rule, copy, scene, snapshot_.now);
    const auto decision =
        trading::decide_price(own, reprice_rule(rule), scene.offers, scene.fees->of(rule.title), sold, snapshot_.now);
    if (!decision) return refuse(rule, decision.error());
    if (decision->action == trading::RepriceAction::wait)
      return note(rule,
                  "locked by the exchange until " + ledger::utc_text(trading::unix_seconds(decision->next_change)));
    if (decision->action == trading::RepriceAction::keep) return;
    const bool take_down = decision->action == trading::RepriceAction::take_down;
    if (is_locked(copy.asset_id)) return note(rule, "a copy is locked by the exchange");
    Intent intent = about(rule, copy, take_down ? listed.price : decision->price, *decision);
    intent.action = take_down ? Action::delete_offer : Action::change_offer;
    intent.offer_id = listed.offer_id;
    plan_.chains.push_back({std::move(intent)});
  }

  static Intent about(const Rule& rule, const Copy& copy, Money price, const trading::RepriceDecision& decision) {
    Intent intent;
    intent.item = copy.item;
    intent.asset_id = copy.asset_id;
    intent.price = price;
    intent.reason = reason_of(rule.name, trading::to_text(decision.reason), decision.figures);
    return intent;
  }

  const Rules& rules_;
  const Snapshot& snapshot_;
  const ledger::Books& books_;
  const trading::GuardState& guards_;
  trading::Account account_;
  std::map<std::string, ledger::Position> positions_;  // by asset
  std::set<std::string> assigned_;                     // copies that a rule has taken
  Plan plan_;
};

}  // namespace

Plan decide(const Rules& rules, const Snapshot& snapshot, const ledger::Books& books,
            const trading::GuardState& guards) {
  return Deciding(rules, snapshot, books, guards).run();
}

trading::Account account_of(const Snapshot& snapshot, const ledger::Books& books) {
  trading::Account account;
  account.balance = snapshot.balance;
  account.balance_at = snapshot.balance_at;
  account.committed = books.reserved();
  account.spent_today = books.committed(ledger::day_of(trading::unix_seconds(snapshot.now)));
  return account;
}

}  // namespace app::trader
