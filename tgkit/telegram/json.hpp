#pragma once
// Objects of the Bot API from and to JSON.
//
// Reading is tolerant, since Telegram deploys before it documents: a missing field keeps its default, a field of the
// wrong type is skipped and counted, unknown names are counted, an unknown member of a union is kept as raw text, null
// means absent, the last of two equal names wins. Bytes that are no UTF-8 are kept as they are; a lone surrogate
// becomes U+FFFD.
#include "tgkit/telegram/box.hpp"

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tgkit::telegram {

struct Part;

// The text is no JSON value of the expected shape at all. what() quotes nothing of it: it may be private.
class ParseError : public std::runtime_error {
 public:
  ParseError(const std::string& reason, std::size_t offset)
      : std::runtime_error(reason + " at byte " + std::to_string(offset)), offset_(offset) {}
  std::size_t offset() const noexcept { return offset_; }

 private:
  std::size_t offset_;
};

// What a tolerant reading passed over.
struct ReadNotes {
  ReadNotes() = default;
  std::size_t skipped = 0;    // values of a type that the schema does not allow there, or nested too deeply
  std::size_t unknown = 0;    // names and union members that the schema does not know
  std::string first_skipped;  // "Message.date"
  std::string first_unknown;  // "Message.new_field", "ReactionType"
};

namespace json {
struct Type;
void read(std::string_view text, void* object, const Type& type, ReadNotes* notes);       // throws ParseError
void read_items(std::string_view text, void* items, const Type& type, ReadNotes* notes);  // throws ParseError
// Adds the object's JSON to `out`. Uploads inside go to `files`; without it they are written as "attach://" and the
// name.
void write(std::string& out, const void* object, const Type& type, std::vector<Part>* files = nullptr);
void write_items(std::string& out, const void* items, const Type& type, std::vector<Part>* files = nullptr);
}  // namespace json

template <class T>
T from_json(std::string_view text, ReadNotes* notes = nullptr) {
  T object;
  json::read(text, &object, T::json_type(), notes);
  return object;
}

// The elements of an array; those that are no T are skipped and counted.
template <class T>
std::vector<T> array_from_json(std::string_view text, ReadNotes* notes = nullptr) {
  std::vector<T> items;
  json::read_items(text, &items, T::json_type(), notes);
  return items;
}

bool boolean_from_json(std::string_view text);  // throws ParseError, as do these two
std::int64_t integer_from_json(std::string_view text);
std::string string_from_json(std::string_view text);

template <class T>
std::string to_json(const T& object) {
  std::string out;
  json::write(out, &object, T::json_type());
  return out;
}

template <class T>
std::string to_json(const std::vector<T>& items) {
  std::string out;
  json::write_items(out, &items, T::json_type());
  return out;
}

}  // namespace tgkit::telegram
