// How the sources of a configuration are merged, and how everything that is wrong is collected.
#include "tgkit/ops/config.hpp"
#include "tgkit/ops/config_sources.hpp"
#include "tgkit/ops/exit_codes.hpp"

#include <algorithm>
#include <cctype>

namespace tgkit::ops {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (auto& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

// For error lines: one line, not too long, nothing that moves a terminal's cursor.
std::string quoted(std::string_view value) {
  std::string text = "\"";
  for (const char c : value.substr(0, 60)) text += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  return text + (value.size() > 60 ? "...\"" : "\"");
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates) {
  const auto guess = nearest(word, candidates);
  return guess.empty() ? "" : "; did you mean " + guess + "?";
}

// What one source says about one option.
struct Given {
  std::string text;
  std::string place;  // "environment", "bot.toml:3", ...
  ConfigSource source = ConfigSource::unset;
};

}  // namespace

// One run of Options::load().
struct ConfigLoad {
  Options& options;
  const ConfigSources& sources;
  Options::Result result;
  Arguments arguments;
  std::string file_name;
  std::map<std::string, FileEntry> file;  // by option name

  void error(std::string text) { result.errors.push_back(std::move(text)); }

  // The values a name can have been given, the weightiest source first.
  std::optional<Given> from_command_line(const std::string& name) {
    const auto found = arguments.values.find(name);
    if (found == arguments.values.end()) return std::nullopt;
    if (found->second.size() > 1) error(flag_of(name) + " is given twice: leave one");
    if (found->second.back().empty()) {
      error(flag_of(name) + " needs a value: " + flag_of(name) + " VALUE");
      return std::nullopt;
    }
    return Given{found->second.back(), "command line", ConfigSource::command_line};
  }

  std::optional<Given> from_environment(const std::string& name) {
    const auto found = sources.environment.find(name);
    if (found == sources.environment.end() || found->second.empty()) return std::nullopt;
    return Given{found->second, "environment", ConfigSource::environment};
  }

  std::optional<Given> from_file(const std::string& name) {
    const auto found = file.find(name);
    if (found == file.end()) return std::nullopt;
    const auto place = file_name + ":" + std::to_string(found->second.line);
    if (!found->second.text) {
      error(place + ": " + lower(name) + " " + found->second.text.error());
      return std::nullopt;
    }
    return Given{*found->second.text, place, ConfigSource::file};
  }

  void warn_of_readers(const std::string& name, const std::string& path) {
    if (!sources.is_exposed || !sources.is_exposed(path)) return;
    result.warnings.push_back(name + ": " + path + " can be read by every user of this machine: chmod 600 " + path);
  }

  std::optional<Given> secret_in_file(const Option& option, const Given& path) {
    auto text = sources.read_file(path.text);
    if (!text) {
      error(option.name_ + "_FILE: cannot read " + quoted(path.text) + ": " + text.error() + " (" + path.place +
            "); make the file readable for this user or correct the path");
      return std::nullopt;
    }
    warn_of_readers(option.name_ + "_FILE", path.text);
    while (text->ends_with('\n') || text->ends_with('\r')) text->pop_back();
    if (text->empty()) {
      error(option.name_ + "_FILE: " + quoted(path.text) + " is empty (" + path.place + "); write the secret into it");
      return std::nullopt;
    }
    return Given{std::move(*text), "file " + path.text + " (" + path.place + ")", path.source};
  }

  using Lookup = std::optional<Given> (ConfigLoad::*)(const std::string&);

  std::optional<Given> from(Lookup lookup, const Option& option) {
    auto direct = (this->*lookup)(option.name_);
    if (!option.secret_) return direct;
    const auto path = (this->*lookup)(option.name_ + "_FILE");
    if (!path) return direct;
    if (direct) {
      error(option.name_ + " and " + option.name_ + "_FILE are both set (" + path->place + "): leave one");
      return std::nullopt;
    }
    return secret_in_file(option, *path);
  }

  std::optional<Given> find(const Option& option) {
    auto best = from(&ConfigLoad::from_command_line, option);
    if (option.flag_only_) return best;
    // All sources are looked at, so that a mistake in a weaker one is reported, too.
    auto environment = from(&ConfigLoad::from_environment, option);
    auto in_file = from(&ConfigLoad::from_file, option);
    if (!best) best = std::move(environment);
    if (!best) best = std::move(in_file);
    return best;
  }

