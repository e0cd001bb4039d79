#include "dmarket/trading/traits.hpp"

#include "dmarket/trading/level.hpp"
#include "tests/dmarket/trading/cases.hpp"

#include <gtest/gtest.h>

namespace dmarket::trading {
namespace {

using namespace tests;

struct FloatCase {
  const char* text;
  const char* bucket;
};
const FloatCase float_cases[] = {
    {"0", "FN-0"},
    {"0.0099999", "FN-0"},
    {"0.01", "FN-1"},
    {"0.0699999", "FN-6"},
    {"0.07", "MW-0"},
    {"0.1", "MW-3"},
    {"0.10999", "MW-3"},
    {"0.11", "MW-4"},
    {"0.149999", "MW-4"},
    {"0.15", "FT-0"},
    {"0.18", "FT-1"},
    {"0.21", "FT-2"},
    {"0.24", "FT-3"},
    {"0.2699999", "FT-3"},
    {"0.27", "FT-4"},
    {"0.344", "FT-4"},
    {"0.3799", "FT-4"},
    {"0.38", "WW-0"},
    {"0.42", "WW-4"},
    {"0.45", "BS-0"},
    {"0.5", "BS-1"},
    {"0.63", "BS-2"},
    {"0.76", "BS-3"},
    {"0.7999999", "BS-3"},
    {"0.8", "BS-4"},
    {"0.99999", "BS-4"},
    {"1", ""},
    {"1.0", ""},
    {"-0.1", ""},
    {"", ""},
    {"abc", ""},
    {"6.1e-05", "FN-0"},
    {"1.5e-1", "FT-0"},
    {"15E-2", "FT-0"},
    {"1e2", ""},
    {"0.1.2", ""},
    {"1e99999999999", ""},
    {"0.2700000107288360595703125", "FT-4"},
};
const Counted float_count(std::size(float_cases));

TEST(TradingTraits, AFloatBelongsToTheBucketWhoseLowerEndItReaches) {
  for (const auto& c : float_cases) EXPECT_EQ(to_text(bucket_of_float(c.text)), c.bucket) << c.text;
}

TEST(TradingTraits, AreReadInEverySpellingOfTheExchange) {
  EXPECT_EQ(parse_float_bucket("FT-4"), FloatBucket::ft_4);
  EXPECT_EQ(parse_float_bucket("FLOAT_PART_FT_4"), FloatBucket::ft_4);
  EXPECT_EQ(parse_float_bucket("FLOAT_PART_UNSPECIFIED"), FloatBucket::none);
  EXPECT_EQ(parse_float_bucket("any"), FloatBucket::none);
  EXPECT_EQ(parse_float_bucket(""), FloatBucket::none);
  EXPECT_EQ(parse_float_bucket("FT-9"), std::nullopt);
  EXPECT_EQ(parse_phase("phase-1"), Phase::phase_1);
  EXPECT_EQ(parse_phase("Phase 3"), Phase::phase_3);
  EXPECT_EQ(parse_phase("PHASE_TITLE_PHASE_2"), Phase::phase_2);
  EXPECT_EQ(parse_phase("PHASE_TITLE_BLACK_PEARL"), Phase::black_pearl);
  EXPECT_EQ(parse_phase("PHASE_TITLE_UNSPECIFIED"), Phase::none);
  EXPECT_EQ(parse_phase("ruby"), Phase::ruby);
  EXPECT_EQ(parse_phase("any"), Phase::none);
  EXPECT_EQ(parse_phase("phase-5"), std::nullopt);
  EXPECT_EQ(parse_paint_seed("661").value(), 661);
  EXPECT_EQ(parse_paint_seed("0").value(), std::nullopt);
  EXPECT_EQ(parse_paint_seed("any").value(), std::nullopt);
  EXPECT_FALSE(parse_paint_seed("-4"));
  EXPECT_FALSE(parse_paint_seed("12x"));
  EXPECT_EQ(to_text(Phase::black_pearl), "black-pearl");
  EXPECT_EQ(to_text(FloatBucket::none), "");
}

const Demand any{};
const Demand ft0{FloatBucket::ft_0, Phase::none, {}};
const Demand ruby{FloatBucket::none, Phase::ruby, {}};
const Demand ft0_seed{FloatBucket::ft_0, Phase::none, 661};

struct DemandCase {
  const char* what;
  Demand wide, narrow;
  bool buys_all;
};
const DemandCase demand_cases[] = {
    {"a generic one buys all of everything", any, ft0_seed, true},
    {"the same", ft0, ft0, true},
    {"one bucket buys all of a seed in it", ft0, ft0_seed, true},
    {"a seed does not buy all of its bucket", ft0_seed, ft0, false},
    {"a bucket does not buy all copies", ft0, any, false},
    {"a phase is not a bucket", ruby, ft0, false},
};
const Counted demand_count(std::size(demand_cases));

TEST(TradingTraits, ADemandCoversWhatItsTraitsLeaveOpen) {
  for (const auto& c : demand_cases) EXPECT_EQ(buys_all_of(c.wide, c.narrow), c.buys_all) << c.what;
  EXPECT_TRUE(buys(ft0, Traits{FloatBucket::ft_0, Phase::none, 12}));
  EXPECT_FALSE(buys(ft0, Traits{FloatBucket::none, Phase::none, 12})) << "an unknown float fulfils no demand";
  EXPECT_TRUE(generic(any));
  EXPECT_FALSE(generic(ft0));
}

struct LikeCase {
  const char* what;
  Traits ours, theirs;
  Likeness by;
  bool competes, speaks;
};
const Traits unknown{};
const Traits a_ft0{FloatBucket::ft_0, Phase::none, 1};
const Traits a_ft4{FloatBucket::ft_4, Phase::none, 2};
const Traits a_ruby{FloatBucket::fn_0, Phase::ruby, 3};
const LikeCase like_cases[] = {
    {"other floats matter only when asked", a_ft0, a_ft4, {}, true, true},
    {"other floats, asked", a_ft0, a_ft4, {true, false}, false, false},
    {"an unknown float is a competitor but no evidence", a_ft0, unknown, {true, false}, true, false},
    {"phases always part", a_ruby, a_ft0, {}, true, false},
    {"another phase", a_ruby, {FloatBucket::fn_0, Phase::phase_1, 3}, {}, false, false},
    {"a phase says nothing about an unknown one", unknown, a_ruby, {}, true, false},
    {"other seeds matter only when asked", a_ft0, {FloatBucket::ft_0, Phase::none, 9}, {}, true, true},
    {"other seeds, asked", a_ft0, {FloatBucket::ft_0, Phase::none, 9}, {false, true}, false, false},
    {"nothing known of either", unknown, unknown, {true, true}, true, true},
};
const Counted like_count(std::size(like_cases));

TEST(TradingTraits, OnlyComparableCopiesCompeteOrSpeakForAPrice) {
  for (const auto& c : like_cases) {
    EXPECT_EQ(competes(c.ours, c.theirs, c.by), c.competes) << c.what;
    EXPECT_EQ(speaks_for(c.ours, c.theirs, c.by), c.speaks) << c.what;
  }
}

struct LevelCase {
  std::int64_t price;
  const char* level;  // "": none
  std::int64_t least;
};
const LevelCase level_cases[] = {
    {0, "", 0},
    {49, "", 0},
    {50, "boost", 150},
    {299, "boost", 150},
    {300, "standard", 300},
    {999, "standard", 300},
    {1'000, "medium", 500},
    {2'999, "medium", 500},
    {3'000, "advanced", 700},
    {9'999, "advanced", 700},
    {10'000, "pro", 1'000},
    {99'999, "pro", 1'000},
    {100'000, "", 0},
    {-50, "", 0},
    {INT64_MAX, "", 0},
    {INT64_MIN, "", 0},
};
const Counted level_count(std::size(level_cases));

TEST(TradingLevels, TheLowerEdgeIsInAndTheUpperIsOut) {
  for (const auto& c : level_cases) {
    const auto level = level_of(cents(c.price));
    EXPECT_EQ(level ? to_text(*level) : "", c.level) << c.price;
    if (level) {
      EXPECT_EQ(rule_of(*level).least_percent, BasisPoints(c.least));
    }
  }
  EXPECT_EQ(parse_level("medium"), Level::medium);
  EXPECT_EQ(parse_level("Medium "), std::nullopt);
  EXPECT_TRUE(LevelSet::all().has(Level::pro));
  EXPECT_FALSE(LevelSet().add(Level::boost).has(Level::pro));
}

}  // namespace
}  // namespace dmarket::trading
