#pragma once
// What the webhook decides, without waiting, asking or reading a clock: who may hand over updates, how a request is
// answered, and whether the registration with Telegram has to be made anew.
#include "tgkit/net/network.hpp"
#include "tgkit/net/secret.hpp"
#include "tgkit/net/server.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tgkit::telegram {
struct WebhookInfo;
}

namespace tgkit::bot {

// ---- Requests

// How a request ended: the label of tgkit_webhook_requests_total.
enum class WebhookOutcome {
  taken,         // new, and in the inbox
  duplicate,     // known already: Telegram repeats what it had no answer to
  unreadable,    // set aside; answered like the others, or Telegram would send it again and again for a day
  busy,          // nothing could be taken in the time an answer may take
  store,         // it could not be written down
  empty,         // no body: a proxy has lost it
  forbidden,     // the address is not on the list
  not_found,     // another path
  wrong_method,  // not POST
  unauthorized,  // without the secret
  foreign,       // with the secret, for another instance: Telegram is to try again until that one gets it
};
inline constexpr std::size_t webhook_outcomes = 11;
std::string_view to_text(WebhookOutcome outcome);
int status_of(WebhookOutcome outcome);  // of HTTP

// Who may hand over updates.
struct WebhookDoor {
  std::string path;
  net::Secret secret;
  std::vector<net::Network> allowed;          // empty: every address
  std::vector<net::Network> trusted_proxies;  // whose X-Forwarded-For is believed
  std::string instance;                       // see WebhookWish; what comes without one is taken: a proxy cuts queries
};

// Whether a connection from this address may come in at all. This machine's may, to be told why it is refused.
bool admits(const WebhookDoor& door, std::string_view address);

// `taken` when the request may come in. The body is not looked at; the secret is compared in constant time.
WebhookOutcome judge(const WebhookDoor& door, const net::ServerRequest& request);

// ---- Registration

// What Telegram is to know of us.
struct WebhookWish {
  std::string url;          // without the instance
  std::string instance;     // told to Telegram in the address's query, so that instances are told apart; empty: none
  std::string ip_address;   // empty: by the name
  std::string certificate;  // PEM, for Telegram to trust; empty: it trusts ours anyhow
  std::int64_t max_connections = 40;
  std::vector<std::string> allowed_updates;  // empty: Telegram's own choice
};

// What Telegram is told.
std::string registered_url(const WebhookWish& wish);
// The same address, whatever instance it was registered by.
bool is_same_address(std::string_view registered, const WebhookWish& wish);

// Why setWebhook has to be called, for the log; empty: what Telegram has is what we want. Telegram tells neither the
// secret nor which certificate it was given: `registered` is the fingerprint noted when we last registered, `wanted`
// that of the present ones.
std::string_view why_register(const telegram::WebhookInfo& info, const WebhookWish& wish, std::string_view registered,
                              std::string_view wanted);

// Of what getWebhookInfo does not show. Keyed, so that a weak secret cannot be guessed from it.
std::string webhook_fingerprint(const net::Secret& secret, std::string_view certificate, const net::Secret& key);

// 43 characters that Telegram takes as a secret token, from the system's random numbers.
net::Secret make_webhook_secret();

// What a later look at getWebhookInfo shows of a registration that was ours.
enum class WebhookStanding {
  ours,
  gone,          // removed by somebody, or given up by Telegram: registered again
  taken_over,    // another address or instance: another one instance has taken over, and is yielded to
  other_secret,  // Telegram is refused with 401: it uses another instance's secret
};
// Other settings under our address are left alone: they are those of an instance that was started after us.
// `known_error`: the last_error_date seen before; an error is news only beyond it, whatever the clocks say.
WebhookStanding standing(const telegram::WebhookInfo& info, const WebhookWish& wish, std::int64_t known_error);

}  // namespace tgkit::bot
