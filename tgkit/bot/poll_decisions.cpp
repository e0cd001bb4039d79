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
    : pauses_(pauses),
      trouble_(pauses.trouble, seed),
      conflict_(pauses.conflict, seed + 1),
      comeback_(pauses.comeback) {}

PollDecision PollDecisions::completed(TimePoint now) {
  trouble_.reset();
  completed_ = true;
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
      return conflict(now);
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

PollDecision PollDecisions::conflict(TimePoint now) {
  conflicted_ = true;
  last_conflict_ = now;
  const bool ended = std::exchange(completed_, false);
  gave_way_ = ended && gives_way(now);
  if (gave_way_) comeback_.gave_way(now);
  PollDecision decision = waiting(gave_way_ ? comeback_.pause() : conflict_.next(), false, PollOutcome::conflict);
  decision.watch = gave_way_ || !ended;  // a first poll does not wait, so that nobody can end it: a webhook is set
  return decision;
}

// Of who was ended by another instance.
bool PollDecisions::gives_way(TimePoint now) {
  const std::optional<TimePoint> before = std::exchange(last_end_, now);
  return comeback_.on_probation(now) || (before && now - *before <= pauses_.twice);
}

PollDecision PollDecisions::looked(std::optional<AtTelegram> seen, TimePoint now) {
  PollDecision decision;
  decision.ready = false;
  if (seen && !seen->webhook && !gave_way_) return decision;
  if (seen && comeback_.looked(seen->waiting, now)) return decision;
  decision.act = PollDecision::Act::wait;
  decision.pause = comeback_.pause();
  decision.watch = true;
  return decision;
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
