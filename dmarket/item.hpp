#pragma once
// What is known of one copy of an item, and what a buy order demands of a copy. Spellings differ from call to call;
// here they are one: "FT-2", "phase-1", "black-pearl", "factory new".
#include "dmarket/ids.hpp"
#include "dmarket/spelled.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dmarket {

// Members of an answer that this version does not know, as they came: `"name":value`, joined by commas; mostly empty.
using UnknownFields = std::string;

enum class Category { unknown, normal, stattrak, souvenir, star };

struct ItemAttributes {
  std::optional<AssetId> id;  // of the asset; what selling and withdrawing want
  std::optional<std::string> title;
  std::optional<std::string> game_id;
  std::optional<std::string> class_id;        // "188532885:4578724383"; what withdrawing wants
  std::optional<std::string> category_path;   // "rifle/ak-47"
  std::optional<std::string> steam_asset_id;  // changes with every trade in Steam
  std::optional<bool> tradable;
  std::optional<std::int64_t> trade_lock_days;
  std::optional<std::string> unlock_date;
  std::optional<std::string> provider;              // "CPU": held by a bot of the exchange, "ICS": by its owner
  std::optional<std::string> revert_pending_until;  // undocumented
  std::optional<bool> sale_restricted;
  // Of CS2; other games leave these out.
  std::optional<Spelled<Category>> category;
  std::optional<std::string> exterior;     // "factory new"
  std::optional<std::string> float_value;  // decimal text as it came: it identifies the copy, so it is not converted
  std::optional<std::string> float_part;   // "FT-2"
  std::optional<std::string> phase;        // "phase-1", "ruby"
  std::optional<std::int64_t> paint_seed;  // 0 means none
  std::optional<std::int64_t> paint_index;
  std::optional<std::int64_t> fade_percent;
  std::vector<std::string> stickers;  // names
  std::vector<std::string> charms;
  UnknownFields unknown;
};

// What a buy order demands; what is missing is not demanded.
struct TargetAttributes {
  std::optional<std::string> float_part;  // "FN-0" ... "BS-4"
  std::optional<std::string> phase;       // "phase-1" ... "phase-4", "ruby", "emerald", "sapphire", "black-pearl"
  std::optional<std::int64_t> paint_seed;
  UnknownFields unknown;  // demands this version does not know

  // Buys any copy of the title.
  bool generic() const { return !float_part && !phase && !paint_seed && unknown.empty(); }
  friend bool operator==(const TargetAttributes&, const TargetAttributes&) = default;
};

// "FLOAT_PART_FT_2", "FT-2" -> "FT-2"; "..._UNSPECIFIED", "any", "" -> nothing. Others as they came.
std::optional<std::string> normal_float_part(std::string_view text);
// "PHASE_TITLE_BLACK_PEARL", "Black Pearl", "black-pearl" -> "black-pearl".
std::optional<std::string> normal_phase(std::string_view text);
// "EXTERIOR_FACTORY_NEW", "Factory New" -> "factory new".
std::optional<std::string> normal_exterior(std::string_view text);
Spelled<Category> read_category(std::string_view text);  // both STATTRACK and STATTRAK

}  // namespace dmarket
