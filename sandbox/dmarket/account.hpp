#pragma once
// The one DMarket account of this world: who may sign for it. Its money and items are the market's.
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
  std::int64_t dmc = 0;                                // DMarket coins
  std::int64_t clock_skew = 0;                         // seconds that the exchange's clock is ahead
};

}  // namespace sandbox
