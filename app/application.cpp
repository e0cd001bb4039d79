#include "app/application.hpp"

#include "app/api_metrics.hpp"
#include "app/commands/commands.hpp"
#include "app/daily_report.hpp"
#include "app/data_files.hpp"
#include "app/data_folder.hpp"
#include "app/doubt_board.hpp"
#include "app/ledger/ledger.hpp"
#include "app/ledger_command.hpp"
#include "app/notices.hpp"
#include "app/preferences.hpp"
#include "app/real_money_notices.hpp"
#include "app/speech.hpp"
#include "app/takedown_board.hpp"
#include "app/trader/client_exchange.hpp"
#include "app/trader/instance_stops.hpp"
#include "app/trader/trader.hpp"
#include "app/version.hpp"
#include "dmarket/cache.hpp"
#include "dmarket/client.hpp"
#include "tgkit/bot/bot.hpp"
#include "tgkit/bot/middleware/access.hpp"
#include "tgkit/bot/middleware/error_boundary.hpp"
#include "tgkit/bot/middleware/logging.hpp"
#include "tgkit/bot/middleware/measure.hpp"
#include "tgkit/bot/middleware/rate_limit.hpp"
#include "tgkit/bot/middleware/statistics.hpp"
#include "tgkit/bot/quarantine.hpp"
#include "tgkit/net/client.hpp"
#include "tgkit/ops/admin_socket.hpp"
#include "tgkit/ops/endpoints.hpp"
#include "tgkit/ops/health.hpp"
#include "tgkit/ops/lifecycle.hpp"
#include "tgkit/ops/loop_lag.hpp"
#include "tgkit/ops/metrics.hpp"
#include "tgkit/ops/process_metrics.hpp"
#include "tgkit/storage/sqlite_store.hpp"
#include "tgkit/telegram/client.hpp"

#include <boost/asio/ip/address.hpp>

namespace app {
namespace {

using namespace std::chrono_literals;
using tgkit::Task;
using tgkit::net::HttpClient;
using tgkit::ops::Field;
using tgkit::ops::Finding;
using tgkit::ops::Weight;
using tgkit::storage::SqliteStore;

// Beyond the longest getUpdates: what Telegram may hold it, the deadline's margin, and some more.
constexpr auto deaf_after = 60s;

// The webhook's registration is looked at once a minute.
constexpr auto webhook_silent_after = 5min;

// The outbox sends 128 messages side by side; handlers that call by themselves need some more.
constexpr std::size_t most_connections = 160;

// Lets go of the connections to a peer when everybody who uses them has stopped.
class Connections final : public tgkit::ops::Service {
 public:
  Connections(std::string name, HttpClient& http) : name_(std::move(name)), http_(http) {}
  std::string_view name() const override { return name_; }
  Task<> start() override { co_return; }
  Task<> stop() override {
    http_.close();
    co_return;
  }

 private:
  std::string name_;
  HttpClient& http_;
};

// Begins to look at the parts when all of them work: the last service to start.
class Checks final : public tgkit::ops::Service {
 public:
  explicit Checks(std::function<void()> add) : add_(std::move(add)) {}
  std::string_view name() const override { return "checks"; }
  Task<> start() override {
    add_();
    co_return;
  }
  Task<> stop() override { co_return; }

