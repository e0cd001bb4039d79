#pragma once
// Pulls JSON values out of a text without building a tree. It forgives what does not hurt the structure: bytes that
// are no UTF-8, control characters in strings, lone surrogates.
//
// A function that returns false has consumed nothing when the value is of another type; when the text is broken, it
// and every later call returns false, and broken() says so. The text must outlive the reader.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tgkit::json {

class Reader {
 public:
  enum class Kind : std::uint8_t { none, object, array, string, number, boolean, null };

  explicit Reader(std::string_view text) : begin_(text.data()), at_(begin_), end_(begin_ + text.size()) {}

  Kind peek();  // of the next value; none at the end or where no value begins

  // for (bool first = r.enter_object(); r.next_key(first, key);) { one value must be consumed here }
  bool enter_object();                                // true when it is one
  bool next_key(bool& first, std::string_view& key);  // `key` is valid until the next call of next_key
  bool enter_array();
  bool next_item(bool& first);

  bool string(std::string& out);
  bool string(std::string_view& out);  // without its escapes; valid until the next call of this function
  bool integer(std::int64_t& out);     // also 1.0, 1e3 and "1"
  bool number(double& out);            // also "1.5"
  bool number(std::string_view& out);  // as it is written: an amount of money never becomes a double
  bool boolean(bool& out);
  bool null();

  bool skip();                      // any value
  bool raw(std::string_view& out);  // any value, as it stands in the text
  bool at_end();                    // nothing but blanks is left

  bool broken() const { return broken_; }
  std::string_view raw_key() const { return raw_key_; }  // of the last next_key, with its escapes
  std::size_t offset() const { return static_cast<std::size_t>(at_ - begin_); }

 private:
  void blanks();
  bool fail();
  // The string whose opening quote is at at_: a view of the text, or of `decoded` when it has escapes.
  bool text_here(std::string_view& out, std::string& decoded);
  bool decode_string(std::string& out);
  bool skip_string();
  bool skip_brackets();
  bool skip_literal(std::string_view word);
  bool short_integer(std::int64_t& out);
  std::string_view number_here() const;
  bool quoted_number(std::string_view& out) const;

  const char* begin_;
  const char* at_;
  const char* end_;
  bool broken_ = false;
  std::string_view raw_key_;
  std::string key_, string_;  // what had escapes
};

}  // namespace tgkit::json
