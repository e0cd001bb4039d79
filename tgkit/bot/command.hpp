#pragma once
// command<"price", ItemName, std::optional<Money>>: a command with typed arguments. It takes /price and, in groups,
// /price@our_bot; /price@other_bot is not ours. The name is compared without case.
#include "tgkit/bot/argument.hpp"
#include "tgkit/bot/filters.hpp"
#include "tgkit/bot/fixed_string.hpp"

#include <tuple>

namespace tgkit::bot {

bool is_command(const Matching& matching, const Event& event, std::string_view name);
// It names no bot, or ours.
bool may_mean_us(const Matching& matching, const CommandText& command);
void describe_command(FilterInfo& info, std::string_view name, const std::vector<ArgumentKind>& kinds);

namespace detail {

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

template <class T>
ArgumentKind argument_kind() {
  ArgumentKind kind;
  kind.name = Argument<T>::name;
  kind.optional = IsOptional<T>::value;
  if constexpr (requires { Argument<T>::greedy; }) kind.greedy = Argument<T>::greedy;
  if constexpr (requires { Argument<T>::may_be_empty; }) kind.may_be_empty = Argument<T>::may_be_empty;
  kind.readable = [](std::string_view word) { return Argument<T>::parse(word).has_value(); };
  return kind;
}

template <class T>
Extracted<T> read_argument(const std::optional<std::string_view>& piece) {
  using A = Argument<T>;
  if (!piece) {
    if constexpr (IsOptional<T>::value) return T{};
    return std::unexpected(BadArgument{BadArgument::Problem::missing, std::string(A::name), {}});
  }
  auto value = A::parse(*piece);
  if (!value) {
    return std::unexpected(
        BadArgument{BadArgument::Problem::unreadable, std::string(A::name), std::string(value.error())});
  }
  return T(std::move(*value));
}

}  // namespace detail

constexpr bool is_command_name(std::string_view name) {  // 1..32 of a-z, 0-9, _: Telegram's rule for menus
  if (name.empty() || name.size() > 32) return false;
  for (const char c : name)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  return true;
}

template <FixedString name, class... Args>
struct Command {
  static_assert(is_command_name(name.view()), "a command's name is 1 to 32 of a-z, 0-9 and _, without the slash");
  static_assert((CommandArgument<Args> && ...),
                "a command's argument type has no tgkit::bot::Argument<T> with name and parse()");
  using Values = std::tuple<Args...>;

  bool accepts(const Matching& m, const Event& e) const { return is_command(m, e, name.view()); }

  Extracted<Values> extract(const Matching&, const Event& e) const {
    if constexpr (sizeof...(Args) == 0) {
      (void)e;
      return Values{};  // words after it are nobody's business: /start carries a deep link's payload
    } else {
      const Split split = split_arguments(e.command()->arguments, kinds());
      return read_all(split, std::index_sequence_for<Args...>{});
    }
  }

  void describe(FilterInfo& info) const { describe_command(info, name.view(), kinds()); }

 private:
  static const std::vector<ArgumentKind>& kinds() {
    static const std::vector<ArgumentKind> all{detail::argument_kind<Args>()...};
    return all;
  }

  template <std::size_t... I>
  static Extracted<Values> read_all(const Split& split, std::index_sequence<I...>) {
    std::optional<BadArgument> bad;
    std::tuple<std::optional<Args>...> read;
    const auto one = [&]<class T>(std::optional<T>& to, const std::optional<std::string_view>& piece) {
      if (bad) return;
      auto value = detail::read_argument<T>(piece);
      if (value)
        to.emplace(std::move(*value));
      else
        bad = std::move(value.error());
    };
    (one(std::get<I>(read), split.pieces[I]), ...);
    if (!bad && split.too_many) bad = BadArgument{BadArgument::Problem::too_many, {}, {}};
    if (bad) return std::unexpected(std::move(*bad));
    return Values(std::move(*std::get<I>(read))...);
  }
};

template <FixedString name, class... Args>
inline constexpr Command<name, Args...> command{};

}  // namespace tgkit::bot
