#include "dmarket/money.hpp"

#include <cstdio>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace dmarket {
namespace {

using Read = MoneyResult (*)(std::string_view);

std::optional<std::int64_t> cents_of(Read read, std::string_view text) {
  const auto amount = read(text);
  if (!amount) return std::nullopt;
  return amount->in_cents();
}

struct Case {
  const char* text;
  std::optional<std::int64_t> cents;
};

TEST(Money, DollarsAreReadFromTheirDecimalTextWithoutFloats) {
  const Case cases[] = {
      {"15.99", 1599},
      {"0.29", 29},
      {"19.99", 1999},
      {"1.1", 110},
      {"7", 700},
      {"0", 0},
      {"-0.05", -5},
      {"-12", -1200},
      {"0.005", 1},
      {"0.004", 0},
      {"0.0049999", 0},
      {"-0.005", -1},
      {"1.005", 101},
      {"10.5", 1050},
      {"15.990000000000001", 1599},
      {"", {}},
      {".5", {}},
      {"5.", {}},
      {"1e3", {}},
      {"1,5", {}},
      {"+1", {}},
      {" 1", {}},
      {"1 ", {}},
      {"NaN", {}},
      {"--1", {}},
      {"0x10", {}},
      {"1.2.3", {}},
      {"92233720368547758", {}},
      {"99999999999999999999", {}},
  };
  for (const Case& c : cases) EXPECT_EQ(cents_of(parse_dollars, c.text), c.cents) << c.text;
}

TEST(Money, CentsAreWholeNumbersOnly) {
  const Case cases[] = {{"1599", 1599}, {"0", 0},    {"-3", -3}, {"9223372036854775807", INT64_MAX},
                        {"", {}},       {"1.0", {}}, {" 1", {}}, {"9223372036854775808", {}},
                        {"12a", {}},    {"+5", {}},  {"1e2", {}}};
  for (const Case& c : cases) EXPECT_EQ(cents_of(parse_cents, c.text), c.cents) << c.text;
}

TEST(Money, WhatAPersonTypesMayHaveACommaOrASignButNotThreeDecimals) {
  const Case cases[] = {{"15.99", 1599}, {"15,99", 1599},  {" $15.9 ", 1590}, {"15 $", 1500}, {"15.999", {}},
                        {"$", {}},       {"1,000.00", {}}, {"abc", {}},       {"", {}}};
  for (const Case& c : cases) EXPECT_EQ(cents_of(parse_typed_dollars, c.text), c.cents) << c.text;
}

TEST(Money, EveryAmountSurvivesEveryNotation) {
  EXPECT_TRUE(rc::check([](std::int64_t any) {
    const Money amount = Money::cents(any % (INT64_MAX / 200));
    RC_ASSERT(parse_dollars(to_decimal_dollars(amount)).value() == amount);
    RC_ASSERT(parse_cents(to_cents_text(amount)).value() == amount);
  }));
}

TEST(Money, AJsonFloatOfWholeCentsReadsAsThoseCents) {
  EXPECT_TRUE(rc::check([] {
    const auto cents = *rc::gen::inRange<std::int64_t>(0, 100'000'000);
    char shortest[64];
    std::snprintf(shortest, sizeof shortest, "%.17g", static_cast<double>(cents) / 100.0);
    RC_ASSERT(cents_of(parse_dollars, shortest) == cents);
  }));
}

TEST(Money, ArithmeticStopsAtTheEdgeInsteadOfWrapping) {
  const Money most = Money::cents(INT64_MAX), least = Money::cents(INT64_MIN);
  EXPECT_THROW(most + Money::cents(1), MoneyOverflow);
  EXPECT_THROW(least - Money::cents(1), MoneyOverflow);
  EXPECT_THROW(most * 2, MoneyOverflow);
  EXPECT_EQ(most - most, Money());
}

TEST(Money, PrintsWithSignAndTwoDecimals) {
  EXPECT_EQ(to_text(Money::cents(1599)), "$15.99");
  EXPECT_EQ(to_text(Money::cents(5)), "$0.05");
  EXPECT_EQ(to_text(Money::cents(-5)), "-$0.05");
  EXPECT_EQ(to_text(Money::cents(0)), "$0.00");
  EXPECT_EQ(to_text(Money::cents(INT64_MIN)), "-$92233720368547758.08");
  EXPECT_EQ(to_decimal_dollars(Money::cents(-1050)), "-10.50");
}

TEST(BasisPoints, PrintAsPercent) {
  EXPECT_EQ(to_text(BasisPoints(250)), "2.5%");
  EXPECT_EQ(to_text(BasisPoints(1000)), "10%");
  EXPECT_EQ(to_text(BasisPoints(5)), "0.05%");
  EXPECT_EQ(to_text(BasisPoints(-50)), "-0.5%");
}

TEST(Fee, RoundsUpSoThatNoCentIsPromisedThatMayNotCome) {
  EXPECT_EQ(fee_on(Money::cents(100), BasisPoints(200)), Money::cents(2));
  EXPECT_EQ(fee_on(Money::cents(101), BasisPoints(200)), Money::cents(3));
  EXPECT_EQ(fee_on(Money::cents(1), BasisPoints(1)), Money::cents(1));
  EXPECT_EQ(fee_on(Money::cents(0), BasisPoints(1000)), Money::cents(0));
  EXPECT_EQ(fee_on(Money::cents(INT64_MAX), BasisPoints(10'000)), Money::cents(INT64_MAX));
  EXPECT_THROW(fee_on(Money::cents(INT64_MAX), BasisPoints(10'001)), MoneyOverflow);
  EXPECT_THROW(fee_on(Money::cents(-1), BasisPoints(100)), std::invalid_argument);
}

TEST(Fee, IsTheSmallestWholeCentThatCoversTheRate) {
  EXPECT_TRUE(rc::check([] {
    const auto cents = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000);
    const auto rate = *rc::gen::inRange<std::int64_t>(0, 10'001);
    const auto fee = fee_on(Money::cents(cents), BasisPoints(rate)).in_cents();
    RC_ASSERT(fee * 10'000 >= cents * rate);
    RC_ASSERT((fee - 1) * 10'000 < cents * rate || fee == 0);
  }));
}

}  // namespace
}  // namespace dmarket
