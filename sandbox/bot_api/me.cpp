// The bot itself: who it is, its names and descriptions, and leaving the server.
#include "sandbox/bot_api/methods.hpp"
#include "sandbox/entities/unicode.hpp"

namespace sandbox {
namespace {

Result get_me(Call& call) { return to_wire(call.bot.me()); }

Result log_out(Call& call) {
  call.bot.logged_out = true;
  return std::string("true");
}

Result close(Call&) { return std::string("true"); }

// Names and descriptions by language: one pair of methods each.
using Texts = std::map<std::string, std::string>;

Result set_text(Call& call, Texts& texts, const char* key, std::size_t most, const char* too_long) {
  const std::string& text = call.text(key);
  if (utf8_length(text) > most) throw bad_request(too_long);
  if (text.empty()) {
    texts.erase(call.text("language_code"));
  } else {
    texts[call.text("language_code")] = text;
  }
  return std::string("true");
}

Result get_text(Call& call, const Texts& texts, const char* key, const std::string& fallback) {
  auto found = texts.find(call.text("language_code"));
  if (found == texts.end()) found = texts.find("");
  return to_wire(json::object{{key, found == texts.end() ? fallback : found->second}});
}

Result set_my_name(Call& call) {
  const Result result = set_text(call, call.bot.names, "name", 64, "BOT_TITLE_INVALID");
  if (!call.arguments.has("language_code") && call.arguments.has("name")) {
    call.bot.first_name = call.text("name");
    call.world.bot_changed(call.bot);
  }
  return result;
}
Result get_my_name(Call& call) { return get_text(call, call.bot.names, "name", call.bot.first_name); }
Result set_my_description(Call& call) {
  return set_text(call, call.bot.descriptions, "description", 512, "BOT_DESCRIPTION_INVALID");
}
Result get_my_description(Call& call) { return get_text(call, call.bot.descriptions, "description", ""); }
Result set_my_short_description(Call& call) {
  return set_text(call, call.bot.short_descriptions, "short_description", 120, "BOT_SHORT_DESCRIPTION_INVALID");
}
Result get_my_short_description(Call& call) {
  return get_text(call, call.bot.short_descriptions, "short_description", "");
}

constexpr Method methods[] = {{"getMe", get_me},
                              {"logOut", log_out},
                              {"close", close},
                              {"setMyName", set_my_name},
                              {"getMyName", get_my_name},
                              {"setMyDescription", set_my_description},
                              {"getMyDescription", get_my_description},
                              {"setMyShortDescription", set_my_short_description},
                              {"getMyShortDescription", get_my_short_description}};

}  // namespace

std::span<const Method> bot_methods() { return methods; }

}  // namespace sandbox
