#pragma once
// What the framework itself says to people. English; override it for other languages.
#include "tgkit/bot/filters.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace tgkit::bot {

// `language` is the person's IETF code and may be empty.
class Texts {
 public:
  virtual ~Texts() = default;
  virtual std::string bad_argument(std::string_view language, const BadArgument& bad, std::string_view usage) const;
  virtual std::string failed(std::string_view language) const;  // a handler threw
  virtual std::string timed_out(std::string_view language) const;
  virtual std::string slow_down(std::string_view language, std::chrono::seconds wait) const;
  // A stranger, told once. 0: the number is not to be named (others read it, or it is not a person's).
  virtual std::string not_allowed(std::string_view language, std::int64_t user_id) const;
  virtual std::string newer_state(std::string_view language) const;      // saved by a newer program: not touched
  virtual std::string press_again(std::string_view language) const;      // a press that came too late to be acted on
  virtual std::string payment_late(std::string_view language) const;     // a payment that could not be checked in time
  virtual std::string payment_refused(std::string_view language) const;  // one that no handler has agreed to
  virtual std::string old_button(std::string_view language) const;       // a press that no route knows
};

}  // namespace tgkit::bot
