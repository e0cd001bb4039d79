#pragma once
// Which message leaves next. Pure: it neither waits nor sends anything.
//
// What is promised:
// * Lanes go before each other: answers, replies, alerts, broadcasts. Within a lane chats take turns.
// * Of one chat one message is on its way at a time (answers excepted: they depend on nothing), and those of one lane
//   leave in the order in which they were pushed. A reply goes before alerts and broadcasts that wait, so that order
//   between lanes is not kept; what has to follow something else belongs to its lane.
// * What has to wait (pacing, a flood limit, a second try) holds its chat, and no other. Answers wait for no pace, even
//   those that cost a message.
#include "tgkit/bot/outgoing.hpp"
#include "tgkit/bot/pacing.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tgkit::bot {

// Messages in a row.
class MessageList {
 public:
  MessageList() = default;
  MessageList(const MessageList&) = delete;
  MessageList& operator=(const MessageList&) = delete;
  ~MessageList();

  bool empty() const noexcept { return !first_; }
  Outgoing* first() const noexcept { return first_.get(); }
  void push_back(std::unique_ptr<Outgoing> message);
  void push_front(std::unique_ptr<Outgoing> message);
  std::unique_ptr<Outgoing> remove(Outgoing& message);

 private:
  std::unique_ptr<Outgoing> first_;
  Outgoing* last_ = nullptr;
};

class SendQueue {
 public:
  explicit SendQueue(const std::optional<PacingSettings>& pacing) : pacer_(pacing) {}
  ~SendQueue();

  void push(std::unique_ptr<Outgoing> message);
  void push_front(std::unique_ptr<Outgoing> message);  // before those of its lane

  // Whether next() gives something. Without pacing `now` is not looked at.
  bool has_ready(TimePoint now) { return pick(now) != nullptr; }
  // Null when nothing may leave now. Whoever takes an ordered message calls finished() or put_back() for it.
  std::unique_ptr<Outgoing> next(TimePoint now);
  void finished(std::int64_t chat);                  // the message on its way to this chat is done
  void put_back(std::unique_ptr<Outgoing> message);  // it is to leave again, before the others of its lane

  // Nothing ordered leaves for the chat before `until`, and when Telegram asked for it, one by one afterwards. Parked
  // messages are counted apart: somebody expects a long wait.
  void hold(std::int64_t chat, TimePoint until, bool flooded, bool parked);
  void hold_all(TimePoint until, bool answers);  // nothing leaves at all; or nothing but answers
  void close(SendLane from) { closed_ = static_cast<std::size_t>(from); }  // messages of these lanes stay
  void open() { closed_ = send_lanes; }
  // To be called when next_due() has come.
  void release_due(TimePoint now);
  std::optional<TimePoint> next_due() const;
  // The earliest time at which something that only pacing holds back may leave.
  std::optional<TimePoint> next_paced() const;

  // A waiting edit that need not be seen once `newer` is done; null when there is none (any more).
  std::unique_ptr<Outgoing> take_superseded(const Outgoing& newer);
  // The first waiting message of the chat in this lane or a later one; null when there is none.
  std::unique_ptr<Outgoing> take_waiting(std::int64_t chat, SendLane from);

  bool paces() const noexcept { return pacer_.on(); }
  const Pacer& pacer() const noexcept { return pacer_; }
  std::size_t chats() const noexcept { return chats_.size(); }  // with something waiting, on its way or held
  std::size_t parked() const noexcept { return parked_; }       // messages
  std::optional<TimePoint> oldest() const;                      // of those that wait; looks at all chats

 private:
  struct Chat;
  struct Ring {
    Chat* first = nullptr;
    Chat* last = nullptr;
  };
  struct Place {  // in a ring
    Chat* previous = nullptr;
    Chat* next = nullptr;
    Ring* ring = nullptr;
  };
  using Chats = std::unordered_map<std::int64_t, Chat>;
  using Held = std::set<std::pair<TimePoint, Chat*>>;

  struct Chat {
    std::int64_t id = 0;
    std::array<MessageList, send_lanes> lanes;
    Place answers, others;
    std::uint32_t waiting = 0;  // ordered ones
    std::uint32_t edits = 0;    // of which
    bool busy = false, held = false, paced = false, parked = false;
    TimePoint held_until{};
  };

  Chat& chat_of(std::int64_t id);
  void counted(Chat& chat, const Outgoing& message, std::uint32_t by);
  std::unique_ptr<Outgoing> take(Chat& chat, Outgoing& message);
  Chat* pick(TimePoint now);
  bool paced(Chat& chat, const Outgoing& message, TimePoint now);
  void settle(Chat& chat);
  void hold(Chat& chat, TimePoint until);
  void release(Chat& chat);
  void drop(Chat& chat);
  Ring& ring_of(SendLane lane) { return rings_[static_cast<std::size_t>(lane)]; }
  static void link(Ring& ring, Chat& chat, Place Chat::*place);
  static void unlink(Chat& chat, Place Chat::*place);

  Pacer pacer_;
  Chats chats_;
  std::vector<Chats::node_type> spare_;  // so that chats come and go without an allocation each
  std::array<Ring, send_lanes> rings_;   // of chats that may send, by the best lane they have
  std::size_t picked_lane_ = 0;
  std::size_t closed_ = send_lanes;  // from here on lanes are closed
  Held held_;
  std::optional<TimePoint> answers_held_, all_held_, all_paced_;
  std::size_t parked_ = 0;
};

}  // namespace tgkit::bot
