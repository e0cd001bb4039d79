#include "tgkit/bot/callback_key.hpp"

#include <cstring>

#include <sodium.h>

namespace tgkit::bot {

namespace {

constexpr int base64_variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
constexpr std::size_t most_bytes = callback_tag_size + payload_limit + callback_mac_size;

using Mac = std::array<unsigned char, crypto_generichash_BYTES_MIN>;  // 16; the first 8 are sent

Mac mac_of(const std::array<unsigned char, 32>& key, const unsigned char* bytes, std::size_t size) {
  Mac mac{};
  crypto_generichash(mac.data(), mac.size(), bytes, size, key.data(), key.size());
  return mac;
}

struct Raw {
  std::array<unsigned char, most_bytes + 1> bytes{};
  std::size_t size = 0;
};

std::optional<Raw> decode(std::string_view data) {
  if (data.size() > callback_data_limit) return std::nullopt;
  Raw raw;
  const int failed = sodium_base642bin(raw.bytes.data(), raw.bytes.size(), data.data(), data.size(), nullptr, &raw.size,
                                       nullptr, base64_variant);
  if (failed != 0 || raw.size < callback_tag_size + callback_mac_size || raw.size > most_bytes) return std::nullopt;
  return raw;
}

std::uint16_t tag_in(const Raw& raw) {
  return static_cast<std::uint16_t>(raw.bytes[0] | static_cast<unsigned>(raw.bytes[1]) << 8U);
}

}  // namespace

CallbackKey::CallbackKey(const net::Secret& secret) {
  constexpr std::string_view purpose = "tgkit callback data";
  crypto_generichash_state state;
  crypto_generichash_init(&state, reinterpret_cast<const unsigned char*>(purpose.data()), purpose.size(), key_.size());
  const std::string& text = secret.reveal();
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  crypto_generichash_final(&state, key_.data(), key_.size());
}

std::string CallbackKey::sign(std::uint16_t tag, std::span<const std::byte> payload) const {
  Raw raw;
  raw.bytes[0] = static_cast<unsigned char>(tag & 0xFFU);
  raw.bytes[1] = static_cast<unsigned char>(tag >> 8U);
  std::memcpy(raw.bytes.data() + callback_tag_size, payload.data(), payload.size());
  const std::size_t signed_size = callback_tag_size + payload.size();
  const Mac mac = mac_of(key_, raw.bytes.data(), signed_size);
  std::memcpy(raw.bytes.data() + signed_size, mac.data(), callback_mac_size);

  char text[callback_data_limit + 1];
  sodium_bin2base64(text, sizeof text, raw.bytes.data(), signed_size + callback_mac_size, base64_variant);
  return text;
}

std::optional<CallbackKey::Opened> CallbackKey::open(std::uint16_t tag, std::string_view data) const {
  const std::optional<Raw> raw = decode(data);
  if (!raw || tag_in(*raw) != tag) return std::nullopt;
  const std::size_t signed_size = raw->size - callback_mac_size;
  const Mac mac = mac_of(key_, raw->bytes.data(), signed_size);
  if (sodium_memcmp(mac.data(), raw->bytes.data() + signed_size, callback_mac_size) != 0) return std::nullopt;
  Opened opened;
  opened.size = signed_size - callback_tag_size;
  std::memcpy(opened.bytes.data(), raw->bytes.data() + callback_tag_size, opened.size);
  return opened;
}

std::optional<std::uint16_t> callback_tag(std::string_view data) {
  const std::optional<Raw> raw = decode(data);
  if (!raw) return std::nullopt;
  return tag_in(*raw);
}

}  // namespace tgkit::bot
