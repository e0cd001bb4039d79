#pragma once
// The text that a DMarket request signs, and its verification (the sandbox checks with the same rules).
#include "dmarket/keys.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace dmarket {

// METHOD, path, "?query" when there is one, body, Unix seconds; no separators. `target` is what goes on the wire: its
// path is signed percent-decoded, its query exactly as sent.
std::string text_to_sign(std::string_view method, std::string_view target, std::string_view body,
                         std::int64_t unix_seconds);

// The value of X-Request-Sign.
std::string request_sign(const KeyPair& keys, std::string_view method, std::string_view target, std::string_view body,
                         std::int64_t unix_seconds);

// Whether `request_sign` ("dmar ed25519 <128 hex>") is the signature of these parts by the owner of `public_hex`.
bool verify(std::string_view public_hex, std::string_view request_sign, std::string_view method,
            std::string_view target, std::string_view body, std::string_view date);

}  // namespace dmarket
