#include "dmarket/keys.hpp"

#include <stdexcept>

#include <sodium.h>

namespace dmarket {
namespace {

constexpr std::size_t seed_bytes = crypto_sign_SEEDBYTES;
static_assert(crypto_sign_SECRETKEYBYTES == 64 && crypto_sign_BYTES == 64);

void start_sodium() {
  if (sodium_init() < 0) throw std::runtime_error("libsodium could not be started: the system gives no random numbers");
}

bool from_hex(std::string_view hex, unsigned char* to, std::size_t bytes) {
  if (hex.size() != bytes * 2) return false;
  const char* end = nullptr;
  std::size_t written = 0;
  return sodium_hex2bin(to, bytes, hex.data(), hex.size(), nullptr, &written, &end) == 0 && written == bytes &&
         end == hex.data() + hex.size();
}

const unsigned char* raw(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

}  // namespace

std::string to_hex(std::string_view bytes) {
  std::string hex(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), raw(bytes), bytes.size());
  hex.pop_back();
  return hex;
}

std::expected<KeyPair, std::string> KeyPair::make(std::string_view public_hex, const tgkit::net::Secret& secret_hex) {
  start_sodium();
  const std::string& text = secret_hex.reveal();
  if (text.size() != 64 && text.size() != 128) {
    return std::unexpected(
        "DMARKET_SECRET_KEY must have 128 hex characters, as dmarket.com shows it when the key is made; it has " +
        std::to_string(text.size()));
  }
  std::string secret(crypto_sign_SECRETKEYBYTES, '\0');
  auto* secret_raw = reinterpret_cast<unsigned char*>(secret.data());
  std::array<unsigned char, seed_bytes> seed{};
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> derived{};
  if (!from_hex(std::string_view(text).substr(0, 64), seed.data(), seed.size())) {
    return std::unexpected("DMARKET_SECRET_KEY holds a character that is not 0-9 or a-f: copy it again without blanks");
  }
  crypto_sign_seed_keypair(derived.data(), secret_raw, seed.data());
  sodium_memzero(seed.data(), seed.size());
  const std::string derived_hex = to_hex({reinterpret_cast<const char*>(derived.data()), derived.size()});
  const bool halves_agree = text.size() == 64 || lower(std::string_view(text).substr(64)) == derived_hex;
  if (!halves_agree) {
    return std::unexpected(
        "DMARKET_SECRET_KEY is damaged: its second half is not the public key of its first half; copy it again");
  }
  if (!public_hex.empty() && lower(public_hex) != derived_hex) {
    return std::unexpected(
        "DMARKET_PUBLIC_KEY does not belong to DMARKET_SECRET_KEY: copy both from the same key pair");
  }
  return KeyPair(derived_hex, tgkit::net::Secret(std::move(secret)));
}

std::string KeyPair::sign(std::string_view text) const {
  std::array<unsigned char, crypto_sign_BYTES> signature{};
  crypto_sign_detached(signature.data(), nullptr, raw(text), text.size(), raw(secret_.reveal()));
  return to_hex({reinterpret_cast<const char*>(signature.data()), signature.size()});
}

}  // namespace dmarket
