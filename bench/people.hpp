#pragma once
// The people who write to the bot: each sends "ping 1", "ping 2", ... and checks the answers. An answer begins with
// the text it answers; a number behind it is the bot's own count for this person and must be the same.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

class People {
 public:
  explicit People(int count) : people_(static_cast<std::size_t>(count)) {}

  // Appends the next update of person number `who` as JSON; `now` is remembered as the moment of writing.
  void write_update(std::string& out, std::int64_t update_id, int who, double now);

  // A sendMessage arrived. Returns the seconds since the update it answers was written.
  double answered(std::int64_t chat, std::string_view text, double now);

  std::int64_t answers() const { return answers_; }
  std::int64_t out_of_order() const { return out_of_order_; }
  std::int64_t miscounted() const { return miscounted_; }
  int count() const { return static_cast<int>(people_.size()); }

  static constexpr std::int64_t first_id = 100'000'001;

 private:
  struct Person {
    std::int32_t asked = 0;
    std::int32_t answered = 0;
    double written_at = 0;  // of the last one: exact when a person waits for the answer, else of the newest
  };
  std::vector<Person> people_;
  std::int64_t answers_ = 0;
  std::int64_t out_of_order_ = 0;
  std::int64_t miscounted_ = 0;
};

}  // namespace bench
