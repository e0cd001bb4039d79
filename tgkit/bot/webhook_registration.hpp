#pragma once
// The webhook as Telegram knows it: registered when what Telegram has is not what we want, looked at from time to time,
// registered again when it was lost. Another instance that has taken over, with another address, another instance's id
// or another secret, is yielded to until updates pile up at Telegram.
//
// Telegram shows neither the secret nor the certificate: that they are the present ones is noted in the store.
#include "tgkit/async/backoff.hpp"
#include "tgkit/async/clock.hpp"
#include "tgkit/async/event.hpp"
#include "tgkit/bot/ownership.hpp"
#include "tgkit/bot/token_proof.hpp"
#include "tgkit/bot/webhook_decisions.hpp"
#include "tgkit/net/secret.hpp"
#include "tgkit/ops/log.hpp"
#include "tgkit/ops/metrics.hpp"
#include "tgkit/storage/store.hpp"
#include "tgkit/telegram/call_options.hpp"
#include "tgkit/telegram/error.hpp"
#include "tgkit/telegram/request.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tgkit::bot {

struct WebhookPauses {
  Duration look = std::chrono::minutes{1};  // between two looks at getWebhookInfo
  Backoff::Settings trouble{std::chrono::seconds{1}, std::chrono::seconds{30}, std::chrono::milliseconds{200}};
  // Between registrations that do not last.
  Backoff::Settings lost{std::chrono::seconds{10}, std::chrono::minutes{10}, std::chrono::seconds{3}};
  Duration quiet = std::chrono::minutes{10};  // without a loss: the pauses start short again
  ComebackSettings comeback;                  // of looks while another instance has taken over
  Duration late = std::chrono::minutes{1};    // deliveries to whom was registered before us may come for so long
};

// What is known of the registration, for health: observed, never assumed.
struct RegistrationView {
  bool registered = false;
  std::optional<TimePoint> last_look;  // when getWebhookInfo last came back
  std::int64_t pending = 0;            // updates that wait at Telegram
  std::string trouble;                 // why Telegram lately could not deliver; empty: it could
};

class WebhookRegistration {
 public:
  // telegram::Client::call in a program, a script in a test.
  using Call = std::function<Task<std::string>(telegram::Request, telegram::CallOptions)>;

  // Takes so many updates from Telegram by polling and confirms them; no webhook is set then.
  using TakePending = std::function<Task<>(std::int64_t)>;

  struct Settings {
    WebhookWish wish;
    net::Secret secret;  // empty: one is made, and kept in the store for the next start
    net::Secret key;     // of the fingerprint; the bot's token will do
    // What waits at Telegram when no webhook is set, or another one, which is removed first. Empty: it is delivered to
    // the new one. What waits for a webhook that is ours already came during a restart, and is delivered in any case.
    TakePending take_pending;
    std::function<void(std::int64_t)> on_pending;  // told how many are left for the webhook at the start
    WebhookPauses pauses;
    OwnershipSettings ownership;
  };

  WebhookRegistration(Clock& clock, ops::Log& log, ops::Metrics& metrics, storage::Store& store, Call call,
                      Settings settings);
  ~WebhookRegistration();

  // Finds or makes the secret. First; throws storage::StorageError.
  Task<> load();
  const net::Secret& secret() const { return settings_.secret; }
  const std::string& instance() const { return settings_.wish.instance; }  // the store's id

  // Registers when needed. What may pass by itself is left to watch(); throws ops::StartError for what does not: a
  // token or an address that Telegram refuses.
  Task<> begin();
  // Looks again and again; never returns: to be cancelled. Throws ops::StartError when Telegram proves not to know the
  // token any more.
  Task<> watch();
  // Leaves no webhook registered, unless it is another instance's. Throws telegram::Error.
  Task<> remove();

  // An update came with our secret, and for us.
  void delivered();
  // Somebody proves himself with another secret, or (`proven`) with ours but for another instance: looks soon.
  void suspect(bool proven);

  const RegistrationView& view() const noexcept { return view_; }
  Ownership& ownership() noexcept { return ownership_; }
  const Ownership& ownership() const noexcept { return ownership_; }

 private:
  struct Gauges;

  Task<> look();
  Task<> ask_name();
  Task<> heed(const telegram::Error& failure);
  Task<> settle(const telegram::WebhookInfo& info);
  Task<> act_on(const telegram::WebhookInfo& info, std::int64_t known_error);
  Task<> set(std::string_view reason);
  Task<> see_to_pending(const telegram::WebhookInfo& info);
  Task<std::string> recall(std::string type);
  Task<> keep(std::string type, std::string value);
  void observe(const telegram::WebhookInfo& info);
  void become(bool registered);
  Task<> next_look();
  bool is_ours_again(WebhookStanding found);
  Task<> stand_by(const telegram::WebhookInfo& info, WebhookStanding found);
  void yield(std::string cause);
  void enter();
  void step_back(const telegram::Error& error);

  Clock& clock_;
  ops::Log& log_;
  storage::Store& store_;
  Call call_;
  Settings settings_;
  std::unique_ptr<Gauges> gauges_;
  Backoff trouble_, lost_;
  Ownership ownership_;
  Comeback comeback_;
  tgkit::Event look_soon_{tgkit::Event::Reset::automatic};
  RegistrationView view_;
  Duration pause_{0};     // before the next look
  bool settled_ = false;  // what Telegram has was once what we want
  bool yielded_ = false;  // to another instance
  bool doubted_ = false;  // our secret: Telegram was refused, and has not delivered since
  std::optional<TimePoint> last_loss_, last_set_;
  std::int64_t known_error_ = 0;  // the latest last_error_date seen
};

}  // namespace tgkit::bot
