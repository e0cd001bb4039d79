#include "app/ledger/refusals.hpp"

#include "dmarket/error.hpp"

#include <algorithm>

namespace app::ledger {
namespace {

constexpr std::int64_t first_pause = 5 * 60;
constexpr std::int64_t longest_pause = 6 * 3'600;
// What reduces risk is tried again soon, however often it was refused.
constexpr std::int64_t longest_pause_of_withdrawals = 10 * 60;
// Whoever was left in peace for that long begins anew.
constexpr std::int64_t forgotten_after = 86'400;

std::int64_t pause_after(std::int64_t refusals, Action action) {
  const std::int64_t longest = risk_of(action) == dmarket::Risk::reduces ? longest_pause_of_withdrawals : longest_pause;
  std::int64_t pause = first_pause;
  for (std::int64_t i = 1; i < refusals && pause < longest; ++i) pause *= 2;
  return std::min(pause, longest);
}

// It was filled, sold or taken away before we came.
bool lost_a_race(Action action, std::string_view code) {
  if (action == Action::buy) return code.starts_with("Offer");  // also: its price has changed
  const bool makes_one = action == Action::create_target || action == Action::create_offer;
  return !makes_one && (code.ends_with("NotFound") || code == "5");
}

bool is_ordinary(const Intent& intent, const Outcome& outcome) {
  if (outcome.result == Result::done || outcome.reconciled || outcome.locked_until != 0) return true;
  if (outcome.result == Result::unknown) return intent.action == Action::buy && outcome.code == "TxPending";
  return outcome.code == held_back_code || lost_a_race(intent.action, outcome.code);
}

bool is_kind(const Outcome& outcome, dmarket::ErrorKind kind) { return outcome.code == dmarket::to_text(kind); }

// By the code alone: an error without one of the exchange's own was written down by its kind.
dmarket::Fault fault_by_code(const Outcome& outcome) {
  using dmarket::ErrorKind;
  if (outcome.result == Result::unknown) return dmarket::Fault::network;
  for (const auto kind : {ErrorKind::refused_by_guard, ErrorKind::no_keys, ErrorKind::unauthorized})
    if (is_kind(outcome, kind)) return dmarket::Fault::ours;
  for (const auto kind : {ErrorKind::rate_limited, ErrorKind::api_changed, ErrorKind::unavailable})
    if (is_kind(outcome, kind)) return dmarket::Fault::exchange;
  return dmarket::fault_of_code(outcome.code);
}

Blame blame_for(dmarket::Fault fault) {
  switch (fault) {
    case dmarket::Fault::ours:
      return Blame::ours;
    case dmarket::Fault::item:
      return Blame::item;
    case dmarket::Fault::exchange:
    case dmarket::Fault::network:
      break;
  }
  return Blame::all;
}

}  // namespace

Blame blame_of(const Intent& intent, const Outcome& outcome) {
  if (is_ordinary(intent, outcome)) return Blame::nobody;
  return blame_for(outcome.fault ? *outcome.fault : fault_by_code(outcome));
}

std::string order_subject(const std::string& target_or_offer_id) { return "order " + target_or_offer_id; }

std::string copy_subject(const std::string& asset_id) { return "copy " + asset_id; }

std::string title_subject(const std::string& game_id, const std::string& title) {
  return "title " + game_id + " " + title;
}

std::string subject_of(const Intent& intent) {
  switch (intent.action) {
    case Action::create_target:
    case Action::buy:
      return title_subject(intent.item.game, intent.item.title);
    case Action::create_offer:
    case Action::change_offer:
      return copy_subject(intent.asset_id);
    case Action::delete_target:
      return order_subject(intent.target_id);
    case Action::delete_offer:
      break;
  }
  return order_subject(intent.offer_id);
}

void Refusals::apply(const Intent& intent, const Outcome& outcome, std::int64_t at) {
  const std::string subject = subject_of(intent);
  if (outcome.result == Result::done) {
    all_.erase(subject);
    return;
  }
  if (blame_of(intent, outcome) != Blame::item) return;
  SetAside& known = all_[subject];
  if (at - known.until > forgotten_after) known.refusals = 0;
  known.action = intent.action;
  known.item = intent.item;
  known.asset_id = intent.asset_id;
  known.code = outcome.code;
  known.message = outcome.message;
  known.at = at;
  known.until = at + pause_after(++known.refusals, intent.action);
}

const SetAside* Refusals::find(const std::string& subject) const {
  const auto found = all_.find(subject);
  return found == all_.end() ? nullptr : &found->second;
}

std::int64_t Refusals::until(const std::string& subject) const {
  const SetAside* known = find(subject);
  return known == nullptr ? 0 : known->until;
}

std::vector<SetAside> Refusals::aside(std::int64_t now) const {
  std::vector<SetAside> found;
  for (const auto& [subject, one] : all_) {
    if (one.until > now) found.push_back(one);
  }
  std::ranges::sort(found, std::ranges::greater(), &SetAside::refusals);
  return found;
}

}  // namespace app::ledger
