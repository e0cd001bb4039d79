#pragma once
// A message on its way out, and what can be read from a call about its delivery. Pure.
#include "tgkit/async/clock.hpp"
#include "tgkit/bot/delivery.hpp"
#include "tgkit/bot/pacing.hpp"
#include "tgkit/storage/store.hpp"
#include "tgkit/telegram/request.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tgkit::bot {

class SendWatcher;

// What an edit replaces. A whole one (text, medium) replaces everything of its message, keyboard included.
enum class EditKind : std::uint8_t { none, markup, caption, text, media, location };

struct Outgoing {
  storage::OutboxMessage message;
  std::vector<telegram::Part>
      files;          // uploads are not kept by the store: such a message goes out, but not after a crash
  std::string trace;  // empty for those of an earlier run
  SendLane lane = SendLane::reply;
  IfUnknown if_unknown = IfUnknown::report;
  IfRefused if_refused = IfRefused::give_up;
  SendCost cost;  // zero without pacing
  EditKind edit = EditKind::none;
  bool marked = false;  // in the store while it is being sent: it must not be repeated unseen
  bool kept = true;     // by the store
  bool said = false;    // that its wait is a long one
  unsigned tries = 0;
  unsigned moves = 0;                      // tries that were told another chat
  unsigned unknowns = 0;                   // tries that may have arrived
  std::int64_t edited = 0;                 // the message that an edit changes
  TimePoint since{};                       // when it was queued; of an earlier run: when this one began
  std::optional<TimePoint> flooded_since;  // its first 429
  SendWatcher* watcher = nullptr;          // null: nobody asks
  std::unique_ptr<Outgoing> next;          // these two belong to the queue
  Outgoing* previous = nullptr;
};

// Messages of one chat go one after the other; answers to presses, and what names no chat, need not.
inline bool is_ordered(const Outgoing& outgoing) {
  return outgoing.lane != SendLane::answer && outgoing.message.chat_id != 0;
}

SendLane usual_lane(std::string_view method);

// Lane and policies as one number of the store, and back. Numbers that this version does not know read as the usual.
std::int32_t to_stored(SendLane lane, IfUnknown if_unknown, IfRefused if_refused = IfRefused::give_up);
SendLane lane_of(std::int32_t stored);
IfUnknown if_unknown_of(std::int32_t stored);
IfRefused if_refused_of(std::int32_t stored);

// The chat that a call's parameters name: its id; for an "@name" and for an inline message a number that no id has,
// the former negative as those of groups and channels are; or 0.
std::int64_t chat_of(std::string_view json);
bool is_chat_id(std::int64_t chat) noexcept;  // false for 0 and for the numbers made of names
// The same parameters for another chat. Parameters without a chat get one.
std::string with_chat(std::string json, std::int64_t chat);

// The same parameters without this one.
std::string without(std::string json, std::string_view name);

// Turns it, refused as it was, into what its policy wants tried instead. False: there is nothing else to try, and it is
// as it was. Whatever comes of it is final.
bool go_another_way(Outgoing& outgoing);

EditKind edit_kind(std::string_view method);
std::int64_t edited_message(std::string_view json);  // its message_id; 0 when it names none (an inline message)
// Whether the older edit of the same message need not be seen once the newer one is done.
bool supersedes(EditKind newer, EditKind older);

}  // namespace tgkit::bot
