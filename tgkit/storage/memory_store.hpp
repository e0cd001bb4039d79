#pragma once
// The store without a disk: for tests, and for bots that may forget. Everything is gone with the object.
#include "tgkit/async/clock.hpp"
#include "tgkit/storage/store.hpp"

#include <cstddef>
#include <memory>

namespace tgkit::storage {

class MemoryStore final : public Store {
 public:
  struct Settings {
    std::size_t dedupe_window = 10'000;  // update ids remembered after they were done
  };

  explicit MemoryStore(Clock& clock);  // `clock` must outlive the store
  MemoryStore(Clock& clock, Settings settings);
  ~MemoryStore() override;

  Task<Unfinished> open() override;
  Task<std::vector<bool>> append(std::vector<InboxUpdate> updates) override;
  Task<std::vector<std::optional<StateRecord>>> load(std::vector<StateKey> keys) override;
  Task<> commit(Commit commit) override;
  Task<std::vector<QuarantinedUpdate>> quarantine(std::size_t most) override;
  Task<> probe() override;
  Task<> close() override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tgkit::storage
