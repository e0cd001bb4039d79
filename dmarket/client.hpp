#pragma once
// The exchange as the rest of the program sees it: typed questions and answers. Every field of an answer is optional,
// for the exchange leaves fields out; amounts are converted here, at the border.
#include "dmarket/money.hpp"
#include "dmarket/transport.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace dmarket {

// GET /account/v1/balance. `usd` does not contain `usd_trade_protected`.
struct Balance {
  std::optional<Money> usd;  // available for trading
  std::optional<Money> usd_available_to_withdraw;
  std::optional<Money> usd_trade_protected;  // proceeds still under trade protection; undocumented
};

// GET /account/v1/user, the fields of use. The answer also holds an e-mail address, a trade URL and a token: those are
// not taken over, and the body is never logged.
struct UserProfile {
  std::optional<std::string> id;
  std::optional<std::string> username;
  std::optional<std::string> country_code;
  std::optional<std::int64_t> level;
  std::optional<std::string> public_key;
  std::optional<std::int64_t> targets_limit;
};

class Client {
 public:
  explicit Client(Transport& transport) : transport_(transport) {}

  // Throw dmarket::Error; api_changed when the answer has another shape.
  tgkit::Task<Balance> balance();
  tgkit::Task<UserProfile> user();

  const Transport& transport() const noexcept { return transport_; }

 private:
  Transport& transport_;
};

// The pure halves, for tests and fuzzing.
Balance read_balance(std::string_view body);
UserProfile read_user_profile(std::string_view body);

}  // namespace dmarket
