#include "tgkit/ops/log_line.hpp"

#include "tgkit/ops/utf8.hpp"

#include <charconv>
#include <cmath>

namespace tgkit::ops {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";
constexpr std::string_view hex = "0123456789abcdef";

template <class Number>
void append_number(std::string& to, Number value) {
  char digits[40];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  to.append(digits, end);
}

void append_digits(std::string& to, unsigned value, unsigned width) {
  char digits[10];
  for (auto i = width; i-- > 0; value /= 10) digits[i] = static_cast<char>('0' + value % 10);
  to.append(digits, width);
}

// Escapes what would end the line or the quotes; leaves other text as it is.
void append_escaped(std::string& to, std::string_view text, bool json) {
  while (!text.empty()) {
    const auto length = utf8_character(text);
    const auto c = static_cast<unsigned char>(text[0]);
    if (length == 0) {
      to += replacement;
      text.remove_prefix(1);
      continue;
    }
    if (c == '"' || c == '\\') {
      (to += '\\') += static_cast<char>(c);
    } else if (c == '\n') {
      to += "\\n";
    } else if (c == '\r') {
      to += "\\r";
    } else if (c == '\t') {
      to += "\\t";
    } else if (c < 0x20 || c == 0x7f) {
      ((to += json ? "\\u00" : "\\x") += hex[c >> 4]) += hex[c & 15];
    } else {
      to += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
}

bool plain(std::string_view text) {
  if (text.empty()) return false;
  for (std::size_t i = 0; i < text.size();) {
    const auto length = utf8_character(text.substr(i));
    const auto c = static_cast<unsigned char>(text[i]);
    if (length == 0 || c <= ' ' || c == 0x7f || c == '"' || c == '=' || c == '\\') return false;
    i += length;
  }
  return true;
}

void append_text_value(std::string& to, std::string_view text) {
  if (plain(text)) {
    to += text;
    return;
  }
  to += '"';
  append_escaped(to, text, false);
  to += '"';
}

void append_text_value(std::string& to, const Field& field) {
  if (const auto* truth = std::get_if<bool>(&field.value)) to += *truth ? "true" : "false";
  if (const auto* whole = std::get_if<std::int64_t>(&field.value)) append_number(to, *whole);
  if (const auto* real = std::get_if<double>(&field.value)) append_number(to, *real);
  if (const auto* text = std::get_if<std::string_view>(&field.value)) append_text_value(to, *text);
}

void append_json_value(std::string& to, const Field& field) {
  if (const auto* truth = std::get_if<bool>(&field.value)) to += *truth ? "true" : "false";
  if (const auto* whole = std::get_if<std::int64_t>(&field.value)) append_number(to, *whole);
  if (const auto* real = std::get_if<double>(&field.value)) append_json_number(to, *real);
  if (const auto* text = std::get_if<std::string_view>(&field.value)) append_json_string(to, *text);
}

std::string_view padded_name(Level level) {
  constexpr std::string_view names[] = {"TRACE ", "DEBUG ", "INFO  ", "WARN  ", "ERROR "};
  return names[static_cast<std::size_t>(level)];
}

}  // namespace

std::string_view to_text(Level level) {
  constexpr std::string_view names[] = {"trace", "debug", "info", "warn", "error"};
  return names[static_cast<std::size_t>(level)];
}

void append_utc_time(std::string& to, WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const auto ms = static_cast<unsigned>(std::chrono::floor<std::chrono::milliseconds>(time - day).count());
  append_digits(to, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  append_digits(to += '-', static_cast<unsigned>(date.month()), 2);
  append_digits(to += '-', static_cast<unsigned>(date.day()), 2);
  append_digits(to += 'T', ms / 3'600'000, 2);
  append_digits(to += ':', ms / 60'000 % 60, 2);
  append_digits(to += ':', ms / 1000 % 60, 2);
  append_digits(to += '.', ms % 1000, 3);
  to += 'Z';
}

void append_json_string(std::string& to, std::string_view text) {
  to += '"';
  append_escaped(to, text, true);
  to += '"';
}

void append_json_number(std::string& to, double value) {
  if (std::isfinite(value)) {
    append_number(to, value);
  } else {
    to += "null";
  }
}

void append_text_line(std::string& to, WallTime time, Level level, std::string_view event,
                      std::span<const Field> fields) {
  append_utc_time(to, time);
  to += ' ';
  to += padded_name(level);
  append_escaped(to, event, false);
  for (const auto& field : fields) {
    to += ' ';
    to += field.name;
    to += '=';
    append_text_value(to, field);
  }
  to += '\n';
}

void append_json_line(std::string& to, WallTime time, Level level, std::string_view event,
                      std::span<const Field> fields) {
  to += R"({"time":")";
  append_utc_time(to, time);
  to += R"(","level":")";
  to += to_text(level);
  to += R"(","event":)";
  append_json_string(to, event);
  for (const auto& field : fields) {
    to += ',';
    append_json_string(to, field.name);
    to += ':';
    append_json_value(to, field);
  }
  to += "}\n";
}

}  // namespace tgkit::ops
