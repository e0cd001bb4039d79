// Command lists and the menu button.
#include "sandbox/bot_api/methods.hpp"
#include "sandbox/entities/unicode.hpp"

#include <fmt/format.h>

namespace sandbox {
namespace {

constexpr std::size_t most_commands = 100;

CommandScope read_scope(Call& call) {
  CommandScope scope;
  const auto value = json_argument(call, "scope");
  if (!value) return scope;
  if (!value->is_object()) throw bad_request("can't parse BotCommandScope: Expected an Object");
  const json::object& object = value->get_object();
  scope.type = member_text(object, "type");
  const bool plain = scope.type == "default" || scope.type == "all_private_chats" || scope.type == "all_group_chats" ||
                     scope.type == "all_chat_administrators";
  if (plain) return scope;
  const bool of_chat = scope.type == "chat" || scope.type == "chat_administrators" || scope.type == "chat_member";
  if (!of_chat) throw bad_request("can't parse BotCommandScope: Unsupported type specified");
  const std::string name = member_text(object, "chat_id");
  if (name.starts_with('@')) {
    const Chat* chat = call.world.chat(std::string_view(name));
    if (!chat) throw bad_request("chat not found");
    scope.chat = chat->key.chat;
  } else {
    scope.chat = member_int(object, "chat_id").value_or(0);
    if (scope.chat == 0) throw bad_request("can't parse BotCommandScope: Can't find field \"chat_id\"");
    if (!call.world.chat(ChatKey{scope.chat, scope.chat > 0 ? call.bot.id : 0})) throw bad_request("chat not found");
  }
  if (scope.type == "chat_member") {
    scope.user = member_int(object, "user_id").value_or(0);
    if (scope.user <= 0) throw bad_request("can't parse BotCommandScope: Can't find field \"user_id\"");
  }
  return scope;
}

std::string read_language(Call& call) {
  const std::string& language = call.text("language_code");
  const bool two_letters = language.size() == 2 && is_ascii_letter(static_cast<unsigned char>(language[0])) &&
                           is_ascii_letter(static_cast<unsigned char>(language[1]));
  if (!language.empty() && !two_letters) throw bad_request("invalid language code specified");
  return language;
}

CommandEntry read_command(const json::value& value) {
  if (!value.is_object()) throw bad_request("can't parse BotCommand: Expected an Object");
  const json::object& object = value.get_object();
  for (const char* field : {"command", "description"}) {
    if (!object.contains(field))
      throw bad_request(fmt::format("can't parse BotCommand: Can't find field \"{}\"", field));
  }
  CommandEntry entry{member_text(object, "command"), member_text(object, "description")};
  if (entry.command.starts_with('/')) entry.command.erase(0, 1);
  entry.command = ascii_lower(entry.command);
  const bool word =
      std::all_of(entry.command.begin(), entry.command.end(), [](unsigned char c) { return is_ascii_word(c); });
  if (entry.command.empty() || entry.command.size() > 32 || !word) throw bad_request("BOT_COMMAND_INVALID");
  const std::size_t length = utf8_length(entry.description);
  if (length == 0 || length > 256) throw bad_request("BOT_COMMAND_DESCRIPTION_INVALID");
  return entry;
}

void lists_changed(Call& call) { call.world.tell("commands", nullptr, call.bot.id, ""); }

Result set_my_commands(Call& call) {
  const auto value = json_argument(call, "commands");
  CommandList list;
  if (value) {
    if (!value->is_array()) throw bad_request("expected an Array of BotCommand");
    for (const json::value& item : value->get_array()) list.push_back(read_command(item));
  }
  if (list.size() > most_commands) throw bad_request("BOT_COMMANDS_TOO_MUCH");
  call.bot.commands.set(read_scope(call), read_language(call), std::move(list));
  lists_changed(call);
  return std::string("true");
}

Result delete_my_commands(Call& call) {
  call.bot.commands.set(read_scope(call), read_language(call), {});
  lists_changed(call);
  return std::string("true");
}

Result get_my_commands(Call& call) {
  json::array array;
  for (const CommandEntry& entry : call.bot.commands.get(read_scope(call), read_language(call))) {
    array.push_back(json::object{{"command", entry.command}, {"description", entry.description}});
  }
  return to_wire(json::value(std::move(array)));
}

Result set_chat_menu_button(Call& call) {
  json::object button{{"type", "default"}};
  if (call.arguments.has("menu_button")) button = required_object(call, "menu_button");
  const std::string type = member_text(button, "type");
  if (type != "default" && type != "commands" && type != "web_app") {
    throw bad_request("can't parse menu button: Unsupported type specified");
  }
  Chat* chat = nullptr;
  if (call.arguments.has("chat_id")) {
    chat = &readable_chat(call);
    call.bot.menu_buttons[chat->key.chat] = button;
  } else {
    call.bot.menu_button = button;
  }
  call.world.tell("menu_button", chat, call.bot.id, ",\"menu_button\":" + to_wire(button));
  return std::string("true");
}

Result get_chat_menu_button(Call& call) {
  const auto found = call.bot.menu_buttons.find(call.integer("chat_id"));
  return to_wire(found == call.bot.menu_buttons.end() ? call.bot.menu_button : found->second);
}

constexpr Method methods[] = {{"setMyCommands", set_my_commands},
                              {"deleteMyCommands", delete_my_commands},
                              {"getMyCommands", get_my_commands},
                              {"setChatMenuButton", set_chat_menu_button},
                              {"getChatMenuButton", get_chat_menu_button}};

}  // namespace

std::span<const Method> command_methods() { return methods; }

}  // namespace sandbox
