#include "app/config.hpp"

#include <gtest/gtest.h>

namespace app {
namespace {

using tgkit::ops::ConfigSources;
using tgkit::ops::Options;

struct Loaded {
  Config config;
  Options::Result result;
  std::string all_errors() const {
    std::string text;
    for (const auto& error : result.errors) text += error + "\n";
    return text;
  }
};

std::unique_ptr<Loaded> load(std::vector<std::string> arguments, std::map<std::string, std::string> environment) {
  auto loaded = std::make_unique<Loaded>();
  Options options("dmarket-bot", "0", "test");
  declare_options(options, loaded->config);
  ConfigSources sources;
  sources.arguments = std::move(arguments);
  sources.environment = std::move(environment);
  sources.read_file = [](const std::string&) { return std::unexpected(std::string("there is no such file")); };
  loaded->result = options.load(sources);
  settle(options, loaded->config);
  return loaded;
}

const std::string token = "1:abcdefghijklmnopqrstuvwxyz012345678";

TEST(Config, TheDailyReportGoesToAdminsAtNineUnlessSaidOtherwise) {
  auto loaded = load({}, {{"TELEGRAM_BOT_TOKEN", token}, {"ALLOWED_USERS", "1,2"}, {"ADMIN_USERS", "3"}});
  EXPECT_TRUE(loaded->config.daily_report);
  EXPECT_EQ(loaded->config.daily_report_hour, 9);
  EXPECT_EQ(loaded->config.report_readers(), (std::vector<std::int64_t>{3}));
  loaded = load({}, {{"TELEGRAM_BOT_TOKEN", token}, {"ALLOWED_USERS", "1,2"}});
  EXPECT_EQ(loaded->config.report_readers(), (std::vector<std::int64_t>{1, 2})) << "there is no admin";
  loaded = load({}, {{"TELEGRAM_BOT_TOKEN", token}, {"DAILY_REPORT_HOUR", "24"}});
  EXPECT_NE(loaded->all_errors().find("DAILY_REPORT_HOUR"), std::string::npos);
}

TEST(Config, DryRunIsOnAndNobodyIsAllowedUnlessSaidOtherwise) {
  const auto loaded = load({}, {{"TELEGRAM_BOT_TOKEN", token}});
  EXPECT_EQ(loaded->all_errors(), "");
  EXPECT_TRUE(loaded->config.dry_run);
  EXPECT_TRUE(loaded->config.nobody_allowed());
  EXPECT_EQ(loaded->config.telegram_api_url.origin.host, "api.telegram.org");
  EXPECT_TRUE(loaded->config.telegram_api_url.origin.tls);
}

TEST(Config, SendingIsPacedUnlessTheBotApiIsHereOrItIsSaidOtherwise) {
  EXPECT_EQ(load({}, {{"TELEGRAM_BOT_TOKEN", token}})->config.send_pacing, Pacing::automatic);
  EXPECT_EQ(load({"--send-pacing", "off"}, {{"TELEGRAM_BOT_TOKEN", token}})->config.send_pacing, Pacing::off);
  EXPECT_NE(load({"--send-pacing", "fast"}, {{"TELEGRAM_BOT_TOKEN", token}})->all_errors(), "");
}

TEST(Config, TheExchangesRateLimitsAreKeptUnlessSaidOtherwise) {
  EXPECT_TRUE(load({}, {{"TELEGRAM_BOT_TOKEN", token}})->config.dmarket_pacing);
  EXPECT_FALSE(load({}, {{"TELEGRAM_BOT_TOKEN", token}, {"DMARKET_PACING", "false"}})->config.dmarket_pacing);
}

TEST(Config, WhatWaitsAtTelegramIsDroppedUnlessSaidOtherwise) {
  using tgkit::bot::Pending;
  const auto pending = [](const std::string& text) {
    return load({"--pending-updates", text}, {{"TELEGRAM_BOT_TOKEN", token}});
  };
  EXPECT_EQ(load({}, {{"TELEGRAM_BOT_TOKEN", token}})->config.pending.what, Pending::drop);
  EXPECT_EQ(pending("keep")->config.pending.what, Pending::keep);
  EXPECT_EQ(pending("recent:90")->config.pending.what, Pending::recent);
  EXPECT_EQ(pending("recent:90")->config.pending.recent, std::chrono::seconds(90));
  for (const char* wrong : {"recent", "recent:", "recent:0", "recent:1d", "recent:86401", "all"})
    EXPECT_NE(pending(wrong)->all_errors().find("PENDING_UPDATES"), std::string::npos) << wrong;
}

TEST(Config, AToolNeedsNoToken) {
  Config config;
  config.needs_token = false;
  Options options("dmarket-bot", "0", "test");
  declare_options(options, config);
  EXPECT_TRUE(options.load(ConfigSources{}).errors.empty());
}

TEST(Config, AMissingTokenSaysWhereToGetOne) {
  EXPECT_NE(load({}, {})->all_errors().find("@BotFather"), std::string::npos);
}

TEST(Config, TheSandboxNeedsNothingAndServesEveryone) {
  const auto loaded = load({"--sandbox"}, {});
  EXPECT_EQ(loaded->all_errors(), "");
  EXPECT_EQ(loaded->config.telegram_api_url.origin.host, "127.0.0.1");
  EXPECT_FALSE(loaded->config.telegram_bot_token.empty());
  EXPECT_FALSE(loaded->config.dmarket_secret_key.empty());
  EXPECT_TRUE(loaded->config.everyone);
}

TEST(Config, WhatIsGivenStaysInTheSandbox) {
  const auto loaded = load({"--sandbox", "--telegram-api-url", "http://127.0.0.1:9999"},
                           {{"ALLOWED_USERS", "7"}, {"TELEGRAM_BOT_TOKEN", token}});
  EXPECT_EQ(loaded->all_errors(), "");
  EXPECT_EQ(loaded->config.telegram_api_url.origin.port, 9999);
  EXPECT_EQ(loaded->config.telegram_bot_token.reveal(), token);
  EXPECT_FALSE(loaded->config.everyone);
}

TEST(Config, HalfAKeyPairIsAMistake) {
  EXPECT_NE(
      load({}, {{"TELEGRAM_BOT_TOKEN", token}, {"DMARKET_PUBLIC_KEY", "00"}})->all_errors().find("DMARKET_SECRET_KEY"),
      std::string::npos);
}

TEST(Config, TheSeedsRateLimitIsTheDefault) {
  const auto loaded = load({}, {{"TELEGRAM_BOT_TOKEN", token}});
  EXPECT_EQ(loaded->config.rate_limit_requests, 30);
  EXPECT_EQ(loaded->config.rate_limit_window, std::chrono::seconds(60));
}

TEST(Config, DebugRaisesTheLogLevelUnlessOneWasGiven) {
  EXPECT_EQ(load({"--debug"}, {{"TELEGRAM_BOT_TOKEN", token}})->config.log_level, tgkit::ops::Level::debug);
  EXPECT_EQ(load({"--debug", "--log-level", "warn"}, {{"TELEGRAM_BOT_TOKEN", token}})->config.log_level,
            tgkit::ops::Level::warn);
}

TEST(Config, GettextsLanguageInTheEnvironmentStopsNoStartAndAMistakeOfOursDoes) {
  auto desktop = load({}, {{"TELEGRAM_BOT_TOKEN", token}, {"LANGUAGE", "ru_RU:ru"}, {"LOG_LEVEL", "WARNING"}});
  EXPECT_TRUE(desktop->result.errors.empty()) << desktop->all_errors();
  EXPECT_EQ(desktop->config.language, "ru");
  EXPECT_EQ(desktop->config.log_level, tgkit::ops::Level::warn);
  auto foreign = load({}, {{"TELEGRAM_BOT_TOKEN", token}, {"LANGUAGE", "de_DE:de"}});
  EXPECT_TRUE(foreign->result.errors.empty()) << foreign->all_errors();
  EXPECT_EQ(foreign->config.language, "en");
  EXPECT_FALSE(foreign->result.warnings.empty());
  auto mistake = load({"--language", "de"}, {{"TELEGRAM_BOT_TOKEN", token}});
  EXPECT_NE(mistake->all_errors().find("LANGUAGE must be en or ru"), std::string::npos) << mistake->all_errors();
}

}  // namespace
}  // namespace app
