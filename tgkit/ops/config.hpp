#pragma once
// Configuration from four sources: command line over environment over a TOML file over defaults.
//
// An option is declared once and bound to a field, whose value at that moment is the default:
//
//   Config c;
//   ops::Options options("dmarket-bot", "1.0", "Telegram bot for DMarket traders");
//   options.section("Telegram");
//   options.secret("TELEGRAM_BOT_TOKEN", c.token, "the bot's token").required("ask @BotFather for one");
//   options.integer("RATE_LIMIT_REQUESTS", c.requests, 1, 10'000, "messages a user may send per window");
//   options.choice("LOG_FORMAT", c.format, "how log lines look", {{"text", Format::text}, {"json", Format::json}});
//   if (const auto code = options.load(argc, argv)) return *code;   // help, version, check, or errors were printed
//
// TELEGRAM_BOT_TOKEN is then an environment variable, --telegram-bot-token a flag and telegram_bot_token a key of the
// file that --config (or CONFIG_FILE) names. A secret can be read from a file: TELEGRAM_BOT_TOKEN_FILE, and so on.
// An environment variable that is set but empty counts as not set.
#include "tgkit/net/secret.hpp"
#include "tgkit/ops/config_values.hpp"

#include <concepts>
#include <cstdint>
#include <deque>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tgkit::ops {

enum class ConfigSource { unset, file, environment, command_line };  // `unset`: the default holds

// What configuration is read from, as values: tests give their own.
struct ConfigSources {
  std::vector<std::string> arguments;  // without the program's name
  std::map<std::string, std::string> environment;
  // The text of a file, or why it cannot be read.
  std::function<Parsed<std::string>(const std::string& path)> read_file;
  // Whether every user of the machine can read it; empty: it is not asked.
  std::function<bool(const std::string& path)> is_exposed;

  static ConfigSources of_process(int argc, const char* const* argv);
};

// One declared option. References stay valid as long as the Options.
class Option {
 public:
  // Without a value the program does not start; `advice` says where to get one.
  Option& required(std::string advice);
  // Judges the value after it was parsed; an answer is what is wrong, without the value itself.
  Option& check(std::function<std::optional<std::string>()> wrong);
  // Only on the command line (--sandbox): neither environment nor file can set it.
  Option& flag_only();

  const std::string& name() const noexcept { return name_; }
  bool given() const noexcept { return source_ != ConfigSource::unset; }
  ConfigSource source() const noexcept { return source_; }

 private:
  friend class Options;
  friend struct ConfigLoad;
  std::string name_, help_, section_, kind_, advice_, default_text_, place_;
  bool secret_ = false, boolean_ = false, repeated_ = false, required_ = false, flag_only_ = false, valid_ = true;
  ConfigSource source_ = ConfigSource::unset;
  std::function<Parsed<bool>(std::string_view)> parse_;  // stores the value; the bool means nothing
  std::function<std::string()> print_;                   // the value now; secrets masked
  std::vector<std::function<std::optional<std::string>()>> checks_;
};

class Options {
 public:
  Options(std::string program, std::string version, std::string about);
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;

  void section(std::string title);  // heads the options declared after it in --help and --check-config

  Option& text(std::string name, std::string& into, std::string help);
  Option& secret(std::string name, net::Secret& into, std::string help);
  Option& boolean(std::string name, bool& into, std::string help);  // --dry-run, --no-dry-run, --dry-run=false
  Option& duration(std::string name, Duration& into, Duration least, Duration most, std::string help);
  Option& ids(std::string name, std::vector<std::int64_t>& into, std::string help);
  Option& url(std::string name, net::Url& into, std::string help);
  Option& url(std::string name, std::optional<net::Url>& into, std::string help);
  Option& time_zone(std::string name, std::string& into, std::string help);
  Option& port(std::string name, std::uint16_t& into, std::string help);  // 0 means any free one
  template <std::integral I>
  Option& integer(std::string name, I& into, std::int64_t least, std::int64_t most, std::string help);
  template <class E>
  Option& choice(std::string name, E& into, std::string help, std::initializer_list<std::pair<std::string, E>> words);
  // Anything else. `parse` stores the value or says what is wanted, without repeating it; `print` gives the value as it
  // may be shown.
  Option& custom(std::string name, std::string kind, std::string help,
                 std::function<Parsed<bool>(std::string_view)> parse, std::function<std::string()> print);

  // A condition over several options; evaluated when all of `names` are valid by themselves. An answer is what is
  // wrong and what to do about it.
  void check_together(std::vector<std::string> names, std::function<std::optional<std::string>()> wrong);

  // The same for what may run and should not; the answer is printed as a warning.
  void warn_together(std::vector<std::string> names, std::function<std::optional<std::string>()> unwise);

  struct Result {
    enum class Next { run, leave };
    Next next = Next::run;
    int exit_code = 0;
    std::string output;               // for standard output: help, version, the effective configuration
    std::vector<std::string> errors;  // all of them; each says what to do; free of secrets
    std::vector<std::string> warnings;
  };
  // Fills the bound fields. Those with an error keep their default.
  Result load(const ConfigSources& sources);
  // The same from the process, printed: nothing when the program should run, else its exit code.
  std::optional<int> load(int argc, const char* const* argv);

  std::string help() const;
  // Every option with its value, secrets masked, and where it comes from.
  std::string effective() const;
  const Option* find(std::string_view name) const;
  Option& at(std::string_view name);  // to add a check to it; throws std::logic_error when there is none

 private:
  friend struct ConfigLoad;
  Option& add(std::string name, std::string kind, std::string help, std::function<Parsed<bool>(std::string_view)> parse,
              std::function<std::string()> print);
  struct Together {
    std::vector<std::string> names;
    std::function<std::optional<std::string>()> wrong;
    bool warns = false;
  };
  std::string program_, version_, about_, section_;
  std::deque<Option> options_;
  std::vector<Together> together_;
};

template <std::integral I>
Option& Options::integer(std::string name, I& into, std::int64_t least, std::int64_t most, std::string help) {
  const auto parse = [&into, least, most](std::string_view text) -> Parsed<bool> {
    const auto value = parse_integer(text, least, most);
    if (!value) return std::unexpected(value.error());
    into = static_cast<I>(*value);
    return true;
  };
  return add(std::move(name), "NUMBER", std::move(help), parse, [&into] { return std::to_string(into); });
}

template <class E>
Option& Options::choice(std::string name, E& into, std::string help,
                        std::initializer_list<std::pair<std::string, E>> words) {
  std::vector<std::pair<std::string, E>> table(words);
  std::string kind;
  for (const auto& [word, value] : table) kind += (kind.empty() ? "" : "|") + word;
  const auto parse = [&into, table, kind](std::string_view text) -> Parsed<bool> {
    for (const auto& [word, value] : table) {
      if (word == text) {
        into = value;
        return true;
      }
    }
    return std::unexpected("must be one of " + kind);
  };
  const auto print = [&into, table] {
    for (const auto& [word, value] : table) {
      if (value == into) return word;
    }
    return std::string();
  };
  return add(std::move(name), kind, std::move(help), parse, print);
}

}  // namespace tgkit::ops