 private:
  std::function<void()> add_;
};

// Only the world is reached by the proxy: it does not know what runs on this machine, and HTTPS_PROXY is often set for
// every program of a computer.
bool is_on_this_machine(const tgkit::net::Origin& origin) {
  boost::system::error_code no_address;
  const auto address = boost::asio::ip::make_address(origin.host, no_address);
  return origin.host == "localhost" || (!no_address && address.is_loopback());
}

tgkit::net::ClientSettings client_settings(const Config& config, const tgkit::net::Url& peer) {
  tgkit::net::ClientSettings settings;
  if (!is_on_this_machine(peer.origin)) settings.proxy = config.proxy;
  settings.ca_file = config.ca_file;
  settings.user_agent = "dmarket-bot/" + std::string(version);
  settings.max_connections_per_origin = most_connections;
  return settings;
}

std::optional<tgkit::bot::PacingSettings> pacing(const Config& config) {
  const bool paced = config.send_pacing == Pacing::automatic ? !is_on_this_machine(config.telegram_api_url.origin)
                                                             : config.send_pacing == Pacing::on;
  return paced ? std::optional(tgkit::bot::PacingSettings()) : std::nullopt;
}

SqliteStore::Settings store_settings(const Config& config, tgkit::ops::Log& log) {
  SqliteStore::Settings settings;
  settings.path = DataFiles(config.data_dir).database;
  settings.may_begin = config.begin_fresh;
  settings.durability =
      config.durability == Durability::power ? tgkit::storage::Durability::power : tgkit::storage::Durability::process;
  settings.on_notice = [&log](const std::string& notice) { log.warn("database", Field("notice", notice)); };
  return settings;
}

tgkit::telegram::Settings telegram_settings(const Config& config, tgkit::ops::Metrics& metrics) {
  tgkit::telegram::Settings settings(config.telegram_bot_token, config.telegram_api_url);
  settings.on_call = telegram_meter(metrics);
  return settings;
}

dmarket::TransportSettings market_settings(const Config& config, tgkit::ops::Metrics& metrics) {
  dmarket::TransportSettings settings;
  settings.base = config.dmarket_api_url;
  settings.dry_run = config.dry_run;
  settings.limits.enabled = config.dmarket_pacing;
  settings.on_call = dmarket_meter(metrics);
  // Valid: the configuration was checked.
  if (!config.dmarket_secret_key.empty())
    settings.keys = *dmarket::KeyPair::make(config.dmarket_public_key, config.dmarket_secret_key);
  return settings;
}

trader::TraderSettings trader_settings(const Config& config) {
  trader::TraderSettings settings;
  settings.interval = config.trade_interval;
  settings.reconcile_every = std::chrono::duration_cast<std::chrono::seconds>(config.reconcile_interval).count();
  return settings;
}

tgkit::bot::AccessList access_list(const Config& config) {
  if (config.everyone) return tgkit::bot::AccessList::everyone(tgkit::bot::Role::admin);
  tgkit::bot::AccessList list;
  for (const auto id : config.allowed_users) list.allow(id, tgkit::bot::Role::viewer);
  for (const auto id : config.admin_users) list.allow(id, tgkit::bot::Role::admin);
  return list;
}

tgkit::bot::RateLimitSettings rate_limit_settings(const Config& config) {
  tgkit::bot::RateLimitSettings settings;
  settings.requests = config.rate_limit_requests;
  settings.window = config.rate_limit_window;
  return settings;
}

// SIGHUP is the reload from the first day, so that no unit file has to be changed when it learns more.
void say_what_stays(tgkit::ops::Log& log) {
  log.warn("reload: nothing was reloaded; these count from the next start on",
           Field("not_reloaded", "settings, trade rules, secrets, certificates"));
}

tgkit::ops::LifecycleSettings life_settings(const Config& config, tgkit::ops::Log& log) {
  tgkit::ops::LifecycleSettings settings;
  settings.stop_limit = config.shutdown_timeout;
  settings.reload = [&log] { say_what_stays(log); };
  return settings;
}

}  // namespace

struct Application::Parts {
  Parts(boost::asio::io_context& io, tgkit::ops::Log& log_, Config config_);

  tgkit::bot::Router routes();
  tgkit::bot::JobTable jobs() const;
  tgkit::bot::Services services();
  tgkit::bot::BotSettings bot_settings();
  void say_what_stands();
  std::string what_stands() const;
  void add_checks();
  Finding updates_reach_us() const;
  Finding exchange_is_known() const;
  dmarket::TransportSettings transport_settings();
  Task<tgkit::ops::AdminAnswer> answer_admin(std::vector<std::string> words);
  Finding webhook_works(const tgkit::bot::RegistrationView& view) const;
  std::optional<tgkit::TimePoint> last_contact() const;
  void fill_facts();
  void measure_store_age();
  void add_services();

