#include "dmarket/error.hpp"

#include "tgkit/json/reader.hpp"

#include <algorithm>
#include <array>

namespace dmarket {
namespace {

// Of a text that somebody else has written, for a log line.
constexpr std::size_t longest_message = 300;

// In the order in which they count.
constexpr std::array<std::string_view, 6> message_names{"message", "Message",     "error",
                                                        "detail",  "description", "errors"};

std::string printable(std::string_view text) {
  std::string result(text.substr(0, longest_message));
  for (char& c : result) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return result;
}

// A text or number; anything else is passed over.
std::string read_scalar(tgkit::json::Reader& json) {
  std::string_view text;
  if (json.string(text) || json.number(text)) return printable(text);
  json.skip();
  return {};
}

struct Parts {
  std::string code;
  std::array<std::string, message_names.size()> messages;
};

void read_parts(tgkit::json::Reader& json, Parts& parts, int depth);

// An error inside an error: its parts count where the outer one has none.
void read_inner(tgkit::json::Reader& json, Parts& parts, int depth) {
  Parts inner;
  read_parts(json, inner, depth + 1);
  if (parts.code.empty()) parts.code = inner.code;
  for (std::size_t i = 0; i != inner.messages.size(); ++i) {
    if (parts.messages[i].empty()) parts.messages[i] = inner.messages[i];
  }
}

void read_parts(tgkit::json::Reader& json, Parts& parts, int depth) {
  std::string_view key;
  for (bool first = json.enter_object(); json.next_key(first, key);) {
    const auto name = std::find(message_names.begin(), message_names.end(), key);
    if (key == "code" || key == "Code") {
      std::string code = read_scalar(json);
      if (parts.code.empty()) parts.code = std::move(code);
    } else if (name != message_names.end()) {
      if (json.peek() == tgkit::json::Reader::Kind::object && depth < 2) {
        read_inner(json, parts, depth);
      } else {
        parts.messages[static_cast<std::size_t>(name - message_names.begin())] = read_scalar(json);
      }
    } else {
      json.skip();
    }
  }
}

std::string describe(ErrorKind kind, const std::string& endpoint, int status, const std::string& code,
                     const std::string& message) {
  std::string text = endpoint + ": " + std::string(to_text(kind));
  if (status != 0) text += ", HTTP " + std::to_string(status);
  if (!code.empty()) text += ", code " + code;
  if (!message.empty()) text += ": " + message;
  return text;
}

}  // namespace

std::string_view to_text(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::refused_by_guard:
      return "refused in dry run";
    case ErrorKind::no_keys:
      return "no DMarket keys are configured";
    case ErrorKind::invalid_request:
      return "the exchange would not take this; nothing was sent";
    case ErrorKind::unauthorized:
      return "the exchange does not accept the key";
    case ErrorKind::rate_limited:
      return "rate limit reached";
    case ErrorKind::api_changed:
      return "the exchange's interface changed";
    case ErrorKind::rejected:
      return "rejected by the exchange";
    case ErrorKind::unavailable:
      return "the exchange is not available";
    case ErrorKind::unknown_outcome:
      return "whether it took effect is unknown";
  }
  return "unknown error";
}

Error::Error(ErrorKind kind, std::string endpoint, int status, std::string code, const std::string& message)
    : std::runtime_error(describe(kind, endpoint, status, code, message)),
      kind_(kind),
      endpoint_(std::move(endpoint)),
      status_(status),
      code_(std::move(code)) {}

ErrorBody read_error_body(std::string_view body) {
  tgkit::json::Reader json(body);
  if (json.peek() != tgkit::json::Reader::Kind::object) return {};
  Parts parts;
  read_parts(json, parts, 0);
  if (!json.at_end()) return {};
  ErrorBody result;
  result.code = parts.code;
  for (const std::string& message : parts.messages) {
    if (result.message.empty()) result.message = message;
  }
  // A message may hold the whole error once more, as text.
  if (result.message.starts_with('{')) {
    const ErrorBody inner = read_error_body(result.message);
    if (!inner.message.empty()) result.message = inner.message;
    if (!inner.code.empty()) result.code = inner.code;
  }
  return result;
}

bool names_missing_thing(const ErrorBody& body) {
  constexpr std::string_view suffix = "NotFound";
  if (body.code.size() > suffix.size() && body.code.ends_with(suffix)) return true;
  // gRPC's "not found"; without a message of its own it is what its gateway says of an unknown path.
  return body.code == "5" && !body.message.empty() && body.message != "Not Found";
}

ErrorKind kind_of_status(int status) {
  if (status == 401) return ErrorKind::unauthorized;
  if (status == 429) return ErrorKind::rate_limited;
  if (status == 404 || status == 410) return ErrorKind::api_changed;
  if (status >= 500 || status == 408) return ErrorKind::unavailable;
  return ErrorKind::rejected;
}

}  // namespace dmarket
