// Targets: the best bid, up to what a copy is worth.
#include "app/trader/deciding.hpp"

#include <algorithm>

namespace app::trader {

namespace trading = dmarket::trading;
using ledger::Action;
using ledger::Intent;

namespace {

// What stands badly and cannot be changed now.
ledger::Reason reason_to_withdraw(const Rule& rule, Money stands_at, const trading::BidDecision& decision) {
  const auto why = stands_at > *rule.max_price ? trading::BidReason::above_cap : trading::BidReason::above_worth;
  return reason_of(rule.name, trading::to_text(why), decision.figures);
}

}  // namespace

void Deciding::withdraw_targets_without_rule() {
  for (const auto& [id, target] : books_.targets()) {
    const auto wants = [&target](const Rule& rule) {
      return rule.name == target.made_by.reason.rule && rule.max_price && rule.title == target.made_by.item.title;
    };
    if (std::ranges::any_of(rules_.rules, wants) || !may_delete(id)) continue;
    if (buyers_.contains(target.made_by.reason.rule)) continue;  // it may go before the purchase
    trading::Figures none;
    plan_.chains.push_back(
        {removal_of(id, target, reason_of(target.made_by.reason.rule, "no rule wants it any more", none))});
  }
}

bool Deciding::withdraw_doubles(const Rule& rule) {
  std::vector<std::string> ids;
  for (const auto& [id, target] : books_.targets()) {
    if (target.made_by.reason.rule == rule.name && target.made_by.item.title == rule.title) ids.push_back(id);
  }
  for (std::size_t i = 1; i < ids.size(); ++i) {
    if (may_delete(ids[i]))
      withdraw(rule, ids[i], reason_of(rule.name, "another target of the rule stands", trading::Figures()));
  }
  return ids.size() > 1;
}

trading::OwnTarget Deciding::standing_of(const std::string& id, const ledger::OwnTarget& target) const {
  trading::OwnTarget standing;
  standing.price = target.made_by.price;
  standing.amount = target.left();
  standing.demand = demand_of(target.made_by);
  standing.changed = trading::time_of(target.at);
  if (const auto until = books_.locked_until(id); until != 0) standing.locked_until = trading::time_of(until);
  return standing;
}

void Deciding::bid(const Rule& rule) {
  if (!rule.max_price || buyers_.contains(rule.name)) return;
  const Scene scene = scene_of(snapshot_, rule);
  const Sight sight = sight_of(rule, scene);
  if (sight == Sight::none) return;
  Standing standing;
  std::vector<Standing> spare;  // further ones of the rule: only watched
  std::vector<trading::OwnTarget> own;
  for (const auto& [id, target] : books_.targets()) {
    if (target.made_by.item.title != rule.title || target.made_by.item.game != dmarket::game_id(rule.game)) continue;
    own.push_back(standing_of(id, target));
    if (target.made_by.reason.rule != rule.name) continue;
    if (standing)
      spare.emplace_back(std::pair(id, own.back()));
    else
      standing.emplace(id, own.back());
  }
  const bool may_add = may_bid(rule, sight);
  if (!standing && !may_add) return;
  const std::int64_t wanted = this->wanted(rule);
  if (wanted <= 0 && sight == Sight::clear) return withdraw_when_standing(rule, standing, "there are enough copies");
  if (!standing && rules_.blacklist.blocks(rule.title))
    return refuse(rule, trading::Refused{trading::Refusal::blacklisted, {}});
  std::vector<trading::Order> others;
  if (rule.keep_best) others = trading::without_own(scene.market->targets, own);
  decide_bid(rule, scene, standing, others, wanted, may_add);
  for (const Standing& one : spare) decide_bid(rule, scene, one, others, 0, false);
}

bool Deciding::may_bid(const Rule& rule, Sight sight) {
  return !stopped_ && sight == Sight::clear &&
         !is_set_aside(rule, ledger::title_subject(std::string(dmarket::game_id(rule.game)), rule.title));
}

void Deciding::decide_bid(const Rule& rule, const Scene& scene, const Standing& standing,
                          const std::vector<trading::Order>& others, std::int64_t wanted, bool may_add) {
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
      note(rule, "the target is locked by the exchange",
           trading::Figures().add(trading::Figure::next_change, *decision->next_change));
      break;
    case trading::BidAction::withdraw:
      if (!worth) plan_.refused.count(worth.error().why);
      withdraw(rule, standing->first, reason);
      break;
    case trading::BidAction::place:
    case trading::BidAction::change:
      if (!may_add) {
        if (decision->stands_badly)
          withdraw(rule, standing->first, reason_to_withdraw(rule, standing->second.price, *decision));
        break;
      }
      order(rule, standing, decision->price, wanted, reason);
      break;
  }
}

void Deciding::withdraw_when_standing(const Rule& rule, const Standing& standing, std::string_view why) {
  trading::Figures figures;
  figures.add_count(trading::Figure::copies, held(rule)).add_count(trading::Figure::most_copies, rule.amount);
  if (standing) withdraw(rule, standing->first, reason_of(rule.name, why, figures));
}

void Deciding::withdraw(const Rule& rule, const std::string& id, ledger::Reason reason) {
  if (!may_delete(id)) return note(rule, "the target to withdraw is locked by the exchange");
  if (withdrawn_.insert(id).second)
    plan_.chains.push_back({removal_of(id, books_.targets().at(id), std::move(reason))});
}

// As many pieces as the guards allow. What stands is taken away first, and its money counts as free.
void Deciding::order(const Rule& rule, const Standing& standing, Money price, std::int64_t wanted,
                     const ledger::Reason& reason) {
  trading::Account account = account_;
  if (standing) release(account, standing->second.price * standing->second.amount);
  for (std::int64_t copies = wanted; copies > 0; --copies) {
    trading::Purchase purchase;
    purchase.price = price;
    purchase.copies = copies;
    purchase.held = held(rule) + ordered_by_others(rule);
    const auto allowed =
        trading::check_purchase(rule.title, purchase, account, guards_, rules_.money, rules_.blacklist, snapshot_.now);
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
      chain.push_back(removal_of(standing->first, books_.targets().at(standing->first), reason));
    }
    chain.push_back(target(rule, price, copies, reason));
    commit(account, chain.back().reserve);
    account_ = account;
    plan_.chains.push_back(std::move(chain));
    return;
  }
}

Intent Deciding::target(const Rule& rule, Money price, std::int64_t copies, ledger::Reason reason) const {
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

}  // namespace app::trader
