#include "tgkit/bot/webhook.hpp"

#include "tgkit/async/timeout.hpp"
#include "tgkit/bot/exception_type.hpp"
#include "tgkit/ops/exit_codes.hpp"

#include <algorithm>
#include <exception>

namespace tgkit::bot {

namespace {

// How often a request that waits for room looks whether the bot is being stopped.
constexpr std::chrono::seconds look_up{1};
// Between two log lines about requests of one kind that were not taken: anybody can send as many as they like.
constexpr std::chrono::minutes silence{1};
// More than Telegram opens, so that others do not keep it out.
constexpr std::size_t least_connections = 1024;
// Then Telegram gives a press up.
constexpr std::chrono::seconds press_waits{150};

WebhookRegistration::Settings registration_settings(const WebhookSettings& settings, net::Secret key,
                                                    WebhookRegistration::TakePending take_pending,
                                                    std::function<void(std::int64_t)> on_pending) {
  WebhookRegistration::Settings result;
  result.wish = settings.wish;
  result.secret = settings.secret;
  result.key = std::move(key);
  result.take_pending = std::move(take_pending);
  result.on_pending = std::move(on_pending);
  result.pauses = settings.pauses;
  result.ownership = settings.ownership;
  return result;
}

WebhookOutcome outcome_of(const Taken& taken) {
  if (taken.fresh > 0) return WebhookOutcome::taken;
  return taken.duplicates > 0 ? WebhookOutcome::duplicate : WebhookOutcome::unreadable;
}

}  // namespace

struct Webhook::Counters {
  explicit Counters(ops::Metrics& metrics) : seconds(metrics.histogram("tgkit_webhook_seconds")) {
    for (std::size_t i = 0; i < webhook_outcomes; ++i)
      requests[i] = &metrics.counter("tgkit_webhook_requests_total",
                                     ops::Labels("outcome", std::string(to_text(static_cast<WebhookOutcome>(i)))));
  }
  void count(WebhookOutcome outcome) { requests[static_cast<std::size_t>(outcome)]->increment(); }

