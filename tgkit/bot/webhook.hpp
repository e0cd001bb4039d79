#pragma once
// THE ENTRY for webhooks: Telegram hands over one update per request, and is answered 200 when it is written down in
// the inbox. What comes twice is recognised, what cannot be read is set aside, and when nothing can be taken the answer
// comes late and is then 503: what waits does so at Telegram, not in memory.
#include "tgkit/async/clock.hpp"
#include "tgkit/async/task_group.hpp"
#include "tgkit/bot/dispatcher.hpp"
#include "tgkit/bot/intake.hpp"
#include "tgkit/bot/outbox.hpp"
#include "tgkit/bot/webhook_decisions.hpp"
#include "tgkit/bot/webhook_registration.hpp"
#include "tgkit/net/network.hpp"
#include "tgkit/net/server.hpp"
#include "tgkit/ops/log.hpp"
#include "tgkit/ops/metrics.hpp"
#include "tgkit/ops/service.hpp"
#include "tgkit/ops/turned_away.hpp"
#include "tgkit/storage/store.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tgkit::bot {

struct WebhookSettings {
  WebhookWish wish;    // allowed_updates is filled in from the routes when empty
  net::Secret secret;  // empty: made, and kept in the store
  std::string host = "127.0.0.1";
  std::uint16_t port = 8443;                       // 0: any free one
  std::string path = "/";                          // without the query
  std::string tls_certificate_file, tls_key_file;  // empty: plain HTTP, behind a proxy
  std::vector<net::Network> allowed;               // empty: every address
  std::vector<net::Network> trusted_proxies;       // whose X-Forwarded-For is believed
  bool remove_at_stop = false;                     // or Telegram goes on delivering to whatever is there next
  std::size_t max_body = 1u << 20;                 // Telegram's updates have at most 512 KiB
  Duration patience = std::chrono::seconds{20};    // how late an answer may be; Telegram waits for 60 s
  std::chrono::seconds retry_after{5};             // what a 503 asks for
  Duration grace = std::chrono::seconds{8};        // at a stop, for requests under way
  WebhookPauses pauses;
  OwnershipSettings ownership;
};

// Beside that of the registration and of the intake, for health: observed, never assumed.
struct WebhookView {
  bool listening = false;
  std::optional<TimePoint> last_request;  // that had the secret
};

class Webhook final : public ops::Service {
 public:
  // `key` and `take_pending`: see WebhookRegistration::Settings.
  Webhook(Executor executor, Clock& clock, ops::Log& log, ops::Metrics& metrics, storage::Store& store,
          Dispatcher& dispatcher, Outbox& outbox, Intake& intake, WebhookRegistration::Call call, net::Secret key,
          WebhookRegistration::TakePending take_pending, WebhookSettings settings);
  ~Webhook() override;

  std::string_view name() const override { return "webhook"; }
  void supervise(Failed failed) override { failed_ = std::move(failed); }
  // Listens first, then registers.
  Task<> start() override;
  // Takes no new requests; those under way are answered. Telegram is told nothing, unless remove_at_stop is set: it
  // tries again until the next instance is there.
  void limit_stop(Duration limit) override;
  Task<> stop() override;

  const WebhookView& view() const noexcept { return view_; }
  const RegistrationView& registration() const noexcept { return registration_.view(); }
  Ownership& ownership() noexcept { return registration_.ownership(); }
  const Ownership& ownership() const noexcept { return registration_.ownership(); }
  std::uint16_t port() const noexcept;  // the bound one, once started

 private:
  struct Counters;

  net::ServerSettings server_settings();
  void expect_pending(std::int64_t count);
  void listen();
  Task<net::ServerResponse> answer(net::ServerRequest request);
  Task<WebhookOutcome> take(const net::ServerRequest& request);
  Task<bool> room();
  Task<> all_room();
  net::ServerResponse response(WebhookOutcome outcome) const;
  void refused(WebhookOutcome outcome, const net::ServerRequest& request);
  void say(WebhookOutcome outcome, std::string_view address, std::string_view reason);

  Executor executor_;
  Clock& clock_;
  ops::Log& log_;
  storage::Store& store_;
  Dispatcher& dispatcher_;
  Outbox& outbox_;
  Intake& intake_;
  WebhookSettings settings_;
  WebhookRegistration registration_;
  WebhookDoor door_;
  std::unique_ptr<Counters> counters_;
  ops::TurnedAwayConnections turned_away_;
  std::unique_ptr<net::HttpServer> server_;
  TaskGroup watch_;
  Failed failed_;
  WebhookView view_;
  Clock::Timer pending_over_;
  std::array<std::optional<TimePoint>, webhook_outcomes> said_;
  bool stopping_ = false;
};

}  // namespace tgkit::bot
