#pragma once
// Giving orders so that no kill at any instruction leaves money unaccounted: the intent is durable before the order
// leaves, its outcome is entered after the answer. An answer that is lost leaves the intent open; it is never repeated
// blindly but settled from the exchange's lists (settle.hpp).
#include "app/ledger/ledger.hpp"
#include "app/trader/exchange.hpp"
#include "dmarket/error.hpp"
#include "tgkit/ops/log.hpp"
#include "tgkit/ops/metrics.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace app::trader {

struct Given {
  ledger::Outcome outcome;
  bool sent = true;  // false: it was stopped before it left
};

// Not thread-safe. Everything must outlive it.
class Orders {
 public:
  // `may_leave` is asked right before an order leaves, when its intent is durable.
  Orders(ledger::Ledger& ledger, Exchange& exchange, tgkit::ops::Log& log, tgkit::ops::Metrics& metrics);

  // Throws storage::StorageError when the ledger cannot be written: then nothing has left. Cancellation while the order
  // is under way leaves its intent open.
  tgkit::Task<Given> give(ledger::Intent intent, std::function<bool()> may_leave);
  // Several targets with one call; the outcomes in their order.
  tgkit::Task<std::vector<Given>> delete_targets(std::vector<ledger::Intent> intents, std::function<bool()> may_leave);
  // In dry run: as if every order were done at once.
  tgkit::Task<> simulate(std::vector<ledger::Intent> intents);

 private:
  tgkit::Task<ledger::Outcome> send(const ledger::Intent& intent);
  // `bought`: by a purchase at once; it must not be parted from its outcome.
  tgkit::Task<> enter(const ledger::Intent& intent, const ledger::Outcome& outcome,
                      std::optional<ledger::Purchase> bought, bool simulated);
  void tell(const ledger::Intent& intent, const ledger::Outcome& outcome, bool simulated);

  ledger::Ledger& ledger_;
  Exchange& exchange_;
  tgkit::ops::Log& log_;
  tgkit::ops::Metrics& metrics_;
};

// Whether an error proves that a change was not made.
bool surely_not_done(const dmarket::Error& error);

}  // namespace app::trader
