#include "app/trader/absence.hpp"

#include <gtest/gtest.h>

namespace {

using app::trader::Absences;
using app::trader::between_looks;
using app::trader::longest_doubt;
using app::trader::Showing;

constexpr std::int64_t start = 1'790'000'000;

TEST(Absence, OneCompleteLookProvesNothing) {
  Absences absences;
  EXPECT_FALSE(absences.gone("a", Showing::absent, start));
  EXPECT_FALSE(absences.gone("a", Showing::absent, start + between_looks - 1));
}

TEST(Absence, TwoCompleteLooksSomeMinutesApartDo) {
  Absences absences;
  EXPECT_FALSE(absences.gone("a", Showing::absent, start));
  EXPECT_TRUE(absences.gone("a", Showing::absent, start + between_looks));
}

TEST(Absence, LooksThatProveNothingNeverAddUp) {
  Absences absences;
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(absences.gone("a", Showing::unclear, start + i * between_looks));
  EXPECT_FALSE(absences.gone("a", Showing::absent, start + 100 * between_looks));
}

TEST(Absence, WhatShowsInBetweenIsThere) {
  Absences absences;
  EXPECT_FALSE(absences.gone("a", Showing::absent, start));
  EXPECT_FALSE(absences.gone("a", Showing::shown, start + 60));
  EXPECT_FALSE(absences.gone("a", Showing::absent, start + between_looks));
}

TEST(Absence, EachThingIsLookedForByItself) {
  Absences absences;
  EXPECT_FALSE(absences.gone("a", Showing::absent, start));
  EXPECT_FALSE(absences.gone("b", Showing::absent, start + between_looks));
}

TEST(Absence, AnHourWithoutProofIsADoubt) {
  Absences absences;
  absences.gone("a", Showing::unclear, start);
  EXPECT_TRUE(absences.doubts(start + longest_doubt - 1).empty());
  ASSERT_EQ(absences.doubts(start + longest_doubt).size(), 1U);
  EXPECT_EQ(absences.doubts(start + longest_doubt).front().since, start);
  absences.gone("a", Showing::shown, start + longest_doubt);
  EXPECT_TRUE(absences.doubts(start + longest_doubt).empty());
}

}  // namespace
