#pragma once
// A store that remembers what was asked of it, can be made to fail or to hold its commits, and can be "restarted".
#include "tgkit/async/event.hpp"
#include "tgkit/storage/store.hpp"

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <vector>

namespace tests {

class ScriptedStore final : public tgkit::storage::Store {
 public:
  tgkit::Task<tgkit::storage::Unfinished> open() override;
  tgkit::Task<std::vector<bool>> append(std::vector<tgkit::storage::InboxUpdate> updates) override;
  tgkit::Task<> durable() override;
  void count_attempt(std::int64_t update_id) override;
  void take_back_attempt(std::int64_t update_id) override;
  std::uint32_t attempts(std::int64_t update_id) const override;
  bool begin_send(std::int64_t message_id) override {
    if (!sending.contains(message_id) && sending.size() >= most_marks) return false;
    sending.insert(message_id);
    return true;
  }
  void take_back_send(std::int64_t message_id) override { sending.erase(message_id); }
  void begin_run(const tgkit::storage::TimerKey& timer) override { ++runs[timer]; }
  void take_back_run(const tgkit::storage::TimerKey& timer) override { --runs[timer]; }
  tgkit::Task<std::vector<std::optional<tgkit::storage::StateRecord>>> load(
      std::vector<tgkit::storage::StateKey> keys) override;
  tgkit::Task<> commit(tgkit::storage::Commit commit) override;
  bool knows(std::int64_t update_id) const override { return seen.contains(update_id); }
  tgkit::Task<std::vector<tgkit::storage::QuarantinedUpdate>> quarantine(std::size_t most,
                                                                         std::int64_t before) override;
  tgkit::Task<std::optional<tgkit::storage::QuarantinedUpdate>> find_quarantined(std::int64_t number) override;
  tgkit::Task<std::size_t> drop_quarantined(std::vector<std::int64_t> numbers) override;
  tgkit::Task<bool> replay(std::int64_t number, tgkit::storage::InboxUpdate update) override;
  tgkit::Task<std::vector<tgkit::storage::BookEntry>> entries(std::string book, std::int64_t after,
                                                              std::size_t most) override;
  tgkit::Task<> probe() override { co_return; }
  tgkit::Task<> close() override { co_return; }

  void put_inbox(std::int64_t id, const std::string& body, std::uint32_t attempts = 0) {
    inbox[id] = {id, body};
    if (attempts > 0) begun[id] = attempts;
    seen.insert(id);
  }
  std::string state(const std::string& type, const std::string& owner) const {
    const auto found = states.find({type, owner});
    return found == states.end() ? "" : found->second.value;
  }

  std::map<std::int64_t, tgkit::storage::InboxUpdate> inbox;
  std::set<std::int64_t> seen;
  std::map<std::int64_t, std::uint32_t> begun;  // attempts
  std::map<std::int64_t, tgkit::storage::OutboxMessage> outbox;
  std::set<std::int64_t> sending;  // messages whose sending has begun
  std::map<tgkit::storage::StateKey, tgkit::storage::StateRecord> states;
  std::vector<tgkit::storage::QuarantinedUpdate> quarantined;
  std::int64_t last_quarantined = 0;  // number given
  std::map<tgkit::storage::TimerKey, tgkit::storage::TimerRecord> timers;
  std::map<tgkit::storage::TimerKey, std::uint32_t> runs;  // that have begun
  std::vector<tgkit::storage::Commit> commits;
  std::vector<std::size_t> loads;  // keys per load
  std::size_t most_marks = 2048;   // sends beyond them may not begin
  int failing_commits = 0;         // so many throw
  int failing_durables = 0;
  int failing_loads = 0;
  std::function<tgkit::Task<>()> before_durable;  // awaited first
};

}  // namespace tests