  std::array<ops::Counter*, webhook_outcomes> requests{};
  ops::Histogram& seconds;
};

Webhook::Webhook(Executor executor, Clock& clock, ops::Log& log, ops::Metrics& metrics, storage::Store& store,
                 Dispatcher& dispatcher, Outbox& outbox, Intake& intake, WebhookRegistration::Call call,
                 net::Secret key, WebhookRegistration::TakePending take_pending, WebhookSettings settings)
    : executor_(executor),
      clock_(clock),
      log_(log),
      store_(store),
      dispatcher_(dispatcher),
      outbox_(outbox),
      intake_(intake),
      settings_(std::move(settings)),
      registration_(clock, log, metrics, store, std::move(call),
                    registration_settings(settings_, std::move(key), std::move(take_pending),
                                          [this](std::int64_t count) { expect_pending(count); })),
      door_{settings_.path, net::Secret(), settings_.allowed, settings_.trusted_proxies, {}},
      counters_(std::make_unique<Counters>(metrics)),
      turned_away_(clock, log, metrics, "webhook"),
      watch_(executor, [this](const std::exception_ptr& error) {
        if (failed_) failed_(error);
      }) {}

Webhook::~Webhook() = default;

std::uint16_t Webhook::port() const noexcept { return server_ ? server_->port() : 0; }

net::ServerSettings Webhook::server_settings() {
  net::ServerSettings server;
  server.host = settings_.host;
  server.port = settings_.port;
  server.max_body = settings_.max_body;
  server.max_connections = std::max(
      least_connections, 4 * static_cast<std::size_t>(std::max<std::int64_t>(settings_.wish.max_connections, 0)));
  server.max_per_address = server.max_connections / 4;  // and that is as many as Telegram opens, or more
  server.admits = [this](std::string_view address) { return admits(door_, address); };
  server.trusted = [this](std::string_view address) { return net::any_contains(door_.trusted_proxies, address); };
  server.on_turned_away = [this](net::TurnedAway reason, std::string_view address) {
    turned_away_.add(reason, address);
  };
  server.tls_certificate_file = settings_.tls_certificate_file;
  server.tls_key_file = settings_.tls_key_file;
  return server;
}

// They come among new ones and in no certain order: for as long as a press may wait at Telegram, so many presses are
// taken for old ones.
void Webhook::expect_pending(std::int64_t count) {
  intake_.pending().found_staying(count);
  pending_over_ = clock_.call_in(press_waits, [this] { intake_.pending().none_left(); });
}

void Webhook::listen() {
  net::ServerSettings settings = server_settings();
  settings.on_error = [this](const std::exception_ptr& error) {
    log_.error("a webhook request ended by an error", ops::Field("error", exception_type(error)));
  };
  // A stranger's body is not even read.
  settings.refuse_head = [this](const net::ServerRequest& head) {
    const WebhookOutcome outcome = judge(door_, head);
    if (outcome == WebhookOutcome::taken || outcome == WebhookOutcome::wrong_method) return 0;
    refused(outcome, head);
    return status_of(outcome);
  };
  server_ =
      std::make_unique<net::HttpServer>(executor_, clock_, std::move(settings),
                                        [this](net::ServerRequest request) { return answer(std::move(request)); });
  try {
    server_->listen();
  } catch (const std::exception& error) {
    throw ops::StartError(ops::exit_code::start_failed,
                          std::string(error.what()) + "; set the webhook's address and port to one that is free");
  }
  view_.listening = true;
  log_.info("webhook listens", ops::Field("host", settings_.host), ops::Field("port", server_->port()),
            ops::Field("tls", !settings_.tls_key_file.empty()));
}

Task<> Webhook::start() {
  co_await registration_.load();
  door_.secret = registration_.secret();
  door_.instance = registration_.instance();
  listen();
  std::exception_ptr failure;
  try {
    co_await registration_.begin();
  } catch (...) {
    failure = std::current_exception();
  }
  if (failure) {
    co_await server_->stop(Duration::zero());
    std::rethrow_exception(failure);
  }
  watch_.spawn(registration_.watch());
}

void Webhook::limit_stop(Duration limit) { settings_.grace = std::min(settings_.grace, ops::wait_within(limit)); }

Task<> Webhook::stop() {
  stopping_ = true;
  watch_.cancel();
  co_await watch_.join();
  std::string left;
  if (settings_.remove_at_stop) {
    try {
      co_await registration_.remove();
    } catch (const telegram::Error& error) {
      left = error.what();
    }
  }
  co_await server_->stop(settings_.grace);
  view_.listening = false;
  if (!left.empty()) throw std::runtime_error("the webhook stays registered: " + left);
}

Task<net::ServerResponse> Webhook::answer(net::ServerRequest request) {
  const TimePoint came = clock_.now();
  const WebhookOutcome verdict = judge(door_, request);
  if (verdict != WebhookOutcome::taken) {
    refused(verdict, request);
    co_return response(verdict);
  }
  view_.last_request = came;
  registration_.delivered();
  const WebhookOutcome outcome = co_await take(request);
  counters_->count(outcome);
  counters_->seconds.observe(std::chrono::duration<double>(clock_.now() - came).count());
  co_return response(outcome);
}

Task<WebhookOutcome> Webhook::take(const net::ServerRequest& request) {
  if (request.body.empty()) {
    say(WebhookOutcome::empty, request.peer, "it has the secret but no body: does a proxy drop bodies?");
    co_return WebhookOutcome::empty;
  }
  const bool has_room = co_await room();
  if (!has_room) {
    say(WebhookOutcome::busy, request.peer, "the bot is full or stopping: Telegram is asked to try again later");
    co_return WebhookOutcome::busy;
  }
  std::vector<telegram::RawUpdate> updates;
  std::vector<telegram::BadUpdate> bad;
  std::int64_t id = 0;
  if (telegram::read_update_id(request.body, id))
    updates.emplace_back(id, request.body);
  else
    bad.emplace_back(request.body, "a webhook request that holds no update");
  std::string store_failure;
  try {
    const Taken taken = co_await intake_.take(std::move(updates), std::move(bad));
    co_await store_.durable();
    co_return outcome_of(taken);
  } catch (const storage::StorageError& error) {
    store_failure = error.what();
  }
  say(WebhookOutcome::store, request.peer, store_failure);
  co_return WebhookOutcome::store;
}

// True: another update may be taken. It is waited for as long as an answer may take.
Task<bool> Webhook::room() {
  const TimePoint until = clock_.now() + settings_.patience;
  do {
    try {
      co_await with_timeout(clock_, std::min<Duration>(look_up, settings_.patience), all_room());
      co_return true;
    } catch (const TimedOut&) {
    }
  } while (!stopping_ && clock_.now() < until);
  co_return false;
}

Task<> Webhook::all_room() {
  co_await dispatcher_.room();
  co_await outbox_.room();
}

net::ServerResponse Webhook::response(WebhookOutcome outcome) const {
  const int status = status_of(outcome);
  net::ServerResponse response(status, status == 200 ? "" : std::string(to_text(outcome)) + "\n");
  if (status == 503) response.headers.add("Retry-After", std::to_string(settings_.retry_after.count()));
  if (status == 405) response.headers.add("Allow", "POST");
  return response;
}

void Webhook::refused(WebhookOutcome outcome, const net::ServerRequest& request) {
  counters_->count(outcome);
  const std::string client = net::client_address(request.peer, request.headers, door_.trusted_proxies);
  std::string_view reason = "refused";
  if (outcome == WebhookOutcome::forbidden && net::any_contains(door_.trusted_proxies, client))
    reason = "the proxy sends no X-Forwarded-For: who is behind it is not known";
  else if (outcome == WebhookOutcome::forbidden)
    reason = "the address is not on the list";
  else if (outcome == WebhookOutcome::unauthorized)
    reason = "the secret is missing or another one";
  else if (outcome == WebhookOutcome::foreign)
    reason = "it is for another instance of this bot";
  if (outcome == WebhookOutcome::unauthorized || outcome == WebhookOutcome::foreign)
    registration_.suspect(outcome == WebhookOutcome::foreign);
  say(outcome, client, reason);
}

void Webhook::say(WebhookOutcome outcome, std::string_view address, std::string_view reason) {
  std::optional<TimePoint>& said = said_[static_cast<std::size_t>(outcome)];
  if (said && clock_.now() - *said < silence) return;
  said = clock_.now();
  log_.warn("webhook request not taken", ops::Field("outcome", to_text(outcome)), ops::Field("from", address),
            ops::Field("reason", reason));
}

}  // namespace tgkit::bot
