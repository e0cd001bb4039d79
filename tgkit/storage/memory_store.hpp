#pragma once
// The store without a disk: for tests, and for bots that may forget. Everything is gone with the object; what only a
// later run would read (updates under way, messages, timers, attempts) is not kept at all.
#include "tgkit/async/clock.hpp"
#include "tgkit/storage/store.hpp"

#include <cstddef>
#include <memory>

namespace tgkit::storage {

class MemoryStore final : public Store {
 public:
  struct Settings {
    std::size_t dedupe_window = 10'000;     // update ids remembered after they were done
    std::size_t most_quarantined = 10'000;  // the oldest beyond it are dropped
  };

  explicit MemoryStore(Clock& clock);  // `clock` must outlive the store
  MemoryStore(Clock& clock, Settings settings);
  ~MemoryStore() override;

  Task<Unfinished> open() override;
  Task<std::vector<bool>> append(std::vector<InboxUpdate> updates) override;
  Task<> durable() override;
  void count_attempt(std::int64_t update_id) override;
  void take_back_attempt(std::int64_t update_id) override;
  std::uint32_t attempts(std::int64_t update_id) const override;
  bool knows(std::int64_t update_id) const override;
  bool begin_send(std::int64_t message_id) override;
  void take_back_send(std::int64_t message_id) override;
  void begin_run(const TimerKey& timer) override;
  void take_back_run(const TimerKey& timer) override;
  Task<std::vector<std::optional<StateRecord>>> load(std::vector<StateKey> keys) override;
  Task<> commit(Commit commit) override;
  Task<std::vector<QuarantinedUpdate>> quarantine(std::size_t most, std::int64_t before = 0) override;
  Task<std::optional<QuarantinedUpdate>> find_quarantined(std::int64_t number) override;
  Task<std::size_t> drop_quarantined(std::vector<std::int64_t> numbers) override;
  Task<bool> replay(std::int64_t number, InboxUpdate update) override;
  Task<std::vector<BookEntry>> entries(std::string book, std::int64_t after, std::size_t most) override;
  Task<> probe() override;
  Task<> close() override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tgkit::storage
