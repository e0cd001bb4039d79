#include "tgkit/bot/bot.hpp"

#include "tgkit/async/backoff.hpp"
#include "tgkit/async/task_group.hpp"
#include "tgkit/bot/command_menu.hpp"
#include "tgkit/bot/exception_type.hpp"
#include "tgkit/bot/token_proof.hpp"
#include "tgkit/ops/exit_codes.hpp"
#include "tgkit/telegram/api.hpp"
#include "tgkit/telegram/calls/bot.hpp"
#include "tgkit/telegram/calls/updates.hpp"
#include "tgkit/telegram/types/bot.hpp"
#include "tgkit/telegram/types/update.hpp"
#include "tgkit/telegram/types/user.hpp"

#include <algorithm>

namespace tgkit::bot {

namespace {

const Texts english;

class StoreService final : public ops::Service {
 public:
  explicit StoreService(storage::Store& store) : store_(store) {}
  std::string_view name() const override { return "store"; }
  Task<> start() override {
    try {
      unfinished = co_await store_.open();
    } catch (const storage::NewerStore& error) {
      throw ops::StartError(ops::exit_code::newer_database, error.what());
    } catch (const storage::UnusableStore& error) {
      throw ops::StartError(ops::exit_code::unusable_database, error.what());
    }
  }
  Task<> stop() override { co_await store_.close(); }
  storage::Unfinished unfinished;

 private:
  storage::Store& store_;
};

// Hands over what an earlier run has left.
class InboxService final : public ops::Service {
 public:
  InboxService(storage::Unfinished& unfinished, Dispatcher& dispatcher, Outbox& outbox, Jobs& jobs, ops::Log& log)
      : unfinished_(unfinished), dispatcher_(dispatcher), outbox_(outbox), jobs_(jobs), log_(log) {}
  std::string_view name() const override { return "inbox"; }
  Task<> start() override {
    if (!unfinished_.updates.empty() || !unfinished_.messages.empty())
      log_.info("finishing what an earlier run has left", ops::Field("updates", unfinished_.updates.size()),
                ops::Field("messages", unfinished_.messages.size()));
    outbox_.resume(std::move(unfinished_.messages));
    jobs_.resume(std::move(unfinished_.timers));  // before a handler sets or cancels one of them
    co_await dispatcher_.resume(std::move(unfinished_.updates));
  }
  Task<> stop() override { co_return; }

 private:
  storage::Unfinished& unfinished_;
  Dispatcher& dispatcher_;
  Outbox& outbox_;
  Jobs& jobs_;
  ops::Log& log_;
};

// Who we are, and, unless there is a webhook, that updates come to us by polling.
class Introduction final : public ops::Service {
 public:
  Introduction(Executor executor, Environment& environment, const Router& router, const BotSettings& settings,
               Intake& intake)
      : environment_(environment), settings_(settings), intake_(intake), menu_(executor, environment, router) {}
  std::string_view name() const override { return "bot"; }
  Task<> start() override;
  Task<> stop() override { return menu_.stop(); }

 private:
  // Again and again while Telegram cannot be reached or asks for patience; each step may be repeated.
  Task<> insist(Task<> (Introduction::*step)());
  Task<> learn_name();
  Task<> prove_token(std::string_view refusal);
  Task<> take_over_updates();

