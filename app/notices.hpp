#pragma once
// What the admins are told without having asked, and messages that change after their handler has ended. Each reads his
// own language. What is told is kept by the store before it leaves: a restart loses nothing.
#include "app/menu.hpp"
#include "app/preferences.hpp"
#include "tgkit/async/task_group.hpp"
#include "tgkit/bot/callback_key.hpp"
#include "tgkit/bot/outbox.hpp"
#include "tgkit/ops/log.hpp"
#include "tgkit/ops/service.hpp"
#include "tgkit/storage/store.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace app {

// Not thread-safe: used on the loop's thread only. A service so that a stop waits for what is being written down.
class Notices final : public tgkit::ops::Service {
 public:
  // One screen in the reader's language. Called once for each reader, maybe after tell() has returned: what it needs it
  // holds by value.
  using Write = std::function<Page(const Texts&, Keyboard)>;

  // The store, the outbox and what is heard must outlive it.
  Notices(tgkit::Executor executor, tgkit::storage::Store& store, tgkit::bot::Outbox& outbox, tgkit::ops::Log& log,
          tgkit::bot::CallbackKey key, std::vector<std::int64_t> readers, Defaults defaults,
          const HeardLanguages& heard);

  std::string_view name() const override { return "notices"; }
  tgkit::Task<> start() override { co_return; }
  tgkit::Task<> stop() override;

  // To every reader. Neither waits nor throws; what cannot be kept is logged. `about` is for the log.
  void tell(std::string about, Write write);
  // Another screen in place of one that was sent. Of several that wait the newest leaves.
  void edit(std::int64_t chat, std::int64_t message, Page page);
  Keyboard keyboard() const { return Keyboard(key_); }

 private:
  tgkit::Task<> write_to_all(std::string about, Write write);
  tgkit::Task<> send(std::string about, std::vector<tgkit::bot::QueuedCall> calls);
  tgkit::Task<std::vector<const Texts*>> languages() const;

  tgkit::storage::Store& store_;
  tgkit::bot::Outbox& outbox_;
  tgkit::ops::Log& log_;
  tgkit::bot::CallbackKey key_;
  std::vector<std::int64_t> readers_;
  Defaults defaults_;
  const HeardLanguages& heard_;
  tgkit::TaskGroup group_;
};

}  // namespace app
