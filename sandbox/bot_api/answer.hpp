#pragma once
// What a Bot API call gives back.
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

namespace sandbox {

// A call that the server refuses. what() is the description, as the real server words it.
class Refusal : public std::runtime_error {
 public:
  Refusal(int code, const std::string& description) : runtime_error(description), code_(code) {}
  int code() const noexcept { return code_; }

 private:
  int code_;
};

// "Bad Request: " + description, whose first letter becomes a small one unless it is a CODE_IN_CAPITALS.
Refusal bad_request(std::string description);
Refusal forbidden(const std::string& description);  // "Forbidden: " + description

struct Answer {
  int status = 200;
  std::string body;  // empty where the real HTTP reader gives no body
  std::string content_type = "application/json";
  std::optional<std::int64_t> retry_after;  // the header of that name
  std::string error;                        // the description of a refusal, for the record of calls
};

Answer success(const std::string& result, const std::string& description = {});  // `result` is JSON text
Answer too_many_requests(std::int64_t retry_after);  // 429 with the seconds in text, parameters and header
Answer failure(int code, const std::string& description,
               const std::string& parameters = {});  // `parameters`: JSON text

}  // namespace sandbox
