#include "dmarket/client.hpp"

#include "dmarket/answers.hpp"

#include <boost/json.hpp>

namespace dmarket {
namespace {

namespace json = boost::json;

std::string name_of(const Endpoint& endpoint) {
  return std::string(endpoint.method) + " " + std::string(endpoint.path);
}

json::object read_object(const Endpoint& endpoint, std::string_view body) {
  boost::system::error_code error;
  json::value value = json::parse({body.data(), body.size()}, error);
  if (error || !value.is_object()) {
    throw Error(ErrorKind::api_changed, name_of(endpoint), 200, "", "the answer is no JSON object");
  }
  return std::move(value.get_object());
}

const json::value* field(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains({name.data(), name.size()});
  return value != nullptr && !value->is_null() ? value : nullptr;
}

// Integers come as text or as numbers.
std::optional<std::int64_t> integer(const json::object& object, std::string_view name) {
  const json::value* value = field(object, name);
  if (value == nullptr) return std::nullopt;
  if (value->is_int64()) return value->get_int64();
  if (!value->is_string()) return std::nullopt;
  const auto parsed = parse_cents({value->get_string().data(), value->get_string().size()});
  return parsed ? std::optional(parsed->in_cents()) : std::nullopt;
}

std::optional<std::string> text(const json::object& object, std::string_view name) {
  const json::value* value = field(object, name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(value->get_string());
}

// A balance that cannot be read is no balance: better no answer than a wrong one.
std::optional<Money> cents(const json::object& object, std::string_view name) {
  if (field(object, name) == nullptr) return std::nullopt;
  const auto amount = integer(object, name);
  if (!amount) {
    throw Error(ErrorKind::api_changed, name_of(endpoints::balance), 200, "",
                "the field " + std::string(name) + " is no whole number of cents");
  }
  return Money::cents(*amount);
}

}  // namespace

Balance read_balance(std::string_view body) {
  const json::object object = read_object(endpoints::balance, body);
  Balance balance;
  balance.usd = cents(object, "usd");
  balance.usd_available_to_withdraw = cents(object, "usdAvailableToWithdraw");
  balance.usd_trade_protected = cents(object, "usdTradeProtected");
  return balance;
}

UserProfile read_user_profile(std::string_view body) {
  const json::object object = read_object(endpoints::user, body);
  UserProfile profile;
  profile.id = text(object, "id");
  profile.username = text(object, "username");
  profile.country_code = text(object, "countryCode");
  profile.level = integer(object, "level");
  profile.public_key = text(object, "publicKey");
  if (const json::value* settings = field(object, "settings"); settings != nullptr && settings->is_object()) {
    profile.targets_limit = integer(settings->get_object(), "targetsLimit");
  }
  return profile;
}

struct Client::Shared {
  std::function<void()> on_change;
};

Client::Client(Transport& transport) : transport_(&transport), shared_(std::make_shared<Shared>()) {}

tgkit::Task<Balance> Client::balance() const {
  const std::string body =
      co_await transport_->call(std::string(endpoints::balance.method), std::string(endpoints::balance.path));
  co_return read_balance(body);
}

tgkit::Task<UserProfile> Client::user() const {
  const std::string body =
      co_await transport_->call(std::string(endpoints::user.method), std::string(endpoints::user.path));
  co_return read_user_profile(body);
}

}  // namespace dmarket
