#include "app/config.hpp"

#include "app/config_checks.hpp"
#include "app/locale.hpp"
#include "app/shared_names.hpp"
#include "dmarket/keys.hpp"

namespace app {
namespace {

using tgkit::net::ProxySettings;
using tgkit::net::Secret;
using tgkit::net::Url;
using tgkit::ops::Level;
using tgkit::ops::Option;
using tgkit::ops::Options;
using tgkit::ops::Parsed;
using namespace std::chrono_literals;

constexpr std::string_view sandbox_address = "http://127.0.0.1:8081";
// The exchange in the sandbox knows this key pair, made from the bytes 0 to 31; it belongs to no real account.
constexpr std::string_view sandbox_seed = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
constexpr std::string_view sandbox_token = "4200000001:sandbox-token-of-nobody-0000000000000";

Parsed<bool> read_pending(Config& c, std::string_view text) {
  using tgkit::bot::Pending;
  constexpr std::string_view recent = "recent:";
  if (text == "drop") {
    c.pending = Pending::drop;
  } else if (text == "keep") {
    c.pending = Pending::keep;
  } else if (text.starts_with(recent)) {
    const auto seconds = tgkit::ops::parse_integer(text.substr(recent.size()), 1, 86'400);
    if (!seconds) return std::unexpected("must be recent:SECONDS with 1 to 86400 seconds");
    c.pending = tgkit::bot::PendingPolicy(Pending::recent, std::chrono::seconds(*seconds));
  } else {
    return std::unexpected("must be drop, keep or recent:SECONDS");
  }
  return true;
}

void declare_telegram(Options& options, Config& c) {
  options.section("Telegram");
  options.secret("TELEGRAM_BOT_TOKEN", c.telegram_bot_token, "the bot's token, as @BotFather gives it");
  options.url("TELEGRAM_API_URL", c.telegram_api_url, "where the Bot API is");
  options.choice("SEND_PACING", c.send_pacing, "keep Telegram's sending limits in advance; auto: unless it is here",
                 {{"auto", Pacing::automatic}, {"on", Pacing::on}, {"off", Pacing::off}});
  options.custom(
      "PENDING_UPDATES", "drop|keep|recent:SECONDS",
      "what waits at Telegram at the start; payments are kept and old presses are not acted on in any case",
      [&c](std::string_view text) { return read_pending(c, text); }, [&c] { return to_text(c.pending); });
  options.ids("ALLOWED_USERS", c.allowed_users, "Telegram user ids that may use the bot");
  options.ids("ADMIN_USERS", c.admin_users, "ids that may use it and its admin commands");
  options.check_together({"TELEGRAM_BOT_TOKEN"}, [&c]() -> std::optional<std::string> {
    if (c.sandbox || !c.needs_token || !c.telegram_bot_token.empty()) return std::nullopt;
    return "TELEGRAM_BOT_TOKEN is not set: ask @BotFather for a token and set TELEGRAM_BOT_TOKEN or "
           "TELEGRAM_BOT_TOKEN_FILE, "
           "or try the bot without one: --sandbox";
  });
}

void declare_dmarket(Options& options, Config& c) {
  options.section("DMarket");
  options.text("DMARKET_PUBLIC_KEY", c.dmarket_public_key, "the account's public key, 64 hex characters");
  options.secret("DMARKET_SECRET_KEY", c.dmarket_secret_key, "its secret key, 128 hex characters");
  options.url("DMARKET_API_URL", c.dmarket_api_url, "where the exchange is");
  options.boolean("DMARKET_PACING", c.dmarket_pacing,
                  "keep below the exchange's rate limits in advance; a 429 is heeded in any case");
  options.boolean("DRY_RUN", c.dry_run,
                  "send nothing to the exchange that changes anything; false allows an admin's /live");
  options
      .text("TRADE_RULES", c.trade_rules, "file of what to buy and sell (TOML, see docs); without it nothing is traded")
      .check([&c]() -> std::optional<std::string> {
        auto rules = trader::read_rules_file(c.trade_rules);
        if (rules) {
          c.rules = std::move(*rules);
          return std::nullopt;
        }
        std::string all = "names a file with mistakes:";
        for (const std::string& mistake : rules.error()) all += "\n    " + mistake;
        return all;
      });
  options.duration("TRADE_INTERVAL", c.trade_interval, 100ms, 24h, "pause between two rounds of trading");
  options.duration("TRADE_SETTLE_IN", c.trade_settle_in, 0s, 24h,
                   "how long no other instance of the bot may show itself before orders leave that add risk");
  options.duration("RECONCILE_INTERVAL", c.reconcile_interval, 1s, 24h,
                   "how often the closed trades are read even when nothing seems to have happened, exchange's time");
  options.check_together({"DMARKET_PUBLIC_KEY", "DMARKET_SECRET_KEY"}, [&c]() -> std::optional<std::string> {
    if (c.dmarket_secret_key.empty()) {
      if (c.dmarket_public_key.empty()) return std::nullopt;
      return "DMARKET_PUBLIC_KEY is set but DMARKET_SECRET_KEY is not: set both, or neither";
    }
    const auto keys = dmarket::KeyPair::make(c.dmarket_public_key, c.dmarket_secret_key);
    if (keys) return std::nullopt;
    return keys.error();
  });
}

Parsed<bool> read_proxy(Config& c, std::string_view text) {
  try {
    c.proxy = ProxySettings::parse(proxy_address_in(text));
    return true;
  } catch (const std::invalid_argument& error) {
    return std::unexpected(std::string(error.what()));
  }
}

std::string print_proxy(const Config& c) {
  if (!c.proxy) return "";
  const bool connect = c.proxy->kind == ProxySettings::Kind::http_connect;
  return std::string(connect ? "http://" : "socks5://") + (c.proxy->user.empty() ? "" : "***@") + c.proxy->host + ":" +
         std::to_string(c.proxy->port);
}

void declare_network(Options& options, Config& c) {
  options.section("Network");
  options.custom(
      "HTTPS_PROXY", "URL", "http://user:password@host:port or socks5://host:port",
      [&c](std::string_view text) { return read_proxy(c, text); }, [&c] { return print_proxy(c); });
  options.text("CA_FILE", c.ca_file, "certificates to trust instead of the system's (PEM)");
}

// The name is gettext's, and desktops set it: what stands there for other programs is no mistake of ours.
void declare_language(Options& options, Config& c) {
  Option& option = options.custom(
      "LANGUAGE", "en|ru", "language of people whose own is not known; in the environment gettext's list will do",
      [&c](std::string_view text) -> Parsed<bool> {
        const auto known = language_in(text);
        c.language_is_known = known.has_value();
        if (known) c.language = *known;
        return true;
      },
      [&c] { return c.language; });
  option.check([&c, &option]() -> std::optional<std::string> {
    if (c.language_is_known || option.source() == tgkit::ops::ConfigSource::environment) return std::nullopt;
    return "must be en or ru";
  });
  options.warn_together({"LANGUAGE"}, [&c]() -> std::optional<std::string> {
    if (c.language_is_known) return std::nullopt;
    return "LANGUAGE of the environment names no language that the bot speaks (en, ru): " + c.language + " is used";
  });
}

Parsed<bool> read_level(Config& c, std::string_view text) {
  const auto level = level_in(text);
  if (!level) return std::unexpected(level.error());
  c.log_level = *level;
  return true;
}

void declare_people(Options& options, Config& c) {
  options.section("People");
  declare_language(options, c);
  options.time_zone("TIME_ZONE", c.time_zone, "time zone of people who have chosen none");
  options.integer("RATE_LIMIT_REQUESTS", c.rate_limit_requests, 1, 100'000, "requests one person may send per window");
  options.duration("RATE_LIMIT_WINDOW", c.rate_limit_window, 1s, 24h, "length of that window");
}

void declare_report(Options& options, Config& c) {
  options.section("Daily report");
  options.boolean("DAILY_REPORT_ENABLED", c.daily_report,
                  "tell ADMIN_USERS, or without any ALLOWED_USERS, once a day how things are");
  options.integer("DAILY_REPORT_HOUR", c.daily_report_hour, 0, 23, "its hour in TIME_ZONE");
  options.integer("DAILY_REPORT_MINUTE", c.daily_report_minute, 0, 59, "its minute");
}

void declare_operations(Options& options, Config& c) {
  options.section("Operation");
  options.text("DATA_DIR", c.data_dir, "folder of the database and the lock");
  options.choice("DURABILITY", c.durability, "what an accepted update survives",
                 {{"power", Durability::power}, {"process", Durability::process}});
  options.text("HEALTH_HOST", c.health_host, "address of /health, /ready, /live and /metrics");
  options.port("HEALTH_PORT", c.health_port, "its port; 0 takes any free one");
  options.custom(
      "LOG_LEVEL", "trace|debug|info|warn|error", "the least level that is logged",
      [&c](std::string_view text) { return read_level(c, text); }, [&c] { return std::string(word_of(c.log_level)); });
  options.choice("LOG_FORMAT", c.log_format, "how log lines look",
                 {{"text", LogFormat::text}, {"json", LogFormat::json}});
  options.duration("SHUTDOWN_TIMEOUT", c.shutdown_timeout, 1s, 10min, "how long a stop may take");
  options
      .boolean("BEGIN_FRESH", c.begin_fresh,
               "where the database is missing or cannot be used: set aside what is there and begin an empty one")
      .flag_only();
  options.boolean("DEBUG", c.debug, "the same as LOG_LEVEL=debug").flag_only();
  options
      .boolean("SANDBOX", c.sandbox,
               "talk to the sandbox at " + std::string(sandbox_address) + " with its keys; serve everyone")
      .flag_only();
}

bool given(const Options& options, std::string_view name) {
  const auto* option = options.find(name);
  return option != nullptr && option->given();
}

}  // namespace

void declare_options(Options& options, Config& config) {
  config.telegram_api_url = Url::parse("https://api.telegram.org");
  config.dmarket_api_url = Url::parse("https://api.dmarket.com");
  declare_telegram(options, config);
  declare_dmarket(options, config);
  declare_network(options, config);
  declare_people(options, config);
  declare_report(options, config);
  declare_operations(options, config);
  declare_webhook(options, config);
  declare_checks(options, config);
}

void settle(const Options& options, Config& config) {
  if (config.debug && !given(options, "LOG_LEVEL")) config.log_level = Level::debug;
  if (!config.sandbox) return;
  if (!given(options, "TELEGRAM_API_URL")) config.telegram_api_url = Url::parse(sandbox_address);
  if (!given(options, "DMARKET_API_URL")) config.dmarket_api_url = Url::parse(sandbox_address);
  if (config.telegram_bot_token.empty()) config.telegram_bot_token = Secret(std::string(sandbox_token));
  if (config.dmarket_secret_key.empty()) config.dmarket_secret_key = Secret(std::string(sandbox_seed));
  if (!given(options, "DATA_DIR")) config.data_dir = "data/sandbox";
  // Whoever is at the chat page tries everything, also what only an admin may do, unless access itself is tried.
  config.everyone = config.nobody_allowed();
}

}  // namespace app
