#pragma once
// The ledger of the account: a book of the store, and what follows from its entries. Everything about money that the
// program shows or decides on is read here.
#include "app/ledger/books.hpp"
#include "app/ledger/entry.hpp"
#include "tgkit/async/task.hpp"
#include "tgkit/ops/service.hpp"
#include "tgkit/storage/store.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace app::ledger {

inline constexpr std::string_view book_name = "ledger";

// Gives a book's entries one after the other, whoever keeps them; for exports of a ledger that may be in use.
tgkit::Task<> read_entries(tgkit::storage::Store& store, const std::function<void(const Entry&)>& each);

// Not thread-safe: used on the loop's thread only. The store must be open before start() and outlive it.
class Ledger final : public tgkit::ops::Service {
 public:
  explicit Ledger(tgkit::storage::Store& store) : store_(store) {}

  std::string_view name() const override { return "ledger"; }
  // Reads what is there. Throws std::runtime_error for an entry that cannot be read: whoever does not know what was
  // bought must not trade.
  tgkit::Task<> start() override;
  tgkit::Task<> stop() override { co_return; }

  // Returns when the entries are durable, all or none of them, with their numbers. Throws storage::StorageError: then
  // nothing was entered.
  tgkit::Task<std::vector<std::int64_t>> append(std::vector<Entry> entries);

  const Books& real() const noexcept { return real_; }
  const Books& simulated() const noexcept { return simulated_; }
  const Books& books(bool simulated) const noexcept { return simulated ? simulated_ : real_; }
  tgkit::storage::Store& store() const noexcept { return store_; }

 private:
  void apply(const Entry& entry) { (entry.simulated ? simulated_ : real_).apply(entry); }

  tgkit::storage::Store& store_;
  Books real_, simulated_;
};

}  // namespace app::ledger
