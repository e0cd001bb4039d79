#pragma once
// The words of the exchange's model: games, attributes, ids. Values only; texts are spelled as DMarket spells them.
#include "dmarket/money.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sandbox::market {

using dmarket::Money;

using Time = std::int64_t;  // Unix seconds of the sandbox's time

enum class Game : std::uint8_t { cs2, dota2, rust, tf2 };
inline constexpr std::array<Game, 4> all_games{Game::cs2, Game::dota2, Game::rust, Game::tf2};
std::string_view game_id(Game game);    // "a8db", "9a92", "rust", "tf2"
std::string_view sync_name(Game game);  // "CSGO", "Dota2", "Rust", "TF2": what the inventory sync takes
int steam_app(Game game);               // 730, 570, 252490, 440
std::optional<Game> game_by_id(std::string_view id);
std::optional<Game> game_by_sync_name(std::string_view name);

// The empty text stands for `none` in both directions.
enum class Exterior : std::uint8_t { none, factory_new, minimal_wear, field_tested, well_worn, battle_scarred };
std::string_view to_text(Exterior exterior);  // "field-tested", as treeFilters spell it
std::optional<Exterior> exterior_of(std::string_view text);

enum class Phase : std::uint8_t { none, phase_1, phase_2, phase_3, phase_4, ruby, sapphire, emerald, black_pearl };
std::string_view to_text(Phase phase);  // "phase-1", "black-pearl"
std::optional<Phase> phase_of(std::string_view text);

enum class Category : std::uint8_t { normal, stattrak, souvenir, star };
std::string_view to_text(Category category);  // "normal", "stattrak_tm", "souvenir", "★"
std::optional<Category> category_of(std::string_view text);

// 0: none, 1..27: FN-0 ... BS-4 in the order of their ranges.
struct FloatPart {
  std::uint8_t number = 0;
  friend constexpr auto operator<=>(FloatPart, FloatPart) = default;
};
inline constexpr int float_parts = 27;
std::string_view to_text(FloatPart part);  // "FT-0"
std::optional<FloatPart> float_part_of(std::string_view text);
FloatPart float_part_at(std::int32_t float_value);  // billionths; below zero: none
std::string float_text(std::int32_t float_value);   // "0.344037026", "" below zero
std::int32_t float_part_from(FloatPart part);       // inclusive, billionths
std::int32_t float_part_to(FloatPart part);         // exclusive

struct Uuid {
  std::uint64_t high = 0, low = 0;
  bool empty() const { return high == 0 && low == 0; }
  friend constexpr auto operator<=>(const Uuid&, const Uuid&) = default;
};
std::string to_text(const Uuid& id);                    // 36 characters, lower case; "" for the empty one
std::optional<Uuid> parse_uuid(std::string_view text);  // capitals are taken; nothing but the 36 characters is

// What is the same for every copy of a title.
struct TitleInfo {
  Game game = Game::cs2;
  std::string title;          // "StatTrak™ AK-47 | Amber Circuit (Field-Tested)"
  std::string name;           // without prefix and exterior: "AK-47 | Amber Circuit"
  std::string category_path;  // "rifle/ak-47"
  std::string type;           // "rifle"
  std::string collection;     // may be empty
  std::string quality;        // "restricted"; may be empty
  std::string hero;           // Dota 2 only
  std::string class_id;       // "instance:class"
  Exterior exterior = Exterior::none;
  Category category = Category::normal;
  bool has_float = false;   // its copies have float, seed and floatPart
  bool has_phases = false;  // its copies have a phase
  bool craftable = true;    // TF2 only
};

// What tells one copy from another.
struct Copy {
  std::int32_t float_value = -1;  // billionths; -1: none
  std::uint16_t paint_seed = 0;   // 0: none
  std::uint16_t paint_index = 0;
  Phase phase = Phase::none;
  Time unlock_at = 0;  // when Steam's trade lock ends; in the past: not locked
  FloatPart float_part() const { return float_part_at(float_value); }
};
int lock_days(const Copy& copy, Time now);  // whole days that are left, rounded up

// What a target demands of a copy; `none` and 0 demand nothing.
struct Demand {
  FloatPart float_part;
  Phase phase = Phase::none;
  std::uint16_t paint_seed = 0;
  bool generic() const { return float_part.number == 0 && phase == Phase::none && paint_seed == 0; }
  friend constexpr auto operator<=>(const Demand&, const Demand&) = default;
};
bool satisfies(const Copy& copy, const Demand& demand);

// A fraction in millionths: 20,000 is 2 %.
struct Fraction {
  std::int64_t millionths = 0;
  friend constexpr auto operator<=>(Fraction, Fraction) = default;
};
std::string to_text(Fraction fraction);  // "0.02", at most six decimals

}  // namespace sandbox::market
