#include "tgkit/telegram/error.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tgkit::telegram {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string compose(const Error::Details& details) {
  std::string text = details.method + ": ";
  if (details.error_code != 0) text += std::to_string(details.error_code) + ' ';
  text += details.description;
  if (details.retry_after) text += " (retry after " + std::to_string(details.retry_after->count()) + " s)";
  if (details.outcome == Outcome::unknown) text += " (whether it took effect is unknown)";
  return text;
}

}  // namespace

std::string_view to_text(Outcome outcome) {
  switch (outcome) {
    case Outcome::sent:
      return "sent";
    case Outcome::not_sent:
      return "not_sent";
    case Outcome::unknown:
      break;
  }
  return "unknown";
}

Error::Error(Details details) : std::runtime_error(compose(details)), details_(std::move(details)) {}

bool Error::says(std::string_view part) const noexcept {
  const std::string& text = details_.description;
  const auto same = [](char a, char b) { return lower(a) == lower(b); };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

bool Error::retryable() const noexcept {
  switch (details_.kind) {
    case Kind::transport:
      return true;
    case Kind::local:
      return false;
    case Kind::answered:
    case Kind::bad_body:
      break;
  }
  if (details_.outcome == Outcome::sent) return false;
  // An HTTP success that is no answer of the Bot API comes from something in between, which may go away.
  if (details_.http_status < 400) return true;
  return details_.error_code == 429 || (details_.error_code >= 500 && details_.error_code != 501) ||
         says("file is temporarily unavailable");
}

bool Error::is_flood() const noexcept { return details_.error_code == 429; }

bool Error::is_unauthorized() const noexcept {
  if (details_.error_code == 401 || details_.error_code == 421) return true;
  return details_.kind == Kind::answered && details_.error_code == 404 && !says("method not found");
}

bool Error::is_conflict() const noexcept { return details_.error_code == 409; }

bool Error::is_chat_migrated() const noexcept { return details_.migrate_to_chat_id.has_value(); }

bool Error::is_blocked() const noexcept { return details_.error_code == 403; }

bool Error::is_chat_not_found() const noexcept {
  return details_.error_code == 400 && (says("chat not found") || says("user not found"));
}

bool Error::is_not_modified() const noexcept { return details_.error_code == 400 && says("message is not modified"); }

bool Error::says_any(std::initializer_list<std::string_view> parts) const noexcept {
  return std::ranges::any_of(parts, [this](std::string_view part) { return says(part); });
}

bool Error::is_message_gone() const noexcept {
  return details_.error_code == 400 &&
         says_any({"message to edit not found", "message to delete not found", "message to forward not found",
                   "message to copy not found", "message to pin not found", "message to be replied not found"});
}

bool Error::is_edit_refused() const noexcept {
  return details_.error_code == 400 && says_any({"message to edit not found", "message can't be edited",
                                                 "no text in the message to edit", "message_id_invalid"});
}

bool Error::is_topic_gone() const noexcept {
  return details_.error_code == 400 && says_any({"message thread not found", "topic_closed", "topic_deleted"});
}

bool Error::is_query_too_old() const noexcept { return details_.error_code == 400 && says("query is too old"); }

bool Error::is_parse_error() const noexcept { return details_.error_code == 400 && says("can't parse entities"); }

bool Error::is_too_large() const noexcept {
  if (details_.error_code == 413) return true;
  return details_.error_code == 400 && (says("is too long") || says("file is too big"));
}

}  // namespace tgkit::telegram
