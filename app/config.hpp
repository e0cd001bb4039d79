#pragma once
// The bot's configuration: every option, declared once. `dmarket-bot --help` prints this table.
#include "app/trader/rules.hpp"
#include "app/webhook_config.hpp"
#include "tgkit/async/clock.hpp"
#include "tgkit/bot/pending.hpp"
#include "tgkit/net/client.hpp"
#include "tgkit/net/secret.hpp"
#include "tgkit/net/url.hpp"
#include "tgkit/ops/config.hpp"
#include "tgkit/ops/log.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace app {

enum class LogFormat { text, json };
enum class Pacing { automatic, on, off };  // automatic: unless the Bot API is on this machine
enum class Durability { power, process };  // what an accepted update survives: a power cut, or only kill -9

struct Config {
  tgkit::net::Secret telegram_bot_token;
  tgkit::net::Url telegram_api_url;
  std::vector<std::int64_t> allowed_users, admin_users;
  bool everyone = false;  // sandbox only: whoever writes is served

  WebhookConfig webhook;
  tgkit::bot::PendingPolicy pending = tgkit::bot::Pending::drop;  // of what piled up while the bot was away

  std::string dmarket_public_key;
  tgkit::net::Secret dmarket_secret_key;
  tgkit::net::Url dmarket_api_url;
  bool dmarket_pacing = true;
  bool dry_run = true;
  std::string trade_rules;  // a file; empty: nothing is traded
  trader::Rules rules;      // of that file
  tgkit::Duration trade_interval = std::chrono::seconds(60);
  tgkit::Duration trade_settle_in = std::chrono::seconds(90);
  tgkit::Duration reconcile_interval = std::chrono::minutes(10);

  std::string data_dir = "data";
  bool begin_fresh = false;  // where the database is missing or cannot be used
  Durability durability = Durability::power;

  std::string language = "en";    // for people whose own language is not known
  bool language_is_known = true;  // false: the environment names one that the bot does not speak
  std::string time_zone = "UTC";  // for people who have chosen none

  Pacing send_pacing = Pacing::automatic;

  bool daily_report = true;
  int daily_report_hour = 9, daily_report_minute = 0;  // in time_zone

  int rate_limit_requests = 30;
  tgkit::Duration rate_limit_window = std::chrono::seconds(60);

  std::string health_host = "127.0.0.1";
  std::uint16_t health_port = 8080;
  tgkit::ops::Level log_level = tgkit::ops::Level::info;
  LogFormat log_format = LogFormat::text;
  tgkit::Duration shutdown_timeout = std::chrono::seconds(25);
  std::optional<tgkit::net::ProxySettings> proxy;
  std::string ca_file;
  std::vector<std::string> allow_plain_http;  // hosts, in lower case

  bool debug = false;
  bool sandbox = false;
  bool needs_token = true;  // false: a tool that does not talk to Telegram

  // The admins; without any, who may use the bot.
  const std::vector<std::int64_t>& report_readers() const { return admin_users.empty() ? allowed_users : admin_users; }
  bool nobody_allowed() const { return !everyone && allowed_users.empty() && admin_users.empty(); }
};

// Binds every option to `config`. Call settle() after a successful load.
void declare_options(tgkit::ops::Options& options, Config& config);

// Fills in what follows from other options (--debug, --sandbox) and was not set by itself.
void settle(const tgkit::ops::Options& options, Config& config);

}  // namespace app
