#pragma once
// One 401 or 404 does not prove that the token is wrong: a proxy, a balancer or a Bot API server that restarts answers
// so, too, and the exit code it leads to keeps a supervisor from starting the bot again.
#include "tgkit/async/clock.hpp"
#include "tgkit/async/task.hpp"
#include "tgkit/telegram/error.hpp"

#include <functional>

namespace tgkit::bot {

struct TokenProof {
  std::function<Task<>()> ask;               // getMe; throws telegram::Error
  Duration apart = std::chrono::seconds{3};  // the pause before each question
};

// After a call was refused for its token: asks twice, some seconds apart. False unless both questions are refused,
// too. Without `ask` the first refusal is believed. `proof` has to stay until then.
Task<bool> token_is_refused(Clock& clock, const TokenProof& proof);

}  // namespace tgkit::bot
