#include "dmarket/error.hpp"

#include <initializer_list>

#include <boost/json.hpp>

namespace dmarket {
namespace {

namespace json = boost::json;

std::string as_text(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_int64()) return std::to_string(value.get_int64());
  if (value.is_uint64()) return std::to_string(value.get_uint64());
  return {};
}

std::string first_of(const json::object& object, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const json::value* value = object.if_contains(name);
    if (value == nullptr) continue;
    std::string text = as_text(*value);
    if (!text.empty()) return text;
  }
  return {};
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
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = 16;
  const json::value value = json::parse({body.data(), body.size()}, error, {}, options);
  if (error || !value.is_object()) return {};
  const json::object& object = value.get_object();
  return {first_of(object, {"code", "Code"}),
          first_of(object, {"message", "Message", "error", "detail", "description"})};
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
