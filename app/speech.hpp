#pragma once
// Which language an update is answered in, also by the framework's own sentences.
#include "app/preferences.hpp"
#include "tgkit/bot/middleware.hpp"
#include "tgkit/bot/texts.hpp"

namespace app {

// Middleware: finds the person's language before anything is answered. Both must outlive the router.
tgkit::bot::Middleware speak(const Defaults& defaults, HeardLanguages& heard);

class FrameworkTexts final : public tgkit::bot::Texts {
 public:
  std::string bad_argument(std::string_view language, const tgkit::bot::BadArgument& bad,
                           std::string_view usage) const override;
  std::string failed(std::string_view language) const override;
  std::string timed_out(std::string_view language) const override;
  std::string slow_down(std::string_view language, std::chrono::seconds wait) const override;
  std::string not_allowed(std::string_view language, std::int64_t user_id) const override;
  std::string newer_state(std::string_view language) const override;
  std::string press_again(std::string_view language) const override;
  std::string payment_late(std::string_view language) const override;
  std::string payment_refused(std::string_view language) const override;
  std::string old_button(std::string_view language) const override;
};

}  // namespace app
