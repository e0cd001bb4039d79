#include "app/webhook_config.hpp"

#include "app/config.hpp"
#include "tests/net/certificates.hpp"

#include <filesystem>

#include <gtest/gtest.h>

namespace app {
namespace {

using tgkit::ops::ConfigSources;
using tgkit::ops::Options;
using Environment = std::map<std::string, std::string>;

struct Loaded {
  std::string errors;
  std::optional<tgkit::bot::WebhookSettings> settings;
};

Loaded load(Environment environment) {
  environment.emplace("TELEGRAM_BOT_TOKEN", "1:abcdefghijklmnopqrstuvwxyz012345678");
  Config config;
  Options options("dmarket-bot", "0", "test");
  declare_options(options, config);
  ConfigSources sources;
  sources.environment = std::move(environment);
  sources.read_file = [](const std::string&) { return std::unexpected(std::string("there is no such file")); };
  const Options::Result result = options.load(sources);
  settle(options, config);
  Loaded loaded;
  for (const auto& error : result.errors) loaded.errors += error + "\n";
  if (result.errors.empty()) loaded.settings = webhook_settings(config);
  return loaded;
}

Loaded load_with_url(Environment environment) {
  environment.emplace("WEBHOOK_URL", "https://bot.example/hook?x=1");
  return load(std::move(environment));
}

TEST(WebhookConfig, WithoutAnAddressTheBotPollsWhateverElseIsSet) {
  const Loaded loaded = load({{"WEBHOOK_PORT", "9000"}, {"WEBHOOK_ALLOW", "telegram"}});
  EXPECT_EQ(loaded.errors, "");
  EXPECT_FALSE(loaded.settings);
}

TEST(WebhookConfig, AnAddressIsEnoughBehindAProxyOnThisMachine) {
  const Loaded loaded = load_with_url({});
  EXPECT_EQ(loaded.errors, "");
  ASSERT_TRUE(loaded.settings);
  EXPECT_EQ(loaded.settings->wish.url, "https://bot.example/hook?x=1");
  EXPECT_EQ(loaded.settings->path, "/hook");
  EXPECT_EQ(loaded.settings->host, "127.0.0.1");
  EXPECT_EQ(loaded.settings->port, 8443);
  EXPECT_EQ(loaded.settings->wish.max_connections, 40);
  EXPECT_TRUE(loaded.settings->secret.empty());
  EXPECT_TRUE(loaded.settings->allowed.empty());
  EXPECT_TRUE(loaded.settings->tls_key_file.empty());
  EXPECT_FALSE(loaded.settings->remove_at_stop);
}

TEST(WebhookConfig, EverythingCanBeSaid) {
  const Loaded loaded = load_with_url({{"WEBHOOK_LISTEN", "0.0.0.0"},
                                       {"WEBHOOK_PORT", "9000"},
                                       {"WEBHOOK_PATH", "/inside"},
                                       {"WEBHOOK_SECRET", "Abc_-1"},
                                       {"WEBHOOK_ALLOW", "telegram, 192.0.2.0/24"},
                                       {"TRUSTED_PROXIES", "127.0.0.1 10.0.0.0/8"},
                                       {"WEBHOOK_MAX_CONNECTIONS", "7"},
                                       {"WEBHOOK_IP_ADDRESS", "203.0.113.7"},
                                       {"WEBHOOK_REMOVE_AT_STOP", "true"}});
  EXPECT_EQ(loaded.errors, "");
  ASSERT_TRUE(loaded.settings);
  EXPECT_EQ(loaded.settings->host, "0.0.0.0");
  EXPECT_EQ(loaded.settings->port, 9000);
  EXPECT_EQ(loaded.settings->path, "/inside");
  EXPECT_EQ(loaded.settings->secret.reveal(), "Abc_-1");
  EXPECT_TRUE(tgkit::net::any_contains(loaded.settings->allowed, "149.154.167.220"));
  EXPECT_TRUE(tgkit::net::any_contains(loaded.settings->allowed, "91.108.6.1"));
  EXPECT_TRUE(tgkit::net::any_contains(loaded.settings->allowed, "192.0.2.9"));
  EXPECT_FALSE(tgkit::net::any_contains(loaded.settings->allowed, "192.0.3.9"));
  EXPECT_TRUE(tgkit::net::any_contains(loaded.settings->trusted_proxies, "10.9.9.9"));
  EXPECT_EQ(loaded.settings->wish.max_connections, 7);
  EXPECT_EQ(loaded.settings->wish.ip_address, "203.0.113.7");
  EXPECT_TRUE(loaded.settings->remove_at_stop);
}

TEST(WebhookConfig, AllMistakesAreReportedAtOnce) {
  const Loaded loaded = load({{"WEBHOOK_URL", "https://bot.example:9000/hook"},
                              {"WEBHOOK_LISTEN", "here"},
                              {"WEBHOOK_PATH", "hook"},
                              {"WEBHOOK_SECRET", "no blanks allowed"},
                              {"WEBHOOK_ALLOW", "friends"},
                              {"TRUSTED_PROXIES", "10.0.0.1/8"},
                              {"WEBHOOK_MAX_CONNECTIONS", "0"},
                              {"WEBHOOK_IP_ADDRESS", "::1"},
                              {"WEBHOOK_KEY", "/key.pem"}});
  for (const char* name : {"WEBHOOK_URL", "WEBHOOK_LISTEN", "WEBHOOK_PATH", "WEBHOOK_SECRET", "WEBHOOK_ALLOW",
                           "TRUSTED_PROXIES", "WEBHOOK_MAX_CONNECTIONS", "WEBHOOK_IP_ADDRESS", "WEBHOOK_CERT"})
    EXPECT_NE(loaded.errors.find(name), std::string::npos) << name << "\n" << loaded.errors;
  EXPECT_EQ(loaded.errors.find("no blanks allowed"), std::string::npos) << loaded.errors;
}

TEST(WebhookConfig, WhatTheCloudWouldRefuseIsRefusedHere) {
  const struct {
    const char *url, *says;
  } cases[] = {
      {"http://bot.example/hook", "https://"},
      {"https://bot.example:8080/hook", "443, 80, 88 or 8443"},
      {"https://192.168.0.7/hook", "internet"},
      {"https://172.20.0.7/hook", "internet"},
      {"https://localhost/hook", "internet"},
      {"https://[2001:db8::1]/hook", "IPv4"},
      {"https://bot.example/bot1:abcdefghijklmnopqrstuvwxyz012345678", "token"},
      {"https://bot.example/abcdefghijklmnopqrstuvwxyz012345678/hook", "token"},
  };
  for (const auto& c : cases) {
    const std::string errors = load({{"WEBHOOK_URL", c.url}}).errors;
    EXPECT_NE(errors.find(c.says), std::string::npos) << c.url << "\n" << errors;
    EXPECT_EQ(errors.find("abcdefghijklmnopqrstuvwxyz012345678"), std::string::npos) << errors;
  }
  EXPECT_NE(load_with_url({{"WEBHOOK_MAX_CONNECTIONS", "101"}}).errors.find("at most 100"), std::string::npos);
}

TEST(WebhookConfig, AServerOfOnesOwnMayDeliverAnywhere) {
  const Loaded loaded = load({{"TELEGRAM_API_URL", "http://127.0.0.1:8081"},
                              {"WEBHOOK_URL", "http://127.0.0.1:9000/hook"},
                              {"WEBHOOK_MAX_CONNECTIONS", "1000"}});
  EXPECT_EQ(loaded.errors, "");
}

TEST(WebhookConfig, AListThatWouldRefuseEverybodySaysWhatIsMissing) {
  EXPECT_NE(load_with_url({{"WEBHOOK_ALLOW", "telegram"}}).errors.find("TRUSTED_PROXIES"), std::string::npos);
  EXPECT_EQ(load_with_url({{"WEBHOOK_ALLOW", "telegram"}, {"TRUSTED_PROXIES", "127.0.0.1"}}).errors, "");
  EXPECT_EQ(load_with_url({{"WEBHOOK_ALLOW", "telegram"}, {"WEBHOOK_LISTEN", "0.0.0.0"}}).errors, "");
  EXPECT_EQ(load_with_url({{"WEBHOOK_ALLOW", "127.0.0.1"}}).errors, "");
}

TEST(WebhookConfig, TheHealthPortIsTaken) {
  EXPECT_NE(load_with_url({{"WEBHOOK_PORT", "8080"}}).errors.find("HEALTH_PORT"), std::string::npos);
}

TEST(WebhookConfig, ACertificateWithItsKeyMeansTlsForTheWorld) {
  const tests::Certificates files("bot.example");
  const Loaded loaded = load_with_url({{"WEBHOOK_CERT", files.certificate()}, {"WEBHOOK_KEY", files.key()}});
  EXPECT_EQ(loaded.errors, "");
  ASSERT_TRUE(loaded.settings);
  EXPECT_EQ(loaded.settings->host, "0.0.0.0");
  EXPECT_EQ(loaded.settings->tls_key_file, files.key());
  EXPECT_EQ(loaded.settings->wish.certificate, "");  // from an authority: Telegram trusts it anyhow
}

TEST(WebhookConfig, ASelfSignedCertificateIsGivenToTelegramAlsoWhenAProxyUsesIt) {
  const tests::Certificates files("bot.example");
  const Loaded loaded = load_with_url({{"WEBHOOK_CERT", files.authority()}});
  EXPECT_EQ(loaded.errors, "");
  ASSERT_TRUE(loaded.settings);
  EXPECT_TRUE(loaded.settings->wish.certificate.starts_with("-----BEGIN CERTIFICATE-----"));
  EXPECT_EQ(loaded.settings->tls_key_file, "");
  EXPECT_EQ(loaded.settings->host, "127.0.0.1");
}

TEST(WebhookConfig, CertificatesThatCannotWorkAreRefused) {
  const tests::Certificates files("bot.example");
  EXPECT_NE(load_with_url({{"WEBHOOK_CERT", "/nowhere.pem"}, {"WEBHOOK_KEY", files.key()}}).errors.find("/nowhere.pem"),
            std::string::npos);
  EXPECT_NE(load_with_url({{"WEBHOOK_CERT", files.authority()}, {"WEBHOOK_KEY", files.key()}}).errors.find(files.key()),
            std::string::npos);
  EXPECT_NE(load_with_url({{"WEBHOOK_CERT", files.certificate()}}).errors.find("authority"), std::string::npos);
}

}  // namespace
}  // namespace app
