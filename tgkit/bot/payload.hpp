#pragma once
// What a button carries: a struct of ours, described once, packed into Telegram's 64 bytes and signed.
//
//   struct Buy { std::int64_t offer = 0; Money price; };
//   template <> struct tgkit::bot::Payload<Buy> {
//     static constexpr std::string_view tag = "buy";                       // stays as it is while old buttons live
//     static constexpr auto fields = std::tuple(&Buy::offer, &Buy::price);
//   };
//
//   keyboard.button("Buy", ctx.press(Buy{7, price}));
//   router.on(pressed<Buy>, buy);          // Task<> buy(Context& ctx, Buy order)
#include "tgkit/bot/callback_key.hpp"
#include "tgkit/bot/filters.hpp"

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace tgkit::bot {

template <class T>
struct Payload;  // specialise: tag, fields

// Text of at most N bytes inside a payload.
template <std::size_t N>
class ShortText {
  static_assert(N < 256);

 public:
  ShortText() = default;
  // Cuts at a whole UTF-8 character when `text` is longer.
  template <std::convertible_to<std::string_view> T>
  requires(!std::same_as<std::remove_cvref_t<T>, ShortText>)
      ShortText(const T& from) {  // NOLINT(google-explicit-constructor)
    const std::string_view text = from;
    std::size_t size = std::min(text.size(), N);
    while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
    size_ = static_cast<std::uint8_t>(size);
    std::memcpy(text_, text.data(), size);
  }
  std::string_view view() const { return {text_, size_}; }
  friend bool operator==(const ShortText& a, const ShortText& b) { return a.view() == b.view(); }

 private:
  template <class T>
  friend struct Packed;
  std::uint8_t size_ = 0;
  char text_[N]{};
};

// How one member is packed. Specialise it for types of your own: size, write, read (false: not readable).
template <class T>
struct Packed;

template <class T>
concept PackedNumber = std::is_integral_v<T> || std::is_enum_v<T>;

template <PackedNumber T>
struct Packed<T> {
  static constexpr std::size_t size = sizeof(T);
  static void write(const T& value, std::byte* to) {
    auto bits = static_cast<std::uint64_t>(value);
    for (std::size_t i = 0; i < size; ++i, bits >>= 8U) to[i] = static_cast<std::byte>(bits & 0xFFU);
  }
  static bool read(T& value, const std::byte* from) {
    std::uint64_t bits = 0;
    for (std::size_t i = size; i-- > 0;) bits = bits << 8U | std::to_integer<std::uint64_t>(from[i]);
    if constexpr (std::is_same_v<T, bool>) {
      if (bits > 1) return false;
    }
    value = static_cast<T>(bits);
    return true;
  }
};

template <std::size_t N>
struct Packed<ShortText<N>> {
  static constexpr std::size_t size = N + 1;
  static void write(const ShortText<N>& text, std::byte* to) {
    to[0] = static_cast<std::byte>(text.size_);
    std::memcpy(to + 1, text.text_, N);
  }
  static bool read(ShortText<N>& text, const std::byte* from) {
    const auto size = std::to_integer<std::uint8_t>(from[0]);
    if (size > N) return false;
    text = ShortText<N>(std::string_view(reinterpret_cast<const char*>(from + 1), size));
    return true;
  }
};

namespace detail {

template <class T>
concept DescribedPayload = requires {
  { Payload<T>::tag } -> std::convertible_to<std::string_view>;
  Payload<T>::fields;
};

template <class Member>
struct MemberOf;
template <class T, class M>
struct MemberOf<M T::*> {
  using type = M;
};
template <class T>
concept Packable = requires {
  Packed<T>::size;
};

template <class Fields>
struct PackedSize;
template <class... M>
struct PackedSize<std::tuple<M...>> {
  static_assert(
      (Packable<typename MemberOf<M>::type> && ...),
      "a member of a button's payload has no Packed<T>: use numbers, enums, bool, ShortText<N> or specialise it");
  static constexpr std::size_t value = (Packed<typename MemberOf<M>::type>::size + ... + 0);
};

}  // namespace detail

template <class T>
consteval std::uint16_t payload_tag() {
  std::uint32_t hash = 2166136261U;  // FNV-1a, folded
  for (const char c : std::string_view(Payload<T>::tag)) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return static_cast<std::uint16_t>(hash ^ hash >> 16U);
}

template <class T>
consteval std::size_t payload_size() {
  static_assert(detail::DescribedPayload<T>,
                "describe the button's payload once: specialise tgkit::bot::Payload<T> with tag and fields");
  constexpr std::size_t size = detail::PackedSize<std::remove_cv_t<decltype(Payload<T>::fields)>>::value;
  static_assert(size <= payload_limit,
                "a button's payload is at most 38 bytes: callback_data holds 64 with signature and base64");
  return size;
}

template <class T>
std::string pack(const CallbackKey& key, const T& value) {
  std::array<std::byte, payload_size<T>() + 1> bytes{};
  std::byte* at = bytes.data();
  const auto write = [&](const auto& member) {
    using M = std::remove_cvref_t<decltype(member)>;
    Packed<M>::write(member, at);
    at += Packed<M>::size;
  };
  std::apply([&](auto... member) { (write(value.*member), ...); }, Payload<T>::fields);
  return key.sign(payload_tag<T>(), std::span(bytes).first(payload_size<T>()));
}

template <class T>
std::optional<T> unpack(const CallbackKey& key, std::string_view data) {
  const auto opened = key.open(payload_tag<T>(), data);
  if (!opened || opened->size != payload_size<T>()) return std::nullopt;
  T value{};
  const std::byte* at = opened->bytes.data();
  const auto read = [&](auto& member) {
    using M = std::remove_cvref_t<decltype(member)>;
    const bool readable = Packed<M>::read(member, at);
    at += Packed<M>::size;
    return readable;
  };
  if (!std::apply([&](auto... member) { return (read(value.*member) && ...); }, Payload<T>::fields))
    return std::nullopt;
  return value;
}

std::string_view press_data(const Event& event);  // callback_data of the pressed button; empty when there is none
void describe_press(FilterInfo& info, std::string_view tag, std::uint16_t number);

// A press of a button that carries T. A press whose signature is not ours is nobody's: it matches no pressed<T>.
template <class T>
struct Pressed {
  using Values = std::tuple<T>;
  bool accepts(const Matching& m, const Event& e) const {
    const std::string_view data = press_data(e);
    return !data.empty() && callback_tag(data) == payload_tag<T>() && unpack<T>(m.key, data).has_value();
  }
  Extracted<Values> extract(const Matching& m, const Event& e) const {
    auto value = unpack<T>(m.key, press_data(e));
    if (!value) return std::unexpected(BadArgument{});
    return Values{std::move(*value)};
  }
  void describe(FilterInfo& info) const {
    static_assert(payload_size<T>() <= payload_limit);
    describe_press(info, Payload<T>::tag, payload_tag<T>());
  }
};
template <class T>
inline constexpr Pressed<T> pressed{};

}  // namespace tgkit::bot