  boost::asio::io_context& io;
  tgkit::ops::Log& log;
  Config config;
  tgkit::SystemClock clock;
  tgkit::ops::Metrics metrics;
  tgkit::ops::Health health;
  tgkit::ops::LoopLag loop_lag;
  tgkit::ops::Endpoints endpoints;
  SqliteStore store;
  ledger::Ledger ledger;
  HttpClient market_http;
  dmarket::RemovalPermits permits;
  dmarket::Transport transport;
  dmarket::Client market;
  dmarket::Cache market_cache;
  trader::ClientExchange exchange;
  trader::Trader trader;
  HttpClient telegram_http;
  tgkit::telegram::Client telegram;
  tgkit::bot::AccessList allowed;
  tgkit::bot::Statistics statistics;
  Defaults defaults;
  HeardLanguages heard;
  Facts facts;
  ReportReaders report_readers;
  RouteBook book;
  FrameworkTexts texts;
  tgkit::bot::Bot bot;
  Notices notices;
  TakedownBoard takedown_board;
  DoubtBoard doubt_board;
  tgkit::bot::Quarantine quarantine;
  tgkit::ops::AdminSocket admin_socket;
  Connections market_connections, telegram_connections;
  Checks checks;
  tgkit::ops::Lifecycle lifecycle;
};

Application::Parts::Parts(boost::asio::io_context& io_, tgkit::ops::Log& log_, Config config_)
    : io(io_),
      log(log_),
      config(std::move(config_)),
      clock(io.get_executor()),
      health(io.get_executor(), clock),
      loop_lag(clock, metrics),
      endpoints(io.get_executor(), clock, {config.health_host, config.health_port}, health, metrics, log),
      store(io.get_executor(), clock, store_settings(config, log)),
      ledger(store),
      market_http(io.get_executor(), clock, client_settings(config, config.dmarket_api_url)),
      transport(market_http, clock, transport_settings()),
      market(transport),
      market_cache(market, clock),
      exchange(market, &permits),
      trader(io.get_executor(), clock, log, metrics, ledger, exchange, config.rules, trader_settings(config)),
      telegram_http(io.get_executor(), clock, client_settings(config, config.telegram_api_url)),
      telegram(telegram_http, clock, telegram_settings(config, metrics)),
      allowed(access_list(config)),
      defaults{config.language, config.time_zone},
      report_readers{config.report_readers()},
      bot(io.get_executor(), telegram, store, clock, log, metrics, routes(), services(), bot_settings()),
      notices(io.get_executor(), store, bot.outbox(), log, tgkit::bot::CallbackKey(config.telegram_bot_token),
              config.report_readers(), defaults, heard),
      takedown_board(trader, notices),
      doubt_board(trader, notices),
      quarantine(store, clock, log,
                 [this](tgkit::telegram::Update update, std::string_view json) { bot.take(std::move(update), json); }),
      admin_socket(io.get_executor(), clock, log, DataFiles(config.data_dir).admin_socket,
                   [this](std::vector<std::string> words) { return answer_admin(std::move(words)); }),
      market_connections("exchange", market_http),
      telegram_connections("telegram", telegram_http),
      checks([this] { add_checks(); }),
      lifecycle(io.get_executor(), clock, log, health, life_settings(config, log)) {
  tgkit::ops::add_process_metrics(metrics, log);
  measure_api_changes(metrics, transport);
  measure_store_age();
  trader.ask_outside([this] { return trader::stops_of(bot.ownership(), clock.now()); });
  fill_facts();
  tell_of_real_money(trader, notices);
  add_services();
}

dmarket::TransportSettings Application::Parts::transport_settings() {
  dmarket::TransportSettings settings = market_settings(config, metrics);
  settings.permits = &permits;
  settings.may_leave = [this](dmarket::Risk risk) { return trader.may_leave(risk); };
  settings.on_api_changed = [this](std::string_view endpoint, std::string_view what) {
    log.error("DMarket's interface has changed: an update of the bot may be needed", Field("endpoint", endpoint),
              Field("what", what));
  };
  settings.on_notice = [this](std::string_view endpoint, std::string_view what) {
    log.warn("DMarket", Field("endpoint", endpoint), Field("notice", what));
  };
  return settings;
}

// The first word says whom it is for.
Task<tgkit::ops::AdminAnswer> Application::Parts::answer_admin(std::vector<std::string> words) {
  const std::string whom = words.empty() ? std::string() : words.front();
  if (!words.empty()) words.erase(words.begin());
  if (whom == "ledger") return run_ledger_words(ledger, exchange.now(), std::move(words));
  return quarantine.run(std::move(words));
}

// The order is what is written: the first is the outermost.
tgkit::bot::Router Application::Parts::routes() {
  tgkit::bot::Router router;
  router.wrap(tgkit::bot::logging);
  router.wrap(tgkit::bot::measure(metrics));
  router.wrap(tgkit::bot::statistics(statistics));
  router.wrap(tgkit::bot::error_boundary);
  router.wrap(speak(defaults, heard));
  router.wrap(tgkit::bot::access(&metrics));
  router.wrap(tgkit::bot::rate_limit(rate_limit_settings(config), &metrics));
  router.mount(all_commands());
  return router;
}

tgkit::bot::JobTable Application::Parts::jobs() const {
  tgkit::bot::JobTable all;
  if (config.daily_report && !config.report_readers().empty())
    add_daily_report(all, {config.daily_report_hour, config.daily_report_minute}, config.time_zone);
  return all;
}

tgkit::bot::Services Application::Parts::services() {
  tgkit::bot::Services all;
  all.add(market);
  all.add(market_cache);
  all.add(trader);
  all.add(statistics);
  all.add(defaults);
  all.add(facts);
  all.add(report_readers);
  all.add(takedown_board);
  all.add(book);
  return all;
}

tgkit::bot::BotSettings Application::Parts::bot_settings() {
  tgkit::bot::BotSettings settings;
  settings.callback_secret = config.telegram_bot_token;
  settings.roles = [this](std::int64_t user) { return allowed.role_of(user); };
  settings.texts = &texts;
  settings.jobs = jobs();
  settings.webhook = webhook_settings(config);
  settings.pending = config.pending;
  settings.ownership.settle = config.trade_settle_in;
  settings.ownership.on_change = [this] { say_what_stands(); };
  settings.outbox.pacing = pacing(config);
  return settings;
}

void Application::Parts::fill_facts() {
  book.router = &bot.router();
  facts.version = version;
  facts.live = [this] { return trader.live(); };
  facts.real_in_dry_run = [this] { return trader.real_in_dry_run(); };
  facts.started = clock.wall();
  facts.since_last_poll = [this]() -> std::optional<tgkit::Duration> {
    const auto last = last_contact();
    if (!last) return std::nullopt;
    return clock.now() - *last;
  };
  facts.updates_waiting = [this] { return bot.dispatcher().in_flight(); };
  facts.messages_waiting = [this] { return bot.outbox().size(); };
}

// The other instance does not know our orders: they stay until they are filled, or until they turn bad.
void Application::Parts::say_what_stands() {
  if (!bot.ownership().stepped_down()) return;
  const ledger::Books& books = trader.ledger().real();
  log.warn("stepped down: nothing is bought or offered any more; own orders that turn bad are withdrawn",
           Field("targets", books.targets().size()), Field("offers", books.offers().size()));
}

// Beside the reason why an instance is not ready.
std::string Application::Parts::what_stands() const {
  if (!bot.ownership().stepped_down()) return {};
  const ledger::Books& books = trader.ledger().real();
  return "; " + std::to_string(books.targets().size()) + " targets and " + std::to_string(books.offers().size()) +
         " offers of ours stand";
}

void Application::Parts::add_checks() {
  health.add("loop", {Weight::vital, 1s, 5s}, [this] { return loop_lag.finding(5s); });
  health.add_slow("store", {Weight::readiness, 5s, 5s}, [this]() -> Task<Finding> {
    co_await store.probe();
    co_return Finding::good();
  });
  health.add("exchange", {Weight::readiness, 1s, 5s}, [this] { return exchange_is_known(); });
  health.add("telegram", {Weight::readiness, 200ms, 5s}, [this] { return updates_reach_us(); });
}

// That the exchange is away or has changed is shown and logged but does not take the bot out of service: nobody could
// tell it to stop then.
Finding Application::Parts::exchange_is_known() const {
  const auto& changed = transport.changed_endpoints();
  if (!changed.empty())
    return Finding::good("the API changed: " + changed.begin()->first + ": " + changed.begin()->second);
  if (!transport.has_keys()) return Finding::good("no keys are configured");
  return Finding::good(trader.view().problem);
}

// The last time Telegram answered us or delivered something.
std::optional<tgkit::TimePoint> Application::Parts::last_contact() const {
  const tgkit::bot::Webhook* webhook = bot.webhook();
  if (webhook == nullptr) return bot.poller().view().last_round;
  return std::max(webhook->view().last_request, webhook->registration().last_look);
}

// That single deliveries failed is shown and logged but does not take the bot out of service: a balancer would then
// send it nothing, and it could never get well again.
Finding Application::Parts::webhook_works(const tgkit::bot::RegistrationView& view) const {
  if (!view.registered)
    return Finding::bad("no updates are reaching us: the webhook is not registered, see the log" + what_stands());
  const auto silence = clock.now() - last_contact().value_or(clock.now());
  if (silence > webhook_silent_after)
    return Finding::bad("Telegram has neither answered nor delivered for " + std::to_string(silence / 1s) + " s");
  if (view.trouble.empty()) return Finding::good();
  return Finding::good("Telegram could not deliver: " + view.trouble +
                       "; waiting there: " + std::to_string(view.pending));
}

// Judged by the last round trip that was completed, too: a poller that is held up says nothing by itself.
Finding Application::Parts::updates_reach_us() const {
  if (bot.webhook() != nullptr) return webhook_works(bot.webhook()->registration());
  const tgkit::bot::PollerView& view = bot.poller().view();
  if (!view.ready) return Finding::bad("no updates are reaching us: see the log" + what_stands());
  const auto silence = clock.now() - view.last_round.value_or(clock.now());
  if (silence <= deaf_after) return Finding::good();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(silence).count();
  return Finding::bad("getUpdates has not come back for " + std::to_string(seconds) + " s");
}

void Application::Parts::measure_store_age() {
  tgkit::ops::Gauge& age = metrics.gauge("tgkit_store_age_seconds");
  age.set(-1);
  metrics.before_scrape([this, &age] {
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(clock.wall().time_since_epoch()).count();
    if (store.born() != 0) age.set(static_cast<double>(now - store.born()));
  });
}

void Application::Parts::add_services() {
  lifecycle.add(endpoints);
  lifecycle.add(bot.store_service());
  lifecycle.add(ledger);
  lifecycle.add(market_connections);
  lifecycle.add(telegram_connections);
  for (tgkit::ops::Service* service : bot.services()) {
    if (service->name() == "jobs") {
      lifecycle.add(notices, {60s, 10s});
      lifecycle.add(trader, {60s, 10s});  // so it stops before the entry does
    }
    lifecycle.add(*service, {60s, 10s});
  }
  lifecycle.add(admin_socket);
  lifecycle.add(checks);
}

Application::Application(boost::asio::io_context& io, tgkit::ops::Log& log, Config config)
    : parts_(std::make_unique<Parts>(io, log, std::move(config))) {}

Application::~Application() = default;

int Application::run() {
  const Config& config = parts_->config;
  parts_->log.info("dmarket-bot", Field("version", version), Field("dry_run", config.dry_run),
                   Field("exchange_keys", parts_->transport.has_keys()), Field("data_dir", config.data_dir));
  if (config.nobody_allowed()) {
    parts_->log.warn(
        "nobody may use the bot: set ALLOWED_USERS or ADMIN_USERS; the bot tells whoever writes to it privately their "
        "number, once");
  }
  const int code = tgkit::ops::run_to_end(parts_->io, parts_->lifecycle, parts_->log);
  if (code == tgkit::ops::exit_code::token_refused) {
    parts_->log.error("check TELEGRAM_BOT_TOKEN: @BotFather shows the present token with /mybots");
  }
  if (code == tgkit::ops::exit_code::unusable_database) advise_about_database(parts_->log);
  return code;
}

}  // namespace app
