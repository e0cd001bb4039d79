// /panic, and taking orders of ours down: nobody waits for it, and nothing of it is given up.
#include "app/trader/simulate.hpp"
#include "app/trader/trader.hpp"
#include "tgkit/async/timeout.hpp"

#include <algorithm>

namespace app::trader {
namespace {

using ledger::Intent;
using ledger::Switched;
using tgkit::Task;
using tgkit::ops::Field;

constexpr std::size_t targets_per_call = 100;
// How long the answer to /panic waits for the ledger.
constexpr std::chrono::milliseconds longest_entry{500};

}  // namespace

Task<> Trader::panic(std::int64_t user) {
  const bool is_new = !ledger_.real().panicked() && !halted_by_;
  ++panics_;
  halted_by_ = user;
  log_.error("panic: no order leaves any more", Field("user", user));
  if (is_new) {
    stopping_ = true;
    group_.cancel();
    panic_entered_.reset();
    takedown_.forget();
  }
  takedown_.take_up(ledger_.real());
  takedowns_.spawn(carry_out_panic(user, is_new));
  try {
    co_await with_timeout(clock_, longest_entry, panic_entered_.wait());
  } catch (const tgkit::TimedOut&) {
    log_.warn("the panic is not written down yet");
  }
}

Task<> Trader::carry_out_panic(std::int64_t user, bool rounds_were_broken_off) {
  co_await enter_panic(user);
  co_await drop_simulated();
  tell_takedown();
  co_await take_down(true);
  if (!rounds_were_broken_off) co_return;
  co_await group_.join();
  if (started_) begin();
}

Task<> Trader::enter_panic(std::int64_t user) {
  panic_written_ = true;
  try {
    co_await set(Switched::panic, user);
  } catch (const tgkit::storage::StorageError& error) {
    panic_written_ = false;
    log_.error("the panic could not be written down: it lasts until the next start", Field("reason", error.what()));
  }
  panic_entered_.set();
}

TakedownReport Trader::takedown() const {
  TakedownReport report;
  const ledger::Books& books = ledger_.real();
  report.panic = halted_by_ || books.panicked();
  report.written = panic_written_;
  report.goes_on = takedown_wanted();
  report.lines = takedown_.lines(books, exchange_.now());
  for (TakedownLine& line : report.lines) {
    const bool stands = line.fate == OrderFate::waiting || line.fate == OrderFate::locked;
    if (stands && !report.goes_on && !released_.contains(line.id)) line.fate = OrderFate::kept;
  }
  report.looked_up = static_cast<std::size_t>(std::ranges::count_if(books.open_intents(), [](const auto& entry) {
    const ledger::Action action = entry.second.intent.action;
    return action != ledger::Action::delete_target && action != ledger::Action::delete_offer;
  }));
  report.simulated = dropped_;
  return report;
}

void Trader::tell_takedown() const {
  if (takedown_changed_) takedown_changed_();
}

bool Trader::takedown_wanted() const { return (halted_by_ || ledger_.real().panicked()) && exchange_.may_be_changed(); }

bool Trader::is_to_go(const Intent& deletion) const {
  return takedown_wanted() || released_.contains(order_of(deletion));
}

StandingOrders Trader::real_in_dry_run() const { return live() ? StandingOrders() : standing_orders(ledger_.real()); }

void Trader::take_down_real(std::int64_t user) {
  if (live()) return;
  takedown_.forget();
  takedown_.take_up(ledger_.real());
  for (const auto& [id, target] : ledger_.real().targets()) {
    exchange_.permit(dmarket::TargetId(id));
    released_.insert(id);
  }
  for (const auto& [id, offer] : ledger_.real().offers()) {
    exchange_.permit(dmarket::OfferId(id));
    released_.insert(id);
  }
  log_.warn("in dry run, a person takes the real orders down", Field("user", user),
            Field("orders", static_cast<std::int64_t>(released_.size())));
  takedowns_.spawn(take_down(false));
}

// One pass over what is due. `despite_locks`: what we believe to be locked is tried, too: the exchange may know better,
// and its refusal says until when.
Task<> Trader::take_down(bool despite_locks) {
  if (taking_down_ || (!takedown_wanted() && released_.empty())) co_return;
  struct Flag {
    explicit Flag(bool& flag_) : flag(flag_) { flag = true; }
    ~Flag() { flag = false; }
    bool& flag;
  };
  const Flag under_way(taking_down_);
  if (takedown_wanted()) takedown_.take_up(ledger_.real());
  const std::string_view why = takedown_wanted() ? "panic" : "taken down by a person in dry run";
  std::vector<Intent> due = takedown_.due(ledger_.real(), exchange_.now(), despite_locks, why);
  std::erase_if(due, [this](const Intent& deletion) { return !is_to_go(deletion); });
  if (due.empty() && !takedown_wanted()) co_return;
  const auto offers = std::ranges::partition(
      due, [](const Intent& deletion) { return deletion.action == ledger::Action::delete_target; });
  std::vector<Intent> of_offers(offers.begin(), offers.end());
  due.erase(offers.begin(), offers.end());
  co_await delete_targets(std::move(due));
  co_await delete_offers(std::move(of_offers));
  tell_takedown();
}

Task<> Trader::delete_targets(std::vector<Intent> deletions) {
  std::erase_if(deletions, [this](const Intent& deletion) { return !is_to_go(deletion); });
  for (std::size_t begin = 0; begin < deletions.size(); begin += targets_per_call) {
    const std::size_t end = std::min(deletions.size(), begin + targets_per_call);
    const std::vector<Intent> some(deletions.begin() + static_cast<std::ptrdiff_t>(begin),
                                   deletions.begin() + static_cast<std::ptrdiff_t>(end));
    for (const Intent& deletion : some) released_.erase(deletion.target_id);
    std::vector<Given> given;
    std::string failure;
    const std::function<bool()> leaves = [] { return true; };
    try {
      given = co_await orders_.delete_targets(some, leaves);
    } catch (const tgkit::storage::StorageError& error) {
      failure = error.what();
    }
    for (std::size_t i = 0; i < some.size(); ++i) {
      if (i < given.size())
        takedown_.tried(some[i], given[i].outcome);
      else
        takedown_.tried(some[i], failure);
    }
    tell_takedown();
  }
}

Task<> Trader::delete_offers(std::vector<Intent> deletions) {
  for (const Intent& deletion : deletions) {
    if (!is_to_go(deletion)) continue;
    released_.erase(deletion.offer_id);
    const std::function<bool()> leaves = [] { return true; };
    Intent order = deletion;
    try {
      const Given given = co_await orders_.give(std::move(order), leaves);
      takedown_.tried(deletion, given.outcome);
    } catch (const tgkit::storage::StorageError& error) {
      takedown_.tried(deletion, std::string(error.what()));
    }
    tell_takedown();
  }
}

// Of orders of ours, when they are heard of for the first time.
void Trader::tell_real_trades(const std::vector<ledger::Entry>& found) const {
  if (live() || !real_trade_) return;
  const ledger::Books& books = ledger_.real();
  for (const ledger::Entry& entry : found) {
    const auto* purchase = std::get_if<ledger::Purchase>(&entry.body);
    const auto* sale = std::get_if<ledger::Sale>(&entry.body);
    const bool is_new_purchase = purchase != nullptr && books.made_target(purchase->target_id) &&
                                 books.purchase(purchase->target_id, purchase->asset_id) == nullptr;
    const bool is_new_sale =
        sale != nullptr && books.made_offer(sale->offer_id) && books.sale(sale->offer_id, sale->asset_id) == nullptr;
    if (is_new_purchase || is_new_sale) real_trade_(entry.body);
  }
}

Task<> Trader::drop_simulated() {
  std::vector<Intent> intents;
  for (const auto& [id, target] : ledger_.simulated().targets())
    intents.push_back(removal_of(id, target, reason_of(target.made_by.reason.rule, "panic", {})));
  dropped_ = intents.size();
  try {
    co_await orders_.simulate(std::move(intents));
  } catch (const tgkit::storage::StorageError& error) {
    log_.error("the dry run's targets could not be dropped", Field("reason", error.what()));
  }
}

}  // namespace app::trader
