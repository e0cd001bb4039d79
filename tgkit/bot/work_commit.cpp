#include "tgkit/bot/work_commit.hpp"

#include "tgkit/async/backoff.hpp"
#include "tgkit/bot/jobs.hpp"

#include <optional>

namespace tgkit::bot {

namespace {

Task<> commit_until_done(const Environment& environment, Context& ctx, const storage::Commit& whole) {
  std::optional<Backoff> backoff;
  while (true) {
    storage::Commit commit = whole;
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
Task<> commit_work(const Environment& environment, Outbox& outbox, Context& ctx, storage::Commit with) {
  std::vector<std::unique_ptr<Outgoing>> messages = outbox.prepare(ctx.take_requests(), ctx.chat_id(), ctx.trace());
  for (const auto& message : messages)
    if (message->kept) with.messages.push_back(message->message);
  with.writes = ctx.take_writes();
  std::vector<storage::TimerWrite> timers = ctx.take_timers();
  with.timers.insert(with.timers.end(), timers.begin(), timers.end());
  with.delivered = outbox.take_delivered();
  if (!timers.empty()) environment.jobs->supersede(timers);
  try {
    co_await commit_until_done(environment, ctx, with);
  } catch (...) {
    outbox.give_back(with.delivered);
    throw;
  }
  outbox.accept(std::move(messages));
  if (!timers.empty()) environment.jobs->accept(timers);
}

}  // namespace tgkit::bot
