#include "app/trader/deciding.hpp"

#include <algorithm>

namespace app::trader {

namespace trading = dmarket::trading;
using ledger::Action;
using ledger::Intent;

namespace {

// A purchase that is not in the inventory yet, or lies in Steam for its protection, is held all the same.
constexpr std::int64_t surely_held = 8 * ledger::day_seconds;

}  // namespace

Deciding::Deciding(const Rules& rules, const Snapshot& snapshot, const ledger::Books& books,
                   const trading::GuardState& guards)
    : rules_(rules),
      snapshot_(snapshot),
      books_(books),
      guards_(guards),
      account_(account_of(snapshot, books)),
      stopped_(trading::why_stopped(guards, snapshot.now)) {
  for (ledger::Position& position : books.positions()) {
    std::string asset = position.asset_id;
    positions_.emplace(std::move(asset), std::move(position));
  }
}

// What is bought at once goes first: such an offer waits for nobody, and what it costs is not bid any more.
Plan Deciding::run() {
  if (stopped_) tell_what_stops();
  for (const Rule& rule : rules_.rules) {
    if (!stopped_ && is_known(rule.game)) buy(rule);
  }
  withdraw_targets_without_rule();
  for (const Rule& rule : rules_.rules) {
    if (!is_known(rule.game)) {
      note(rule, "the account's lists of the game could not be read");
      continue;
    }
    bid(rule);
    if (rule.sell) sell(rule);
  }
  return std::move(plan_);
}

void Deciding::tell_what_stops() {
  for (const Rule& rule : rules_.rules) refuse(rule, *stopped_);
}

void Deciding::refuse(const Rule& rule, const trading::Refused& refused) {
  plan_.refused.count(refused.why);
  note(rule, trading::to_text(refused.why), refused.figures);
}

void Deciding::note(const Rule& rule, std::string_view why, const trading::Figures& figures) {
  plan_.notes.push_back({rule.name, why, figures});
}

bool Deciding::in_doubt(const Rule& rule, bool buying, const std::string& asset) const {
  return std::ranges::any_of(books_.open_intents(), [&](const auto& entry) {
    const Intent& open = entry.second.intent;
    const bool buys =
        open.action == Action::create_target || open.action == Action::delete_target || open.action == Action::buy;
    if (buys != buying) return false;
    return buying ? open.item.title == rule.title && open.item.game == dmarket::game_id(rule.game)
                  : open.asset_id == asset;
  });
}

Sight Deciding::sight_of(const Rule& rule, const Scene& scene) {
  const auto [known, is_new] = sights_.try_emplace(rule.name, Sight::none);
  if (is_new) known->second = judge(rule, scene);
  return known->second;
}

Sight Deciding::judge(const Rule& rule, const Scene& scene) {
  if (scene.fees == nullptr) {
    refuse(rule, trading::Refused{trading::Refusal::no_fees, {}});
    return Sight::none;
  }
  const auto is_missing = [&](const auto& own) {
    const ledger::Item& item = own.second.made_by.item;
    return item.title == rule.title && item.game == dmarket::game_id(rule.game) &&
           !snapshot_.own.targets.contains(own.first);
  };
  const auto is_old = [&](std::optional<Time> read_at) { return !is_fresh(read_at, snapshot_.now); };
  if (scene.market == nullptr || !scene.market->offers_at || !scene.market->targets_at || !scene.market->sales_at) {
    note(rule, "the market of the title could not be read");
    return Sight::none;
  }
  if (is_old(scene.market->offers_at) || is_old(scene.market->targets_at) || is_old(scene.market->sales_at)) {
    note(rule, "the market of the title was read too long ago");
    return Sight::none;
  }
  if (in_doubt(rule, true)) {
    note(rule, "the fate of an earlier order is not known yet");
  } else if (std::ranges::any_of(books_.targets(), is_missing)) {
    note(rule, "a target of ours is not listed; looking for what became of it");
  } else if (snapshot_.own.unproven.contains(rule.game)) {
    note(rule, "the exchange's lists do not show all that they count");
  } else if (withdraw_doubles(rule)) {
    note(rule, "two targets of the rule stand: one is withdrawn first");
  } else {
    return Sight::clear;
  }
  return Sight::doubtful;
}

bool Deciding::was_refused(const std::string& subject) const {
  return books_.refusals().until(subject) > trading::unix_seconds(snapshot_.now);
}

bool Deciding::is_set_aside(const Rule& rule, const std::string& subject) {
  if (!was_refused(subject)) return false;
  const ledger::SetAside* refused = books_.refusals().find(subject);
  note(rule, "DMarket has refused it: it is left alone for a while",
       trading::Figures()
           .add_count(trading::Figure::errors, refused->refusals)
           .add(trading::Figure::next_change, trading::time_of(refused->until)));
  return true;
}

bool Deciding::may_delete(const std::string& id) const {
  return snapshot_.own.targets.contains(id) && !is_locked(id) && !being_deleted(id) &&
         !was_refused(ledger::order_subject(id));
}

bool Deciding::is_locked(const std::string& what) const {
  return books_.locked_until(what) > trading::unix_seconds(snapshot_.now);
}

bool Deciding::being_deleted(const std::string& id) const {
  return std::ranges::any_of(books_.open_intents(),
                             [&id](const auto& entry) { return entry.second.intent.target_id == id; });
}

std::int64_t Deciding::held(const Rule& rule) const {
  const auto is_ours = [&rule](dmarket::Game game, const std::string& title) {
    return game == rule.game && title == rule.title;
  };
  std::int64_t copies = 0, bought = 0, on_their_way = 0;
  std::set<std::string> there;
  for (const Copy& copy : snapshot_.own.copies) {
    if (is_ours(copy.game, copy.item.title) && there.insert(copy.asset_id).second) ++copies;
  }
  for (const auto& [asset, position] : positions_) {
    if (position.at <= trading::unix_seconds(snapshot_.now) - surely_held || position.item.title != rule.title ||
        position.item.game != dmarket::game_id(rule.game))
      continue;
    ++bought;
    if (position.source == ledger::CostSource::instant && !there.contains(asset)) ++on_their_way;
  }
  return std::max(copies + on_their_way, bought);
}

std::int64_t Deciding::wanted(const Rule& rule) const { return rule.amount - held(rule) - ordered_by_others(rule); }

std::int64_t Deciding::ordered_by_others(const Rule& rule) const {
  const auto just_bought = bought_.find(TitleKey(rule.game, rule.title));
  std::int64_t pieces = just_bought == bought_.end() ? 0 : just_bought->second;
  for (const auto& [id, target] : books_.targets()) {
    const ledger::Item& item = target.made_by.item;
    if (item.title == rule.title && item.game == dmarket::game_id(rule.game) && target.made_by.reason.rule != rule.name)
      pieces += target.left();
  }
  for (const Stray& stray : snapshot_.own.strays) {
    if (stray.title == rule.title && stray.game == rule.game) pieces += stray.amount;
  }
  return pieces;
}

Intent removal_of(const std::string& id, const ledger::OwnTarget& target, ledger::Reason reason) {
  Intent intent = target.made_by;
  intent.action = Action::delete_target;
  intent.amount = target.left();
  intent.reserve = Money();
  intent.target_id = id;
  intent.known.clear();
  intent.reason = std::move(reason);
  return intent;
}

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
  for (const Stray& stray : snapshot.own.strays) commit(account, stray.price * stray.amount);
  return account;
}

}  // namespace app::trader
