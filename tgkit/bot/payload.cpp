#include "tgkit/bot/payload.hpp"

#include "tgkit/telegram/types/callback_query.hpp"

namespace tgkit::bot {

std::string_view press_data(const Event& event) {
  const telegram::CallbackQuery* press = event.callback_query();
  if (!press || !press->data) return {};
  return *press->data;
}

void describe_press(FilterInfo& info, std::string_view tag, std::uint16_t number) {
  AnyPress{}.describe(info);
  require(info, "button \"" + std::string(tag) + "\"");
  info.name = "press " + std::string(tag);
  info.payload = std::string(tag) + "#" + std::to_string(number);
}

}  // namespace tgkit::bot
