#pragma once
// What DMarket checks of a signed request. Pure: everything is passed in.
#include "sandbox/dmarket/account.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sandbox {

struct SignedRequest {
  std::string method;  // in capitals
  std::string path;    // as sent, percent-encoded
  std::string query;   // as sent, without '?'
  std::string body;
  std::string api_key;    // X-Api-Key
  std::string date;       // X-Sign-Date
  std::string signature;  // X-Request-Sign: "dmar ed25519 " and 128 hexadecimal digits
};

// The text under the signature: METHOD, the path DECODED, "?" and the query AS SENT, body, date.
std::string text_to_sign(const SignedRequest& request);

// True for a known key (lower case), a date at most 120 s from `now` (Unix seconds by the exchange's clock), or any
// later one when the future is allowed, and a signature that fits.
bool signature_accepted(const SignedRequest& request, const DmarketAccount& account, bool allow_future_dates,
                        std::int64_t now);

}  // namespace sandbox
