#pragma once
// A whole bot over what the program has already: client, store, clock, log, metrics. It is started and stopped by the
// lifecycle, as the services it consists of; `run.hpp` does all of that for small programs.
//
//   Bot bot(executor, client, store, clock, log, metrics, std::move(router), std::move(services), settings);
//   lifecycle.add(bot.store_service());
//   for (ops::Service* service : bot.services()) lifecycle.add(*service);
#include "tgkit/async/clock.hpp"
#include "tgkit/bot/broadcast.hpp"
#include "tgkit/bot/dispatcher.hpp"
#include "tgkit/bot/jobs.hpp"
#include "tgkit/bot/outbox.hpp"
#include "tgkit/bot/ownership.hpp"
#include "tgkit/bot/pending.hpp"
#include "tgkit/bot/poller.hpp"
#include "tgkit/bot/router.hpp"
#include "tgkit/bot/services.hpp"
#include "tgkit/bot/texts.hpp"
#include "tgkit/bot/webhook.hpp"
#include "tgkit/net/secret.hpp"
#include "tgkit/ops/log.hpp"
#include "tgkit/ops/metrics.hpp"
#include "tgkit/ops/service.hpp"
#include "tgkit/storage/store.hpp"
#include "tgkit/telegram/client.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tgkit::bot {

struct BotSettings {
  net::Secret callback_secret;              // signs buttons: the token will do; another one makes old buttons invalid
  std::function<Role(std::int64_t)> roles;  // empty: everybody is viewer
  const Texts* texts = nullptr;             // null: English; must outlive the bot
  PendingPolicy pending;                    // of what piled up at Telegram while the bot was away
  bool publish_commands = true;             // the menu, from the routes' help, in all their languages
  OwnershipSettings ownership;              // of the entry, whichever it is
  PollerSettings poller;                    // allowed_updates is filled in from the routes when empty
  std::optional<WebhookSettings> webhook;   // Telegram delivers updates to it; without it, the bot polls
  DispatcherSettings dispatcher;
  OutboxSettings outbox;
  BroadcastSettings broadcasts;
  JobTable jobs;  // what runs at its time
  JobsSettings running_jobs;
};

class Bot {
 public:
  // Throws WiringError when the routes cannot work.
  Bot(Executor executor, telegram::Client& client, storage::Store& store, Clock& clock, ops::Log& log,
      ops::Metrics& metrics, Router router, Services services, BotSettings settings);
  ~Bot();
  Bot(const Bot&) = delete;
  Bot& operator=(const Bot&) = delete;

  // Opens and closes the store. To be started before services(); programs with other users of the store put those
  // between.
  ops::Service& store_service();
  // In start order: bot, offset, outbox, broadcasts, dispatcher, inbox, poller, jobs; with a webhook: bot, outbox,
  // broadcasts, dispatcher, inbox, webhook, jobs.
  std::vector<ops::Service*> services();

  // Of an update that was put into the inbox by other ways than the entries: it is handled like theirs.
  void take(telegram::Update update, std::string_view json);

  telegram::Api& api();
  const Router& router() const;
  const Poller& poller() const;        // stands still when there is a webhook
  const Webhook* webhook() const;      // null: the bot polls
  const Ownership& ownership() const;  // whether this instance is the one: see ownership.hpp
  Outbox& outbox();
  const Outbox& outbox() const;
  Jobs& jobs();              // handlers take it as Use<Jobs>
  Broadcasts& broadcasts();  // handlers take it as Use<Broadcasts>
  const Dispatcher& dispatcher() const;
  const std::string& username() const;  // once started

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tgkit::bot
