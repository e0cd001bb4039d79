// Any bytes as command line, environment and configuration file: loading never crashes, says yes or no in one way, and
// shows a secret nowhere.
#include "tgkit/ops/config.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace tgkit;
using namespace std::chrono_literals;

void require(bool holds) {
  if (!holds) std::abort();
}

struct Program {
  net::Secret token;
  std::string folder, zone = "UTC";
  std::int64_t requests = 30;
  bool dry_run = true;
  Duration window = 60s;
  std::vector<std::int64_t> admins;
  std::optional<net::Url> hook;
  std::uint16_t port = 8080;
  int level = 0;
  ops::Options options{"bot", "1", "a bot"};

  Program() {
    options.secret("TOKEN", token, "").required("get one");
    options.text("DATA_DIR", folder, "");
    options.time_zone("TIME_ZONE", zone, "");
    options.integer("REQUESTS", requests, 1, 1000, "");
    options.boolean("DRY_RUN", dry_run, "");
    options.duration("WINDOW", window, 1s, 1h, "");
    options.ids("ADMIN_USERS", admins, "");
    options.url("WEBHOOK_URL", hook, "");
    options.port("HEALTH_PORT", port, "");
    options.choice("LOG_LEVEL", level, "", {{"info", 0}, {"debug", 1}});
  }
};

// Lines before the first empty one are arguments, those before the second are the environment, the rest is the file.
ops::ConfigSources sources_from(std::string_view input) {
  ops::ConfigSources sources;
  int part = 0;
  while (!input.empty() && part < 2) {
    const auto end = input.find('\n');
    const std::string line(input.substr(0, end));
    input = end == std::string_view::npos ? std::string_view() : input.substr(end + 1);
    const auto equals = line.find('=');
    if (line.empty()) {
      ++part;
    } else if (part == 0) {
      sources.arguments.push_back(line);
    } else if (equals != std::string::npos) {
      sources.environment[line.substr(0, equals)] = line.substr(equals + 1);
    }
  }
  sources.environment["CONFIG_FILE"] = "bot.toml";
  sources.read_file = [text = std::string(input)](const std::string& path) -> ops::Parsed<std::string> {
    if (path == "bot.toml") return text;
    return std::unexpected("No such file");
  };
  return sources;
}

void check_values(const Program& program) {
  require(program.requests >= 1 && program.requests <= 1000);
  require(program.window >= 1s && program.window <= 1h);
  require(program.level == 0 || program.level == 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view secret = "5e5c3e7-0f-n0b0dy";
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (input.find(secret) != std::string_view::npos) return 0;  // as a flag's or file's name it would be shown
  auto sources = sources_from(input);
  const bool given = sources.environment.contains("TOKEN");
  if (given) sources.environment["TOKEN"] = secret;
  Program program;
  const auto result = program.options.load(sources);
  check_values(program);
  if (result.next == ops::Options::Result::Next::run) require(result.errors.empty() && !program.token.empty());
  if (!result.errors.empty()) require(result.exit_code == 2);
  std::string shown = result.output + program.options.effective();
  for (const auto& line : result.errors) shown += line;
  for (const auto& line : result.warnings) shown += line;
  require(shown.find(secret) == std::string::npos);
  return 0;
}
