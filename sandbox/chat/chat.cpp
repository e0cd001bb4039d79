#include "sandbox/chat/chat.hpp"

namespace sandbox {

json::object Message::object() const { return json::parse(text).as_object(); }

const Message* Chat::find(std::int64_t message_id) const {
  if (message_id < first_ || message_id >= next_message_id()) return nullptr;
  return &messages_[static_cast<std::size_t>(message_id - first_)];
}

Message* Chat::find(std::int64_t message_id) {
  if (message_id < first_ || message_id >= next_message_id()) return nullptr;
  return &messages_[static_cast<std::size_t>(message_id - first_)];
}

Message* Chat::alive(std::int64_t message_id) {
  Message* message = find(message_id);
  return message && !message->deleted ? message : nullptr;
}

Message& Chat::append(Message message, std::size_t keep) {
  messages_.push_back(std::move(message));
  if (messages_.size() > keep) {
    messages_.pop_front();
    ++first_;
  }
  return messages_.back();
}

const Member* Chat::member(std::int64_t id) const {
  const auto found = members.find(id);
  return found == members.end() ? nullptr : &found->second;
}

}  // namespace sandbox
