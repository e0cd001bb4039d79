#pragma once
// How a described struct becomes the text of a state record and back: a JSON object. Reading forgives: unknown fields
// are ignored, missing or unreadable ones (numbers out of the field's range, too) keep their default.
#include "tgkit/json/append.hpp"
#include "tgkit/json/reader.hpp"

#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace tgkit::bot {

// Specialise it once per struct of state:
//
//   template <> struct tgkit::bot::Stored<Prefs> {
//     static constexpr std::string_view name = "prefs";       // in the store: never changes
//     static constexpr std::uint32_t version = 2;             // optional, default 1
//     static constexpr std::chrono::seconds expiry = std::chrono::hours(24);  // optional: after the last write
//     static constexpr auto fields = std::tuple(field("language", &Prefs::language), field("game", &Prefs::game));
//     // optional: makes a value of a record of an older version; without it, it is read like a present one
//     static Prefs migrate(std::uint32_t from, std::string_view json);
//   };
// A struct inside such a struct needs only `fields`.
template <class T>
struct Stored;

template <class T, class M>
struct StoredField {
  std::string_view name;
  M T::*member;
};
template <class T, class M>
constexpr StoredField<T, M> field(std::string_view name, M T::*member) {
  return {name, member};
}

template <class T>
concept StoredState = requires {
  { Stored<T>::name } -> std::convertible_to<std::string_view>;
  Stored<T>::fields;
}
&&std::default_initializable<T>;

template <StoredState T>
constexpr std::uint32_t stored_version() {
  if constexpr (requires { Stored<T>::version; })
    return Stored<T>::version;
  else
    return 1;
}

// For a type of your own that is no struct of fields: `using Form = ...` (a number, text, ...), `static Form to(const
// T&)`, `static T from(Form)`.
template <class T>
struct StoredAs;

