#include "tgkit/ops/config.hpp"

#include "tgkit/ops/exit_codes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tgkit::ops {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

enum class Pending { drop, keep };

// A program with one option of every kind.
struct Program {
  net::Secret token, key;
  std::string folder = "data";
  std::string zone = "UTC";
  int requests = 30;
  bool dry_run = true, sandbox = false;
  Duration window = 60s;
  std::vector<std::int64_t> admins;
  net::Url api = net::Url::parse("https://api.telegram.org");
  std::optional<net::Url> hook;
  std::uint16_t port = 8080;
  Pending pending = Pending::drop;
  std::string proxy;

  Options options{"bot", "1.2.3", "a bot for tests"};
  std::map<std::string, std::string> files;

  Program() {
    options.section("Telegram");
    options.secret("BOT_TOKEN", token, "the token").required("ask @BotFather for a token");
    options.secret("SIGN_KEY", key, "the key").check([this]() -> std::optional<std::string> {
      if (key.reveal().size() == 4) return std::nullopt;
      return "must have 4 characters";
    });
    options.url("API_URL", api, "where the API is");
    options.url("WEBHOOK_URL", hook, "where Telegram finds us");
    options.choice("PENDING", pending, "old updates", {{"drop", Pending::drop}, {"keep", Pending::keep}});
    options.section("Rest");
    options.text("DATA_DIR", folder, "the folder");
    options.time_zone("TIME_ZONE", zone, "the zone");
    options.integer("REQUESTS", requests, 1, 1000, "how many");
    options.boolean("DRY_RUN", dry_run, "no real trades");
    options.boolean("SANDBOX", sandbox, "play").flag_only();
    options.duration("WINDOW", window, 1s, 1h, "how long");
    options.ids("ADMIN_USERS", admins, "who");
    options.port("HEALTH_PORT", port, "the port");
    options.custom(
        "PROXY", "URL", "the proxy",
        [this](std::string_view text) -> Parsed<bool> {
          if (!text.starts_with("socks5://")) return std::unexpected("must begin with socks5://");
          proxy = text;
          return true;
        },
        [this] { return std::string(proxy.empty() ? "" : "***"); });
    options.check_together({"HEALTH_PORT", "REQUESTS"}, [this]() -> std::optional<std::string> {
      if (port != requests) return std::nullopt;
      return "HEALTH_PORT and REQUESTS must differ";
    });
  }

  Options::Result load(std::vector<std::string> arguments, std::map<std::string, std::string> environment = {}) {
    ConfigSources sources;
    sources.arguments = std::move(arguments);
    sources.environment = std::move(environment);
    sources.read_file = [this](const std::string& path) -> Parsed<std::string> {
      const auto found = files.find(path);
      if (found == files.end()) return std::unexpected("No such file or directory");
      return found->second;
    };
    return options.load(sources);
  }
};

TEST(Config, TheDefaultsAreTheFieldsOwn) {
  Program p;
  const auto result = p.load({}, {{"BOT_TOKEN", "t"}});
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_EQ(result.next, Options::Result::Next::run);
  EXPECT_EQ(p.requests, 30);
  EXPECT_EQ(p.token.reveal(), "t");
  EXPECT_FALSE(p.options.find("REQUESTS")->given());
}

struct Precedence {
  const char *flag, *environment, *file;  // nullptr: not given there
  int expected;
  ConfigSource source;
};

TEST(Config, TheCommandLineWinsOverTheEnvironmentOverTheFileOverTheDefault) {
  const Precedence table[] = {
      {nullptr, nullptr, nullptr, 30, ConfigSource::unset},
      {nullptr, nullptr, "1", 1, ConfigSource::file},
      {nullptr, "2", nullptr, 2, ConfigSource::environment},
      {nullptr, "2", "1", 2, ConfigSource::environment},
      {"3", nullptr, "1", 3, ConfigSource::command_line},
      {"3", "2", "1", 3, ConfigSource::command_line},
      {nullptr, "", "1", 1, ConfigSource::file},  // empty counts as not set
  };
  for (const auto& row : table) {
    Program p;
    std::vector<std::string> arguments = {"--config", "bot.toml"};
    std::map<std::string, std::string> environment = {{"BOT_TOKEN", "t"}};
    p.files["bot.toml"] = row.file ? std::string("requests = ") + row.file : "";
    if (row.flag) arguments.insert(arguments.end(), {"--requests", row.flag});
    if (row.environment) environment["REQUESTS"] = row.environment;
    EXPECT_THAT(p.load(arguments, environment).errors, IsEmpty());
    EXPECT_EQ(p.requests, row.expected);
    EXPECT_EQ(p.options.find("REQUESTS")->source(), row.source);
  }
}

