#pragma once
// What the poller does after each getUpdates. Pure: outcomes go in, decisions come out.
//
// Another instance that took over (409) is yielded to: the pauses between our looks grow, and a look that succeeds does
// not make them short again until it has been quiet for long, so that two instances never throw each other out in turn.
// The look itself ends the other's waiting poll and so says nothing yet: updates reach us when a poll that waited was
// not ended by the other.
//
// Who was ended twice within a short time gives way: it does not poll any more, for each poll of its own would end the
// other's, but watches whether updates pile up at Telegram, and polls again when they do. So does who finds a webhook.
#include "tgkit/async/backoff.hpp"
#include "tgkit/async/clock.hpp"
#include "tgkit/bot/ownership.hpp"
#include "tgkit/telegram/error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tgkit::bot {

enum class PollOutcome { ok, conflict, refused, flood, deaf, network, server, store };
inline constexpr std::size_t poll_outcomes = 8;
std::string_view to_text(PollOutcome outcome);  // label of tgkit_poll_rounds_total

// deaf: no answer though `hold`, after which Telegram answers in any case, has passed: the connection is dead without
// knowing it.
PollOutcome classify(const telegram::Error& error, Duration taken, Duration hold);

struct PollDecision {
  enum class Act { poll, wait, prove };  // prove: whether the token is refused for good (token_proof.hpp); if not, wait
  Act act = Act::poll;
  Duration pause{0};   // before the next look
  bool ready = true;   // updates are reaching us
  bool say = false;    // a change worth a log line; repetitions are not
  bool trial = false;  // the next poll is to wait for a while, to see whether the other instance is really gone
  bool watch = false;  // the next look is at what waits at Telegram (looked()), not a poll
};

// What getWebhookInfo says.
struct AtTelegram {
  bool webhook = false;  // one is set: polls are refused
  bool waiting = false;  // updates wait
};

struct PollPauses {
  Backoff::Settings trouble{std::chrono::seconds{1}, std::chrono::seconds{30}, std::chrono::milliseconds{200}};
  Backoff::Settings conflict{std::chrono::seconds{10}, std::chrono::minutes{5}, std::chrono::seconds{3}};
  Duration quiet = std::chrono::minutes{10};  // without a conflict: the pauses start short again
  Duration twice = std::chrono::minutes{5};   // ended twice within it: we give way
  ComebackSettings comeback;
};

class PollDecisions {
 public:
  PollDecisions(PollPauses pauses, std::uint64_t seed);

  PollDecision completed(TimePoint now);
  PollDecision failed(PollOutcome outcome, Duration retry_after, TimePoint now);
  // After a decision to watch. Nothing: Telegram could not be asked, which says nothing.
  PollDecision looked(std::optional<AtTelegram> seen, TimePoint now);
  // Another instance had the updates, and may still be there.
  bool came_back(TimePoint now) const { return comeback_.on_probation(now); }

 private:
  bool gives_way(TimePoint now);
  PollDecision conflict(TimePoint now);
  PollDecision waiting(Duration pause, bool ready, PollOutcome outcome);

  PollPauses pauses_;
  Backoff trouble_, conflict_;
  PollOutcome last_ = PollOutcome::ok;
  TimePoint last_conflict_{};
  Comeback comeback_;
  std::optional<TimePoint> last_end_;  // of polls of ours, by another instance
  bool completed_ = false;             // a round, since the last conflict
  bool gave_way_ = false;              // to another instance, which may be there though no webhook is set
  bool conflicted_ = false;
  bool on_trial_ = false;
};

}  // namespace tgkit::bot
