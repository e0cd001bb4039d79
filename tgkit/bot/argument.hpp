#pragma once
// Typed arguments of commands. A type of your own takes part by specialising Argument<T>:
//
//   template <> struct tgkit::bot::Argument<Money> {
//     static constexpr std::string_view name = "amount";                            // in the usage line
//     static std::expected<Money, std::string> parse(std::string_view word);        // the error is shown to the person
//   };
//
// With `static constexpr bool greedy = true` it takes as many words as those after it leave over.
#include <charconv>
#include <concepts>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tgkit::bot {

template <class T>
struct Argument;

// All that was typed after the command's other arguments; may be empty.
struct Rest {
  std::string text;
};

template <>
struct Argument<std::string> {
  static constexpr std::string_view name = "word";
  static std::expected<std::string, std::string> parse(std::string_view word) { return std::string(word); }
};

template <>
struct Argument<Rest> {
  static constexpr std::string_view name = "text";
  static constexpr bool greedy = true;
  static constexpr bool may_be_empty = true;
  static std::expected<Rest, std::string> parse(std::string_view words) { return Rest{std::string(words)}; }
};

template <std::integral T>
requires(!std::same_as<T, bool>) struct Argument<T> {
  static constexpr std::string_view name = "number";
  static std::expected<T, std::string> parse(std::string_view word) {
    T value{};
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error == std::errc::result_out_of_range) return std::unexpected("the number is too large");
    if (error != std::errc{} || end != word.data() + word.size()) return std::unexpected("a whole number is expected");
    return value;
  }
};

// May be left out.
template <class T>
struct Argument<std::optional<T>> : Argument<T> {};

template <class T>
concept CommandArgument = requires(std::string_view word) {
  { Argument<T>::name } -> std::convertible_to<std::string_view>;
  Argument<T>::parse(word);
};

// What the splitter needs to know of an argument's type.
struct ArgumentKind {
  std::string_view name;
  bool optional = false;
  bool greedy = false;
  bool may_be_empty = false;
  bool (*readable)(std::string_view) = nullptr;
};

// Gives each argument its piece of `text`: one word (or one "quoted phrase") each, a greedy one as many as the others
// leave; an optional one after a greedy one gets the last word only if that word can be read as its type. A missing
// piece is nullopt. `too_many` tells that words were left over.
struct Split {
  std::vector<std::optional<std::string_view>> pieces;
  bool too_many = false;
};
Split split_arguments(std::string_view text, const std::vector<ArgumentKind>& kinds);

// "/price <item> [amount]"
std::string usage_line(std::string_view command, const std::vector<ArgumentKind>& kinds);

}  // namespace tgkit::bot
