#include "bench/people.hpp"

#include "bench/wire.hpp"

#include <charconv>

namespace bench {

void People::write_update(std::string& out, std::int64_t update_id, int who, double now) {
  Person& person = people_[static_cast<std::size_t>(who)];
  ++person.asked;
  person.written_at = now;
  const std::int64_t id = first_id + who;
  out += "{\"update_id\":";
  append_number(out, update_id);
  out += ",\n\"message\":{\"message_id\":";
  append_number(out, person.asked * 2);
  out += ",\"from\":{\"id\":";
  append_number(out, id);
  out +=
      ",\"is_bot\":false,\"first_name\":\"\\u0410\\u043d\\u043d\\u0430\",\"last_name\":\"Benchmark\",\"username\":"
      "\"anna_";
  append_number(out, id);
  out += "\",\"language_code\":\"en\",\"is_premium\":true},\"chat\":{\"id\":";
  append_number(out, id);
  out += ",\"first_name\":\"\\u0410\\u043d\\u043d\\u0430\",\"last_name\":\"Benchmark\",\"username\":\"anna_";
  append_number(out, id);
  out += "\",\"type\":\"private\"},\"date\":1790000000,\"text\":\"ping ";
  append_number(out, person.asked);
  out += "\"}}";
}

double People::answered(std::int64_t chat, std::string_view text, double now) {
  const std::int64_t who = chat - first_id;
  constexpr std::string_view word = "ping ";
  if (who < 0 || who >= count() || !text.starts_with(word)) {
    ++miscounted_;
    return 0;
  }
  Person& person = people_[static_cast<std::size_t>(who)];
  const char* end = text.data() + text.size();
  std::int32_t number = 0;
  const char* rest = std::from_chars(text.data() + word.size(), end, number).ptr;
  if (number != person.answered + 1) ++out_of_order_;
  person.answered = number;
  std::int32_t counted = number;
  if (rest != end && *rest == ' ') std::from_chars(rest + 1, end, counted);
  if (counted != number) ++miscounted_;
  ++answers_;
  return now - person.written_at;
}

}  // namespace bench
