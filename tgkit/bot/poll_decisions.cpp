#include "tgkit/bot/poll_decisions.hpp"

#include <algorithm>
#include <utility>

namespace tgkit::bot {

std::string_view to_text(PollOutcome outcome) {
  switch (outcome) {
    case PollOutcome::ok:
      return "ok";
    case PollOutcome::conflict:
      return "conflict";
    case PollOutcome::refused:
      return "refused";
    case PollOutcome::flood:
      return "flood";
    case PollOutcome::deaf:
      return "deaf";
    case PollOutcome::network:
      return "network";
    case PollOutcome::server:
      return "server";
    case PollOutcome::store:
      return "store";
  }
  return "unknown";
}

PollOutcome classify(const telegram::Error& error, Duration taken, Duration hold) {
  if (error.is_conflict()) return PollOutcome::conflict;
  if (error.is_unauthorized()) return PollOutcome::refused;
  if (error.is_flood()) return PollOutcome::flood;
  if (error.kind() != telegram::Error::Kind::transport) return PollOutcome::server;
  return taken > hold ? PollOutcome::deaf : PollOutcome::network;
}

PollDecisions::PollDecisions(PollPauses pauses, std::uint64_t seed)
    : pauses_(pauses), trouble_(pauses.trouble, seed), conflict_(pauses.conflict, seed + 1) {}

PollDecision PollDecisions::completed(TimePoint now) {
  trouble_.reset();
  if (conflicted_ && now - last_conflict_ >= pauses_.quiet) {
    conflict_.reset();
    conflicted_ = false;
  }
  PollDecision decision;
  if (last_ == PollOutcome::conflict && !std::exchange(on_trial_, !on_trial_)) {
    decision.ready = false;
    decision.trial = true;
    return decision;
  }
  decision.say = last_ != PollOutcome::ok;
  last_ = PollOutcome::ok;
  return decision;
}

PollDecision PollDecisions::failed(PollOutcome outcome, Duration retry_after, TimePoint now) {
  on_trial_ = false;
  switch (outcome) {
    case PollOutcome::refused: {
      PollDecision decision = waiting(trouble_.next(), false, outcome);
      decision.act = PollDecision::Act::prove;
      return decision;
    }
    case PollOutcome::conflict:
      conflicted_ = true;
      last_conflict_ = now;
      return waiting(conflict_.next(), false, outcome);
    case PollOutcome::flood:
      return waiting(std::max<Duration>(retry_after, std::chrono::seconds{1}), true, outcome);
    case PollOutcome::ok:
    case PollOutcome::deaf:
    case PollOutcome::network:
    case PollOutcome::server:
    case PollOutcome::store:
      break;
  }
  return waiting(trouble_.next(), false, outcome);
}

PollDecision PollDecisions::waiting(Duration pause, bool ready, PollOutcome outcome) {
  PollDecision decision;
  decision.act = PollDecision::Act::wait;
  decision.pause = pause;
  decision.ready = ready;
  decision.say = last_ != outcome;
  last_ = outcome;
  return decision;
}

}  // namespace tgkit::bot