  Environment& environment_;
  const BotSettings& settings_;
  Intake& intake_;
  CommandMenu menu_;
};

Task<> Introduction::start() {
  co_await insist(&Introduction::learn_name);
  if (!settings_.webhook) co_await insist(&Introduction::take_over_updates);
  if (settings_.publish_commands) menu_.publish();
}

Task<> Introduction::insist(Task<> (Introduction::*step)()) {
  Backoff backoff(Backoff::Settings{std::chrono::milliseconds{200}, std::chrono::seconds{5}});
  while (true) {
    std::string trouble;
    Duration asked{0};
    bool unknown_token = false;
    try {
      co_await (this->*step)();
      co_return;
    } catch (const telegram::Error& error) {
      unknown_token = error.is_unauthorized();
      if (!unknown_token && !error.retryable()) throw;
      trouble = error.what();
      asked = error.retry_after().value_or(std::chrono::seconds{0});
    }
    if (unknown_token) co_await prove_token(trouble);
    environment_.log->warn("Telegram cannot be reached; trying again", ops::Field("reason", trouble));
    co_await environment_.clock->sleep_for(std::max(asked, backoff.next()));
  }
}

// Returns when it is not proven that Telegram does not know it.
Task<> Introduction::prove_token(std::string_view refusal) {
  const std::string reason(refusal);
  const bool refused = co_await token_is_refused(*environment_.clock, settings_.poller.token);
  if (refused)
    throw ops::StartError(ops::exit_code::token_refused, "Telegram does not know this bot's token: " + reason);
}

Task<> Introduction::learn_name() {
  const telegram::User me = co_await environment_.api->get_me();
  environment_.matching.id = me.id;
  environment_.matching.username = me.username.value_or("");
  environment_.log->info("bot", ops::Field("id", me.id), ops::Field("username", environment_.matching.username));
}

Task<> Introduction::take_over_updates() {
  const telegram::WebhookInfo webhook = co_await environment_.api->get_webhook_info();
  if (!webhook.url.empty()) {
    environment_.log->warn("a webhook was set; it is removed, since this bot polls");
    co_await environment_.api->delete_webhook();
  }
  if (webhook.pending_update_count > 0)
    environment_.log->info("updates wait at Telegram", ops::Field("updates", webhook.pending_update_count),
                           ops::Field("policy", to_text(settings_.pending)));
  intake_.pending().found(webhook.pending_update_count);
}

// The routes are checked and closed before anything refers to them.
Router sealed(Router router, const Services& services) {
  router.seal(services);
  return router;
}

PollerSettings entry_settings(PollerSettings settings, const BotSettings& all, const Router& router) {
  if (settings.allowed_updates.empty()) settings.allowed_updates = router.allowed_updates();
  settings.ownership = all.ownership;
  return settings;
}

Task<> ask_name(telegram::Client& client) {
  telegram::Request question = telegram::GetMe().request();
  telegram::CallOptions options;
  co_await client.call(std::move(question), std::move(options));
}

BotSettings with_proof(BotSettings settings, telegram::Client& client) {
  if (!settings.poller.token.ask) settings.poller.token.ask = [&client] { return ask_name(client); };
  return settings;
}

WebhookSettings entry_settings(WebhookSettings settings, const BotSettings& all, const Router& router) {
  if (settings.wish.allowed_updates.empty()) settings.wish.allowed_updates = router.allowed_updates();
  settings.ownership = all.ownership;
  return settings;
}

Task<AtTelegram> look_beside(telegram::Api& api) {
  const telegram::WebhookInfo info = co_await api.get_webhook_info();
  co_return AtTelegram{!info.url.empty(), info.pending_update_count > 0};
}

Task<> remove_webhook(telegram::Api& api) { co_await api.delete_webhook(); }

}  // namespace

struct Bot::Impl {
  Impl(Executor executor, telegram::Client& client, storage::Store& store, Clock& clock, ops::Log& log,
       ops::Metrics& metrics, Router router_, Services services_, BotSettings settings_)
      : settings(with_proof(std::move(settings_), client)),
        api(client),
        services(with_own(std::move(services_))),
        router(sealed(std::move(router_), services)),
        tasks(executor,
              [&log](const std::exception_ptr& error) {
                log.error("a task that a handler had spawned ended by an error",
                          ops::Field("error", exception_type(error)));
              }),
        environment(shared(store, clock, log)),
        outbox(
            executor, clock, log, store, metrics,
            [&client](telegram::Request request, telegram::CallOptions options) {
              return client.call(std::move(request), std::move(options));
            },
            settings.outbox),
        broadcasts(executor, clock, log, store, metrics, outbox, settings.broadcasts),
        dispatcher(executor, environment, router, outbox, metrics, settings.dispatcher),
        jobs(executor, environment, outbox, metrics, std::move(settings.jobs), settings.running_jobs),
        intake(clock, log, metrics, store, dispatcher, settings.pending),
        poller(
            executor, clock, log, metrics, store, dispatcher, outbox, intake,
            [&client](telegram::PollRequest poll) { return client.get_updates_raw(std::move(poll)); },
            {[this] { return look_beside(api); }, [this] { return remove_webhook(api); }},
            entry_settings(settings.poller, settings, router)),
        store_service(store),
        introduction(executor, environment, router, settings, intake),
        offset(poller),
        inbox(store_service.unfinished, dispatcher, outbox, jobs, log) {
    environment.jobs = &jobs;
    if (!settings.webhook) {
      watch_ownership();
      return;
    }
    webhook = std::make_unique<Webhook>(
        executor, clock, log, metrics, store, dispatcher, outbox, intake,
        [&client](telegram::Request request, telegram::CallOptions options) {
          return client.call(std::move(request), std::move(options));
        },
        settings.callback_secret, take_pending(), entry_settings(*settings.webhook, settings, router));
    watch_ownership();
  }

