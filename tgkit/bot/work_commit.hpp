#pragma once
// The end of a piece of work, be it an update or a job: what its Context has decided becomes ONE commit, and then its
// messages go out and its timers run.
#include "tgkit/bot/context.hpp"
#include "tgkit/bot/outbox.hpp"
#include "tgkit/storage/store.hpp"

#include <optional>

namespace tgkit::bot {

// Commits the context's states, messages and timers together with what stands in `with` (its updates done, the job's
// own timer, unless somebody else has set it meanwhile: that counts). A store that cannot write is tried again until it can, so that nothing is lost and nothing done twice:
// it ends by success, or by being cancelled, and then nothing of it became true.
Task<> commit_work(const Environment& environment, Outbox& outbox, Context& ctx, storage::Commit with,
                   std::optional<storage::TimerWrite> own_timer = std::nullopt);

}  // namespace tgkit::bot
