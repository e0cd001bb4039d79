#include "tgkit/ops/config.hpp"

#include "tgkit/ops/config_sources.hpp"
#include "tgkit/ops/exit_codes.hpp"
#include "tgkit/ops/secret_file.hpp"

#include <algorithm>
#include <iostream>
#include <stdexcept>

#include <unistd.h>

namespace tgkit::ops {
namespace {

std::string masked(const net::Secret& secret) { return secret.empty() ? "" : "(hidden)"; }

std::string joined(const std::vector<std::int64_t>& ids) {
  std::string text;
  for (const auto id : ids) text += (text.empty() ? "" : ",") + std::to_string(id);
  return text;
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

// Reads a value into `into` by a function that gives T.
template <class T, class Parse>
std::function<Parsed<bool>(std::string_view)> storing(T& into, Parse parse) {
  return [&into, parse](std::string_view text) -> Parsed<bool> {
    auto value = parse(text);
    if (!value) return std::unexpected(value.error());
    into = std::move(*value);
    return true;
  };
}

}  // namespace

ConfigSources ConfigSources::of_process(int argc, const char* const* argv) {
  ConfigSources sources;
  if (argc > 1) sources.arguments.assign(argv + 1, argv + argc);
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals != std::string_view::npos) sources.environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  sources.read_file = read_small_file;
  sources.is_exposed = ops::is_exposed;
  return sources;
}

Option& Option::required(std::string advice) {
  required_ = true;
  advice_ = std::move(advice);
  return *this;
}

Option& Option::check(std::function<std::optional<std::string>()> wrong) {
  checks_.push_back(std::move(wrong));
  return *this;
}

Option& Option::flag_only() {
  flag_only_ = true;
  return *this;
}

Options::Options(std::string program, std::string version, std::string about)
    : program_(std::move(program)), version_(std::move(version)), about_(std::move(about)) {}

void Options::section(std::string title) { section_ = std::move(title); }

Option& Options::add(std::string name, std::string kind, std::string help,
                     std::function<Parsed<bool>(std::string_view)> parse, std::function<std::string()> print) {
  if (find(name) != nullptr) throw std::logic_error("the option " + name + " is declared twice");
  Option& option = options_.emplace_back();
  option.name_ = std::move(name);
  option.kind_ = std::move(kind);
  option.help_ = std::move(help);
  option.section_ = section_;
  option.parse_ = std::move(parse);
  option.print_ = std::move(print);
  option.default_text_ = option.print_();
  // Addresses and texts may hold a password; of numbers and words an error may show what was written.
  option.repeated_ = option.kind_ != "TEXT" && option.kind_ != "SECRET" && option.kind_ != "URL";
  return option;
}

Option& Options::text(std::string name, std::string& into, std::string help) {
  const auto parse = [](std::string_view text) -> Parsed<std::string> { return std::string(text); };
  return add(std::move(name), "TEXT", std::move(help), storing(into, parse), [&into] { return into; });
}

Option& Options::secret(std::string name, net::Secret& into, std::string help) {
  const auto parse = [](std::string_view text) -> Parsed<net::Secret> { return net::Secret(std::string(text)); };
  Option& option =
      add(std::move(name), "SECRET", std::move(help), storing(into, parse), [&into] { return masked(into); });
  option.secret_ = true;
  return option;
}

Option& Options::boolean(std::string name, bool& into, std::string help) {
  Option& option = add(std::move(name), "", std::move(help), storing(into, parse_bool),
                       [&into] { return std::string(into ? "true" : "false"); });
  option.boolean_ = true;
  return option;
}

Option& Options::duration(std::string name, Duration& into, Duration least, Duration most, std::string help) {
  const auto parse = [least, most](std::string_view text) { return parse_duration(text, least, most); };
  return add(std::move(name), "TIME", std::move(help), storing(into, parse), [&into] { return to_text(into); });
}

Option& Options::ids(std::string name, std::vector<std::int64_t>& into, std::string help) {
  return add(std::move(name), "IDS", std::move(help), storing(into, parse_ids), [&into] { return joined(into); });
}

Option& Options::url(std::string name, net::Url& into, std::string help) {
  return add(std::move(name), "URL", std::move(help), storing(into, parse_url), [&into] { return into.text(); });
}

Option& Options::url(std::string name, std::optional<net::Url>& into, std::string help) {
  return add(std::move(name), "URL", std::move(help), storing(into, parse_url),
             [&into] { return into ? into->text() : std::string(); });
}

Option& Options::time_zone(std::string name, std::string& into, std::string help) {
  return add(std::move(name), "ZONE", std::move(help), storing(into, parse_time_zone), [&into] { return into; });
}

Option& Options::port(std::string name, std::uint16_t& into, std::string help) {
  return integer(std::move(name), into, 0, 65535, std::move(help));
}

Option& Options::custom(std::string name, std::string kind, std::string help,
                        std::function<Parsed<bool>(std::string_view)> parse, std::function<std::string()> print) {
  Option& option = add(std::move(name), std::move(kind), std::move(help), std::move(parse), std::move(print));
  option.repeated_ = false;
  return option;
}

void Options::check_together(std::vector<std::string> names, std::function<std::optional<std::string>()> wrong) {
  for (const auto& name : names) at(name);
  together_.push_back({std::move(names), std::move(wrong)});
}

void Options::warn_together(std::vector<std::string> names, std::function<std::optional<std::string>()> unwise) {
  check_together(std::move(names), std::move(unwise));
  together_.back().warns = true;
}

Option& Options::at(std::string_view name) {
  const auto found = std::ranges::find(options_, name, &Option::name_);
  if (found == options_.end()) throw std::logic_error("no option is called " + std::string(name));
  return *found;
}

const Option* Options::find(std::string_view name) const {
  const auto found = std::ranges::find(options_, name, &Option::name_);
  return found == options_.end() ? nullptr : &*found;
}

std::string Options::help() const {
  std::string text = program_ + " " + version_ + ": " + about_ + "\n\nUsage: " + program_ + " [flags]\n" +
                     "Each --some-flag can also be set as the environment variable SOME_FLAG or as the key some_flag\n"
                     "of the configuration file; the command line wins over the environment, the environment over the "
                     "file.\nA SECRET can be read from a file: SOME_FLAG_FILE, --some-flag-file, some_flag_file.\n";
  std::string section = "-";
  for (const auto& option : options_) {
    if (option.section_ != section) text += "\n" + (section = option.section_) + (section.empty() ? "" : "\n");
    text += "  " + padded(flag_of(option.name_) + (option.kind_.empty() ? "" : " " + option.kind_), 38) + " " +
            option.help_;
    if (option.required_) text += " (required)";
    if (!option.default_text_.empty() && !option.secret_) text += " (default " + option.default_text_ + ")";
    text += "\n";
  }
  return text + "\n  " + padded("--config FILE", 38) + " a configuration file in TOML (or CONFIG_FILE)\n  " +
         padded("--check-config", 38) + " print the effective configuration and leave\n  " + padded("--version", 38) +
         " print the version and leave\n  " + padded("--help", 38) + " print this and leave\n";
}

std::string Options::effective() const {
  std::string text;
  std::string section = "-";
  for (const auto& option : options_) {
    if (option.section_ != section) text += (text.empty() ? "# " : "\n# ") + (section = option.section_) + "\n";
    const auto value = option.print_();
    text += padded(option.name_, 28) + " = " + padded(value.empty() ? "(not set)" : value, 36) + "  " +
            (option.given() ? option.place_ : "default") + "\n";
  }
  return text;
}

std::optional<int> Options::load(int argc, const char* const* argv) {
  const auto result = load(ConfigSources::of_process(argc, argv));
  std::cout << result.output << std::flush;
  for (const auto& warning : result.warnings) std::cerr << program_ << ": warning: " << warning << "\n";
  for (const auto& error : result.errors) std::cerr << program_ << ": " << error << "\n";
  if (result.next == Result::Next::run) return std::nullopt;
  return result.exit_code;
}

}  // namespace tgkit::ops
