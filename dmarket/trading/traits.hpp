#pragma once
// What tells one copy of a title from another, and what a target may demand of a copy: the float bucket, the phase and
// the paint seed. A value nobody knows and a demand nobody makes are both "none".
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace dmarket::trading {

// DMarket's buckets, lower end inclusive, upper end exclusive.
enum class FloatBucket : std::uint8_t {
  none,
  fn_0,
  fn_1,
  fn_2,
  fn_3,
  fn_4,
  fn_5,
  fn_6,
  mw_0,
  mw_1,
  mw_2,
  mw_3,
  mw_4,
  ft_0,
  ft_1,
  ft_2,
  ft_3,
  ft_4,
  ww_0,
  ww_1,
  ww_2,
  ww_3,
  ww_4,
  bs_0,
  bs_1,
  bs_2,
  bs_3,
  bs_4,
};

enum class Phase : std::uint8_t { none, phase_1, phase_2, phase_3, phase_4, ruby, sapphire, emerald, black_pearl };

// "FT-4", "FLOAT_PART_FT_4". "", "any" and "FLOAT_PART_UNSPECIFIED" are none; nothing: no such bucket.
std::optional<FloatBucket> parse_float_bucket(std::string_view text);
// "phase-1", "Phase 1", "PHASE_TITLE_PHASE_1", "black-pearl", whatever the case. "", "any", "…UNSPECIFIED" are none.
std::optional<Phase> parse_phase(std::string_view text);
// "661". "", "any" and "0" are no seed at all (the exchange writes 0 where there is none); nothing: not a seed.
std::optional<std::optional<std::int32_t>> parse_paint_seed(std::string_view text);

// The bucket of a float given as the exchange writes it, "0.3441232" or "6.1e-05"; none outside 0..1 (1 excluded) and
// for anything that is no number.
FloatBucket bucket_of_float(std::string_view decimal);

std::string_view to_text(FloatBucket bucket);  // "FT-4"; "" for none
std::string_view to_text(Phase phase);         // "black-pearl"; "" for none

struct Traits {
  FloatBucket float_part = FloatBucket::none;
  Phase phase = Phase::none;
  std::optional<std::int32_t> paint_seed;
  friend bool operator==(const Traits&, const Traits&) = default;
};

// Of a target; what is none is not demanded.
struct Demand {
  FloatBucket float_part = FloatBucket::none;
  Phase phase = Phase::none;
  std::optional<std::int32_t> paint_seed;
  friend bool operator==(const Demand&, const Demand&) = default;
};

// Buys any copy of its title.
constexpr bool generic(const Demand& demand) { return demand == Demand{}; }
// Whether a target with this demand buys this copy. A trait that is not known fulfils no demand.
bool buys(const Demand& demand, const Traits& copy);
// Whether the wide one buys every copy that the narrow one buys.
bool buys_all_of(const Demand& wide, const Demand& narrow);

// Which traits make a difference in price. The phase always does.
struct Likeness {
  bool float_part = false;
  bool paint_seed = false;
};

// Whether a buyer of `ours` would look at `theirs` too. A trait not known of one of the two does not part them: an
// unknown competitor is a competitor.
bool competes(const Traits& ours, const Traits& theirs, Likeness by);
// Whether the price of `theirs` says something about the price of `ours`: what is known of ours must be known to be
// the same of theirs, and a copy with a phase says nothing about one whose phase is not known.
bool speaks_for(const Traits& ours, const Traits& theirs, Likeness by);

}  // namespace dmarket::trading
