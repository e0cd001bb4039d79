#include "dmarket/answer_parts.hpp"

#include <array>

namespace dmarket {
namespace {

constexpr std::array<std::pair<std::string_view, TargetStatus>, 2> target_statuses{
    {{"TARGET_STATUS_ACTIVE", TargetStatus::active}, {"TARGET_STATUS_INACTIVE", TargetStatus::inactive}}};

constexpr std::array<std::pair<std::string_view, TradeStatus>, 3> trade_statuses{
    {{"trade_protected", TradeStatus::trade_protected},
     {"successful", TradeStatus::successful},
     {"reverted", TradeStatus::reverted}}};

constexpr PageNames closed_names{"Trades", "Total", "Cursor"};

void read_inventory_item(AnswerReader& reader, InventoryItem& to) {
  reader.object(
      [&](std::string_view key) {
        if (key == "attributes") {
          read_item_attributes(reader, to.attributes);
        } else if (key == "inMarket") {
          reader.boolean(to.in_market);
        } else if (key == "suggestedPrice") {
          reader.dollars_object(to.suggested_price);
        } else if (key == "offerRecommendedPrice") {
          reader.dollars_object(to.offer_recommended_price);
        } else if (key == "createdAt") {
          reader.timestamp(to.created_at);
        } else if (key == "updatedAt") {
          reader.timestamp(to.updated_at);
        } else {
          return false;
        }
        return true;
      },
      to.unknown);
}

void read_target(AnswerReader& reader, Target& to) {
  reader.object(
      [&](std::string_view key) {
        if (key == "targetId") {
          reader.id(to.target_id);
        } else if (key == "title") {
          reader.text(to.title);
        } else if (key == "amount") {
          reader.integer(to.amount);
        } else if (key == "status") {
          reader.spelled(to.status, target_statuses);
        } else if (key == "priceCents") {
          reader.price_cents(to.price);
        } else if (key == "attributes") {
          read_target_attributes(reader, to.attributes);
        } else if (key == "createdAt") {
          reader.timestamp(to.created_at);
        } else if (key == "updatedAt") {
          reader.timestamp(to.updated_at);
        } else {
          return false;
        }
        return true;
      },
      to.unknown);
}

// What sales and purchases have in common; `currency` is the one the trade names beside its price.
template <class Trade>
bool read_trade_field(AnswerReader& reader, Trade& to, std::string& currency, std::string_view key) {
  if (key == "OfferID") {
    reader.id(to.offer_id);
  } else if (key == "TargetID") {
    reader.id(to.target_id);
  } else if (key == "AssetID") {
    reader.id(to.asset_id);
  } else if (key == "Title") {
    reader.text(to.title);
  } else if (key == "Price") {
    reader.dollars_object(to.price);
  } else if (key == "CurrencyCode") {
    reader.text(currency);
  } else if (key == "Amount") {
    reader.integer(to.amount);
  } else if (key == "Status") {
    reader.spelled(to.status, trade_statuses);
  } else if (key == "FinalizationTime") {
    reader.timestamp(to.finalized_at);
  } else {
    return false;
  }
  return true;
}

template <class Trade>
void refuse_other_currency(const std::string& currency, Trade& trade, Oddities& oddities) {
  if (currency.empty() || currency == "USD") return;
  trade.price.reset();
  oddities.add("CurrencyCode", "is another currency than USD");
}

void read_fee(AnswerReader& reader, TradeFee& to) {
  reader.object([&](std::string_view key) {
    if (key == "Amount") {
      reader.dollars_object(to.amount);
    } else if (key == "Percent") {
      std::string percent;
      reader.scalar(percent);
      if (!percent.empty()) to.percent = std::move(percent);
    } else if (key == "IsPersonal") {
      reader.boolean(to.personal);
    } else {
      return false;
    }
    return true;
  });
}

void read_closed_offer(AnswerReader& reader, ClosedOffer& to, Oddities& oddities) {
  std::string currency;
  reader.object(
      [&](std::string_view key) {
        if (key == "Fee") {
          read_fee(reader, to.fee);
        } else if (key == "OfferCreatedAt") {
          reader.timestamp(to.created_at);
        } else if (key == "OfferClosedAt") {
          reader.timestamp(to.closed_at);
        } else {
          return read_trade_field(reader, to, currency, key);
        }
        return true;
      },
      to.unknown);
  refuse_other_currency(currency, to, oddities);
}

void read_closed_target(AnswerReader& reader, ClosedTarget& to, Oddities& oddities) {
  std::string currency;
  reader.object(
      [&](std::string_view key) {
        if (key != "ClosedAt") return read_trade_field(reader, to, currency, key);
        reader.timestamp(to.closed_at);
        return true;
      },
      to.unknown);
  refuse_other_currency(currency, to, oddities);
}

void read_linked_game(AnswerReader& reader, UserProfile& to) {
  reader.object([&](std::string_view key) {
    if (key != "gameId") return false;
    std::string game;
    if (reader.text(game)) to.linked_games.push_back(std::move(game));
    return true;
  });
}

void read_restriction(AnswerReader& reader, Restriction& to) {
  reader.object([&](std::string_view key) {
    if (key == "name") {
      reader.text(to.name);
    } else if (key == "expirationTime") {
      reader.timestamp(to.expires_at);
    } else {
      return false;
    }
    return true;
  });
}

}  // namespace

Balance read_balance(std::string_view body) {
  Balance balance;
  Oddities oddities;
  AnswerReader reader(endpoints::balance, body, oddities);
  UnknownFields unknown;
  reader.document(
      [&](std::string_view key) {
        if (key == "usd") {
          reader.cents(balance.usd);
        } else if (key == "usdAvailableToWithdraw") {
          reader.cents(balance.usd_available_to_withdraw);
        } else if (key == "usdTradeProtected") {
          reader.cents(balance.usd_trade_protected);
        } else {
          return false;
        }
        return true;
      },
      unknown);
  // A balance that cannot be read is no balance: better no answer than a wrong one.
  if (oddities.count > 0)
    throw Error(ErrorKind::api_changed, name_of(endpoints::balance), 200, "", "the field " + oddities.first);
  return balance;
}

// What is unknown here may be private: it is dropped.
UserProfile read_user_profile(std::string_view body) {
  UserProfile profile;
  Oddities oddities;
  AnswerReader reader(endpoints::user, body, oddities);
  UnknownFields dropped;
  reader.document(
      [&](std::string_view key) {
        if (key == "id") {
          reader.text(profile.id);
        } else if (key == "username") {
          reader.text(profile.username);
        } else if (key == "countryCode") {
          reader.text(profile.country_code);
        } else if (key == "level") {
          reader.integer(profile.level);
        } else if (key == "publicKey") {
          reader.text(profile.public_key);
        } else if (key == "linkedGames") {
          reader.array([&] { read_linked_game(reader, profile); });
        } else if (key == "restrictions") {
          reader.array([&] { read_restriction(reader, profile.restrictions.emplace_back()); });
        } else if (key == "settings") {
          reader.object([&](std::string_view inner) {
            if (inner != "targetsLimit") return false;
            reader.integer(profile.targets_limit);
            return true;
          });
        } else {
          return false;
        }
        return true;
      },
      dropped);
  return profile;
}

Page<InventoryItem> read_inventory(std::string_view body, Oddities& oddities) {
  return read_page<InventoryItem>(endpoints::user_inventory, body, oddities, PageNames(), read_inventory_item);
}

Page<Target> read_user_targets(std::string_view body, Oddities& oddities) {
  return read_page<Target>(endpoints::user_targets, body, oddities, PageNames(), read_target);
}

Page<ClosedOffer> read_closed_offers(std::string_view body, Oddities& oddities) {
  const auto read = [&](AnswerReader& reader, ClosedOffer& to) { read_closed_offer(reader, to, oddities); };
  return read_page<ClosedOffer>(endpoints::closed_offers, body, oddities, closed_names, read);
}

Page<ClosedTarget> read_closed_targets(std::string_view body, Oddities& oddities) {
  const auto read = [&](AnswerReader& reader, ClosedTarget& to) { read_closed_target(reader, to, oddities); };
  return read_page<ClosedTarget>(endpoints::closed_targets, body, oddities, closed_names, read);
}

}  // namespace dmarket
