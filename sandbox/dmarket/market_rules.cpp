#include "sandbox/dmarket/market_rules.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace sandbox {
namespace {

using market::MarketRules;

struct FlagName {
  const char* name;
  bool MarketRules::*field;
};
constexpr FlagName flags[] = {{"minimum_binds_reduced_fees", &MarketRules::minimum_binds_reduced_fees},
                              {"request_id_idempotent", &MarketRules::request_id_idempotent},
                              {"shows_inactive", &MarketRules::shows_inactive},
                              {"target_needs_cover", &MarketRules::target_needs_cover},
                              {"sum_of_targets_needs_cover", &MarketRules::sum_of_targets_needs_cover},
                              {"aggregated_counts_uncovered", &MarketRules::aggregated_counts_uncovered},
                              {"targets_take_resting_offers", &MarketRules::targets_take_resting_offers},
                              {"lock_after_delete", &MarketRules::lock_after_delete},
                              {"lock_refuses_delete", &MarketRules::lock_refuses_delete},
                              {"target_lock_refuses_delete", &MarketRules::target_lock_refuses_delete},
                              {"bought_items_locked", &MarketRules::bought_items_locked},
                              {"deposits_accept_themselves", &MarketRules::deposits_accept_themselves}};

struct NumberName {
  const char* name;
  int MarketRules::*field;
  int least, most;
};
constexpr int share = 1'000'000, week = 604'800;
constexpr NumberName numbers[] = {{"batch_limit", &MarketRules::batch_limit, 1, 100'000},
                                  {"target_amount_limit", &MarketRules::target_amount_limit, 1, 100'000},
                                  {"targets_limit", &MarketRules::targets_limit, 0, 1'000'000},
                                  {"offer_lock", &MarketRules::offer_lock, 0, week},
                                  {"target_lock_from", &MarketRules::target_lock_from, 0, week},
                                  {"target_lock_to", &MarketRules::target_lock_to, 0, week},
                                  {"match_delay_from", &MarketRules::match_delay_from, 0, week},
                                  {"match_delay_to", &MarketRules::match_delay_to, 0, week},
                                  {"reaction_delay_from", &MarketRules::reaction_delay_from, 0, week},
                                  {"reaction_delay_to", &MarketRules::reaction_delay_to, 0, week},
                                  {"reaction_share", &MarketRules::reaction_share, 0, share},
                                  {"release_hour", &MarketRules::release_hour, 0, 23},
                                  {"revert_share", &MarketRules::revert_share, 0, share},
                                  {"purchase_revert_share", &MarketRules::purchase_revert_share, 0, share},
                                  {"pending_share", &MarketRules::pending_share, 0, share},
                                  {"pending_fail_share", &MarketRules::pending_fail_share, 0, share},
                                  {"pending_from", &MarketRules::pending_from, 0, week},
                                  {"pending_to", &MarketRules::pending_to, 0, week},
                                  {"sync_from", &MarketRules::sync_from, 0, week},
                                  {"sync_to", &MarketRules::sync_to, 0, week},
                                  {"deposit_created_from", &MarketRules::deposit_created_from, 0, week},
                                  {"deposit_created_to", &MarketRules::deposit_created_to, 0, week},
                                  {"deposit_accept_from", &MarketRules::deposit_accept_from, 0, week},
                                  {"deposit_accept_to", &MarketRules::deposit_accept_to, 0, week},
                                  {"withdraw_from", &MarketRules::withdraw_from, 0, week},
                                  {"withdraw_to", &MarketRules::withdraw_to, 0, week},
                                  {"reduced_fee_share", &MarketRules::reduced_fee_share, 0, share}};

constexpr std::pair<const char*, const char*> ranges[] = {{"target_lock_from", "target_lock_to"},
                                                          {"match_delay_from", "match_delay_to"},
                                                          {"reaction_delay_from", "reaction_delay_to"},
                                                          {"pending_from", "pending_to"},
                                                          {"sync_from", "sync_to"},
                                                          {"deposit_created_from", "deposit_created_to"},
                                                          {"deposit_accept_from", "deposit_accept_to"},
                                                          {"withdraw_from", "withdraw_to"}};

constexpr std::string_view roundings[] = {"ceil", "half_up", "floor"};
constexpr std::string_view equals[] = {"doubled", "refused"};
constexpr std::string_view prices[] = {"resting", "offer", "target"};

template <class Enum, std::size_t size>
std::optional<std::string> choose(const json::object& wanted, const char* key, const std::string_view (&names)[size],
                                  Enum& into) {
  if (!wanted.contains(key)) return std::nullopt;
  const std::string value = member_text(wanted, key);
  const auto found = std::find(std::begin(names), std::end(names), value);
  if (found == std::end(names)) return fmt::format("\"{}\" must be one of: {}", key, fmt::join(names, ", "));
  into = static_cast<Enum>(found - std::begin(names));
  return std::nullopt;
}

std::optional<std::string> change_flags(MarketRules& rules, const json::object& wanted) {
  for (const FlagName& flag : flags) {
    const json::value* value = wanted.if_contains(flag.name);
    if (!value) continue;
    if (!value->is_bool()) return fmt::format("\"{}\" must be true or false", flag.name);
    rules.*flag.field = value->get_bool();
  }
  return std::nullopt;
}

std::optional<std::string> change_numbers(MarketRules& rules, const json::object& wanted) {
  for (const NumberName& number : numbers) {
    if (!wanted.contains(number.name)) continue;
    const auto value = member_int(wanted, number.name);
    if (!value || *value < number.least || *value > number.most) {
      return fmt::format("\"{}\" must be {}..{}", number.name, number.least, number.most);
    }
    rules.*number.field = static_cast<int>(*value);
  }
  const json::object all = rules_json(rules);
  for (const auto& [from, to] : ranges) {
    if (all.at(from).to_number<int>() > all.at(to).to_number<int>()) {
      return fmt::format("\"{}\" must not be above \"{}\"", from, to);
    }
  }
  return std::nullopt;
}

std::optional<std::string> change_fees(MarketRules& rules, const json::object& wanted) {
  if (wanted.contains("default_fee")) {
    const auto millionths = member_int(wanted, "default_fee");
    if (!millionths || *millionths < 0 || *millionths > share) return "\"default_fee\" must be 0..1000000 millionths";
    rules.default_fee = market::Fraction{*millionths};
  }
  if (wanted.contains("minimum_fee")) {
    const auto cents = member_int(wanted, "minimum_fee");
    if (!cents || *cents < 0 || *cents > 10'000) return "\"minimum_fee\" must be 0..10000 cents";
    rules.minimum_fee = market::Money::cents(*cents);
  }
  if (const json::array* days = member_array(wanted, "protection_days")) {
    if (days->size() != rules.protection_days.size()) return "\"protection_days\" must be four numbers, one per game";
    for (std::size_t i = 0; i < days->size(); ++i) {
      const json::value& value = (*days)[i];
      if (!value.is_int64() || value.get_int64() < 0 || value.get_int64() > 60) {
        return "\"protection_days\" must be 0..60 each";
      }
      rules.protection_days[i] = static_cast<int>(value.get_int64());
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> change_rules(MarketRules& rules, const json::object& wanted) {
  const json::object known = rules_json(rules);
  for (const auto& member : wanted) {
    if (!known.contains(member.key())) return fmt::format("there is no rule \"{}\"", std::string(member.key()));
  }
  MarketRules changed = rules;
  if (auto wrong = change_flags(changed, wanted)) return wrong;
  if (auto wrong = change_numbers(changed, wanted)) return wrong;
  if (auto wrong = change_fees(changed, wanted)) return wrong;
  if (auto wrong = choose(wanted, "fee_rounding", roundings, changed.fee_rounding)) return wrong;
  if (auto wrong = choose(wanted, "equal_target", equals, changed.equal_target)) return wrong;
  if (auto wrong = choose(wanted, "match_price", prices, changed.match_price)) return wrong;
  rules = changed;
  return std::nullopt;
}

json::object rules_json(const MarketRules& rules) {
  json::object all;
  for (const FlagName& flag : flags) all[flag.name] = rules.*flag.field;
  for (const NumberName& number : numbers) all[number.name] = rules.*number.field;
  all["fee_rounding"] = roundings[static_cast<std::size_t>(rules.fee_rounding)];
  all["equal_target"] = equals[static_cast<std::size_t>(rules.equal_target)];
  all["match_price"] = prices[static_cast<std::size_t>(rules.match_price)];
  all["default_fee"] = rules.default_fee.millionths;
  all["minimum_fee"] = rules.minimum_fee.in_cents();
  all["protection_days"] = json::array(rules.protection_days.begin(), rules.protection_days.end());
  return all;
}

}  // namespace sandbox
