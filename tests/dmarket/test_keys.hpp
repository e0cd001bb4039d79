#pragma once
// The key pair made from the bytes 0..31; it belongs to no account.
#include "dmarket/keys.hpp"

namespace dmarket::tests {

inline const std::string public_hex = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8";
inline const std::string seed_hex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
inline const std::string secret_hex = seed_hex + public_hex;

inline KeyPair test_keys() { return *KeyPair::make(public_hex, tgkit::net::Secret(secret_hex)); }

}  // namespace dmarket::tests
