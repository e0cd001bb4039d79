#include "tgkit/bot/token_proof.hpp"

namespace tgkit::bot {
namespace {

constexpr int questions = 2;

// Whatever else comes back, an answer or no answer, proves nothing.
Task<bool> is_refused_again(const TokenProof& proof) {
  try {
    co_await proof.ask();
  } catch (const telegram::Error& error) {
    co_return error.is_unauthorized();
  }
  co_return false;
}

}  // namespace

Task<bool> token_is_refused(Clock& clock, const TokenProof& proof) {
  if (!proof.ask) co_return true;
  for (int asked = 0; asked < questions; ++asked) {
    co_await clock.sleep_for(proof.apart);
    const bool refused = co_await is_refused_again(proof);
    if (!refused) co_return false;
  }
  co_return true;
}

}  // namespace tgkit::bot
