// The offline world as a program: reads the command line, listens, runs until it is told to stop.
#include "sandbox/dmarket/market_rules.hpp"
#include "sandbox/server.hpp"
#include "tgkit/net/client.hpp"
#include "tgkit/net/server.hpp"

#include <csignal>
#include <cstdio>
#include <iostream>

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <sodium.h>

namespace {

namespace asio = boost::asio;
using tgkit::net::HttpServer;
using tgkit::net::ServerRequest;
using tgkit::net::ServerResponse;
using tgkit::net::ServerSettings;

struct Options {
  ServerSettings server;
  sandbox::SandboxSettings sandbox;
};

ServerSettings default_server() {
  ServerSettings settings;
  settings.host = "127.0.0.1";
  settings.port = 8081;
  // What the real server's reader allows; uploads of 50 MB and their frame.
  settings.max_head = 256u << 10;
  settings.max_body = 64u << 20;
  settings.body_timeout = std::chrono::seconds{120};
  settings.idle_timeout = std::chrono::seconds{500};
  settings.max_connections = 4096;
  return settings;
}

void describe_webhooks(CLI::App& app, sandbox::WebhookRules& rules, std::vector<std::string>& hosts) {
  app.add_flag("--allow-any-webhook", rules.any_address,
               "webhooks may have http addresses, any port and any host, as with a server in local mode");
  app.add_option("--webhook-host", hosts, "NAME=ADDRESS: where webhooks at this name lead (may be repeated)");
  app.add_option("--webhook-ca", rules.ca_file, "PEM file of the authorities to believe instead of the system's");
}

// Amounts in cents, as the command line gives them.
struct Cents {
  std::int64_t usd, withdraw, protected_;  // withdraw below zero: not said
};

// NAME=VALUE as one member of an object: true, 5, [7,7,7,7], or a text.
sandbox::json::object named_value(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) throw std::invalid_argument("\"" + text + "\" must be NAME=VALUE");
  const std::string value = text.substr(equals + 1);
  auto parsed = sandbox::parse_json(value);
  sandbox::json::object made;
  made[text.substr(0, equals)] = parsed ? std::move(*parsed) : sandbox::json::value(value);
  return made;
}

// Throws std::invalid_argument that says what is wrong.
void change_exchange(sandbox::VenueSettings& exchange, const std::vector<std::string>& switches,
                     const std::vector<std::string>& rules) {
  std::optional<std::string> wrong;
  for (std::size_t i = 0; i < switches.size() && !wrong; ++i) {
    wrong = sandbox::change_switches(exchange.switches, named_value(switches[i]));
  }
  for (std::size_t i = 0; i < rules.size() && !wrong; ++i) {
    wrong = sandbox::change_rules(exchange.rules, named_value(rules[i]));
  }
  if (wrong) throw std::invalid_argument(*wrong + "; docs/sandbox.md lists them");
}

