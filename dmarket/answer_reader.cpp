#include "dmarket/answer_reader.hpp"

#include <charconv>
#include <initializer_list>

namespace dmarket {
namespace {

// Beyond these, a number of seconds is something else (milliseconds), and would leave the range of the clock.
constexpr std::int64_t most_seconds = 9'000'000'000;

bool read_digits(std::string_view text, std::size_t at, std::size_t length, int& to) {
  if (text.size() < at + length) return false;
  const char* const begin = text.data() + at;
  for (const char* c = begin; c != begin + length; ++c) {
    if (*c < '0' || *c > '9') return false;
  }
  return std::from_chars(begin, begin + length, to).ec == std::errc{};
}

// "Z", "+02:00", "-0330".
std::optional<std::chrono::minutes> read_zone(std::string_view text) {
  if (text == "Z" || text == "z") return std::chrono::minutes(0);
  if (text.size() < 5 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  int hours = 0, minutes = 0;
  const std::size_t colon = text[3] == ':' ? 1 : 0;
  if (text.size() != 5 + colon || !read_digits(text, 1, 2, hours) || !read_digits(text, 3 + colon, 2, minutes))
    return std::nullopt;
  const std::chrono::minutes offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  return text[0] == '+' ? offset : -offset;
}

// ".123456": cut to nanoseconds.
std::optional<std::chrono::nanoseconds> read_fraction(std::string_view& text) {
  if (text.empty() || text[0] != '.') return std::chrono::nanoseconds(0);
  std::int64_t nanoseconds = 0, unit = 100'000'000;
  std::size_t at = 1;
  for (; at != text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10)
    nanoseconds += (text[at] - '0') * unit;
  if (at == 1) return std::nullopt;
  text.remove_prefix(at);
  return std::chrono::nanoseconds(nanoseconds);
}

std::optional<tgkit::WallTime> from_unix(std::int64_t seconds) {
  if (seconds < 0 || seconds > most_seconds) return std::nullopt;
  return tgkit::WallTime(std::chrono::seconds(seconds));
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<tgkit::WallTime> parse_iso(std::string_view text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!read_digits(text, 0, 4, year) || !read_digits(text, 5, 2, month) || !read_digits(text, 8, 2, day) ||
      !read_digits(text, 11, 2, hour) || !read_digits(text, 14, 2, minute) || !read_digits(text, 17, 2, second) ||
      text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != ' ') || text[13] != ':' || text[16] != ':')
    return std::nullopt;
  using namespace std::chrono;
  const year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || year < 1970 || year > 2250 || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  text.remove_prefix(19);
  const auto fraction = read_fraction(text);
  const auto zone = read_zone(text);
  if (!fraction || !zone) return std::nullopt;
  return tgkit::WallTime(sys_days(date)) + hours(hour) + minutes(minute) + seconds(second) + *fraction - *zone;
}

}  // namespace

std::optional<tgkit::WallTime> parse_timestamp(std::string_view text) {
  if (const auto seconds = parse_integer(text)) return from_unix(*seconds);
  return parse_iso(text);
}

void Oddities::add(std::string_view field, std::string_view what) {
  if (count++ == 0) first = std::string(field.substr(0, 60)) + " " + std::string(what);
}

void AnswerReader::refuse(const char* why) const {
  throw Error(ErrorKind::api_changed, name_of(endpoint_), 200, "", why);
}

void AnswerReader::append(UnknownFields& unknown, std::string_view key, std::string_view value) {
  if (!unknown.empty()) unknown += ',';
  unknown.append("\"").append(key).append("\":").append(value);
}

void AnswerReader::keep(UnknownFields& unknown) {
  const std::string_view key = json_.raw_key();
  std::string_view value;
  if (json_.raw(value)) append(unknown, key, value);
}

void AnswerReader::keep_if_meant(UnknownFields& unknown) {
  const std::string_view key = json_.raw_key();
  std::string_view value;
  if (!json_.raw(value)) return;
  for (const std::string_view nothing : {"null", "false", "0", "\"0\"", "\"\"", "\"any\"", "[]", "{}"}) {
    if (value == nothing) return;
  }
  if (!value.ends_with("_UNSPECIFIED\"")) append(unknown, key, value);
}

void AnswerReader::other_shape(std::string_view what) {
  if (!json_.null() && json_.skip()) odd(what);
}

bool AnswerReader::scalar_text(std::string_view& out) { return json_.string(out) || json_.number(out); }

bool AnswerReader::text(std::string& to) {
  std::string_view view;
  if (json_.string(view)) {
    to = view;
    return true;
  }
  other_shape("is no text");
  return false;
}

void AnswerReader::text(std::optional<std::string>& to) {
  std::string value;
  if (text(value)) to = std::move(value);
}

void AnswerReader::scalar(std::string& to) {
  std::string_view view;
  if (scalar_text(view)) {
    to = view;
  } else {
    other_shape("is neither text nor number");
  }
}

void AnswerReader::scalar(std::optional<std::string>& to) {
  std::string value;
  scalar(value);
  if (!value.empty() && value != "0") to = std::move(value);
}

void AnswerReader::integer(std::optional<std::int64_t>& to) {
  std::string_view view;
  if (!scalar_text(view)) return other_shape("is no whole number");
  if (view.empty()) return;
  const auto value = parse_integer(view);
  if (value) {
    to = value;
  } else {
    odd("is no whole number");
  }
}

void AnswerReader::boolean(std::optional<bool>& to) {
  bool value = false;
  std::string_view view;
  if (json_.boolean(value)) {
    to = value;
  } else if (json_.string(view)) {
    if (view == "true" || view == "false") {
      to = view == "true";
    } else {
      odd("is neither true nor false");
    }
  } else {
    other_shape("is neither true nor false");
  }
}

void AnswerReader::amount(std::optional<Money>& to, MoneyResult (*parse)(std::string_view), std::string_view what,
                          bool negative) {
  std::string_view view;
  if (!scalar_text(view)) return other_shape(what);
  if (view.empty()) return;
  const MoneyResult value = parse(view);
  if (!value) {
    odd(what);
  } else if (*value < Money() && !negative) {
    odd("is below zero");
  } else {
    to = *value;
  }
}

void AnswerReader::cents(std::optional<Money>& to) { amount(to, parse_cents, "is no whole number of cents", true); }

void AnswerReader::price_cents(std::optional<Money>& to) {
  amount(to, parse_cents, "is no whole number of cents", false);
}

void AnswerReader::price_dollars(std::optional<Money>& to) {
  amount(to, parse_dollars, "is no decimal number of dollars", false);
}

void AnswerReader::money_object(std::optional<Money>& to, MoneyResult (*parse)(std::string_view)) {
  const std::string_view name = name_;
  std::optional<Money> value;
  std::string currency;
  object([&](std::string_view key) {
    if (key == "Currency" || key == "currency") {
      text(currency);
    } else if (key == "Amount" || key == "amount") {
      name_ = name;
      amount(value, parse, "is no amount of money", false);
    } else {
      return false;
    }
    return true;
  });
  name_ = name;
  if (!currency.empty() && currency != "USD") {
    odd("is in another currency than USD");
  } else if (value) {
    to = value;
  }
}

void AnswerReader::cents_object(std::optional<Money>& to) { money_object(to, parse_cents); }
void AnswerReader::dollars_object(std::optional<Money>& to) { money_object(to, parse_dollars); }

void AnswerReader::timestamp(std::optional<tgkit::WallTime>& to) {
  std::string_view view;
  if (!scalar_text(view)) return other_shape("is no time");
  if (view.empty() || view == "0") return;
  const auto time = parse_timestamp(view);
  if (time) {
    to = time;
  } else {
    odd("is no time");
  }
}

}  // namespace dmarket