  Ownership& ownership() { return webhook ? webhook->ownership() : poller.ownership(); }

  // Who has stepped down says nothing unasked; answers leave.
  void watch_ownership() {
    ownership().on_change([this] {
      outbox.hold_unasked(ownership().stepped_down());
      if (settings.ownership.on_change) settings.ownership.on_change();
    });
  }

  // What handlers may use of ours, too.
  Services with_own(Services all) {
    all.add(broadcasts);
    all.add(jobs);
    return all;
  }

  // Before a webhook is registered, what waits at Telegram can be taken by polling only.
  WebhookRegistration::TakePending take_pending() {
    if (settings.pending.what == Pending::keep) return nullptr;
    return [this](std::int64_t count) {
      intake.pending().found(count);
      return poller.take_pending();
    };
  }

  Environment shared(storage::Store& store, Clock& clock, ops::Log& log) {
    Environment all;
    all.api = &api;
    all.clock = &clock;
    all.log = &log;
    all.store = &store;
    all.locks = &locks;
    all.tasks = &tasks;
    all.services = &services;
    all.texts = settings.texts ? settings.texts : &english;
    all.matching.key = CallbackKey(settings.callback_secret);
    all.matching.roles = settings.roles;
    return all;
  }

  BotSettings settings;
  telegram::Api api;
  Services services;
  Router router;
  StateLocks locks;
  TaskGroup tasks;
  Environment environment;
  Outbox outbox;
  Broadcasts broadcasts;
  Dispatcher dispatcher;
  Jobs jobs;
  Intake intake;
  Poller poller;
  std::unique_ptr<Webhook> webhook;
  StoreService store_service;
  Introduction introduction;
  OffsetConfirmation offset;
  InboxService inbox;
};

Bot::Bot(Executor executor, telegram::Client& client, storage::Store& store, Clock& clock, ops::Log& log,
         ops::Metrics& metrics, Router router, Services services, BotSettings settings)
    : impl_(std::make_unique<Impl>(executor, client, store, clock, log, metrics, std::move(router), std::move(services),
                                   std::move(settings))) {}

Bot::~Bot() = default;

ops::Service& Bot::store_service() { return impl_->store_service; }

std::vector<ops::Service*> Bot::services() {
  Impl& all = *impl_;
  if (all.webhook)
    return {&all.introduction, &all.outbox, &all.broadcasts, &all.dispatcher, &all.inbox, all.webhook.get(), &all.jobs};
  return {&all.introduction, &all.offset, &all.outbox, &all.broadcasts,
          &all.dispatcher,   &all.inbox,  &all.poller, &all.jobs};
}

void Bot::take(telegram::Update update, std::string_view json) { impl_->dispatcher.take(std::move(update), json); }
telegram::Api& Bot::api() { return impl_->api; }
const Router& Bot::router() const { return impl_->router; }
const Poller& Bot::poller() const { return impl_->poller; }
const Webhook* Bot::webhook() const { return impl_->webhook.get(); }
const Ownership& Bot::ownership() const { return impl_->ownership(); }
Outbox& Bot::outbox() { return impl_->outbox; }
const Outbox& Bot::outbox() const { return impl_->outbox; }
Jobs& Bot::jobs() { return impl_->jobs; }
Broadcasts& Bot::broadcasts() { return impl_->broadcasts; }
const Dispatcher& Bot::dispatcher() const { return impl_->dispatcher; }
const std::string& Bot::username() const { return impl_->environment.matching.username; }

}  // namespace tgkit::bot