  void fill(Option& option) {
    const auto errors_before = result.errors.size();
    const auto given = find(option);
    if (given) {
      store(option, *given);
    } else if (option.required_ && result.errors.size() == errors_before) {
      error(option.name_ + " is missing: " + option.advice_ + " and set it as the environment variable " +
            option.name_ + (option.secret_ ? ", or name a file that holds it in " + option.name_ + "_FILE" : ""));
    }
    option.valid_ = result.errors.size() == errors_before;
    for (const auto& check : option.checks_) {
      if (!option.valid_ || !option.given()) return;
      if (const auto wrong = check()) complain(option, *given, *wrong);
    }
  }

  void store(Option& option, const Given& given) {
    if (option.secret_ && given.source == ConfigSource::file && given.place.starts_with(file_name))
      warn_of_readers(option.name_, file_name);
    const auto parsed = option.parse_(given.text);
    if (!parsed) return complain(option, given, parsed.error());
    option.source_ = given.source;
    option.place_ = given.place;
    if (option.secret_ && given.place == "command line") {
      result.warnings.push_back(option.name_ + " on the command line can be read by every user of this machine; use " +
                                flag_of(option.name_ + "_FILE") + " or the environment");
    }
  }

  void complain(Option& option, const Given& given, const std::string& wrong) {
    error(option.name_ + " " + wrong + (option.repeated_ ? ", not " + quoted(given.text) : "") + " (" + given.place +
          ")");
    option.valid_ = false;
  }

  std::vector<Flag> flags() const {
    std::vector<Flag> all = {{"CONFIG"}, {"CHECK_CONFIG", true}, {"VERSION", true}, {"HELP", true}};
    for (const auto& option : options.options_) {
      all.push_back({option.name_, option.boolean_});
      if (option.secret_) all.push_back({option.name_ + "_FILE"});
    }
    return all;
  }

  std::vector<std::string> keys() const {
    std::vector<std::string> all;
    for (const auto& option : options.options_) {
      if (option.flag_only_) continue;
      all.push_back(lower(option.name_));
      if (option.secret_) all.push_back(lower(option.name_ + "_FILE"));
    }
    return all;
  }

  bool asked(const std::string& key) const {
    const auto found = arguments.values.find(key);
    return found != arguments.values.end() && found->second.back() == "true";
  }

  void read_command_line() {
    arguments = read_arguments(flags(), sources.arguments);
    if (!arguments.error.empty()) error(arguments.error);
    std::vector<std::string> known;
    for (const auto& flag : flags()) known.push_back(flag_of(flag.key));
    for (const auto& flag : arguments.unknown) {
      error("unknown flag " + quoted(flag) + did_you_mean(flag, known) + " (--help lists all)");
    }
    if (arguments.stray > 0) error("only flags are understood, each value follows its flag (--help lists all)");
  }

  void read_file() {
    auto named = from_command_line("CONFIG");
    if (!named) named = from_environment("CONFIG_FILE");
    if (!named) return;
    file_name = named->text;
    const auto text = sources.read_file(file_name);
    if (!text) return error("cannot read the configuration file " + quoted(file_name) + ": " + text.error());
    const auto entries = read_toml(*text);
    if (!entries) return error(file_name + " " + entries.error());
    const auto known = keys();
    for (const auto& entry : *entries) {
      if (std::ranges::find(known, entry.key) == known.end()) {
        error(file_name + ":" + std::to_string(entry.line) + ": unknown key " + quoted(entry.key) +
              did_you_mean(entry.key, known));
      } else {
        std::string name = entry.key;
        for (auto& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        file.emplace(name, entry);
      }
    }
  }

  void check_together() {
    for (const auto& condition : options.together_) {
      const auto valid = [&](const std::string& name) { return options.find(name)->valid_; };
      if (!std::ranges::all_of(condition.names, valid)) continue;
      const auto wrong = condition.wrong();
      if (wrong) (condition.warns ? result.warnings : result.errors).push_back(*wrong);
    }
  }

  Options::Result run() {
    result.next = Options::Result::Next::leave;
    read_command_line();
    if (asked("HELP")) return leave_with(options.help());
    if (asked("VERSION")) return leave_with(options.program_ + " " + options.version_ + "\n");
    read_file();
    for (auto& option : options.options_) fill(option);
    check_together();
    if (asked("CHECK_CONFIG")) result.output = options.effective();
    if (!result.errors.empty()) {
      result.exit_code = exit_code::bad_configuration;
    } else if (!asked("CHECK_CONFIG")) {
      result.next = Options::Result::Next::run;
    }
    return std::move(result);
  }

  Options::Result leave_with(std::string output) {
    result.errors.clear();
    result.output = std::move(output);
    return std::move(result);
  }
};

Options::Result Options::load(const ConfigSources& sources) { return ConfigLoad{*this, sources, {}, {}, {}, {}}.run(); }

}  // namespace tgkit::ops
