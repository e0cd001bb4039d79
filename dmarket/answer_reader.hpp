#pragma once
// Reads the fields of an answer into their types. Each function reads the value of the field that was just named: null
// leaves the target as it is; a value of another shape is skipped and written down as an oddity under the field's name.
#include "dmarket/answers.hpp"
#include "dmarket/endpoints.hpp"
#include "tgkit/async/clock.hpp"
#include "tgkit/json/reader.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace dmarket {

// "2026-06-17T10:30:00Z", with a fraction, with "+02:00" instead of "Z"; or Unix seconds.
std::optional<tgkit::WallTime> parse_timestamp(std::string_view text);

class AnswerReader {
 public:
  // `endpoint` is named when the body turns out to be no JSON object or broken.
  AnswerReader(const Endpoint& endpoint, std::string_view body, Oddities& oddities)
      : endpoint_(endpoint), json_(body), oddities_(oddities) {}

  // The whole body. `on_field(key)` reads the value and returns true, or returns false for a field it does not know.
  // Throws Error (api_changed) when the body is no object, or broken.
  template <class OnField>
  void document(OnField&& on_field, UnknownFields& unknown) {
    if (json_.peek() != tgkit::json::Reader::Kind::object) refuse("the answer is no JSON object");
    fields(on_field, unknown);
    if (!json_.at_end()) refuse("the answer is broken JSON");
  }

  template <class OnField>
  void object(OnField&& on_field, UnknownFields& unknown) {
    if (json_.peek() == tgkit::json::Reader::Kind::object) return fields(on_field, unknown);
    other_shape("is no object");
  }
  template <class OnField>
  void object(OnField&& on_field) {  // unknown fields are dropped
    UnknownFields dropped;
    object(on_field, dropped);
  }

  template <class OnItem>
  void array(OnItem&& on_item) {
    if (json_.peek() != tgkit::json::Reader::Kind::array) return other_shape("is no list");
    const std::string_view name = name_;
    for (bool first = json_.enter_array(); json_.next_item(first);) {
      name_ = name;
      on_item();
    }
  }

  bool text(std::string& to);  // a string; false: there was none
  void text(std::optional<std::string>& to);
  void scalar(std::string& to);                   // a string, or a number as it is written
  void scalar(std::optional<std::string>& to);    // "" and "0" mean that there is none
  void integer(std::optional<std::int64_t>& to);  // text or number
  void boolean(std::optional<bool>& to);          // also as text
  void cents(std::optional<Money>& to);           // whole cents, as text or number; may be negative
  void price_cents(std::optional<Money>& to);     // the same, never negative
  void price_dollars(std::optional<Money>& to);   // decimal dollars, as text or number, never negative
  // {"Currency":"USD","Amount":...}, or with small letters; another currency is refused.
  void cents_object(std::optional<Money>& to);
  void dollars_object(std::optional<Money>& to);
  void timestamp(std::optional<tgkit::WallTime>& to);  // 0 and "" mean that there is none

  template <class Kind>
  void id(std::optional<Id<Kind>>& to) {  // "" means that there is none
    std::string text_of_id;
    if (text(text_of_id) && !text_of_id.empty()) to.emplace(std::move(text_of_id));
  }
  template <class E, class Table>
  void spelled(Spelled<E>& to, const Table& table) {
    if (!text(to.text)) return;
    to.value = E::unknown;
    for (const auto& [name, value] : table) {
      if (name == to.text) to.value = value;
    }
  }

  // Adds the field to `unknown`, unless its value says nothing: null, false, 0, "", "any", "..._UNSPECIFIED", [] or {}.
  void keep_if_meant(UnknownFields& unknown);

  tgkit::json::Reader::Kind peek() { return json_.peek(); }
  void skip() { json_.skip(); }
  bool take_null() { return json_.null(); }
  void odd(std::string_view what) { oddities_.add(name_, what); }  // about the field that was just named

 private:
  template <class OnField>
  void fields(OnField& on_field, UnknownFields& unknown) {
    std::string_view key;
    for (bool first = json_.enter_object(); json_.next_key(first, key);) {
      name_ = json_.raw_key();
      if (!on_field(key)) keep(unknown);
    }
  }
  void keep(UnknownFields& unknown);
  static void append(UnknownFields& unknown, std::string_view key, std::string_view value);
  bool scalar_text(std::string_view& out);  // a string or number; null and other shapes give false
  void other_shape(std::string_view what);
  void amount(std::optional<Money>& to, MoneyResult (*parse)(std::string_view), std::string_view what, bool negative);
  void money_object(std::optional<Money>& to, MoneyResult (*parse)(std::string_view));
  [[noreturn]] void refuse(const char* why) const;

  const Endpoint& endpoint_;
  tgkit::json::Reader json_;
  Oddities& oddities_;
  std::string_view name_;  // of the field, as it stands in the body
};

}  // namespace dmarket