TEST(Config, EveryKindIsReadFromTheFile) {
  Program p;
  p.files["bot.toml"] = R"(
bot_token = "123:abc"
sign_key = "abcd"
api_url = "http://localhost:8081"
webhook_url = "https://example.org/hook"
pending = "keep"
data_dir = "/var/lib/bot"
time_zone = "Europe/Berlin"
requests = 7
dry_run = false
window = "5m"
admin_users = [1, 2, -100]
health_port = 9000
)";
  EXPECT_THAT(p.load({}, {{"CONFIG_FILE", "bot.toml"}}).errors, IsEmpty());
  EXPECT_EQ(p.token.reveal(), "123:abc");
  EXPECT_EQ(p.api.origin.port, 8081);
  EXPECT_EQ(p.hook.value().origin.host, "example.org");
  EXPECT_EQ(p.pending, Pending::keep);
  EXPECT_EQ(p.folder, "/var/lib/bot");
  EXPECT_EQ(p.zone, "Europe/Berlin");
  EXPECT_EQ(p.requests, 7);
  EXPECT_FALSE(p.dry_run);
  EXPECT_EQ(p.window, 5min);
  EXPECT_THAT(p.admins, ElementsAre(1, 2, -100));
  EXPECT_EQ(p.port, 9000);
}

TEST(Config, EveryKindIsReadFromTheCommandLine) {
  Program p;
  const auto result = p.load({"--bot-token=123:abc", "--pending", "keep", "--admin-users", "-100,5", "--window=90s",
                              "--no-dry-run", "--sandbox", "--api-url", "http://h:1/x=y", "--requests", "8"});
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_EQ(p.token.reveal(), "123:abc");
  EXPECT_EQ(p.pending, Pending::keep);
  EXPECT_THAT(p.admins, ElementsAre(-100, 5));
  EXPECT_EQ(p.window, 90s);
  EXPECT_FALSE(p.dry_run);
  EXPECT_TRUE(p.sandbox);
  EXPECT_EQ(p.api.target, "/x=y");
}

TEST(Config, AFlagOnlyOptionIsNotReadFromElsewhere) {
  Program p;
  p.files["bot.toml"] = "sandbox = true";
  const auto result = p.load({"--config=bot.toml"}, {{"BOT_TOKEN", "t"}, {"SANDBOX", "true"}});
  EXPECT_FALSE(p.sandbox);
  EXPECT_THAT(result.errors, ElementsAre(HasSubstr("unknown key \"sandbox\"")));
}

TEST(Config, ASecretIsReadFromAFileWithoutItsTrailingNewline) {
  for (const auto& source : {"flag", "environment", "toml"}) {
    Program p;
    p.files = {{"/run/token", "123:abc\r\n"}, {"bot.toml", "bot_token_file = \"/run/token\""}};
    const std::string kind = source;
    std::vector<std::string> arguments;
    if (kind == "flag") arguments = {"--bot-token-file", "/run/token"};
    if (kind == "toml") arguments = {"--config", "bot.toml"};
    std::map<std::string, std::string> environment;
    if (kind == "environment") environment["BOT_TOKEN_FILE"] = "/run/token";
    EXPECT_THAT(p.load(arguments, environment).errors, IsEmpty()) << kind;
    EXPECT_EQ(p.token.reveal(), "123:abc") << kind;
  }
}

TEST(Config, ASecretsFileInAStrongerSourceWinsOverTheSecretInAWeakerOne) {
  Program p;
  p.files = {{"/run/token", "new"}};
  EXPECT_THAT(p.load({"--bot-token-file", "/run/token"}, {{"BOT_TOKEN", "old"}}).errors, IsEmpty());
  EXPECT_EQ(p.token.reveal(), "new");
}

