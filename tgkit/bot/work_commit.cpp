#include "tgkit/bot/work_commit.hpp"

#include "tgkit/async/backoff.hpp"
#include "tgkit/async/crash_point.hpp"
#include "tgkit/bot/jobs.hpp"

#include <optional>
#include <utility>

namespace tgkit::bot {

namespace {

using Messages = std::vector<std::unique_ptr<Outgoing>>;

// The messages belong to the outbox-to-be; each try takes copies of them along, and asks anew whose timer it is.
Task<> commit_until_done(const Environment& environment, Context& ctx, const storage::Commit& with,
                         const Messages& messages, const std::optional<storage::TimerWrite>& own_timer) {
  std::optional<Backoff> backoff;
  while (true) {
    storage::Commit commit = with;
    if (own_timer && !environment.jobs->superseded(own_timer->key)) commit.timers.push_back(*own_timer);
    for (const auto& message : messages)
      if (message->kept) commit.messages.push_back(message->message);
    try {
      co_await environment.store->commit(std::move(commit));
      co_return;
    } catch (const storage::StorageError& error) {
      ctx.log().error("the store does not commit; trying again", ops::Field("reason", error.what()));
    }
    if (!backoff) backoff.emplace(Backoff::Settings{});
    co_await environment.clock->sleep_for(backoff->next());
  }
}

}  // namespace

// Ids of what was sent ride along. When a stop breaks the commit off they are given back, or what was sent would be
// sent again after the next start.
Task<> commit_work(const Environment& environment, Outbox& outbox, Context& ctx, storage::Commit with,
                   std::optional<storage::TimerWrite> own_timer) {
  Messages messages = outbox.prepare(ctx.take_requests(), ctx.chat_id(), ctx.trace());
  with.writes = ctx.take_writes();
  with.delivered = outbox.take_delivered();
  const std::vector<storage::TimerWrite> timers = ctx.take_timers();
  with.timers.insert(with.timers.end(), timers.begin(), timers.end());
  if (!timers.empty()) environment.jobs->supersede(timers);
  try {
    co_await commit_until_done(environment, ctx, with, messages, own_timer);
  } catch (...) {
    outbox.give_back(with.delivered);
    throw;
  }
  crash_point("committed");
  outbox.accept(std::move(messages));
  if (!timers.empty()) environment.jobs->accept(timers);
}

}  // namespace tgkit::bot
