#include "tgkit/bot/command.hpp"

#include <algorithm>

namespace tgkit::bot {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal_without_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

bool may_mean_us(const Matching& matching, const CommandText& command) {
  return command.bot.empty() || equal_without_case(command.bot, matching.username);
}

bool is_command(const Matching& matching, const Event& event, std::string_view name) {
  const std::optional<CommandText>& command = event.command();
  if (!command || event.kind() != telegram::UpdateKind::message || !equal_without_case(command->name, name))
    return false;
  return may_mean_us(matching, *command);
}

void describe_command(FilterInfo& info, std::string_view name, const std::vector<ArgumentKind>& kinds) {
  require_kind(info, telegram::UpdateKind::message);
  require(info, "new message");
  require(info, "with text");
  require(info, "command /" + std::string(name));
  info.name = "/" + std::string(name);
  info.command = name;
  info.usage = usage_line(name, kinds);
}

}  // namespace tgkit::bot