TEST(Config, ASecretAndItsFileInOneSourceAreAnError) {
  Program p;
  p.files = {{"/run/token", "new"}};
  const auto result = p.load({}, {{"BOT_TOKEN", "old"}, {"BOT_TOKEN_FILE", "/run/token"}});
  EXPECT_THAT(result.errors, ElementsAre("BOT_TOKEN and BOT_TOKEN_FILE are both set (environment): leave one"));
}

TEST(Config, AMissingOrEmptySecretsFileIsAnErrorThatNamesIt) {
  Program p;
  p.files = {{"/run/key", "\n"}};
  const auto result = p.load({}, {{"BOT_TOKEN_FILE", "/run/none"}, {"SIGN_KEY_FILE", "/run/key"}});
  ASSERT_EQ(result.errors.size(), 2u);
  EXPECT_THAT(result.errors[0], HasSubstr("cannot read \"/run/none\": No such file or directory"));
  EXPECT_THAT(result.errors[1], HasSubstr("\"/run/key\" is empty"));
}

TEST(Config, EverythingThatIsWrongIsReportedAtOnceWithWhatToDo) {
  Program p;
  p.files["bot.toml"] = "window = \"soon\"\nlog_lvel = 1\nadmin_users = [\"a\"]\n";
  const auto result =
      p.load({"--config", "bot.toml", "--requests", "0", "--health-prot=1", "--pending=maybe", "--data-dir", "stray"},
             {{"TIME_ZONE", "Mars/Base"}, {"SIGN_KEY", "hush!"}});
  EXPECT_EQ(result.next, Options::Result::Next::leave);
  EXPECT_EQ(result.exit_code, exit_code::bad_configuration);
  EXPECT_THAT(result.errors,
              ElementsAre("unknown flag \"--health-prot\"; did you mean --health-port? (--help lists all)",
                          "bot.toml:2: unknown key \"log_lvel\"",
                          "BOT_TOKEN is missing: ask @BotFather for a token and set it as the environment variable "
                          "BOT_TOKEN, or name a file that holds it in BOT_TOKEN_FILE",
                          "SIGN_KEY must have 4 characters (environment)",
                          "PENDING must be one of drop|keep, not \"maybe\" (command line)",
                          HasSubstr("TIME_ZONE must be a time zone"),
                          "REQUESTS must be a whole number from 1 to 1000, not \"0\" (command line)",
                          "WINDOW must be a time from 1s to 1h, a whole number with ms, s, m, h or d, not \"soon\" "
                          "(bot.toml:1)",
                          HasSubstr("ADMIN_USERS must be numeric ids")));
}

TEST(Config, AValueThatMayHoldAPasswordIsNeverRepeated) {
  Program p;
  p.files["bot.toml"] = "bot_token = 123:hush\n";
  const auto result = p.load({"--config=bot.toml", "--sgn-key", "hush", "--tokn=hush", "--proxy", "http://u:hush@h"},
                             {{"API_URL", "http://u:hush@h/"}, {"SIGN_KEY", "hush!"}});
  EXPECT_GE(result.errors.size(), 6u);
  EXPECT_THAT(result.errors, Contains(HasSubstr("bot.toml is not valid TOML at line 1")));
  EXPECT_THAT(result.errors, Each(Not(HasSubstr("hush"))));
}

TEST(Config, AFlagWithoutItsValueIsAnError) {
  Program p;
  const auto result = p.load({"--requests", "--window", "5s"}, {{"BOT_TOKEN", "t"}});
  EXPECT_THAT(result.errors, ElementsAre("--requests needs a value: --requests VALUE"));
  EXPECT_EQ(p.window, 5s);
}

TEST(Config, AFlagGivenTwiceIsAnError) {
  Program p;
  const auto result = p.load({"--requests=1", "--requests=2"}, {{"BOT_TOKEN", "t"}});
  EXPECT_THAT(result.errors, ElementsAre("--requests is given twice: leave one"));
}

TEST(Config, AWordThatBelongsToNoFlagIsAnErrorThatDoesNotRepeatIt) {
  Program p;
  const auto result = p.load({"123:hush"}, {{"BOT_TOKEN", "t"}});
  EXPECT_THAT(result.errors, ElementsAre(AllOf(HasSubstr("only flags"), Not(HasSubstr("hush")))));
}

