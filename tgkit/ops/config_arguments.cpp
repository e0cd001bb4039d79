#include "tgkit/ops/config_sources.hpp"

#include <CLI/CLI.hpp>

namespace tgkit::ops {
namespace {

void declare(CLI::App& app, const Flag& flag) {
  const auto name = flag_of(flag.key);
  if (flag.boolean) {
    app.add_flag(name + ",!--no-" + name.substr(2))->take_all();
  } else {
    // A missing value is collected as "" here: CLI11 would report only the first one and give up.
    app.add_option(name)->expected(0, 1)->take_all();
  }
}

// Words after an unknown flag may be its value, even a secret: they are neither kept nor counted.
void sort_out_rest(const std::vector<std::string>& rest, Arguments& result) {
  bool after_unknown_flag = false;
  for (const auto& word : rest) {
    if (word.starts_with('-') && word.size() > 1) {
      result.unknown.push_back(word.substr(0, word.find('=')));
      after_unknown_flag = word.find('=') == std::string::npos;
    } else {
      if (!after_unknown_flag) ++result.stray;
      after_unknown_flag = false;
    }
  }
}

}  // namespace

std::string flag_of(std::string_view key) {
  std::string flag = "--";
  for (const char c : key) flag += c == '_' ? '-' : CLI::detail::to_lower(std::string(1, c))[0];
  return flag;
}

Arguments read_arguments(const std::vector<Flag>& flags, const std::vector<std::string>& arguments) {
  Arguments result;
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  for (const auto& flag : flags) declare(app, flag);
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));  // CLI11 takes them last first
  } catch (const CLI::ParseError&) {
    result.error = "the command line cannot be read; see --help";  // its own text may repeat a secret
    return result;
  }
  for (const auto& flag : flags) {
    const auto* option = app.get_option(flag_of(flag.key));
    if (option->count() > 0) result.values[flag.key] = option->results();
  }
  sort_out_rest(app.remaining(), result);
  return result;
}

}  // namespace tgkit::ops
