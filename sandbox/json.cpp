#include "sandbox/json.hpp"

#include <charconv>
#include <cmath>

namespace sandbox {
namespace {

// Length of the UTF-8 sequence at `i` and its code point; 0 when it is none.
std::size_t decode(std::string_view text, std::size_t i, char32_t& out) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[i + k]); };
  const unsigned char first = byte(0);
  const std::size_t length = first >= 0xF0 && first < 0xF5 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
  if (length == 0 || first >= 0xF5 || i + length > text.size()) return 0;
  char32_t code = first & (0x7F >> length);
  for (std::size_t k = 1; k < length; ++k) {
    if ((byte(k) & 0xC0) != 0x80) return 0;
    code = (code << 6) | (byte(k) & 0x3F);
  }
  if (length == 3 && (code < 0x800 || (code >= 0xD800 && code < 0xE000))) return 0;
  if (length == 4 && (code < 0x10000 || code > 0x10FFFF)) return 0;
  out = code;
  return length;
}

void append_unit(std::string& out, unsigned unit) {
  constexpr char digits[] = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += digits[(unit >> shift) & 0xF];
}

void append_plain(std::string& out, const json::value& value) {
  if (const json::array* array = value.if_array()) {
    out += '[';
    for (const json::value& item : *array) {
      if (&item != array->data()) out += ',';
      append_plain(out, item);
    }
    out += ']';
  } else if (const json::object* object = value.if_object()) {
    out += '{';
    for (const auto& member : *object) {
      if (&member != &*object->begin()) out += ',';
      out += json::serialize(member.key());
      out += ':';
      append_plain(out, member.value());
    }
    out += '}';
  } else if (const double* number = value.if_double()) {
    char digits[512];
    const auto [end, error] = std::to_chars(digits, digits + sizeof(digits), *number, std::chars_format::fixed);
    out.append(digits, end);
  } else {
    out += json::serialize(value);
  }
}

}  // namespace

std::string to_plain_json(const json::value& value) {
  std::string out;
  append_plain(out, value);
  return out;
}

std::optional<json::value> parse_json(std::string_view text) {
  boost::system::error_code error;
  json::parse_options options;
  options.allow_invalid_utf8 = true;  // who takes a text says what is wrong with it
  json::value value = json::parse(text, error, {}, options);
  if (error) return std::nullopt;
  return std::optional<json::value>(std::in_place, std::move(value));
}

std::string escape_non_ascii(std::string text) {
  const auto ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (std::all_of(text.begin(), text.end(), ascii)) return text;
  std::string out;
  out.reserve(text.size() * 2);
  for (std::size_t i = 0; i < text.size();) {
    char32_t code = 0;
    const std::size_t length = ascii(text[i]) ? 0 : decode(text, i, code);
    if (length == 0) {
      out += text[i++];
      continue;
    }
    if (code >= 0x10000) {
      append_unit(out, 0xD800 + ((code - 0x10000) >> 10));
      append_unit(out, 0xDC00 + ((code - 0x10000) & 0x3FF));
    } else {
      append_unit(out, code);
    }
    i += length;
  }
  return out;
}

std::string to_wire(const json::value& value) { return escape_non_ascii(json::serialize(value)); }
std::string to_wire(const json::object& value) { return escape_non_ascii(json::serialize(value)); }
std::string quote(std::string_view text) {
  return escape_non_ascii(json::serialize(json::string_view(text.data(), text.size())));
}

const json::object* member_object(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(json::string_view(key.data(), key.size()));
  return value ? value->if_object() : nullptr;
}

const json::array* member_array(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(json::string_view(key.data(), key.size()));
  return value ? value->if_array() : nullptr;
}

std::string member_text(const json::object& object, std::string_view key, std::string fallback) {
  const json::value* value = object.if_contains(json::string_view(key.data(), key.size()));
  const json::string* text = value ? value->if_string() : nullptr;
  return text ? std::string(text->data(), text->size()) : std::move(fallback);
}

namespace {

// 3.0 is a whole number; 3.5 is none, and is not cut to one.
std::optional<std::int64_t> whole(double number) {
  constexpr double most = 9e15;  // beyond it a double holds no fractions, and not every whole number either
  if (!(std::abs(number) <= most) || number != std::floor(number)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

}  // namespace

std::optional<std::int64_t> member_int(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(json::string_view(key.data(), key.size()));
  if (!value) return std::nullopt;
  if (value->is_int64()) return value->get_int64();
  if (value->is_uint64()) return static_cast<std::int64_t>(value->get_uint64());
  if (value->is_double()) return whole(value->get_double());
  if (const json::string* text = value->if_string()) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error == std::errc{} && end == text->data() + text->size() && !text->empty()) return number;
  }
  return std::nullopt;
}

double member_number(const json::object& object, std::string_view key, double fallback) {
  const json::value* value = object.if_contains(json::string_view(key.data(), key.size()));
  if (!value || !value->is_number()) return fallback;
  return value->to_number<double>();
}

bool member_bool(const json::object& object, std::string_view key, bool fallback) {
  const json::value* value = object.if_contains(json::string_view(key.data(), key.size()));
  const bool* flag = value ? value->if_bool() : nullptr;
  return flag ? *flag : fallback;
}

}  // namespace sandbox
