#include "tgkit/bot/run.hpp"

#include "tgkit/net/client.hpp"
#include "tgkit/net/url.hpp"
#include "tgkit/ops/exit_codes.hpp"
#include "tgkit/ops/health.hpp"
#include "tgkit/ops/lifecycle.hpp"
#include "tgkit/storage/memory_store.hpp"

#include <cstdlib>
#include <stdexcept>

namespace tgkit::bot {

namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

void fill_in(RunSettings& settings) {
  if (settings.token.empty()) settings.token = net::Secret(environment("TELEGRAM_BOT_TOKEN"));
  if (settings.token.empty()) throw std::invalid_argument("TELEGRAM_BOT_TOKEN is not set");
  if (settings.api_url.empty()) settings.api_url = environment("TELEGRAM_API_URL");
  if (settings.api_url.empty()) settings.api_url = "https://api.telegram.org";
  if (settings.store.empty()) settings.store = environment("BOT_STORE");
  if (settings.bot.callback_secret.empty()) settings.bot.callback_secret = settings.token;
}

std::unique_ptr<storage::Store> make_store(const RunSettings& settings, Executor executor, Clock& clock,
                                           ops::Log& log) {
  if (settings.store.empty()) return std::make_unique<storage::MemoryStore>(clock);
  storage::SqliteStore::Settings file;
  file.path = settings.store;
  file.durability = settings.durability;
  file.on_notice = [&log](const std::string& notice) { log.warn("store", ops::Field("notice", notice)); };
  return std::make_unique<storage::SqliteStore>(executor, clock, std::move(file));
}

// Limits are Telegram's; a server of one's own in front of it, or a stand-in for it, is spoken to as fast as it answers
// unless pacing was asked for.
void pace_for(const net::Url& api, OutboxSettings& outbox) {
  if (!outbox.pacing && api.origin.host == "api.telegram.org") outbox.pacing.emplace();
}

int run_with(Router router, RunSettings settings, ops::Log& log) {
  boost::asio::io_context io(1);
  SystemClock clock(io.get_executor());
  ops::Metrics metrics;
  ops::Health health(io.get_executor(), clock);
  net::ClientSettings connections;
  connections.max_connections_per_origin = settings.bot.outbox.most_sends + 8;  // sends never wait for one another here
  net::HttpClient http(io.get_executor(), clock, std::move(connections));
  const net::Url api = net::Url::parse(settings.api_url);
  telegram::Client client(http, clock, telegram::Settings(settings.token, api));
  pace_for(api, settings.bot.outbox);
  const std::unique_ptr<storage::Store> store = make_store(settings, io.get_executor(), clock, log);
  Bot bot(io.get_executor(), client, *store, clock, log, metrics, std::move(router), std::move(settings.services),
          std::move(settings.bot));
  ops::Lifecycle lifecycle(io.get_executor(), clock, log, health);
  lifecycle.add(bot.store_service());
  for (ops::Service* service : bot.services()) lifecycle.add(*service);
  return ops::run_to_end(io, lifecycle, log);
}

}  // namespace

int run(Router router, RunSettings settings) {
  ops::Log::Settings log_settings;
  log_settings.level = settings.log_level;
  ops::Log log(log_settings);
  try {
    fill_in(settings);
    return run_with(std::move(router), std::move(settings), log);
  } catch (const std::invalid_argument& error) {
    log.error("bad configuration", ops::Field("reason", error.what()));
  } catch (const WiringError& error) {
    log.error("bad routes", ops::Field("reason", error.what()));
  }
  return ops::exit_code::bad_configuration;
}

}  // namespace tgkit::bot
