#include "tgkit/bot/command_menu.hpp"

#include "tgkit/async/backoff.hpp"
#include "tgkit/bot/exception_type.hpp"
#include "tgkit/telegram/api.hpp"
#include "tgkit/telegram/calls/bot.hpp"
#include "tgkit/telegram/error.hpp"
#include "tgkit/telegram/types/bot.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <string_view>
#include <utility>

namespace tgkit::bot {

namespace {

std::set<std::string> languages_of(const std::vector<const Route*>& routes) {
  std::set<std::string> languages;
  for (const Route* route : routes)
    for (const auto& [language, text] : route->info().help) languages.insert(language);
  return languages;
}

std::vector<telegram::BotCommand> commands_in(std::string_view language, const std::vector<const Route*>& routes) {
  std::vector<telegram::BotCommand> commands;
  for (const Route* route : routes) {
    const RouteInfo& info = route->info();
    const std::string_view help = info.help_in(language);
    if (info.command.empty() || help.empty() || info.hidden || info.role > Role::viewer) continue;
    commands.emplace_back(info.command, std::string(help));
  }
  return commands;
}

Task<> set_menu(telegram::Api& api, std::string language, std::vector<telegram::BotCommand> commands) {
  telegram::SetMyCommands call = api.set_my_commands(std::move(commands));
  if (!language.empty()) call.language_code(language);
  co_await std::move(call);
}

}  // namespace

CommandMenu::CommandMenu(Executor executor, const Environment& environment, const Router& router)
    : environment_(environment), router_(router), tasks_(executor, [this](const std::exception_ptr& error) {
        environment_.log->error("the command menu was not set", ops::Field("error", exception_type(error)));
      }) {}

void CommandMenu::publish() { tasks_.spawn(insist(environment_, router_)); }

Task<> CommandMenu::stop() {
  tasks_.cancel();
  co_await tasks_.join();
}

Task<> CommandMenu::insist(const Environment& environment, const Router& router) {
  const std::vector<const Route*> routes = router.routes();
  for (const std::string& language : languages_of(routes)) {
    Backoff backoff(Backoff::Settings{std::chrono::milliseconds{200}, std::chrono::minutes{5}});
    for (bool again = true; again;) {
      Duration pause{0};
      try {
        co_await set_menu(*environment.api, language, commands_in(language, routes));
        again = false;
      } catch (const telegram::Error& error) {
        again = error.retryable();
        environment.log->warn(again ? "the command menu was not set; trying again" : "the command menu was not set",
                              ops::Field("language", language), ops::Field("reason", error.what()));
        pause = error.retry_after().value_or(std::chrono::seconds{0});
      }
      if (again) co_await environment.clock->sleep_for(std::max(pause, backoff.next()));
    }
  }
}

}  // namespace tgkit::bot
