#pragma once
// What can go wrong between us and the exchange. One type; `kind` says how one recovers.
#include <stdexcept>
#include <string>
#include <string_view>

namespace dmarket {

enum class ErrorKind {
  refused_by_guard,  // dry run: nothing was sent
  no_keys,           // no key pair is configured: nothing was sent
  invalid_request,   // it breaks a rule of the exchange (a limit, a price of zero): nothing was sent
  unauthorized,      // 401: key unknown or rotated, signature or clock wrong
  rate_limited,      // 429
  api_changed,       // 404, 410, or an answer of another shape: the endpoint is gone or different
  rejected,          // any other 4xx: the request is wrong, repeating does not help
  unavailable,       // a read: 5xx; any request: no connection, nothing was sent: ask again later
  unknown_outcome,   // a change: 5xx, or the connection broke after it had left: it may have been executed
};

std::string_view to_text(ErrorKind kind);

// what() is free of keys and of response bodies that hold private data.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, std::string endpoint, int status, std::string code, const std::string& message);
  ErrorKind kind() const noexcept { return kind_; }
  const std::string& endpoint() const noexcept { return endpoint_; }  // "GET /account/v1/balance"
  int status() const noexcept { return status_; }                     // 0 when there was no answer
  const std::string& code() const noexcept { return code_; }          // the exchange's own code, if it gave one

 private:
  ErrorKind kind_;
  std::string endpoint_;
  int status_;
  std::string code_;
};

struct ErrorBody {
  std::string code;
  std::string message;
};

// Reads all the spellings the exchange uses for an error: code/Code as text or number, error, message/Message,
// detail, description. A body that is not JSON gives empty fields.
ErrorBody read_error_body(std::string_view body);

// Whether a 404 speaks of a thing that is missing ("DepositTransferNotFound") and not of the endpoint itself.
bool names_missing_thing(const ErrorBody& body);

// The kind that an HTTP status other than 2xx means.
ErrorKind kind_of_status(int status);

}  // namespace dmarket
