#pragma once
// Why a call to the Bot API failed: Telegram's answer, an answer that is none, or no answer at all.
#include "tgkit/async/clock.hpp"

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tgkit::telegram {

// Whether the call took effect. Only a not_sent one can be repeated without the danger of doing it twice.
enum class Outcome { sent, not_sent, unknown };
std::string_view to_text(Outcome outcome);

// what() is for logs: method, code, description; free of secrets.
class Error : public std::runtime_error {
 public:
  enum class Kind {
    answered,   // {"ok":false,...}
    bad_body,   // an HTTP answer whose body is not what the Bot API writes: empty, HTML, cut
    transport,  // no complete HTTP answer
    local,      // nothing was sent: a file that cannot be read, a target that cannot be written
  };

  struct Details {
    Details() {}
    Kind kind = Kind::local;
    std::string method;
    int error_code = 0;   // Telegram's; the HTTP status when the body says none; 0 without an answer
    int http_status = 0;  // 0 without an answer
    std::string description;
    std::optional<std::chrono::seconds> retry_after;
    std::optional<std::int64_t> migrate_to_chat_id;
    Outcome outcome = Outcome::not_sent;
  };
  explicit Error(Details details);

  Kind kind() const noexcept { return details_.kind; }
  const std::string& method() const noexcept { return details_.method; }
  int error_code() const noexcept { return details_.error_code; }
  int http_status() const noexcept { return details_.http_status; }
  const std::string& description() const noexcept { return details_.description; }
  std::optional<std::chrono::seconds> retry_after() const noexcept { return details_.retry_after; }
  std::optional<std::int64_t> migrate_to_chat_id() const noexcept { return details_.migrate_to_chat_id; }
  Outcome outcome() const noexcept { return details_.outcome; }

  // The same call may succeed later: 429, 5xx, broken connections. Says nothing about doing it twice: see outcome().
  bool retryable() const noexcept;

  bool is_flood() const noexcept;           // 429
  bool is_unauthorized() const noexcept;    // 401, or 404 for a malformed token: the token is wrong
  bool is_conflict() const noexcept;        // 409: another poller, or a webhook
  bool is_chat_migrated() const noexcept;   // use migrate_to_chat_id()
  bool is_blocked() const noexcept;         // 403: blocked, kicked, deactivated: this recipient is unreachable
  bool is_chat_not_found() const noexcept;  // 400: the id is wrong or the bot never met the chat
  bool is_not_modified() const noexcept;    // 400: the edit would change nothing
  bool is_message_gone() const noexcept;    // 400: the message to edit, delete, forward, reply to is not there
  bool is_edit_refused() const noexcept;    // 400: this message cannot be edited (any more), or not to a text
  bool is_topic_gone() const noexcept;      // 400: the forum's topic is closed or deleted
  bool is_query_too_old() const noexcept;   // 400: a callback or inline query answered too late
  bool is_parse_error() const noexcept;     // 400: can't parse entities
  bool is_too_large() const noexcept;       // 413, "message is too long", "file is too big"

 private:
  bool says(std::string_view part) const noexcept;  // in the description, without regard to case
  bool says_any(std::initializer_list<std::string_view> parts) const noexcept;
  Details details_;
};

}  // namespace tgkit::telegram
