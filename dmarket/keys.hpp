#pragma once
// The account's key pair as DMarket hands it out, checked when it is configured.
#include "tgkit/net/secret.hpp"

#include <array>
#include <expected>
#include <string>
#include <string_view>

namespace dmarket {

class KeyPair {
 public:
  // `public_hex`: 64 hex characters, or empty to derive it. `secret_hex`: 128 hex characters (seed followed by the
  // public key) or the seed's 64. The error is a sentence that says what to do and repeats nothing of the secret.
  static std::expected<KeyPair, std::string> make(std::string_view public_hex, const tgkit::net::Secret& secret_hex);

  const std::string& public_hex() const noexcept { return public_hex_; }  // lower case, as X-Api-Key
  // Ed25519 over `text`: 128 lower-case hex characters.
  std::string sign(std::string_view text) const;

 private:
  KeyPair(std::string public_hex, tgkit::net::Secret secret)
      : public_hex_(std::move(public_hex)), secret_(std::move(secret)) {}
  std::string public_hex_;
  tgkit::net::Secret secret_;  // 64 raw bytes: seed and public key
};

std::string to_hex(std::string_view bytes);

}  // namespace dmarket
