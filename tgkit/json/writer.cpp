#include "tgkit/json/writer.hpp"

#include "tgkit/json/append.hpp"

namespace tgkit::json {

void Writer::separate() {
  if (!first_ && !after_key_) out_ += ',';
  first_ = after_key_ = false;
}

Writer& Writer::open(char bracket) {
  separate();
  out_ += bracket;
  first_ = true;
  return *this;
}

Writer& Writer::close(char bracket) {
  out_ += bracket;
  first_ = false;
  return *this;
}

Writer& Writer::key(std::string_view name) {
  separate();
  append_string(out_, name);
  out_ += ':';
  after_key_ = true;
  return *this;
}

Writer& Writer::text(std::string_view value) {
  separate();
  append_string(out_, value);
  return *this;
}

Writer& Writer::number(std::int64_t value) {
  separate();
  append_integer(out_, value);
  return *this;
}

Writer& Writer::quoted(std::int64_t value) {
  separate();
  out_ += '"';
  append_integer(out_, value);
  out_ += '"';
  return *this;
}

Writer& Writer::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

}  // namespace tgkit::json
