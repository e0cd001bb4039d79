#pragma once
// The market as the control API shows it: numbers are cents, times Unix seconds.
#include "sandbox/dmarket/json_writer.hpp"
#include "sandbox/market/exchange.hpp"

#include <vector>

namespace sandbox {

void write_copy(JsonWriter& json,
                const market::Copy& copy);  // members: float, float_part, paint_seed, phase, unlock_at
void write_demand(JsonWriter& json, const market::Demand& demand);  // members: float_part, paint_seed, phase
void write_offer(JsonWriter& json, const market::Offer& offer);
void write_target(JsonWriter& json, const market::Target& target);
void write_item(JsonWriter& json, const market::InventoryItem& item);
void write_trade(JsonWriter& json, const market::Trade& trade);
void write_balance(JsonWriter& json, const market::Balance& balance);

// Everything of the account, over all games and pages.
std::vector<market::Offer> own_offers(market::Exchange& exchange);
std::vector<market::Target> own_targets(market::Exchange& exchange);
std::vector<market::InventoryItem> own_items(market::Exchange& exchange);

template <class T>
void write_list(JsonWriter& json, std::string_view name, const T& list, auto write) {
  json.key(name).array();
  for (const auto& one : list) write(json, one);
  json.end_array();
}

}  // namespace sandbox
