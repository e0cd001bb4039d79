#pragma once
// Whom a call is for: a numeric id, or the "@username" of a public chat.
#include <cstdint>
#include <string>
#include <utility>

namespace tgkit::telegram {

class ChatId {
 public:
  ChatId() = default;
  ChatId(std::int64_t id) : id_(id) {}                              // NOLINT(google-explicit-constructor)
  ChatId(std::string username) : username_(std::move(username)) {}  // NOLINT(google-explicit-constructor)
  ChatId(const char* username) : username_(username) {}             // NOLINT(google-explicit-constructor)

  bool is_username() const { return !username_.empty(); }
  std::int64_t id() const { return id_; }                    // 0 when it is a username
  const std::string& username() const { return username_; }  // empty when it is an id

  friend bool operator==(const ChatId&, const ChatId&) = default;

 private:
  std::int64_t id_ = 0;
  std::string username_;
};

}  // namespace tgkit::telegram
