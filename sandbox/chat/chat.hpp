#pragma once
// One conversation: who is in it and what was written.
#include "sandbox/json.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <string>

namespace sandbox {

// `bot` is 0 but for private chats: two bots know their private chats with one person by the same number.
struct ChatKey {
  std::int64_t chat = 0;
  std::int64_t bot = 0;
  friend auto operator<=>(const ChatKey&, const ChatKey&) = default;
};

struct Member {
  std::string status;  // creator, administrator, member, restricted, left, kicked
  bool is_bot = false;

  bool present() const { return status != "left" && status != "kicked"; }
  bool administrator() const { return status == "creator" || status == "administrator"; }
};

// Stored as the Bot API's Message in JSON text: compact, and ready to be sent.
struct Message {
  std::int64_t id = 0;
  std::int64_t sender = 0;
  bool outgoing = false;  // a person wrote it
  bool deleted = false;
  int edits = 0;
  std::int64_t date = 0;
  std::uint64_t seq = 0;  // of its last change
  std::string text;

  json::object object() const;
};

class Chat {
 public:
  explicit Chat(ChatKey key_) : key(key_) {}

  bool is_private() const { return type == "private"; }
  bool is_channel() const { return type == "channel"; }
  const Message* find(std::int64_t message_id) const;  // also deleted ones
  Message* find(std::int64_t message_id);
  Message* alive(std::int64_t message_id);             // nullptr: never was, forgotten or deleted
  Message& append(Message message, std::size_t keep);  // forgets the oldest beyond `keep`
  std::int64_t next_message_id() const { return first_ + static_cast<std::int64_t>(messages_.size()); }
  const std::deque<Message>& messages() const { return messages_; }
  std::size_t position_of(std::int64_t message_id) const {  // in messages(), of it or the first after it
    return message_id <= first_ ? 0 : static_cast<std::size_t>(message_id - first_);
  }
  const Member* member(std::int64_t id) const;

  ChatKey key;
  std::string type = "private";
  std::string title;
  std::string username;
  std::string description;
  std::map<std::int64_t, Member> members;  // of groups and channels
  bool blocked = false;                    // a private chat whose person blocked the bot
  std::int64_t pinned = 0;
  json::value keyboard;  // null, or what is shown below the input field
  std::uint64_t last_seq = 0;

 private:
  std::deque<Message> messages_;
  std::int64_t first_ = 1;
};

}  // namespace sandbox
