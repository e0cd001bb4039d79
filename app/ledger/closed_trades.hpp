#pragma once
// What the exchange's lists of closed trades add to the ledger: each sale and each purchase once, and again only when
// something about it has changed. An amount that a list does not say is entered as unknown and corrected by a later
// look. Pure; called twice with the same lists it adds nothing the second time.
#include "app/ledger/books.hpp"
#include "dmarket/account.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace app::ledger {

std::vector<Entry> new_trades(const Books& books, const std::vector<dmarket::ClosedOffer>& offers,
                              const std::vector<dmarket::ClosedTarget>& targets, std::int64_t now);

// Copies that the ledger does not know yet, or knows less about.
std::vector<Entry> new_items(const Books& books, const std::vector<dmarket::InventoryItem>& inventory, std::string game,
                             std::int64_t now);
std::vector<Entry> new_items(const Books& books, const std::vector<dmarket::Offer>& own_offers, std::string game,
                             std::int64_t now);

Item item_of(const dmarket::ItemAttributes& attributes, const std::string& game);

}  // namespace app::ledger
