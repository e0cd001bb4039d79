#pragma once
// Pulls values out of an answer's text without building a tree. Numbers are handed out as they are written, so that an
// amount never passes through a double. It forgives what does not hurt the structure: bytes that are no UTF-8, control
// characters in strings, lone surrogates.
//
// A function that returns false because the value is of another kind has consumed nothing. When the text is broken, it
// and every later call returns false, and broken() says so. The text must outlive the reader.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace dmarket {

class JsonReader {
 public:
  enum class Kind : std::uint8_t { none, object, array, string, number, boolean, null };

  explicit JsonReader(std::string_view text) : begin_(text.data()), at_(begin_), end_(begin_ + text.size()) {}

  Kind peek();  // of the next value; none at the end or where no value begins

  // for (bool first = r.enter_object(); r.next_key(first, key);) { one value must be consumed here }
  bool enter_object();
  bool next_key(bool& first, std::string_view& key);  // `key` is valid until the next call of next_key
  bool enter_array();
  bool next_item(bool& first);

  bool string(std::string_view& out);  // without its escapes; valid until the next call of string
  bool number(std::string_view& out);  // as it is written
  bool boolean(bool& out);
  bool null();
  bool skip();                      // any value, however deep
  bool raw(std::string_view& out);  // any value, as it stands in the text

  bool at_end();  // nothing but blanks is left
  bool broken() const { return broken_; }
  std::string_view raw_key() const { return raw_key_; }  // of the last next_key, with its escapes

 private:
  void blanks();
  bool fail();
  bool decode(const char* begin, const char* special, std::string& out);
  bool skip_string();
  bool skip_nested();
  bool literal(std::string_view word);

  const char* begin_;
  const char* at_;
  const char* end_;
  bool broken_ = false;
  std::string_view raw_key_;
  std::string key_, string_;  // what had escapes
};

}  // namespace dmarket
