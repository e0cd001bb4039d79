#include "app/trader/orders.hpp"

#include "app/trader/instant.hpp"
#include "app/trader/simulate.hpp"
#include "app/trader/snapshot.hpp"
#include "app/trader/trade_metrics.hpp"
#include "dmarket/error.hpp"
#include "tgkit/async/crash_point.hpp"

#include <algorithm>

#include <boost/system/system_error.hpp>

namespace app::trader {
namespace {

using dmarket::ItemFate;
using ledger::Action;
using ledger::Entry;
using ledger::Intent;
using ledger::Outcome;
using ledger::Result;
using tgkit::Task;
using tgkit::ops::Field;

Result result_of(ItemFate fate) {
  switch (fate) {
    case ItemFate::done:
      return Result::done;
    case ItemFate::refused:
      return Result::failed;
    case ItemFate::not_mentioned:
      break;
  }
  return Result::unknown;
}

// A lock that does not say how long is as long as locks are known to be.
void note_lock(Outcome& outcome, std::optional<std::chrono::seconds> lasts, std::int64_t now) {
  if (outcome.result != Result::failed || outcome.code.find("TimeLocked") == std::string::npos) return;
  if (!lasts) lasts = dmarket::parse_lock_time(outcome.message);
  outcome.locked_until = now + (lasts ? lasts->count() : ledger::change_lock_seconds);
}

void note_fault(Outcome& outcome) {
  if (outcome.result == Result::failed) outcome.fault = dmarket::fault_of_code(outcome.code);
}

Outcome outcome_of(const dmarket::TargetOutcome& answer, bool makes_one, std::int64_t now) {
  Outcome outcome;
  outcome.result = result_of(answer.fate);
  if (answer.target_id) outcome.target_id = answer.target_id->text();
  if (makes_one && outcome.result == Result::done && outcome.target_id.empty()) outcome.result = Result::unknown;
  outcome.code = answer.code;
  outcome.message = answer.message;
  note_lock(outcome, std::nullopt, now);
  note_fault(outcome);
  return outcome;
}

Outcome outcome_of(const dmarket::OfferOutcome& answer, bool makes_one, std::int64_t now) {
  Outcome outcome;
  outcome.result = result_of(answer.fate);
  if (answer.offer_id) outcome.offer_id = answer.offer_id->text();
  if (makes_one && outcome.result == Result::done && outcome.offer_id.empty()) outcome.result = Result::unknown;
  outcome.code = answer.code;
  outcome.message = answer.message;
  note_lock(outcome, answer.locked_for, now);
  note_fault(outcome);
  return outcome;
}

// What is neither a success nor a failure, or both, is looked up in the inventory.
Outcome outcome_of(const dmarket::BuyAnswer& answer, const std::string& offer) {
  Outcome outcome;
  outcome.code = answer.fail_code.empty() ? answer.status.text : answer.fail_code;
  if (answer.status == dmarket::BuyStatus::failed) outcome.result = Result::failed;
  note_fault(outcome);
  const auto not_started = [&offer](const auto& one) { return one.first.text() == offer && !one.second; };
  if (answer.status != dmarket::BuyStatus::success || std::ranges::any_of(answer.started, not_started)) return outcome;
  outcome.result = Result::done;
  outcome.code.clear();
  return outcome;
}

Outcome outcome_of(const dmarket::Error& error) {
  Outcome outcome;
  outcome.result = surely_not_done(error) ? Result::failed : Result::unknown;
  outcome.code = error.code().empty() ? std::string(dmarket::to_text(error.kind())) : error.code();
  outcome.message = error.what();
  outcome.fault = dmarket::fault_of(error);
  return outcome;
}

dmarket::Game game_of(const Intent& intent) {
  const auto game = dmarket::game_of_id(intent.item.game);
  if (!game) throw std::logic_error("an order names no game");
  return *game;
}

dmarket::TargetDraft draft_of(const Intent& intent) {
  dmarket::TargetDraft draft(intent.item.title, intent.price);
  draft.amount = static_cast<int>(intent.amount);
  draft.attributes = attributes_of(demand_of(intent));
  return draft;
}

Outcome not_sent() {
  Outcome outcome;
  outcome.result = Result::failed;
  outcome.code = ledger::held_back_code;
  outcome.message = "stopped before it left";
  return outcome;
}

std::string figures_text(const ledger::Reason& reason) {
  std::string text;
  for (const auto& [name, value] : reason.figures) text += (text.empty() ? "" : ", ") + name + " " + value;
  return text;
}

}  // namespace

bool surely_not_done(const dmarket::Error& error) {
  switch (error.kind()) {
    case dmarket::ErrorKind::unknown_outcome:
      return false;
    case dmarket::ErrorKind::api_changed:  // an answer that cannot be read may be that of a change
      return error.status() >= 400;
    default:
      return true;
  }
}

Orders::Orders(ledger::Ledger& ledger, Exchange& exchange, tgkit::ops::Log& log, tgkit::ops::Metrics& metrics)
    : ledger_(ledger), exchange_(exchange), log_(log), metrics_(metrics) {}

Task<Given> Orders::give(Intent intent, std::function<bool()> may_leave) {
  std::vector<Entry> entries;
  const std::int64_t at = exchange_.now();
  entries.emplace_back(at, false, intent);
  const std::vector<std::int64_t> numbers = co_await ledger_.append(std::move(entries));
  tgkit::crash_point("trade_intended");
  Given given;
  given.sent = may_leave();
  if (given.sent)
    given.outcome = co_await send(intent);
  else
    given.outcome = not_sent();
  tgkit::crash_point("trade_ordered");
  given.outcome.intent = numbers.front();
  std::optional<ledger::Purchase> bought;
  if (intent.action == Action::buy && given.outcome.result == Result::done)
    bought = purchase_of(intent, intent.asset_id, at);
  co_await enter(intent, given.outcome, std::move(bought), false);
  tgkit::crash_point("trade_entered");
  co_return given;
}

Task<Outcome> Orders::send(const Intent& intent) {
  Outcome outcome;
  try {
    switch (intent.action) {
      case Action::create_target: {
        dmarket::TargetDraft draft = draft_of(intent);
        const dmarket::TargetOutcome answer = co_await exchange_.create_target(game_of(intent), std::move(draft));
        outcome = outcome_of(answer, true, exchange_.now());
        break;
      }
      case Action::create_offer: {
        dmarket::OfferDraft draft(dmarket::AssetId(intent.asset_id), intent.price);
        const dmarket::OfferOutcome answer = co_await exchange_.create_offer(std::move(draft));
        outcome = outcome_of(answer, true, exchange_.now());
        break;
      }
      case Action::change_offer: {
        dmarket::OfferChange change(dmarket::OfferId(intent.offer_id), dmarket::AssetId(intent.asset_id), intent.price);
        const dmarket::OfferOutcome answer = co_await exchange_.change_offer(std::move(change));
        outcome = outcome_of(answer, true, exchange_.now());
        break;
      }
      case Action::delete_offer: {
        dmarket::OfferRemoval removal(dmarket::OfferId(intent.offer_id), dmarket::AssetId(intent.asset_id));
        const dmarket::OfferOutcome answer = co_await exchange_.delete_offer(std::move(removal));
        outcome = outcome_of(answer, false, exchange_.now());
        break;
      }
      case Action::delete_target: {
        std::vector<dmarket::TargetId> one(1, dmarket::TargetId(intent.target_id));
        const std::vector<dmarket::TargetOutcome> answers = co_await exchange_.delete_targets(std::move(one));
        outcome = answers.empty() ? Outcome() : outcome_of(answers.front(), false, exchange_.now());
        break;
      }
      case Action::buy: {
        dmarket::Purchase purchase(dmarket::OfferId(intent.offer_id), intent.price);
        const dmarket::BuyAnswer answer = co_await exchange_.buy_offer(std::move(purchase));
        outcome = outcome_of(answer, intent.offer_id);
        break;
      }
    }
  } catch (const dmarket::Error& error) {
    outcome = outcome_of(error);
  }
  co_return outcome;
}

Task<std::vector<Given>> Orders::delete_targets(std::vector<Intent> intents, std::function<bool()> may_leave) {
  std::vector<Given> given(intents.size());
  std::vector<Entry> entries;
  std::vector<dmarket::TargetId> ids;
  for (const Intent& intent : intents) {
    entries.emplace_back(exchange_.now(), false, intent);
    ids.emplace_back(intent.target_id);
  }
  if (ids.empty()) co_return given;
  const std::vector<std::int64_t> numbers = co_await ledger_.append(std::move(entries));
  tgkit::crash_point("trade_intended");
  std::vector<Outcome> outcomes(intents.size(), not_sent());
  const bool leaves = may_leave();
  if (leaves) {
    try {
      const std::vector<dmarket::TargetOutcome> answers = co_await exchange_.delete_targets(std::move(ids));
      for (std::size_t i = 0; i < outcomes.size(); ++i)
        outcomes[i] = i < answers.size() ? outcome_of(answers[i], false, exchange_.now()) : Outcome();
    } catch (const dmarket::Error& error) {
      outcomes.assign(intents.size(), outcome_of(error));
    }
  }
  tgkit::crash_point("trade_ordered");
  std::vector<Entry> ends;
  for (std::size_t i = 0; i < intents.size(); ++i) {
    outcomes[i].intent = numbers[i];
    given[i].sent = leaves;
    given[i].outcome = outcomes[i];
    ends.emplace_back(exchange_.now(), false, outcomes[i]);
    tell(intents[i], outcomes[i], false);
  }
  co_await ledger_.append(std::move(ends));
  co_return given;
}

Task<> Orders::simulate(std::vector<Intent> intents) {
  for (Intent& intent : intents) {
    std::vector<Entry> entries;
    entries.emplace_back(exchange_.now(), true, intent);
    const std::vector<std::int64_t> numbers = co_await ledger_.append(std::move(entries));
    Outcome outcome;
    outcome.intent = numbers.front();
    outcome.result = Result::done;
    const std::string made = "simulated-" + std::to_string(numbers.front());
    if (intent.action == Action::create_target) outcome.target_id = made;
    if (intent.action == Action::create_offer || intent.action == Action::change_offer) outcome.offer_id = made;
    std::optional<ledger::Purchase> bought;
    if (intent.action == Action::buy) bought = simulated_purchase(intent, exchange_.now());
    co_await enter(intent, outcome, std::move(bought), true);
  }
}

Task<> Orders::enter(const Intent& intent, const Outcome& outcome, std::optional<ledger::Purchase> bought,
                     bool simulated) {
  tell(intent, outcome, simulated);
  std::vector<Entry> entries;
  entries.emplace_back(exchange_.now(), simulated, outcome);
  if (bought) entries.emplace_back(exchange_.now(), simulated, std::move(*bought));
  co_await ledger_.append(std::move(entries));
}

// One line per order: the journal of what was done and why.
void Orders::tell(const Intent& intent, const Outcome& outcome, bool simulated) {
  metrics_
      .counter(trade_orders.name, tgkit::ops::Labels("action", std::string(ledger::to_text(intent.action)))
                                      .with("outcome", std::string(ledger::to_text(outcome.result)))
                                      .with("mode", simulated ? "simulated" : "real"))
      .increment();
  const auto level = outcome.result == Result::done ? tgkit::ops::Level::info : tgkit::ops::Level::warn;
  log_.write(
      level, simulated ? "simulated order" : "order", Field("action", ledger::to_text(intent.action)),
      Field("outcome", ledger::to_text(outcome.result)), Field("title", intent.item.title),
      Field("price", dmarket::to_text(intent.price)), Field("amount", intent.amount), Field("rule", intent.reason.rule),
      Field("why", intent.reason.why), Field("figures", figures_text(intent.reason)), Field("intent", outcome.intent),
      Field("target", outcome.target_id.empty() ? intent.target_id : outcome.target_id),
      Field("offer", outcome.offer_id.empty() ? intent.offer_id : outcome.offer_id), Field("code", outcome.code));
}

}  // namespace app::trader
