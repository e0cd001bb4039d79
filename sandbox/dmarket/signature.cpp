#include "sandbox/dmarket/signature.hpp"

#include "tgkit/net/url.hpp"

#include <array>
#include <charconv>

#include <sodium.h>

namespace sandbox {
namespace {

constexpr std::int64_t most_age = 120;  // seconds, as documented
constexpr std::string_view prefix = "dmar ed25519 ";

template <std::size_t size>
bool from_hex(std::string_view text, std::array<unsigned char, size>& bytes) {
  std::size_t length = 0;
  return text.size() == size * 2 &&
         sodium_hex2bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &length, nullptr) == 0 &&
         length == size;
}

bool date_accepted(std::string_view text, bool allow_future, std::int64_t now) {
  std::int64_t date = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), date);
  if (error != std::errc{} || end != text.data() + text.size()) return false;
  return now - date <= most_age && (allow_future || date - now <= most_age);
}

}  // namespace

std::string text_to_sign(const SignedRequest& request) {
  std::string text = request.method + tgkit::net::percent_decode(request.path);
  if (!request.query.empty()) text += "?" + request.query;
  return text + request.body + request.date;
}

bool signature_accepted(const SignedRequest& request, const DmarketAccount& account, bool allow_future_dates,
                        std::int64_t now) {
  if (!account.public_keys.contains(request.api_key)) return false;
  if (!date_accepted(request.date, allow_future_dates, now)) return false;
  if (!request.signature.starts_with(prefix)) return false;
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> key{};
  std::array<unsigned char, crypto_sign_BYTES> signature{};
  if (!from_hex(request.api_key, key)) return false;
  if (!from_hex(std::string_view(request.signature).substr(prefix.size()), signature)) return false;
  const std::string text = text_to_sign(request);
  return crypto_sign_verify_detached(signature.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                                     key.data()) == 0;
}

}  // namespace sandbox
