#include "dmarket/signature.hpp"

#include "tgkit/net/url.hpp"

#include <array>

#include <sodium.h>

namespace dmarket {
namespace {

constexpr std::string_view scheme = "dmar ed25519 ";

std::string signed_text(std::string_view method, std::string_view target, std::string_view body,
                        std::string_view date) {
  const auto query_at = target.find('?');
  std::string text(method);
  text += tgkit::net::percent_decode(target.substr(0, query_at));
  if (query_at != std::string_view::npos) text += target.substr(query_at);
  text += body;
  text += date;
  return text;
}

template <std::size_t bytes>
bool read_hex(std::string_view hex, std::array<unsigned char, bytes>& to) {
  std::size_t written = 0;
  return hex.size() == bytes * 2 &&
         sodium_hex2bin(to.data(), bytes, hex.data(), hex.size(), nullptr, &written, nullptr) == 0 && written == bytes;
}

}  // namespace

std::string text_to_sign(std::string_view method, std::string_view target, std::string_view body,
                         std::int64_t unix_seconds) {
  return signed_text(method, target, body, std::to_string(unix_seconds));
}

std::string request_sign(const KeyPair& keys, std::string_view method, std::string_view target, std::string_view body,
                         std::int64_t unix_seconds) {
  return std::string(scheme) + keys.sign(text_to_sign(method, target, body, unix_seconds));
}

bool verify(std::string_view public_hex, std::string_view request_sign, std::string_view method,
            std::string_view target, std::string_view body, std::string_view date) {
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> key{};
  std::array<unsigned char, crypto_sign_BYTES> signature{};
  if (!request_sign.starts_with(scheme)) return false;
  if (!read_hex(public_hex, key) || !read_hex(request_sign.substr(scheme.size()), signature)) return false;
  const std::string text = signed_text(method, target, body, date);
  return crypto_sign_verify_detached(signature.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                                     key.data()) == 0;
}

}  // namespace dmarket
