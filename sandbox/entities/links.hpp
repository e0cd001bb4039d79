#pragma once

// The addresses that text links may carry, checked and normalised as Telegram does it.

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace sandbox {

// The canonical form of an HTTP(S), tg:, ton: or tonsite: address; the error says what is wrong ("Wrong HTTP URL").
std::expected<std::string, std::string> check_link(std::string_view link);

// 17 of tg://user?id=17.
std::optional<std::int64_t> user_of_link(std::string_view link);

// "5368324170671202286" of tg://emoji?id=5368324170671202286.
std::optional<std::string> emoji_of_link(std::string_view link);

struct DateLink {
  std::int64_t unix_time = 0;
  std::string format;
};
// tg://time?unix=1700000000&format=wD
std::optional<DateLink> date_of_link(std::string_view link);

// A date_time_format in the server's spelling ("r", or of w, d/D, t/T in this order); nothing when it has other
// letters.
std::optional<std::string> normal_date_format(std::string_view format);

// A custom emoji id: a 64-bit number that is not zero.
bool is_emoji_id(std::string_view id);

}  // namespace sandbox
