#pragma once
// Signs what our buttons carry, so that nobody can press a button we never sent. callback_data has 64 bytes:
// base64url of a 2-byte tag, the packed payload and a truncated keyed hash.
#include "tgkit/net/secret.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tgkit::bot {

inline constexpr std::size_t callback_data_limit = 64;  // Telegram's, in bytes
inline constexpr std::size_t callback_mac_size = 8;
inline constexpr std::size_t callback_tag_size = 2;
// What is left for a payload: 64 characters of base64 hold 48 bytes.
inline constexpr std::size_t payload_limit = callback_data_limit / 4 * 3 - callback_tag_size - callback_mac_size;

class CallbackKey {
 public:
  CallbackKey() = default;                          // an all-zero key: for tests
  explicit CallbackKey(const net::Secret& secret);  // derived; a bot's token will do

  std::string sign(std::uint16_t tag, std::span<const std::byte> payload) const;  // callback_data

  struct Opened {
    std::array<std::byte, payload_limit> bytes{};
    std::size_t size = 0;
    std::span<const std::byte> view() const { return std::span(bytes).first(size); }
  };
  // The payload, if `data` is ours, untouched and of this tag.
  std::optional<Opened> open(std::uint16_t tag, std::string_view data) const;

 private:
  std::array<unsigned char, 32> key_{};
};

// The tag of `data` without looking at its signature; nullopt when it is none of our making.
std::optional<std::uint16_t> callback_tag(std::string_view data);

}  // namespace tgkit::bot