void describe_exchange(CLI::App& app, sandbox::VenueSettings& exchange, std::vector<std::string>& keys, Cents& cents) {
  sandbox::market::MarketOptions& market = exchange.market;
  app.add_option("--dmarket-key", keys,
                 "another public key (64 hexadecimal digits) that DMarket accepts (may be repeated)");
  app.add_option("--usd", cents.usd, "balance in cents")->capture_default_str()->check(CLI::NonNegativeNumber);
  app.add_option("--usd-withdraw", cents.withdraw, "what of it can be paid out, in cents; all of it unless said")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--usd-protected", cents.protected_, "proceeds under trade protection, in cents")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  app.add_option("--dmc", exchange.account.dmc, "DMarket coins")->capture_default_str();
  app.add_option("--clock-skew", exchange.account.clock_skew, "seconds that DMarket's clock is ahead")
      ->capture_default_str();
  app.add_flag("--allow-future-dates", exchange.switches.allow_future_dates,
               "DMarket accepts signatures dated more than 120 s ahead");
  app.add_flag("--no-rate-limits{false}", exchange.switches.limits, "DMarket answers however often it is called");
  app.add_option("--market-seed", market.seed, "what the market grows from: the same seed, the same market")
      ->capture_default_str();
  app.add_option("--market-titles", market.titles, "titles over all games")
      ->capture_default_str()
      ->check(CLI::Range(4, 200'000));
  app.add_option("--market-offers", market.offers, "offers of other traders at the start")
      ->capture_default_str()
      ->check(CLI::Range(0, 5'000'000));
  app.add_option("--market-items", market.items_in_market, "items of the account in the market at the start")
      ->capture_default_str()
      ->check(CLI::Range(0, 100'000));
  app.add_option("--steam-items", market.items_in_steam, "items of the account in Steam at the start")
      ->capture_default_str()
      ->check(CLI::Range(0, 100'000));
}

void describe(CLI::App& app, Options& options, std::vector<std::string>& revoked, std::int64_t& latency) {
  app.add_option("--host", options.server.host, "address to listen on")->capture_default_str();
  app.add_option("--port", options.server.port, "port to listen on; 0: any free one")->capture_default_str();
  app.add_option("--tls-certificate", options.server.tls_certificate_file, "PEM file: listen with TLS");
  app.add_option("--tls-key", options.server.tls_key_file, "PEM file of the certificate's key");
  app.add_option("--latency", latency, "milliseconds added to every Bot API answer but getUpdates")
      ->capture_default_str();
  app.add_option("--revoked-token", revoked, "a token that is answered with 401 (may be repeated)");
  app.add_option("--keep-messages", options.sandbox.world.keep_messages, "messages kept of each chat")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--keep-events", options.sandbox.world.keep_events, "events kept")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--keep-calls", options.sandbox.bot_api.keep_calls, "recorded calls, and deliveries, kept")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_flag("--flood-limits", options.sandbox.bot_api.flood.enabled,
               "refuse what is sent too fast: 30 a second overall, 1 in a private chat, 20 a minute in a group");
  app.add_flag("--no-users{false}", options.sandbox.with_users, "begin without the two people Anna and Boris");
  app.footer(
      std::string("DMarket's test key, accepted from the start (it belongs to no account):\n"
                  "  DMARKET_PUBLIC_KEY=") +
      sandbox::test_public_key + "\n  DMARKET_SECRET_KEY=" + sandbox::test_secret_key +
      "\nAny text of the form 123:abc is a bot's token. Base addresses: TELEGRAM_API_URL and DMARKET_API_URL are\n"
      "both what is printed at the start. The control API is described in docs/sandbox.md.");
}

// SIGHUP is the reload, as in the bot, and not the end of the program.
void say_what_stays() {
  std::cerr << "sandbox: reload: nothing was reloaded; the command line counts from the next start on" << std::endl;
}

tgkit::Task<> serve_until_signalled(HttpServer& server, sandbox::Sandbox& sandbox, asio::signal_set& signals) {
  int signal = SIGHUP;
  while (signal == SIGHUP) {
    signal = co_await signals.async_wait(asio::use_awaitable_t<tgkit::Executor>());
    if (signal == SIGHUP) say_what_stays();
  }
  sandbox.stop();
  co_await server.stop(std::chrono::seconds{2});
  co_await sandbox.finished();
}

int run(Options options) {
  asio::io_context io{1};
  asio::signal_set signals(io, SIGTERM, SIGINT, SIGHUP);
  tgkit::SystemClock clock(io.get_executor());
  sandbox::Sandbox world(io.get_executor(), clock, std::move(options.sandbox));
  HttpServer server(io.get_executor(), clock, options.server,
                    [&world](ServerRequest request) { return world.handle(std::move(request)); });
  try {
    world.venue().exchange();  // a large market takes its time: before anybody is told to come
    server.listen();
  } catch (const tgkit::net::Error& error) {
    std::cerr << "sandbox: " << error.what() << '\n';
    return 1;
  }
  const bool any = options.server.host == "0.0.0.0";
  const char* scheme = options.server.tls_key_file.empty() ? "http" : "https";
  std::cout << "sandbox ready: " << scheme << "://" << (any ? "127.0.0.1" : options.server.host) << ':' << server.port()
            << "/" << std::endl;
  std::exception_ptr failed;
  asio::co_spawn(io.get_executor(), serve_until_signalled(server, world, signals), [&](std::exception_ptr error) {
    failed = error;
    io.stop();
  });
  io.run();
  if (failed) std::rethrow_exception(failed);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (sodium_init() < 0) {
    std::cerr << "sandbox: libsodium cannot start\n";
    return 1;
  }
  Options options;
  options.server = default_server();
  std::vector<std::string> revoked, keys, hosts;
  std::int64_t latency = 0;
  CLI::App app{"An offline Telegram Bot API and DMarket, with a chat page for people."};
  describe(app, options, revoked, latency);
  sandbox::market::MarketOptions& market = options.sandbox.exchange.market;
  Cents cents{market.usd.in_cents(), -1, market.usd_protected.in_cents()};
  describe_exchange(app, options.sandbox.exchange, keys, cents);
  std::vector<std::string> switches, rules;
  app.add_option("--dmarket-switch", switches, "NAME=VALUE: a switch of the exchange's API (may be repeated)");
  app.add_option("--market-rule", rules, "NAME=VALUE: a rule of the market (may be repeated)");
  describe_webhooks(app, options.sandbox.world.webhook, hosts);
  CLI11_PARSE(app, argc, argv);
  options.sandbox.bot_api.latency = std::chrono::milliseconds{latency};
  options.sandbox.bot_api.revoked_tokens = {revoked.begin(), revoked.end()};
  options.sandbox.exchange.account.public_keys.insert(keys.begin(), keys.end());
  market.usd = dmarket::Money::cents(cents.usd);
  market.usd_to_withdraw = dmarket::Money::cents(cents.withdraw < 0 ? cents.usd : cents.withdraw);
  market.usd_protected = dmarket::Money::cents(cents.protected_);
  options.sandbox.exchange.keep_calls = options.sandbox.bot_api.keep_calls;
  for (const std::string& host : hosts) {
    const std::size_t equals = host.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == host.size()) {
      std::cerr << "sandbox: --webhook-host must be NAME=ADDRESS, such as bot.example=127.0.0.1\n";
      return 1;
    }
    options.sandbox.world.webhook.hosts[host.substr(0, equals)] = host.substr(equals + 1);
  }
  try {
    change_exchange(options.sandbox.exchange, switches, rules);
    return run(std::move(options));
  } catch (const std::exception& error) {
    std::cerr << "sandbox: " << error.what() << '\n';
    return 1;
  }
}
