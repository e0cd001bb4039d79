// The offline world as a program: reads the command line, listens, runs until it is told to stop.
#include "sandbox/server.hpp"
#include "tgkit/net/client.hpp"
#include "tgkit/net/server.hpp"

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

void describe(CLI::App& app, Options& options, std::vector<std::string>& revoked, std::vector<std::string>& keys,
              std::int64_t& latency) {
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
  app.add_option("--dmarket-key", keys,
                 "another public key (64 hexadecimal digits) that DMarket accepts (may be repeated)");
  app.add_option("--usd", options.sandbox.account.usd, "balance in cents")->capture_default_str();
  app.add_option("--usd-withdraw", options.sandbox.account.usd_withdraw, "what can be paid out, in cents")
      ->capture_default_str();
  app.add_option("--usd-protected", options.sandbox.account.usd_protected, "proceeds under trade protection, in cents")
      ->capture_default_str();
  app.add_option("--dmc", options.sandbox.account.dmc, "DMarket coins")->capture_default_str();
  app.add_option("--clock-skew", options.sandbox.account.clock_skew, "seconds that DMarket's clock is ahead")
      ->capture_default_str();
  app.add_flag("--allow-future-dates", options.sandbox.account.allow_future_dates,
               "DMarket accepts signatures dated more than 120 s ahead");
  app.footer(
      std::string("DMarket's test key, accepted from the start (it belongs to no account):\n"
                  "  DMARKET_PUBLIC_KEY=") +
      sandbox::test_public_key + "\n  DMARKET_SECRET_KEY=" + sandbox::test_secret_key +
      "\nAny text of the form 123:abc is a bot's token. Base addresses: TELEGRAM_API_URL and DMARKET_API_URL are\n"
      "both what is printed at the start. The control API is described in docs/sandbox.md.");
}

tgkit::Task<> serve_until_signalled(HttpServer& server, sandbox::Sandbox& sandbox, asio::signal_set& signals) {
  co_await signals.async_wait(asio::use_awaitable_t<tgkit::Executor>());
  sandbox.stop();
  co_await server.stop(std::chrono::seconds{2});
  co_await sandbox.finished();
}

int run(Options options) {
  asio::io_context io{1};
  tgkit::SystemClock clock(io.get_executor());
  sandbox::Sandbox world(io.get_executor(), clock, std::move(options.sandbox));
  HttpServer server(io.get_executor(), clock, options.server,
                    [&world](ServerRequest request) { return world.handle(std::move(request)); });
  try {
    server.listen();
  } catch (const tgkit::net::Error& error) {
    std::cerr << "sandbox: " << error.what() << '\n';
    return 1;
  }
  asio::signal_set signals(io, SIGTERM, SIGINT);
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
  describe(app, options, revoked, keys, latency);
  describe_webhooks(app, options.sandbox.world.webhook, hosts);
  CLI11_PARSE(app, argc, argv);
  options.sandbox.bot_api.latency = std::chrono::milliseconds{latency};
  options.sandbox.bot_api.revoked_tokens = {revoked.begin(), revoked.end()};
  options.sandbox.account.public_keys.insert(keys.begin(), keys.end());
  for (const std::string& host : hosts) {
    const std::size_t equals = host.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == host.size()) {
      std::cerr << "sandbox: --webhook-host must be NAME=ADDRESS, such as bot.example=127.0.0.1\n";
      return 1;
    }
    options.sandbox.world.webhook.hosts[host.substr(0, equals)] = host.substr(equals + 1);
  }
  try {
    return run(std::move(options));
  } catch (const std::exception& error) {
    std::cerr << "sandbox: " << error.what() << '\n';
    return 1;
  }
}
