#include "tgkit/storage/attempts.hpp"

#include "tests/storage/store_fixture.hpp"

#include <fstream>

namespace {

using tests::TemporaryDirectory;
using tgkit::storage::Attempts;
using tgkit::storage::StorageError;

TEST(Attempts, OutliveTheObject) {
  const TemporaryDirectory directory;
  {
    Attempts attempts(directory / "attempts");
    attempts.count(7);
    attempts.count(7);
    attempts.count(-3);
  }
  const Attempts again(directory / "attempts");
  EXPECT_EQ(again.of(7), 2U);
  EXPECT_EQ(again.of(-3), 1U);
  EXPECT_EQ(again.of(8), 0U);
}

TEST(Attempts, WhatIsForgottenOrTakenBackIsGone) {
  const TemporaryDirectory directory;
  {
    Attempts attempts(directory / "attempts");
    for (const int id : {1, 2, 3}) attempts.count(id);
    attempts.count(3);
    attempts.forget(1);
    attempts.take_back(2);
    attempts.take_back(3);
    attempts.take_back(4);
  }
  const Attempts again(directory / "attempts");
  EXPECT_EQ(again.of(1), 0U);
  EXPECT_EQ(again.of(2), 0U);
  EXPECT_EQ(again.of(3), 1U);
  EXPECT_EQ(again.of(4), 0U);
}

TEST(Attempts, AnOldOneGivesWayWhenAllPlacesAreTaken) {
  const TemporaryDirectory directory;
  Attempts attempts(directory / "attempts");
  constexpr std::int64_t many = Attempts::places + 1;
  for (std::int64_t id = 1; id <= many; ++id) attempts.count(id);
  EXPECT_EQ(attempts.of(many), 1U);
  std::size_t kept = 0;
  for (std::int64_t id = 1; id <= many; ++id) kept += attempts.of(id);
  EXPECT_EQ(kept, Attempts::places);
}

TEST(Attempts, AFileOfAnotherKindBeginsAnew) {
  const TemporaryDirectory directory;
  std::ofstream(directory / "attempts") << std::string(100'000, '\x01');
  Attempts attempts(directory / "attempts");
  EXPECT_EQ(attempts.of(0x0101010101010101), 0U);
  attempts.count(5);
  EXPECT_EQ(attempts.of(5), 1U);
}

TEST(Attempts, APlaceThatCannotBeWrittenIsNamed) {
  const TemporaryDirectory directory;
  try {
    const Attempts attempts(directory / "missing/attempts");
    FAIL() << "opened";
  } catch (const StorageError& error) {
    EXPECT_NE(std::string_view(error.what()).find("missing/attempts"), std::string_view::npos) << error.what();
  }
}

}  // namespace
