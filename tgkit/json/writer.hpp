#pragma once
// JSON written straight into a text; commas are set here.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace tgkit::json {

// Not checked: whoever writes closes what was opened, and gives a key to every member of an object.
class Writer {
 public:
  Writer& object() { return open('{'); }
  Writer& array() { return open('['); }
  Writer& end_object() { return close('}'); }
  Writer& end_array() { return close(']'); }
  Writer& key(std::string_view name);

  Writer& text(std::string_view value);
  Writer& number(std::int64_t value);
  Writer& quoted(std::int64_t value);  // a number as text
  Writer& flag(bool value) { return raw(value ? "true" : "false"); }
  Writer& null() { return raw("null"); }
  Writer& raw(std::string_view json);

  // Members.
  Writer& text(std::string_view name, std::string_view value) { return key(name).text(value); }
  Writer& number(std::string_view name, std::int64_t value) { return key(name).number(value); }
  Writer& quoted(std::string_view name, std::int64_t value) { return key(name).quoted(value); }
  Writer& flag(std::string_view name, bool value) { return key(name).flag(value); }
  Writer& null(std::string_view name) { return key(name).null(); }
  Writer& raw(std::string_view name, std::string_view json) { return key(name).raw(json); }
  // A literal is a text, not a flag.
  Writer& flag(std::string_view name, const char* value) = delete;

  void reserve(std::size_t bytes) { out_.reserve(bytes); }
  const std::string& so_far() const { return out_; }
  std::string take() { return std::move(out_); }

 private:
  Writer& open(char bracket);
  Writer& close(char bracket);
  void separate();

  std::string out_;
  bool first_ = true;  // nothing stands before at this level
  bool after_key_ = false;
};

}  // namespace tgkit::json
