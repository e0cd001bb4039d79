#include "dmarket/fee_rate.hpp"

#include <optional>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace dmarket {
namespace {

struct Case {
  const char* text;
  std::optional<std::int64_t> millionths;
};

std::optional<std::int64_t> read(FeeRateResult rate) {
  if (!rate) return std::nullopt;
  return rate->in_millionths();
}

TEST(FeeRate, IsReadExactlyFromItsDecimalText) {
  const Case cases[] = {{"0.015", 15'000},
                        {"0.10", 100'000},
                        {"0.1", 100'000},
                        {"0", 0},
                        {"0.0", 0},
                        {"1", 1'000'000},
                        {"1.0", 1'000'000},
                        {"0.000001", 1},
                        {"0.0000001", 1},
                        {"0.0200000000", 20'000},
                        {"0.02000000001", 20'001},  // a fee is never read too small
                        {"0.9999999", 1'000'000},
                        {"1.000001", {}},
                        {"1.0000001", {}},
                        {"2", {}},
                        {"99999999999999999999", {}},
                        {"", {}},
                        {".5", {}},
                        {"5.", {}},
                        {"-0.1", {}},
                        {"+0.1", {}},
                        {"1e-2", {}},
                        {" 0.1", {}},
                        {"0,1", {}},
                        {"0.1.2", {}},
                        {"NaN", {}}};
  for (const Case& c : cases) EXPECT_EQ(read(parse_fee_rate(c.text)), c.millionths) << c.text;
}

TEST(FeeRate, ReadsThePercentOfClosedOffers) {
  const Case cases[] = {{"1.5", 15'000}, {"10", 100'000}, {"2", 20'000},    {"100", 1'000'000}, {"100.1", {}},
                        {"0.0001", 1},   {"0.00001", 1},  {"7.25", 72'500}, {"x", {}},          {"101", {}}};
  for (const Case& c : cases) EXPECT_EQ(read(parse_fee_percent(c.text)), c.millionths) << c.text;
}

TEST(FeeRate, PrintsAsFractionAndAsPercent) {
  EXPECT_EQ(to_fraction_text(FeeRate::millionths(15'000)), "0.015");
  EXPECT_EQ(to_fraction_text(FeeRate()), "0");
  EXPECT_EQ(to_fraction_text(FeeRate::millionths(1'000'000)), "1");
  EXPECT_EQ(to_text(FeeRate::millionths(15'000)), "1.5%");
  EXPECT_EQ(to_text(FeeRate::millionths(100'000)), "10%");
  EXPECT_EQ(to_text(FeeRate::millionths(1)), "0.0001%");
  EXPECT_THROW(FeeRate::millionths(-1), std::invalid_argument);
  EXPECT_THROW(FeeRate::millionths(1'000'001), std::invalid_argument);
}

TEST(FeeRate, SurvivesItsText) {
  EXPECT_TRUE(rc::check([] {
    const auto rate = FeeRate::millionths(*rc::gen::inRange<std::int64_t>(0, 1'000'001));
    RC_ASSERT(parse_fee_rate(to_fraction_text(rate)).value() == rate);
  }));
}

TEST(FeeRate, TakesTheSmallestWholeCentThatCoversIt) {
  EXPECT_EQ(fee_on(Money::cents(100), FeeRate::millionths(20'000)), Money::cents(2));
  EXPECT_EQ(fee_on(Money::cents(101), FeeRate::millionths(20'000)), Money::cents(3));
  EXPECT_EQ(fee_on(Money::cents(1), FeeRate::millionths(1)), Money::cents(1));
  EXPECT_EQ(fee_on(Money::cents(0), FeeRate::millionths(100'000)), Money());
  EXPECT_EQ(fee_on(Money::cents(INT64_MAX), FeeRate::millionths(1'000'000)), Money::cents(INT64_MAX));
  EXPECT_THROW(fee_on(Money::cents(-1), FeeRate()), std::invalid_argument);
  EXPECT_TRUE(rc::check([] {
    const auto cents = *rc::gen::inRange<std::int64_t>(0, INT64_MAX);
    const auto rate = *rc::gen::inRange<std::int64_t>(0, 1'000'001);
    const auto fee = static_cast<__int128>(fee_on(Money::cents(cents), FeeRate::millionths(rate)).in_cents());
    RC_ASSERT(fee * 1'000'000 >= static_cast<__int128>(cents) * rate);
    RC_ASSERT(fee == 0 || (fee - 1) * 1'000'000 < static_cast<__int128>(cents) * rate);
  }));
}

}  // namespace
}  // namespace dmarket
