#pragma once
// Writes the bodies of requests.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace dmarket {

// Objects and lists are opened and closed by the caller; commas are set here.
class JsonWriter {
 public:
  JsonWriter& open(char bracket);   // '{' or '['
  JsonWriter& close(char bracket);  // '}' or ']'
  JsonWriter& name(std::string_view name);
  JsonWriter& text(std::string_view value);
  JsonWriter& number(std::int64_t value);
  JsonWriter& literal(std::string_view json);  // a value that is JSON already
  std::string take() { return std::move(out_); }

 private:
  void separate();
  void quoted(std::string_view text);
  std::string out_;
  bool comma_ = false;  // a value stands before the next one
};

}  // namespace dmarket
