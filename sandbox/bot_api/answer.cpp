#include "sandbox/bot_api/answer.hpp"

#include "sandbox/json.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace sandbox {

Refusal bad_request(std::string description) {
  const bool server_code = std::all_of(description.begin(), description.end(),
                                       [](unsigned char c) { return std::isupper(c) || std::isdigit(c) || c == '_'; });
  if (!server_code && !description.empty()) {
    description[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(description[0])));
  }
  return Refusal(400, "Bad Request: " + description);
}

Refusal forbidden(const std::string& description) { return Refusal(403, "Forbidden: " + description); }

Answer success(const std::string& result, const std::string& description) {
  Answer answer;
  answer.body.reserve(result.size() + 32);
  answer.body = "{\"ok\":true,\"result\":";
  answer.body += result;
  if (!description.empty()) answer.body += ",\"description\":" + quote(description);
  answer.body += '}';
  return answer;
}

Answer failure(int code, const std::string& description, const std::string& parameters) {
  Answer answer;
  answer.status = code;
  answer.error = description;
  answer.body = fmt::format(R"({{"ok":false,"error_code":{},"description":{})", code, quote(description));
  if (!parameters.empty()) {
    answer.body += ",\"parameters\":" + parameters;
    const auto parsed = parse_json(parameters);
    if (parsed && parsed->is_object()) answer.retry_after = member_int(parsed->get_object(), "retry_after");
  }
  answer.body += '}';
  return answer;
}

Answer too_many_requests(std::int64_t retry_after) {
  return failure(429, fmt::format("Too Many Requests: retry after {}", retry_after),
                 fmt::format(R"({{"retry_after":{}}})", retry_after));
}

}  // namespace sandbox
