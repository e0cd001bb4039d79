#include "tgkit/bot/send_queue.hpp"

#include <algorithm>

namespace tgkit::bot {

namespace {

constexpr std::size_t most_spare = 256;

void keep_earlier(std::optional<TimePoint>& earliest, const std::optional<TimePoint>& other) {
  if (other && (!earliest || *other < *earliest)) earliest = other;
}

void keep_later(std::optional<TimePoint>& latest, TimePoint other) {
  if (!latest || *latest < other) latest = other;
}

}  // namespace

MessageList::~MessageList() {
  while (first_) remove(*first_);  // one by one: a chain of destructors could be deep
}

void MessageList::push_back(std::unique_ptr<Outgoing> message) {
  Outgoing* added = message.get();
  added->previous = last_;
  (last_ ? last_->next : first_) = std::move(message);
  last_ = added;
}

void MessageList::push_front(std::unique_ptr<Outgoing> message) {
  message->previous = nullptr;
  (first_ ? first_->previous : last_) = message.get();
  message->next = std::move(first_);
  first_ = std::move(message);
}

std::unique_ptr<Outgoing> MessageList::remove(Outgoing& message) {
  std::unique_ptr<Outgoing>& owner = message.previous ? message.previous->next : first_;
  (message.next ? message.next->previous : last_) = message.previous;
  std::unique_ptr<Outgoing> removed = std::move(owner);
  owner = std::move(removed->next);
  removed->previous = nullptr;
  return removed;
}

SendQueue::~SendQueue() = default;

SendQueue::Chat& SendQueue::chat_of(std::int64_t id) {
  if (const auto found = chats_.find(id); found != chats_.end()) return found->second;
  if (spare_.empty()) {
    Chat& chat = chats_[id];
    chat.id = id;
    return chat;
  }
  Chats::node_type node = std::move(spare_.back());
  spare_.pop_back();
  node.key() = node.mapped().id = id;
  return chats_.insert(std::move(node)).position->second;
}

void SendQueue::drop(Chat& chat) {
  Chats::node_type node = chats_.extract(chat.id);
  if (spare_.size() < most_spare) spare_.push_back(std::move(node));
}

void SendQueue::link(Ring& ring, Chat& chat, Place Chat::*place) {
  Place& own = chat.*place;
  if (own.ring == &ring) return;
  unlink(chat, place);
  own = {ring.last, nullptr, &ring};
  (ring.last ? (ring.last->*place).next : ring.first) = &chat;
  ring.last = &chat;
}

void SendQueue::unlink(Chat& chat, Place Chat::*place) {
  Place& own = chat.*place;
  if (!own.ring) return;
  (own.previous ? (own.previous->*place).next : own.ring->first) = own.next;
  (own.next ? (own.next->*place).previous : own.ring->last) = own.previous;
  own = {};
}

// Puts the chat where it belongs after anything about it has changed: into the rings of what it may send, or away.
void SendQueue::settle(Chat& chat) {
  if (chat.lanes[0].empty())
    unlink(chat, &Chat::answers);
  else
    link(rings_[0], chat, &Chat::answers);

  const auto* best =
      std::find_if(chat.lanes.begin() + 1, chat.lanes.end(), [](const MessageList& lane) { return !lane.empty(); });
  if (chat.busy || chat.held || best == chat.lanes.end())
    unlink(chat, &Chat::others);
  else
    link(rings_[static_cast<std::size_t>(best - chat.lanes.begin())], chat, &Chat::others);

  if (best == chat.lanes.end() && chat.lanes[0].empty() && !chat.busy && !chat.held) drop(chat);
}

void SendQueue::counted(Chat& chat, const Outgoing& message, std::uint32_t by) {
  if (message.lane == SendLane::answer) return;
  chat.waiting += by;
  if (message.edit != EditKind::none) chat.edits += by;
  if (chat.parked) parked_ += static_cast<std::size_t>(static_cast<std::int32_t>(by));
}

void SendQueue::push(std::unique_ptr<Outgoing> message) {
  if (pacer_.on()) message->cost = send_cost(message->message.method, message->message.body, message->message.chat_id);
  Chat& chat = chat_of(message->message.chat_id);
  counted(chat, *message, 1);
  chat.lanes[static_cast<std::size_t>(message->lane)].push_back(std::move(message));
  settle(chat);
}

void SendQueue::push_front(std::unique_ptr<Outgoing> message) {
  Chat& chat = chat_of(message->message.chat_id);
  counted(chat, *message, 1);
  chat.lanes[static_cast<std::size_t>(message->lane)].push_front(std::move(message));
  settle(chat);
}

void SendQueue::put_back(std::unique_ptr<Outgoing> message) {
  if (is_ordered(*message)) chat_of(message->message.chat_id).busy = false;
  push_front(std::move(message));
}

std::unique_ptr<Outgoing> SendQueue::take(Chat& chat, Outgoing& message) {
  counted(chat, message, static_cast<std::uint32_t>(-1));
  return chat.lanes[static_cast<std::size_t>(message.lane)].remove(message);
}

// True: not now. The chat then stands where it will be found again.
bool SendQueue::paced(Chat& chat, const Outgoing& message, TimePoint now) {
  const Duration own = pacer_.wait_for_chat(chat.id, message.cost, now);
  if (own > Duration::zero()) {
    chat.paced = true;
    hold(chat, now + own);
    return true;
  }
  const Duration all = pacer_.wait_for_all(message.cost, now);
  if (all > Duration::zero()) all_paced_ = now + all;
  return all > Duration::zero();
}

SendQueue::Chat* SendQueue::pick(TimePoint now) {
  all_paced_.reset();
  for (picked_lane_ = 0; picked_lane_ < closed_; ++picked_lane_) {
    if (picked_lane_ == 0 ? answers_held_ : all_held_) continue;
    while (Chat* chat = rings_[picked_lane_].first) {
      // An answer does not wait, not even for others whose messages cost something; what it costs is owed.
      if (picked_lane_ == 0 || !pacer_.on() || !paced(*chat, *chat->lanes[picked_lane_].first(), now)) return chat;
      if (all_paced_) return nullptr;  // what is left for all belongs to the best lane
    }
  }
  return nullptr;
}

std::unique_ptr<Outgoing> SendQueue::next(TimePoint now) {
  Chat* chat = pick(now);
  if (!chat) return nullptr;
  std::unique_ptr<Outgoing> message = take(*chat, *chat->lanes[picked_lane_].first());
  pacer_.take(chat->id, message->cost, now);
  // Out of its ring, so that a chat with more to send stands behind the others.
  unlink(*chat, message->lane == SendLane::answer ? &Chat::answers : &Chat::others);
  if (is_ordered(*message)) chat->busy = true;
  settle(*chat);
  return message;
}

void SendQueue::finished(std::int64_t chat) {
  const auto found = chats_.find(chat);
  if (found == chats_.end()) return;
  found->second.busy = false;
  settle(found->second);
}

void SendQueue::hold(std::int64_t id, TimePoint until, bool flooded, bool parked) {
  Chat& chat = chat_of(id);
  if (flooded) pacer_.flooded(id, until);
  if (chat.held && chat.held_until > until) until = chat.held_until;
  chat.paced = false;
  if (parked && !chat.parked) {
    chat.parked = true;
    parked_ += chat.waiting;
  }
  hold(chat, until);
}

void SendQueue::hold(Chat& chat, TimePoint until) {
  if (chat.held) held_.erase({chat.held_until, &chat});
  chat.held = true;
  chat.held_until = until;
  held_.emplace(until, &chat);
  unlink(chat, &Chat::others);
}

void SendQueue::hold_all(TimePoint until, bool answers) {
  pacer_.all_flooded(until);
  keep_later(all_held_, until);
  if (answers) keep_later(answers_held_, until);
}

void SendQueue::release(Chat& chat) {
  held_.erase({chat.held_until, &chat});
  chat.held = chat.paced = false;
  if (chat.parked) parked_ -= chat.waiting;
  chat.parked = false;
  settle(chat);
}

void SendQueue::release_due(TimePoint now) {
  for (std::optional<TimePoint>* held : {&answers_held_, &all_held_})
    if (*held && **held <= now) held->reset();
  while (!held_.empty() && held_.begin()->first <= now) release(*held_.begin()->second);
}

std::optional<TimePoint> SendQueue::next_due() const {
  std::optional<TimePoint> earliest;
  if (!held_.empty()) earliest = held_.begin()->first;
  keep_earlier(earliest, all_paced_);
  keep_earlier(earliest, all_held_);
  keep_earlier(earliest, answers_held_);
  return earliest;
}

std::optional<TimePoint> SendQueue::next_paced() const {
  if (all_held_) return std::nullopt;
  if (all_paced_) return all_paced_;
  const auto first = std::ranges::find_if(held_, [this](const auto& entry) {
    const Chat& chat = *entry.second;
    const auto end = chat.lanes.begin() + static_cast<std::ptrdiff_t>(closed_);
    return chat.paced && std::any_of(chat.lanes.begin() + 1, end, [](const auto& lane) { return !lane.empty(); });
  });
  return first == held_.end() ? std::nullopt : std::optional(first->first);
}

std::unique_ptr<Outgoing> SendQueue::take_superseded(const Outgoing& newer) {
  const auto found = chats_.find(newer.message.chat_id);
  if (found == chats_.end() || found->second.edits == 0) return nullptr;
  Chat& chat = found->second;
  for (MessageList& lane : chat.lanes) {
    for (Outgoing* older = lane.first(); older; older = older->next.get()) {
      if (older->edited != newer.edited || !supersedes(newer.edit, older->edit)) continue;
      std::unique_ptr<Outgoing> taken = take(chat, *older);
      settle(chat);
      return taken;
    }
  }
  return nullptr;
}

std::unique_ptr<Outgoing> SendQueue::take_waiting(std::int64_t id, SendLane from) {
  const auto found = chats_.find(id);
  if (found == chats_.end()) return nullptr;
  Chat& chat = found->second;
  for (auto lane = static_cast<std::size_t>(from); lane < send_lanes; ++lane) {
    if (chat.lanes[lane].empty()) continue;
    std::unique_ptr<Outgoing> taken = take(chat, *chat.lanes[lane].first());
    settle(chat);
    return taken;
  }
  return nullptr;
}

std::optional<TimePoint> SendQueue::oldest() const {
  std::optional<TimePoint> earliest;
  for (const auto& [id, chat] : chats_) {
    for (const MessageList& lane : chat.lanes) {
      if (!lane.empty()) keep_earlier(earliest, lane.first()->since);
    }
  }
  return earliest;
}

}  // namespace tgkit::bot
