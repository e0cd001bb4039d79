// Placing and removing targets.
#include "sandbox/dmarket/api_call.hpp"
#include "sandbox/dmarket/json_writer.hpp"
#include "sandbox/dmarket/list_query.hpp"

#include <cmath>

#include <fmt/format.h>

namespace sandbox {
namespace {

using market::Money;
using market::Refusal;
using market::Result;
using market::TargetRequest;
using market::Uuid;

constexpr double most_dollars = 1e9;

// Dollars as a JSON float, or as a text; at most two decimals.
Result<Money> price_in(const json::object& target) {
  const json::object* price = member_object(target, "Price");
  const json::value* amount = price ? price->if_contains("Amount") : nullptr;
  if (!amount) return std::unexpected(Refusal{"InvalidAmount", "Price.Amount is required"});
  if (member_text(*price, "Currency", "USD") != "USD") {
    return std::unexpected(Refusal{"UnsupportedCurrency", "only USD is supported"});
  }
  double dollars = 0;
  if (amount->is_string()) {
    const auto parsed = parse_json(amount->get_string());
    if (!parsed || !parsed->is_number()) return std::unexpected(Refusal{"InvalidAmount", "Price.Amount is no number"});
    dollars = parsed->to_number<double>();
  } else if (amount->is_number()) {
    dollars = amount->to_number<double>();
  }
  const double cents = dollars * 100;
  if (!(dollars > 0 && dollars <= most_dollars) || std::abs(cents - std::round(cents)) > 1e-4) {
    return std::unexpected(
        Refusal{"InvalidAmount", "Price.Amount must be dollars above zero with at most two decimals"});
  }
  return Money::cents(std::llround(cents));
}

Result<market::Demand> demand_in(const json::object& target) {
  market::Demand demand;
  const json::object* attributes = member_object(target, "Attrs");
  if (!attributes) return demand;
  const std::int64_t seed = member_int(*attributes, "paintSeed").value_or(0);
  const auto phase = market::phase_of(member_text(*attributes, "phase"));
  const auto part = market::float_part_of(member_text(*attributes, "floatPartValue"));
  if (seed < 0 || seed > 1000) return std::unexpected(Refusal{"BadRequest", "Attrs.paintSeed must be 0..1000"});
  if (!phase) return std::unexpected(Refusal{"BadRequest", "Attrs.phase is unknown"});
  if (!part) return std::unexpected(Refusal{"BadRequest", "Attrs.floatPartValue is unknown"});
  demand.paint_seed = static_cast<std::uint16_t>(seed);
  demand.phase = *phase;
  demand.float_part = *part;
  return demand;
}

Result<TargetRequest> read_target(const json::value& value) {
  const json::object* target = value.if_object();
  if (!target) return std::unexpected(Refusal{"BadRequest", "a target must be an object"});
  TargetRequest request;
  request.title = member_text(*target, "Title");
  if (request.title.empty()) return std::unexpected(Refusal{"TitleRequired", "Title is required"});
  const auto price = price_in(*target);
  if (!price) return std::unexpected(price.error());
  const auto demand = demand_in(*target);
  if (!demand) return std::unexpected(demand.error());
  const auto amount = target->contains("Amount") ? member_int(*target, "Amount") : std::optional<std::int64_t>(1);
  if (!amount) return std::unexpected(Refusal{"InvalidAmount", "Amount must be a whole number"});
  request.price = *price;
  request.demand = *demand;
  request.amount = *amount;
  return request;
}

const json::array& targets_in(const ApiCall& call, const json::object& body) {
  const json::array* list = member_array(body, "Targets");
  if (!list || list->empty()) throw marketplace_refusal(GrpcCode::invalid_argument, "Targets must not be empty");
  const int most = call.exchange.rules().batch_limit;
  if (list->size() > static_cast<std::size_t>(most)) {
    throw marketplace_refusal(GrpcCode::invalid_argument, fmt::format("at most {} targets are allowed", most));
  }
  return *list;
}

void outcome(JsonWriter& json, const Refusal* error) {
  json.flag("Successful", !error);
  if (!error) {
    json.null("Error");
  } else {
    json.key("Error").object().text("Code", error->code).text("Message", error->message).end_object();
  }
}

// The answers of the market for those that were understood, put back into the order of the request.
template <class Read>
std::vector<Result<Uuid>> in_order(const std::vector<Result<Read>>& read, std::vector<Result<Uuid>> answers) {
  std::vector<Result<Uuid>> all;
  std::size_t next = 0;
  for (const Result<Read>& one : read) {
    if (one) {
      all.push_back(std::move(answers.at(next++)));
    } else {
      all.push_back(std::unexpected(one.error()));
    }
  }
  return all;
}

template <class Read>
std::vector<Read> understood(const std::vector<Result<Read>>& read) {
  std::vector<Read> good;
  for (const Result<Read>& one : read) {
    if (one) good.push_back(*one);
  }
  return good;
}

}  // namespace

std::string create_targets(ApiCall& call) {
  const json::object body = call.marketplace_body();
  const market::Game game = game_in(member_text(body, "GameID"));
  const json::array& list = targets_in(call, body);
  std::vector<Result<TargetRequest>> read;
  for (const json::value& value : list) read.push_back(read_target(value));
  const std::vector<TargetRequest> good = understood(read);
  std::vector<Result<Uuid>> done;
  if (!good.empty()) done = ApiCall::taken(call.exchange.create_targets(game, good));
  const auto answers = in_order(read, std::move(done));
  JsonWriter json;
  json.object().key("Result").array();
  for (std::size_t i = 0; i < answers.size(); ++i) {
    json.object().raw("CreateTarget", to_plain_json(list[i]));
    json.text("TargetID", answers[i] ? market::to_text(*answers[i]) : "");
    outcome(json, answers[i] ? nullptr : &answers[i].error());
    json.end_object();
    if (answers[i]) call.changed.push_back("target created: " + market::to_text(*answers[i]));
  }
  json.end_array().end_object();
  return json.take();
}

std::string delete_targets(ApiCall& call) {
  const json::object body = call.marketplace_body();
  const json::array& list = targets_in(call, body);
  std::vector<std::string> ids;
  std::vector<Result<Uuid>> read;
  for (const json::value& value : list) {
    ids.push_back(value.is_object() ? member_text(value.get_object(), "TargetID") : "");
    const auto id = market::parse_uuid(ids.back());
    read.push_back(id ? Result<Uuid>(*id) : std::unexpected(Refusal{"InvalidUUID", "TargetID must be a valid UUID"}));
  }
  const std::vector<Uuid> good = understood(read);
  std::vector<Result<Uuid>> done;
  if (!good.empty()) done = ApiCall::taken(call.exchange.delete_targets(good));
  const auto answers = in_order(read, std::move(done));
  JsonWriter json;
  json.object().key("Result").array();
  for (std::size_t i = 0; i < answers.size(); ++i) {
    json.object().key("DeleteTarget").object().text("TargetID", ids[i]).end_object();
    outcome(json, answers[i] ? nullptr : &answers[i].error());
    json.end_object();
    if (answers[i]) call.changed.push_back("target deleted: " + ids[i]);
  }
  json.end_array().end_object();
  return json.take();
}

}  // namespace sandbox
