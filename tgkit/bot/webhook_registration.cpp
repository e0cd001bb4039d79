#include "tgkit/bot/webhook_registration.hpp"

#include "tgkit/async/timeout.hpp"
#include "tgkit/bot/store_identity.hpp"
#include "tgkit/ops/exit_codes.hpp"
#include "tgkit/ops/service.hpp"
#include "tgkit/telegram/calls/bot.hpp"
#include "tgkit/telegram/calls/updates.hpp"
#include "tgkit/telegram/json.hpp"
#include "tgkit/telegram/types/update.hpp"

#include <algorithm>

namespace tgkit::bot {

namespace {

// In the store, by the webhook's address.
constexpr const char* secret_record = "webhook_secret";
constexpr const char* registration_record = "webhook_registration";

// An answer that the same call would meet again.
bool is_refusal(const telegram::Error& error) {
  return error.kind() == telegram::Error::Kind::answered && !error.retryable() && !error.is_conflict();
}

telegram::WebhookInfo read_info(const std::string& json) {
  try {
    return telegram::from_json<telegram::WebhookInfo>(json);
  } catch (const telegram::ParseError& error) {
    telegram::Error::Details details;
    details.kind = telegram::Error::Kind::bad_body;
    details.method = "getWebhookInfo";
    details.description = error.what();
    throw telegram::Error(std::move(details));
  }
}

// Telegram takes one change a second and asks for a second of patience.
telegram::CallOptions patient() {
  telegram::CallOptions options;
  options.wait_at_most = std::chrono::seconds{3};
  return options;
}

double in_seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

struct WebhookRegistration::Gauges {
  explicit Gauges(ops::Metrics& metrics)
      : registered(metrics.gauge("tgkit_webhook_registered")),
        pending(metrics.gauge("tgkit_webhook_pending_updates")),
        last_error(metrics.gauge("tgkit_webhook_last_error_timestamp_seconds")),
        registrations(metrics.counter("tgkit_webhook_registrations_total")) {}
  ops::Gauge &registered, &pending, &last_error;
  ops::Counter& registrations;
};

WebhookRegistration::WebhookRegistration(Clock& clock, ops::Log& log, ops::Metrics& metrics, storage::Store& store,
                                         Call call, Settings settings)
    : clock_(clock),
      log_(log),
      store_(store),
      call_(std::move(call)),
      settings_(std::move(settings)),
      gauges_(std::make_unique<Gauges>(metrics)),
      trouble_(settings_.pauses.trouble),
      lost_(settings_.pauses.lost),
      ownership_(settings_.ownership),
      comeback_(settings_.pauses.comeback) {}

WebhookRegistration::~WebhookRegistration() = default;

Task<> WebhookRegistration::load() {
  settings_.wish.instance = co_await identity_of(store_);
  if (!settings_.secret.empty()) co_return;
  std::string kept = co_await recall(secret_record);
  if (kept.empty()) {
    settings_.secret = make_webhook_secret();
    co_await keep(secret_record, settings_.secret.reveal());
  } else {
    settings_.secret = net::Secret(std::move(kept));
  }
}

Task<> WebhookRegistration::begin() {
  std::optional<telegram::Error> failure;
  try {
    co_await look();
  } catch (const telegram::Error& error) {
    failure = error;
  }
  if (!failure) co_return;
  if (!failure->is_unauthorized() && is_refusal(*failure))
    throw ops::StartError(ops::exit_code::start_failed, "Telegram refuses the webhook: " + failure->description() +
                                                            "; check its address, its certificate and its secret");
  co_await heed(*failure);
}

Task<> WebhookRegistration::ask_name() {
  telegram::Request question = telegram::GetMe().request();
  telegram::CallOptions options;
  co_await call_(std::move(question), std::move(options));
}

// What may pass by itself is waited out.
Task<> WebhookRegistration::heed(const telegram::Error& failure) {
  if (failure.is_unauthorized()) {
    TokenProof proof;
    proof.ask = [this] { return ask_name(); };
    const bool refused = co_await token_is_refused(clock_, proof);
    if (refused) {
      become(false);
      log_.error("Telegram refuses the bot's token", ops::Field("reason", failure.what()));
      throw ops::StartError(ops::exit_code::token_refused,
                            std::string("Telegram does not know this bot's token: ") + failure.what());
    }
  }
  step_back(failure);
}

Task<> WebhookRegistration::watch() {
  while (true) {
    co_await next_look();
    std::optional<telegram::Error> failure;
    std::string store_failure;
    try {
      co_await look();
    } catch (const telegram::Error& error) {
      failure = error;
    } catch (const storage::StorageError& error) {
      store_failure = error.what();
    }
    if (failure) co_await heed(*failure);
    if (!store_failure.empty()) {
      pause_ = trouble_.next();
      log_.error("the webhook's registration cannot be noted; trying again", ops::Field("reason", store_failure));
    }
  }
}

Task<> WebhookRegistration::next_look() {
  try {
    co_await with_timeout(clock_, pause_, look_soon_.wait());
  } catch (const TimedOut&) {
  }
}

// Strangers can make us ask, but not often.
void WebhookRegistration::suspect(bool proven) {
  const TimePoint now = clock_.now();
  const bool may_be_late = last_set_ && now - *last_set_ < settings_.pauses.late;
  if (proven && !may_be_late && !yielded_)
    yield("Telegram delivers to another instance of this bot: another store's id is in the webhook's address");
  if (!view_.last_look || now - *view_.last_look >= settings_.pauses.comeback.look) look_soon_.set();
}

void WebhookRegistration::delivered() {
  doubted_ = false;
  ownership_.reached(clock_.now());
}

// What Telegram has been told stays valid while it cannot be asked: updates may well come.
void WebhookRegistration::step_back(const telegram::Error& error) {
  pause_ = std::max<Duration>(trouble_.next(), error.retry_after().value_or(std::chrono::seconds{0}));
  log_.warn(view_.registered ? "Telegram cannot be asked about the webhook; asking again"
                             : "the webhook is not registered; trying again",
            ops::Field("pause", in_seconds(pause_)), ops::Field("reason", error.what()));
}

Task<> WebhookRegistration::look() {
  telegram::Request question = telegram::GetWebhookInfo().request();
  telegram::CallOptions options;
  const std::string answer = co_await call_(std::move(question), std::move(options));
  const telegram::WebhookInfo info = read_info(answer);
  const std::int64_t error_before = known_error_;
  view_.last_look = clock_.now();
  ownership_.reached(clock_.now());
  view_.pending = info.pending_update_count;
  gauges_->pending.set(static_cast<double>(info.pending_update_count));
  pause_ = settings_.pauses.look;
  if (settled_) {
    observe(info);
    co_await act_on(info, error_before);
  } else {
    known_error_ = info.last_error_date.value_or(0);  // of an earlier run
    co_await settle(info);
  }
  trouble_.reset();
}

// The first time: what Telegram has is compared with all that we want.
Task<> WebhookRegistration::settle(const telegram::WebhookInfo& info) {
  const std::string wanted = webhook_fingerprint(settings_.secret, settings_.wish.certificate, settings_.key);
  const std::string registered = co_await recall(registration_record);
  const std::string_view reason = why_register(info, settings_.wish, registered, wanted);
  if (info.pending_update_count > 0) co_await see_to_pending(info);
  if (!reason.empty()) co_await set(reason);
  settled_ = true;
  if (reason.empty()) log_.info("the webhook is registered already");
  enter();
}

void WebhookRegistration::enter() {
  yielded_ = false;
  become(true);
  ownership_.entered(clock_.now(), comeback_.on_probation(clock_.now()));
}

Task<> WebhookRegistration::see_to_pending(const telegram::WebhookInfo& info) {
  const std::int64_t count = info.pending_update_count;
  log_.info("updates wait at Telegram", ops::Field("updates", count));
  if (is_same_address(info.url, settings_.wish) || !settings_.take_pending) {
    if (settings_.on_pending) settings_.on_pending(count);
    co_return;
  }
  if (!info.url.empty()) {
    telegram::Request removal = telegram::DeleteWebhook().request();
    const telegram::CallOptions options = patient();
    co_await call_(std::move(removal), options);
  }
  co_await settings_.take_pending(count);
}

Task<> WebhookRegistration::act_on(const telegram::WebhookInfo& info, std::int64_t known_error) {
  const TimePoint now = clock_.now();
  const WebhookStanding found = standing(info, settings_.wish, known_error);
  if (is_ours_again(found)) {
    if (last_loss_ && now - *last_loss_ >= settings_.pauses.quiet) lost_.reset();
    if (yielded_) log_.info("the webhook is ours again");
    enter();
    co_return;
  }
  last_loss_ = now;
  if (found != WebhookStanding::gone) {
    co_await stand_by(info, found);
    co_return;
  }
  pause_ = lost_.next();
  become(false);
  co_await set("it was removed");
  enter();
}

// Telegram tells of a refusal once; that it says no more does not mean that it has our secret again.
bool WebhookRegistration::is_ours_again(WebhookStanding found) {
  if (found == WebhookStanding::other_secret) doubted_ = true;
  return found == WebhookStanding::ours && !doubted_;
}

// While another instance has the updates. What waits and stays shows that it is not there (any more).
Task<> WebhookRegistration::stand_by(const telegram::WebhookInfo& info, WebhookStanding found) {
  const bool is_new = !yielded_;
  if (is_new)
    yield(found == WebhookStanding::taken_over
              ? "another instance has registered its webhook for this bot"
              : "Telegram proves itself with another instance's secret: does a second bot run?");
  pause_ = comeback_.pause();
  if (!comeback_.looked(info.pending_update_count > 0, clock_.now())) co_return;
  co_await set("updates wait at Telegram and nobody takes them");
  enter();
}

void WebhookRegistration::yield(std::string cause) {
  yielded_ = true;
  become(false);
  comeback_.gave_way(clock_.now());
  log_.warn("stepping down, and looking whether updates wait that nobody takes", ops::Field("reason", cause));
  ownership_.step_down(std::move(cause));
}

// The note is taken back first: whatever a crash leaves, a note never vouches for a secret that Telegram does not have.
Task<> WebhookRegistration::set(std::string_view reason) {
  const WebhookWish& wish = settings_.wish;
  co_await keep(registration_record, "");
  telegram::SetWebhook call(registered_url(wish));
  call.secret_token(settings_.secret.reveal());
  call.max_connections(wish.max_connections);
  call.allowed_updates(wish.allowed_updates);
  if (!wish.ip_address.empty()) call.ip_address(wish.ip_address);
  if (!wish.certificate.empty()) call.certificate(telegram::InputFile::bytes(wish.certificate, "certificate.pem"));
  telegram::Request request = call.request();
  telegram::CallOptions options = patient();
  co_await call_(std::move(request), std::move(options));
  gauges_->registrations.increment();
  last_set_ = clock_.now();
  doubted_ = false;
  log_.info("webhook registered", ops::Field("because", reason), ops::Field("max_connections", wish.max_connections),
            ops::Field("certificate", !wish.certificate.empty()));
  co_await keep(registration_record, webhook_fingerprint(settings_.secret, wish.certificate, settings_.key));
}

// What Telegram says about deliveries that failed since the last look.
void WebhookRegistration::observe(const telegram::WebhookInfo& info) {
  const std::int64_t date = info.last_error_date.value_or(0);
  if (date <= known_error_) {
    view_.trouble.clear();
    return;
  }
  known_error_ = date;
  gauges_->last_error.set(static_cast<double>(date));
  const std::string reason = info.last_error_message.value_or("unknown");
  if (reason != view_.trouble)
    log_.warn("Telegram could not deliver updates", ops::Field("reason", reason),
              ops::Field("pending", info.pending_update_count));
  view_.trouble = reason;
}

Task<> WebhookRegistration::remove() {
  telegram::Request question = telegram::GetWebhookInfo().request();
  const telegram::CallOptions options = patient();
  const std::string answer = co_await call_(std::move(question), options);
  const telegram::WebhookInfo info = read_info(answer);
  if (info.url != registered_url(settings_.wish)) co_return;
  telegram::Request removal = telegram::DeleteWebhook().request();
  co_await call_(std::move(removal), options);
  become(false);
  log_.info("webhook removed");
}

void WebhookRegistration::become(bool registered) {
  view_.registered = registered;
  gauges_->registered.set(registered ? 1 : 0);
}

Task<std::string> WebhookRegistration::recall(std::string type) {
  storage::StateKey key;
  key.type = std::move(type);
  key.owner = settings_.wish.url;
  std::vector<storage::StateKey> keys(1, key);
  std::vector<std::optional<storage::StateRecord>> found = co_await store_.load(std::move(keys));
  co_return found.front() ? std::move(found.front()->value) : std::string();
}

Task<> WebhookRegistration::keep(std::string type, std::string value) {
  storage::StateWrite write;
  write.key.type = std::move(type);
  write.key.owner = settings_.wish.url;
  write.record.emplace();
  write.record->value = std::move(value);
  storage::Commit commit;
  commit.writes.push_back(std::move(write));
  co_await store_.commit(std::move(commit));
}

}  // namespace tgkit::bot
