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
  halted_by_ = user;
  log_.error("panic: no order leaves any more", Field("user", user));
  if (is_new) {
    stopping_ = true;
    group_.cancel();
    panic_entered_.reset();
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
  report.lines = takedown_.lines(books, exchange_.now());
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

// One pass over what is due. `despite_locks`: what we believe to be locked is tried, too: the exchange may know better,
// and its refusal says until when.
Task<> Trader::take_down(bool despite_locks) {
  if (taking_down_ || !takedown_wanted()) co_return;
  struct Flag {
    explicit Flag(bool& flag_) : flag(flag_) { flag = true; }
    ~Flag() { flag = false; }
    bool& flag;
  };
  const Flag under_way(taking_down_);
  takedown_.take_up(ledger_.real());
  std::vector<Intent> due = takedown_.due(ledger_.real(), exchange_.now(), despite_locks, "panic");
  const auto offers = std::ranges::partition(
      due, [](const Intent& deletion) { return deletion.action == ledger::Action::delete_target; });
  std::vector<Intent> of_offers(offers.begin(), offers.end());
  due.erase(offers.begin(), offers.end());
  co_await delete_targets(std::move(due));
  co_await delete_offers(std::move(of_offers));
  tell_takedown();
}

Task<> Trader::delete_targets(std::vector<Intent> deletions) {
  for (std::size_t begin = 0; begin < deletions.size() && takedown_wanted(); begin += targets_per_call) {
    const std::size_t end = std::min(deletions.size(), begin + targets_per_call);
    const std::vector<Intent> some(deletions.begin() + static_cast<std::ptrdiff_t>(begin),
                                   deletions.begin() + static_cast<std::ptrdiff_t>(end));
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
    if (!takedown_wanted()) co_return;
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
