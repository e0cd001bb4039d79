#include "tgkit/bot/route.hpp"

namespace tgkit::bot {

std::string_view RouteInfo::help_in(std::string_view language) const {
  const std::string_view base = language.substr(0, language.find('-'));  // "pt-BR" speaks "pt"
  for (const std::string_view wanted : {language, base, std::string_view()}) {
    if (const auto found = help.find(wanted); found != help.end()) return found->second;
  }
  return {};
}

}  // namespace tgkit::bot
