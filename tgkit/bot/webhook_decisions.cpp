#include "tgkit/bot/webhook_decisions.hpp"

#include "tgkit/telegram/types/update.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <sodium.h>

namespace tgkit::bot {

namespace {

constexpr std::string_view secret_header = "X-Telegram-Bot-Api-Secret-Token";
constexpr std::int64_t telegrams_max_connections = 40;  // when setWebhook named none
constexpr std::size_t secret_bytes = 32;

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string base64(const unsigned char* data, std::size_t size) {
  constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string text(sodium_base64_encoded_len(size, variant), '\0');
  sodium_bin2base64(text.data(), text.size(), data, size, variant);
  text.pop_back();  // the terminating zero
  return text;
}

constexpr std::string_view instance_name = "instance=";

std::string_view instance_in(std::string_view query) {
  for (std::size_t begin = 0; begin < query.size();) {
    const std::size_t end = std::min(query.find('&', begin), query.size());
    const std::string_view part = query.substr(begin, end - begin);
    if (part.starts_with(instance_name)) return part.substr(instance_name.size());
    begin = end + 1;
  }
  return {};
}

bool same_kinds(std::vector<std::string> a, std::vector<std::string> b) {
  std::ranges::sort(a);
  std::ranges::sort(b);
  return a == b;
}

}  // namespace

std::string_view to_text(WebhookOutcome outcome) {
  constexpr std::array<std::string_view, webhook_outcomes> names = {
      "taken",     "duplicate", "unreadable",   "busy",         "store",  "empty",
      "forbidden", "not_found", "wrong_method", "unauthorized", "foreign"};
  return names[static_cast<std::size_t>(outcome)];
}

int status_of(WebhookOutcome outcome) {
  switch (outcome) {
    case WebhookOutcome::taken:
    case WebhookOutcome::duplicate:
    case WebhookOutcome::unreadable:
      return 200;
    case WebhookOutcome::busy:
    case WebhookOutcome::store:
    case WebhookOutcome::foreign:
      return 503;
    case WebhookOutcome::empty:
      return 400;
    case WebhookOutcome::forbidden:
      return 403;
    case WebhookOutcome::not_found:
      return 404;
    case WebhookOutcome::wrong_method:
      return 405;
    case WebhookOutcome::unauthorized:
      return 401;
  }
  return 500;
}

bool admits(const WebhookDoor& door, std::string_view address) {
  return door.allowed.empty() || net::is_loopback(address) || net::any_contains(door.allowed, address) ||
         net::any_contains(door.trusted_proxies, address);
}

WebhookOutcome judge(const WebhookDoor& door, const net::ServerRequest& request) {
  if (!door.allowed.empty()) {
    const std::string client = net::client_address(request.peer, request.headers, door.trusted_proxies);
    if (!net::any_contains(door.allowed, client)) return WebhookOutcome::forbidden;
  }
  if (request.path != door.path) return WebhookOutcome::not_found;
  if (request.method != "POST") return WebhookOutcome::wrong_method;
  const net::Secret given(std::string(request.headers.find(secret_header).value_or("")));
  if (given != door.secret) return WebhookOutcome::unauthorized;
  const std::string_view named = instance_in(request.query);
  return named.empty() || named == door.instance ? WebhookOutcome::taken : WebhookOutcome::foreign;
}

std::string registered_url(const WebhookWish& wish) {
  if (wish.instance.empty()) return wish.url;
  return wish.url + (wish.url.find('?') == std::string::npos ? "?" : "&") + std::string(instance_name) + wish.instance;
}

bool is_same_address(std::string_view registered, const WebhookWish& wish) {
  if (!registered.starts_with(wish.url)) return false;
  const std::string_view rest = registered.substr(wish.url.size());
  return rest.empty() || ((rest[0] == '?' || rest[0] == '&') && rest.substr(1).starts_with(instance_name));
}

std::string_view why_register(const telegram::WebhookInfo& info, const WebhookWish& wish, std::string_view registered,
                              std::string_view wanted) {
  if (info.url.empty()) return "none was registered";
  if (info.url != registered_url(wish))
    return is_same_address(info.url, wish) ? "another instance had registered" : "another address was registered";
  if (info.has_custom_certificate != !wish.certificate.empty()) return "the certificate has changed";
  if (registered != wanted) return "the secret or the certificate is another one";
  if (info.max_connections.value_or(telegrams_max_connections) != wish.max_connections)
    return "the number of connections has changed";
  if (!same_kinds(info.allowed_updates, wish.allowed_updates)) return "other kinds of updates are wanted";
  if (!wish.ip_address.empty() && info.ip_address.value_or("") != wish.ip_address) return "the address has changed";
  return {};
}

std::string webhook_fingerprint(const net::Secret& secret, std::string_view certificate, const net::Secret& key) {
  constexpr std::string_view purpose = "tgkit webhook registration";
  std::array<unsigned char, 32> hash{};
  crypto_generichash_state state;
  crypto_generichash_init(&state, bytes(purpose), purpose.size(), hash.size());
  for (const std::string_view part : {std::string_view(key.reveal()), std::string_view(secret.reveal()), certificate}) {
    const std::uint64_t size = part.size();  // so that no two lists of parts read the same
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(&size), sizeof size);
    crypto_generichash_update(&state, bytes(part), part.size());
  }
  crypto_generichash_final(&state, hash.data(), hash.size());
  return base64(hash.data(), hash.size());
}

net::Secret make_webhook_secret() {
  if (sodium_init() < 0) throw std::runtime_error("the system gives no random numbers");
  std::array<unsigned char, secret_bytes> random{};
  randombytes_buf(random.data(), random.size());
  return net::Secret(base64(random.data(), random.size()));
}

WebhookStanding standing(const telegram::WebhookInfo& info, const WebhookWish& wish, std::int64_t known_error) {
  if (info.url.empty()) return WebhookStanding::gone;
  if (info.url != registered_url(wish)) return WebhookStanding::taken_over;
  const bool refused = info.last_error_message.value_or("").find("401") != std::string::npos;
  if (refused && info.last_error_date.value_or(0) > known_error) return WebhookStanding::other_secret;
  return WebhookStanding::ours;
}

}  // namespace tgkit::bot
