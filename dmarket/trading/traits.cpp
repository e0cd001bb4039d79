#include "dmarket/trading/traits.hpp"

#include <array>
#include <charconv>
#include <string>

namespace dmarket::trading {
namespace {

struct BucketEnd {
  FloatBucket bucket;
  std::string_view name;
  int below;  // hundredths
};

// DMarket documents the names only; the ends are those that live clients use.
constexpr std::array<BucketEnd, 27> buckets{{
    {FloatBucket::fn_0, "FN-0", 1},  {FloatBucket::fn_1, "FN-1", 2},  {FloatBucket::fn_2, "FN-2", 3},
    {FloatBucket::fn_3, "FN-3", 4},  {FloatBucket::fn_4, "FN-4", 5},  {FloatBucket::fn_5, "FN-5", 6},
    {FloatBucket::fn_6, "FN-6", 7},  {FloatBucket::mw_0, "MW-0", 8},  {FloatBucket::mw_1, "MW-1", 9},
    {FloatBucket::mw_2, "MW-2", 10}, {FloatBucket::mw_3, "MW-3", 11}, {FloatBucket::mw_4, "MW-4", 15},
    {FloatBucket::ft_0, "FT-0", 18}, {FloatBucket::ft_1, "FT-1", 21}, {FloatBucket::ft_2, "FT-2", 24},
    {FloatBucket::ft_3, "FT-3", 27}, {FloatBucket::ft_4, "FT-4", 38}, {FloatBucket::ww_0, "WW-0", 39},
    {FloatBucket::ww_1, "WW-1", 40}, {FloatBucket::ww_2, "WW-2", 41}, {FloatBucket::ww_3, "WW-3", 42},
    {FloatBucket::ww_4, "WW-4", 45}, {FloatBucket::bs_0, "BS-0", 50}, {FloatBucket::bs_1, "BS-1", 63},
    {FloatBucket::bs_2, "BS-2", 76}, {FloatBucket::bs_3, "BS-3", 80}, {FloatBucket::bs_4, "BS-4", 100},
}};

constexpr std::array<std::string_view, 9> phase_names{"",     "phase-1",  "phase-2", "phase-3",    "phase-4",
                                                      "ruby", "sapphire", "emerald", "black-pearl"};

// Lower case, with one sign for what may part the words.
std::string folded(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '_' || c == ' ') c = '-';
  }
  return out;
}

std::string without_prefix(std::string text, std::string_view prefix) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

bool says_nothing(std::string_view folded_text) {
  return folded_text.empty() || folded_text == "any" || folded_text == "unspecified";
}

struct Digits {
  std::string digits;  // of mantissa, without the point
  long point = 0;      // how many of them stand before it
};

std::optional<Digits> digits_of(std::string_view text) {
  Digits result;
  const auto e = text.find_first_of("eE");
  const auto mantissa = text.substr(0, e);
  bool pointed = false;
  for (const char c : mantissa) {
    if (c == '.' && !pointed) {
      pointed = true;
    } else if (c >= '0' && c <= '9') {
      result.digits += c;
      if (!pointed) ++result.point;
    } else {
      return std::nullopt;
    }
  }
  if (result.digits.empty()) return std::nullopt;
  if (e == std::string_view::npos) return result;
  auto exponent = text.substr(e + 1);
  if (exponent.starts_with('+')) exponent.remove_prefix(1);
  int shift = 0;
  const auto [end, error] = std::from_chars(exponent.data(), exponent.data() + exponent.size(), shift);
  if (error != std::errc{} || end != exponent.data() + exponent.size() || shift > 400 || shift < -400) {
    return std::nullopt;
  }
  result.point += shift;
  return result;
}

bool known_same(const Traits& ours, const Traits& theirs, Likeness by) {
  if (by.float_part && ours.float_part != FloatBucket::none && theirs.float_part != ours.float_part) return false;
  return !by.paint_seed || !ours.paint_seed || theirs.paint_seed == ours.paint_seed;
}

}  // namespace

std::optional<FloatBucket> parse_float_bucket(std::string_view text) {
  const auto name = without_prefix(folded(text), "float-part-");
  if (says_nothing(name)) return FloatBucket::none;
  for (const auto& bucket : buckets) {
    if (folded(bucket.name) == name) return bucket.bucket;
  }
  return std::nullopt;
}

std::optional<Phase> parse_phase(std::string_view text) {
  const auto name = without_prefix(folded(text), "phase-title-");
  if (says_nothing(name)) return Phase::none;
  for (std::size_t i = 1; i < phase_names.size(); ++i) {
    if (phase_names[i] == name || (i <= 4 && phase_names[i].substr(6) == name)) return static_cast<Phase>(i);
  }
  return std::nullopt;
}

std::optional<std::optional<std::int32_t>> parse_paint_seed(std::string_view text) {
  using Seed = std::optional<std::int32_t>;
  if (says_nothing(folded(text))) return Seed();
  std::int32_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (error != std::errc{} || end != text.data() + text.size() || seed < 0) return std::nullopt;
  return seed == 0 ? Seed() : Seed(seed);
}

FloatBucket bucket_of_float(std::string_view decimal) {
  const auto number = digits_of(decimal);
  if (!number) return FloatBucket::none;
  // All borders are whole hundredths: what stands behind the second decimal decides nothing.
  int hundredths = 0;
  for (long place = 0; place < number->point + 2; ++place) {
    const auto at = static_cast<std::size_t>(place);
    hundredths = hundredths * 10 + (at < number->digits.size() ? number->digits[at] - '0' : 0);
    if (hundredths >= 100) return FloatBucket::none;
  }
  for (const auto& bucket : buckets) {
    if (hundredths < bucket.below) return bucket.bucket;
  }
  return FloatBucket::none;
}

std::string_view to_text(FloatBucket bucket) {
  for (const auto& known : buckets) {
    if (known.bucket == bucket) return known.name;
  }
  return "";
}

std::string_view to_text(Phase phase) {
  const auto index = static_cast<std::size_t>(phase);
  return index < phase_names.size() ? phase_names[index] : "";
}

bool buys(const Demand& demand, const Traits& copy) {
  return (demand.float_part == FloatBucket::none || demand.float_part == copy.float_part) &&
         (demand.phase == Phase::none || demand.phase == copy.phase) &&
         (!demand.paint_seed || demand.paint_seed == copy.paint_seed);
}

bool buys_all_of(const Demand& wide, const Demand& narrow) {
  return (wide.float_part == FloatBucket::none || wide.float_part == narrow.float_part) &&
         (wide.phase == Phase::none || wide.phase == narrow.phase) &&
         (!wide.paint_seed || wide.paint_seed == narrow.paint_seed);
}

bool competes(const Traits& ours, const Traits& theirs, Likeness by) {
  const bool same_phase = ours.phase == theirs.phase || ours.phase == Phase::none || theirs.phase == Phase::none;
  const bool same_float = !by.float_part || ours.float_part == theirs.float_part ||
                          ours.float_part == FloatBucket::none || theirs.float_part == FloatBucket::none;
  const bool same_seed =
      !by.paint_seed || ours.paint_seed == theirs.paint_seed || !ours.paint_seed || !theirs.paint_seed;
  return same_phase && same_float && same_seed;
}

bool speaks_for(const Traits& ours, const Traits& theirs, Likeness by) {
  return ours.phase == theirs.phase && known_same(ours, theirs, by);
}

}  // namespace dmarket::trading