TEST(Config, AMisspeltKeyOfTheFileGetsASuggestion) {
  Program p;
  p.files["bot.toml"] = "\nrequest = 5\n[webhook]\nurl = 1\n";
  const auto result = p.load({"--config=bot.toml"}, {{"BOT_TOKEN", "t"}});
  EXPECT_THAT(result.errors, ElementsAre("bot.toml:2: unknown key \"request\"; did you mean requests?",
                                         "bot.toml:3: unknown key \"webhook\""));
}

TEST(Config, AnUnreadableFileIsAnError) {
  Program p;
  const auto result = p.load({"--config=none.toml"}, {{"BOT_TOKEN", "t"}});
  EXPECT_THAT(result.errors,
              ElementsAre("cannot read the configuration file \"none.toml\": No such file or directory"));
}

TEST(Config, OptionsAreCheckedTogetherOnlyWhenEachIsValid) {
  Program same;
  EXPECT_THAT(same.load({"--requests=80", "--health-port=80"}, {{"BOT_TOKEN", "t"}}).errors,
              ElementsAre("HEALTH_PORT and REQUESTS must differ"));
  Program broken;
  broken.port = 30;
  EXPECT_THAT(broken.load({"--requests=x"}, {{"BOT_TOKEN", "t"}}).errors, ElementsAre(HasSubstr("REQUESTS must")));
}

TEST(Config, CheckConfigPrintsValuesAndSourcesWithSecretsMasked) {
  Program p;
  p.files["bot.toml"] = "requests = 5";
  const auto result = p.load({"--check-config", "--config=bot.toml", "--window=2m", "--proxy=socks5://u:hush@h"},
                             {{"BOT_TOKEN", "123:hush"}});
  EXPECT_EQ(result.next, Options::Result::Next::leave);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.output, testing::ContainsRegex("BOT_TOKEN += \\(hidden\\) +environment\n"));
  EXPECT_THAT(result.output, testing::ContainsRegex("REQUESTS += 5 +bot.toml:1\n"));
  EXPECT_THAT(result.output, testing::ContainsRegex("WINDOW += 2m +command line\n"));
  EXPECT_THAT(result.output, testing::ContainsRegex("DATA_DIR += data +default\n"));
  EXPECT_THAT(result.output, testing::ContainsRegex("SIGN_KEY += \\(not set\\) +default\n"));
  EXPECT_THAT(result.output, Not(HasSubstr("hush")));
}

TEST(Config, CheckConfigOfABrokenOneLeavesWithItsExitCode) {
  Program p;
  const auto result = p.load({"--check-config"});
  EXPECT_EQ(result.exit_code, exit_code::bad_configuration);
  EXPECT_THAT(result.output, HasSubstr("DATA_DIR"));
  EXPECT_EQ(result.errors.size(), 1u);
}

TEST(Config, HelpAndVersionWinOverEveryError) {
  Program p;
  const auto help = p.load({"--help", "--nonsense"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.errors, IsEmpty());
  EXPECT_THAT(help.output, HasSubstr("--requests NUMBER"));
  EXPECT_THAT(help.output, HasSubstr("how many (default 30)"));
  EXPECT_THAT(help.output, HasSubstr("the token (required)"));
  EXPECT_THAT(help.output, HasSubstr("--check-config"));
  Program q;
  EXPECT_EQ(q.load({"--version"}).output, "bot 1.2.3\n");
}

TEST(Config, ASecretOnTheCommandLineIsTakenWithAWarning) {
  Program p;
  const auto result = p.load({"--bot-token", "123:hush"});
  EXPECT_EQ(result.next, Options::Result::Next::run);
  EXPECT_THAT(result.warnings, ElementsAre(AllOf(HasSubstr("--bot-token-file"), Not(HasSubstr("hush")))));
}

TEST(Config, AnOptionDeclaredTwiceIsAProgrammingError) {
  Program p;
  EXPECT_THROW(p.options.text("DATA_DIR", p.folder, ""), std::logic_error);
  EXPECT_THROW(p.options.check_together({"NONE"}, [] { return std::nullopt; }), std::logic_error);
}

}  // namespace
}  // namespace tgkit::ops
