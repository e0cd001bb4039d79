#pragma once
// The one DMarket account of this world.
#include <cstdint>
#include <set>
#include <string>

namespace sandbox {

// Public key made from the bytes 0..31, accepted unless other keys are wanted; it belongs to no account.
inline constexpr char test_public_key[] = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8";
inline constexpr char test_secret_key[] =
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
    "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8";

struct DmarketAccount {
  std::set<std::string> public_keys{test_public_key};  // 64 hexadecimal digits, lower case
  std::int64_t usd = 12'345;                           // cents
  std::int64_t usd_withdraw = 12'345;
  std::int64_t usd_protected = 0;
  std::int64_t dmc = 0;
  std::int64_t clock_skew = 0;      // seconds that the exchange's clock is ahead
  bool allow_future_dates = false;  // else a date more than 120 s ahead is refused like one too old
};

}  // namespace sandbox
