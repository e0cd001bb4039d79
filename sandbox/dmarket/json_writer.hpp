#pragma once
// JSON written straight into a text: the exchange's lists are long. UTF-8 goes out as it is, as the exchange sends it.
#include <cstdint>
#include <string>
#include <string_view>

namespace sandbox {

// Not checked: whoever writes closes what was opened, and gives a key to every member of an object.
class JsonWriter {
 public:
  JsonWriter& object() { return open('{'); }
  JsonWriter& array() { return open('['); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(std::string_view name);

  JsonWriter& text(std::string_view value);
  JsonWriter& number(std::int64_t value);
  JsonWriter& quoted(std::int64_t value);  // a number as text
  JsonWriter& flag(bool value) { return raw(value ? "true" : "false"); }
  JsonWriter& null() { return raw("null"); }
  JsonWriter& raw(std::string_view json);

  // Members.
  JsonWriter& text(std::string_view name, std::string_view value) { return key(name).text(value); }
  JsonWriter& number(std::string_view name, std::int64_t value) { return key(name).number(value); }
  JsonWriter& quoted(std::string_view name, std::int64_t value) { return key(name).quoted(value); }
  JsonWriter& flag(std::string_view name, bool value) { return key(name).flag(value); }
  JsonWriter& null(std::string_view name) { return key(name).null(); }
  JsonWriter& raw(std::string_view name, std::string_view json) { return key(name).raw(json); }
  // A literal is a text, not a flag.
  JsonWriter& flag(std::string_view name, const char* value) = delete;

  void reserve(std::size_t bytes) { out_.reserve(bytes); }
  const std::string& so_far() const { return out_; }
  std::string take() { return std::move(out_); }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void separate();

  std::string out_;
  bool first_ = true;  // nothing stands before at this level
  bool after_key_ = false;
};

// How the exchange writes money and time.
std::string dollars_text(std::int64_t cents);     // "15.99"
std::string dollars_float(std::int64_t cents);    // 15.99, 15.9, 15: the shortest number
std::string iso_time(std::int64_t unix_seconds);  // "2026-06-17T10:30:00Z"

}  // namespace sandbox
