#include "sandbox/dmarket/item_json.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace sandbox {
namespace {

using market::Copy;
using market::Game;
using market::TitleInfo;

std::uint64_t mixed(std::uint64_t z) {  // splitmix64
  z += 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

std::string slug(std::string_view title) {
  std::string made;
  for (const char c : title) {
    if (std::isalnum(static_cast<unsigned char>(c))) {
      made += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (!made.empty() && made.back() != '-') {
      made += '-';
    }
  }
  while (made.ends_with('-')) made.pop_back();
  return made;
}

void money(JsonWriter& json, std::string_view name, market::Money amount) {
  json.key(name).object().text("currency", "USD").text("amount", dollars_text(amount.in_cents())).end_object();
}

}  // namespace

std::string enum_name(std::string_view prefix, std::string_view text) {
  std::string name(prefix);
  if (text.empty()) return name + "UNSPECIFIED";
  for (const char c : text) {
    name += c == ' ' || c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return name;
}

std::string_view category_name(market::Category category) {
  constexpr std::string_view names[] = {"CATEGORY_NORMAL", "CATEGORY_STATTRACK", "CATEGORY_SOUVENIR", "CATEGORY_STAR"};
  return names[static_cast<std::size_t>(category)];
}

bool Gaps::present(JsonWriter& json, std::uint64_t thing, std::string_view field) const {
  if (percent_ == 0) return true;
  std::uint64_t name = 1469598103934665603u;  // FNV-1a
  for (const char c : field) name = (name ^ static_cast<unsigned char>(c)) * 1099511628211u;
  const std::uint64_t dice = mixed(mixed(seed_ ^ thing) ^ name);
  if (dice % 100 >= percent_) return true;
  if ((dice >> 32) & 1) json.null(field);
  return false;
}

struct ItemWriter::Item {
  std::string_view id;
  std::uint64_t thing;  // for the gaps
  const TitleInfo& title;
  const Copy& copy;
  std::string_view owner;  // may be empty
  std::string_view steam_asset_id;
};

void ItemWriter::integer(std::string_view name, std::int64_t value) {
  if (switches_.integers_as_text) {
    json.quoted(name, value);
  } else {
    json.number(name, value);
  }
}

std::string ItemWriter::end(std::int64_t total, std::string_view cursor) {
  json.end_array();
  integer("total", total);
  json.text("cursor", cursor).end_object();
  return json.take();
}

void ItemWriter::lock(const Item& item) {
  const int days = market::lock_days(item.copy, now_);
  json.flag("tradable", days == 0).number("tradeLockDays", days);
  const std::int64_t left = std::max<std::int64_t>(0, item.copy.unlock_at - now_);
  if (gaps_.present(json, item.thing, "tradeLockDuration")) json.text("tradeLockDuration", fmt::format("{}s", left));
  if (days > 0 && gaps_.present(json, item.thing, "unlockDate")) json.text("unlockDate", iso_time(item.copy.unlock_at));
}

void ItemWriter::cs2_part(const Item& item) {
  const TitleInfo& title = item.title;
  json.key("cs2").object().text("category", category_name(title.category));
  if (gaps_.present(json, item.thing, "quality")) json.text("quality", title.quality);
  if (gaps_.present(json, item.thing, "collection")) json.text("collection", title.collection);
  json.text("exterior", enum_name("EXTERIOR_", market::to_text(title.exterior)));
  if (title.has_float) json.text("float", market::float_text(item.copy.float_value));
  json.text("floatPart", enum_name("FLOAT_PART_", market::to_text(item.copy.float_part())));
  json.text("phase", enum_name("PHASE_TITLE_", market::to_text(item.copy.phase)));
  json.number("paintSeed", item.copy.paint_seed).number("paintIndex", item.copy.paint_index);
  if (gaps_.present(json, item.thing, "fadePercent")) json.number("fadePercent", 0);
  if (gaps_.present(json, item.thing, "stickers")) json.key("stickers").array().end_array();
  if (gaps_.present(json, item.thing, "charms")) json.key("charms").array().end_array();
  json.end_object();
}

void ItemWriter::game_part(const Item& item) {
  const TitleInfo& title = item.title;
  switch (title.game) {
    case Game::cs2:
      cs2_part(item);
      return;
    case Game::dota2:
      json.key("dota2").object().text("hero", title.hero).text("quality", title.quality).end_object();
      return;
    case Game::rust:
      json.key("rust").object().end_object();
      return;
    case Game::tf2:
      json.key("tf2").object().text("exterior", enum_name("EXTERIOR_", market::to_text(title.exterior)));
      json.flag("isCraftable", title.craftable).text("collection", title.collection).end_object();
      return;
  }
}

void ItemWriter::attributes(const Item& item) {
  const TitleInfo& title = item.title;
  json.key("attributes").object().text("id", item.id).text("title", title.title);
  json.text("gameId", market::game_id(title.game)).text("categoryPath", title.category_path);
  if (gaps_.present(json, item.thing, "type")) json.text("type", title.type);
  lock(item);
  json.text("classId", title.class_id);
  if (gaps_.present(json, item.thing, "slug")) json.text("slug", slug(title.title));
  if (gaps_.present(json, item.thing, "imageUri")) {
    json.text("imageUri", fmt::format("https://cdn.sandbox.invalid/{}.png", title.class_id));
  }
  if (!item.steam_asset_id.empty()) json.text("steamAssetId", item.steam_asset_id);
  if (!item.owner.empty() && gaps_.present(json, item.thing, "owner")) json.text("owner", item.owner);
  if (gaps_.present(json, item.thing, "provider")) json.text("provider", "CPU");
  game_part(item);
  json.end_object();
}

void ItemWriter::offer(const market::Offer& offer) {
  const std::string id = market::to_text(offer.asset_id), owner = market::to_text(offer.owner);
  const std::uint64_t thing = offer.offer_id.low;
  json.object().text("offerId", market::to_text(offer.offer_id));
  integer("priceCents", offer.price.in_cents());
  if (gaps_.present(json, thing, "createdAt")) json.text("createdAt", iso_time(offer.created_at));
  json.flag("locked", offer.locked).number("discountPercent", offer.discount_percent);
  attributes(Item{id, thing, *offer.title, offer.copy, owner, {}});
  json.end_object();
}

void ItemWriter::inventory_item(const market::InventoryItem& item) {
  const std::uint64_t thing = item.asset_id.empty() ? std::hash<std::string>{}(item.id) : item.asset_id.low;
  json.object();
  attributes(Item{item.id, thing, *item.title, item.copy, {}, item.steam_asset_id});
  json.flag("inMarket", item.in_market);
  if (gaps_.present(json, thing, "suggestedPrice")) money(json, "suggestedPrice", item.suggested_price);
  if (gaps_.present(json, thing, "offerRecommendedPrice")) money(json, "offerRecommendedPrice", item.suggested_price);
  if (gaps_.present(json, thing, "createdAt")) json.text("createdAt", iso_time(item.created_at));
  if (gaps_.present(json, thing, "updatedAt")) json.text("updatedAt", iso_time(item.updated_at));
  json.end_object();
}

void ItemWriter::target(const market::Target& target) {
  const TitleInfo& title = *target.title;
  const std::uint64_t thing = target.target_id.low;
  const bool active = target.status == market::TargetStatus::active;
  json.object().text("targetId", market::to_text(target.target_id)).text("title", title.title);
  integer("amount", target.amount);
  json.text("status", active ? "TARGET_STATUS_ACTIVE" : "TARGET_STATUS_INACTIVE");
  integer("priceCents", target.price.in_cents());
  json.key("attributes").object();
  if (gaps_.present(json, thing, "categoryPath")) json.text("categoryPath", title.category_path);
  if (gaps_.present(json, thing, "image")) json.text("image", "https://cdn.sandbox.invalid/" + title.class_id + ".png");
  json.text("title", title.title);
  if (gaps_.present(json, thing, "name")) json.text("name", title.name);
  if (title.game == Game::cs2) {
    json.key("cs2").object().text("category", category_name(title.category));
    json.text("exterior", enum_name("EXTERIOR_", market::to_text(title.exterior)));
    json.text("phase", enum_name("PHASE_TITLE_", market::to_text(target.demand.phase)));
    json.number("paintSeed", target.demand.paint_seed);
    json.text("floatPart", enum_name("FLOAT_PART_", market::to_text(target.demand.float_part)));
    json.flag("isAdvanced", !target.demand.generic()).end_object();
  }
  json.end_object();
  if (gaps_.present(json, thing, "createdAt")) json.text("createdAt", iso_time(target.created_at));
  if (gaps_.present(json, thing, "updatedAt")) json.text("updatedAt", iso_time(target.updated_at));
  json.end_object();
}

}  // namespace sandbox
