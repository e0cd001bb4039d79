#include "dmarket/answer_parts.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace dmarket {
namespace {

// Known and of no use: pictures, addresses of pages, people.
constexpr std::array<std::string_view, 22> of_no_use{"image",
                                                     "imageUri",
                                                     "viewAtSteamUri",
                                                     "inspectInGameUri",
                                                     "slug",
                                                     "productId",
                                                     "owner",
                                                     "depositor",
                                                     "botId",
                                                     "tradeLockDuration",
                                                     "settlementTime",
                                                     "withdrawOnlyEndTime",
                                                     "inGameAssetId",
                                                     "name",
                                                     "overstocked",
                                                     "sellUnavailable",
                                                     "collection",
                                                     "quality",
                                                     "rareInfo",
                                                     "defIndex",
                                                     "tradeProtectionRemoved",
                                                     "ownerDetails"};

bool is_of_no_use(std::string_view key) {
  return std::find(of_no_use.begin(), of_no_use.end(), key) != of_no_use.end();
}

// [{"name": ...}, ...] or ["...", ...].
void read_names(AnswerReader& reader, std::vector<std::string>& to) {
  reader.array([&] {
    std::optional<std::string> name;
    if (reader.peek() == tgkit::json::Reader::Kind::object) {
      reader.object([&](std::string_view key) {
        if (key != "name" && key != "title") return false;
        reader.text(name);
        return true;
      });
    } else {
      reader.text(name);
    }
    if (name) to.push_back(std::move(*name));
  });
}

template <class Normal>
void read_normal(AnswerReader& reader, std::optional<std::string>& to, Normal normal) {
  std::string text;
  if (reader.text(text)) to = normal(text);
}

void read_positive(AnswerReader& reader, std::optional<std::int64_t>& to) {
  reader.integer(to);
  if (to && *to <= 0) to.reset();
}

// The part of the attributes that only CS2 has.
bool read_cs2_field(AnswerReader& reader, ItemAttributes& to, std::string_view key) {
  if (key == "category") {
    std::string text;
    if (reader.text(text) && text != "CATEGORY_UNSPECIFIED" && !text.empty()) to.category = read_category(text);
  } else if (key == "exterior") {
    read_normal(reader, to.exterior, normal_exterior);
  } else if (key == "float" || key == "floatValue") {
    reader.scalar(to.float_value);
  } else if (key == "floatPart" || key == "floatPartValue") {
    read_normal(reader, to.float_part, normal_float_part);
  } else if (key == "phase" || key == "phaseTitle") {
    read_normal(reader, to.phase, normal_phase);
  } else if (key == "paintSeed") {
    read_positive(reader, to.paint_seed);
  } else if (key == "paintIndex") {
    read_positive(reader, to.paint_index);
  } else if (key == "fadePercent") {
    read_positive(reader, to.fade_percent);
  } else if (key == "stickers") {
    read_names(reader, to.stickers);
  } else if (key == "charms") {
    read_names(reader, to.charms);
  } else {
    return false;
  }
  return true;
}

bool read_common_field(AnswerReader& reader, ItemAttributes& to, std::string_view key) {
  if (key == "id") {
    reader.id(to.id);
  } else if (key == "title") {
    reader.text(to.title);
  } else if (key == "gameId") {
    reader.text(to.game_id);
  } else if (key == "classId") {
    reader.scalar(to.class_id);
  } else if (key == "categoryPath") {
    reader.text(to.category_path);
  } else if (key == "steamAssetId") {
    reader.scalar(to.steam_asset_id);
  } else if (key == "tradable") {
    reader.boolean(to.tradable);
  } else if (key == "tradeLockDays") {
    reader.integer(to.trade_lock_days);
  } else if (key == "unlockDate") {
    reader.scalar(to.unlock_date);
  } else if (key == "provider") {
    reader.text(to.provider);
  } else if (key == "revertPendingUntil") {
    reader.scalar(to.revert_pending_until);
  } else if (key == "saleRestricted") {
    reader.boolean(to.sale_restricted);
  } else {
    return false;
  }
  return true;
}

// A demand of "any", or an empty one, is none; one that cannot be read is one all the same.
void read_paint_seed_demand(AnswerReader& reader, TargetAttributes& to) {
  std::string seed;
  reader.scalar(seed);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(seed.data(), seed.data() + seed.size(), value);
  if (error == std::errc{} && end == seed.data() + seed.size()) {
    if (value > 0) to.paint_seed = value;
  } else if (!seed.empty() && seed != "any") {
    reader.odd("is no paint seed");
    to.unknown += std::string(to.unknown.empty() ? "" : ",") + "\"paintSeed\":\"unreadable\"";
  }
}

// Known, and no demands: they say what the title says already.
bool describes_title(std::string_view key) {
  constexpr std::array<std::string_view, 7> names{"category", "exterior", "isAdvanced", "categoryPath",
                                                  "title",    "gameId",   "name"};
  return std::find(names.begin(), names.end(), key) != names.end() || is_of_no_use(key);
}

void read_demand(AnswerReader& reader, TargetAttributes& to, std::string_view key) {
  if (key == "floatPartValue" || key == "floatPart") {
    read_normal(reader, to.float_part, normal_float_part);
  } else if (key == "phase" || key == "phaseTitle") {
    read_normal(reader, to.phase, normal_phase);
  } else if (key == "paintSeed") {
    read_paint_seed_demand(reader, to);
  } else if (describes_title(key)) {
    reader.skip();
  } else {
    reader.keep_if_meant(to.unknown);
  }
}

}  // namespace

void read_item_attributes(AnswerReader& reader, ItemAttributes& to) {
  const auto skip_useless = [&](std::string_view key) {
    if (!is_of_no_use(key)) return false;
    reader.skip();
    return true;
  };
  reader.object(
      [&](std::string_view key) {
        if (key == "cs2" || key == "cs2Attributes") {
          reader.object(
              [&](std::string_view inner) { return read_cs2_field(reader, to, inner) || skip_useless(inner); },
              to.unknown);
          return true;
        }
        // Sales have them beside the rest.
        return read_common_field(reader, to, key) || read_cs2_field(reader, to, key) || skip_useless(key);
      },
      to.unknown);
}

void read_target_attributes(AnswerReader& reader, TargetAttributes& to) {
  reader.object([&](std::string_view key) {
    if (key == "cs2") {
      reader.object([&](std::string_view inner) {
        read_demand(reader, to, inner);
        return true;
      });
    } else {
      read_demand(reader, to, key);
    }
    return true;
  });
}

}  // namespace dmarket
