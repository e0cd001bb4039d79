#include "tgkit/json/append.hpp"

#include "tgkit/json/scan.hpp"

#include <charconv>
#include <cmath>

namespace tgkit::json {
namespace {

void append_escape(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default: {
      constexpr char digits[] = "0123456789abcdef";
      const char text[] = {'\\', 'u', '0', '0', digits[(c >> 4) & 15], digits[c & 15]};
      out.append(text, sizeof text);
    }
  }
}

template <class T, class Append>
void append_array(std::string& out, const std::vector<T>& values, Append append) {
  out += '[';
  bool first = true;
  for (const T& value : values) {
    if (!first) out += ',';
    first = false;
    append(out, value);
  }
  out += ']';
}

}  // namespace

void append_string(std::string& out, std::string_view text) {
  out += '"';
  const char* at = text.data();
  const char* const end = at + text.size();
  while (true) {
    const char* special = find_special(at, end);
    out.append(at, special);
    if (special == end) break;
    append_escape(out, *special);
    at = special + 1;
  }
  out += '"';
}

void append_integer(std::string& out, std::int64_t value) {
  char text[24];
  const auto result = std::to_chars(text, text + sizeof text, value);
  out.append(text, result.ptr);
}

void append_number(std::string& out, double value) {
  char text[32];
  const auto result = std::to_chars(text, text + sizeof text, std::isfinite(value) ? value : 0.0);
  out.append(text, result.ptr);
}

void append_strings(std::string& out, const std::vector<std::string>& values) {
  append_array(out, values, append_string);
}

void append_integers(std::string& out, const std::vector<std::int64_t>& values) {
  append_array(out, values, append_integer);
}

}  // namespace tgkit::json