namespace detail {

template <class T>
concept HasStoredFields = requires {
  Stored<T>::fields;
};
template <class T>
concept HasStoredForm = requires {
  typename StoredAs<T>::Form;
};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
struct IsOptionalValue : std::false_type {};
template <class T>
struct IsOptionalValue<std::optional<T>> : std::true_type {};
template <class T>
struct IsTextMap : std::false_type {};
template <class T, class C>
struct IsTextMap<std::map<std::string, T, C>> : std::true_type {};
template <class T>
inline constexpr bool not_storable = false;

template <class T>
void write_value(std::string& out, const T& value) {
  if constexpr (std::same_as<T, bool>) {
    json::append_boolean(out, value);
  } else if constexpr (std::is_enum_v<T> || std::integral<T>) {
    json::append_integer(out, static_cast<std::int64_t>(value));
  } else if constexpr (std::floating_point<T>) {
    json::append_number(out, value);
  } else if constexpr (std::same_as<T, std::string>) {
    json::append_string(out, value);
  } else if constexpr (IsOptionalValue<T>::value) {
    if (value)
      write_value(out, *value);
    else
      out += "null";
  } else if constexpr (IsVector<T>::value) {
    out += '[';
    for (bool first = true; const auto& item : value) {
      if (!std::exchange(first, false)) out += ',';
      write_value(out, item);
    }
    out += ']';
  } else if constexpr (IsTextMap<T>::value) {
    out += '{';
    for (bool first = true; const auto& [key, item] : value) {
      if (!std::exchange(first, false)) out += ',';
      json::append_string(out, key);
      out += ':';
      write_value(out, item);
    }
    out += '}';
  } else if constexpr (HasStoredForm<T>) {
    write_value(out, StoredAs<T>::to(value));
  } else if constexpr (HasStoredFields<T>) {
    out += '{';
    bool first = true;
    const auto one = [&](const auto& described) {
      if (!std::exchange(first, false)) out += ',';
      json::append_string(out, described.name);
      out += ':';
      write_value(out, value.*described.member);
    };
    std::apply([&](const auto&... described) { (one(described), ...); }, Stored<T>::fields);
    out += '}';
  } else {
    static_assert(not_storable<T>, "a field's type cannot be stored: describe it by Stored<T>::fields or StoredAs<T>");
  }
}

// Whether `number`, as write_value made it, is a T. Unsigned 64-bit numbers are stored by their bits.
template <class T>
constexpr bool is_in_range(std::int64_t number) {
  if constexpr (std::is_enum_v<T>)
    return is_in_range<std::underlying_type_t<T>>(number);
  else if constexpr (std::same_as<T, bool>)
    return number == 0 || number == 1;
  else if constexpr (std::is_unsigned_v<T> && sizeof(T) == sizeof number)
    return true;
  else
    return number >= static_cast<std::int64_t>(std::numeric_limits<T>::min()) &&
           number <= static_cast<std::int64_t>(std::numeric_limits<T>::max());
}

// Consumes one value in any case; false: it is not readable as T and `value` is as it was.
template <class T>
bool read_value(json::Reader& reader, T& value) {
  const auto skip = [&] { return reader.skip() && false; };
  if constexpr (std::same_as<T, bool>) {
    return reader.boolean(value) || skip();
  } else if constexpr (std::is_enum_v<T> || std::integral<T>) {
    std::int64_t number = 0;
    if (!reader.integer(number)) return skip();
    if (!is_in_range<T>(number)) return false;
    value = static_cast<T>(number);
    return true;
  } else if constexpr (std::floating_point<T>) {
    double number = 0;
    if (!reader.number(number)) return skip();
    if (std::abs(number) > static_cast<double>(std::numeric_limits<T>::max())) return false;
    value = static_cast<T>(number);
    return true;
  } else if constexpr (std::same_as<T, std::string>) {
    return reader.string(value) || skip();
  } else if constexpr (IsOptionalValue<T>::value) {
    if (reader.null()) {
      value.reset();
      return true;
    }
    typename T::value_type item{};
    if (!read_value(reader, item)) return false;
    value = std::move(item);
    return true;
  } else if constexpr (IsVector<T>::value) {
    if (!reader.enter_array()) return skip();
    value.clear();
    for (bool first = true; reader.next_item(first);) {
      typename T::value_type item{};
      if (read_value(reader, item)) value.push_back(std::move(item));
    }
    return !reader.broken();
  } else if constexpr (IsTextMap<T>::value) {
    if (!reader.enter_object()) return skip();
    value.clear();
    std::string_view key;
    for (bool first = true; reader.next_key(first, key);) {
      std::string name(key);
      typename T::mapped_type item{};
      if (read_value(reader, item)) value.insert_or_assign(std::move(name), std::move(item));
    }
    return !reader.broken();
  } else if constexpr (HasStoredForm<T>) {
    typename StoredAs<T>::Form form{};
    if (!read_value(reader, form)) return false;
    value = StoredAs<T>::from(std::move(form));
    return true;
  } else {
    static_assert(HasStoredFields<T>,
                  "a field's type cannot be stored: describe it by Stored<T>::fields or StoredAs<T>");
    if (!reader.enter_object()) return skip();
    std::string_view key;
    for (bool first = true; reader.next_key(first, key);) {
      const auto one = [&](const auto& described) {
        if (described.name != key) return false;
        read_value(reader, value.*described.member);
        return true;
      };
      const bool known =
          std::apply([&](const auto&... described) { return (one(described) || ...); }, Stored<T>::fields);
      if (!known) reader.skip();
    }
    return !reader.broken();
  }
}

}  // namespace detail

template <class T>
std::string encode_state(const T& value) {
  std::string out;
  detail::write_value(out, value);
  return out;
}

// nullopt: the text is no JSON object at all.
template <class T>
std::optional<T> decode_state(std::string_view json) {
  json::Reader reader(json);
  T value{};
  if (!detail::read_value(reader, value)) return std::nullopt;
  return value;
}

}  // namespace tgkit::bot
