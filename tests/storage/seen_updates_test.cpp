#include "tgkit/storage/seen_updates.hpp"

#include <gtest/gtest.h>

namespace {

using tgkit::storage::SeenUpdates;

TEST(SeenUpdates, OneIsTakenOnce) {
  SeenUpdates seen(10);
  EXPECT_TRUE(seen.take(1));
  EXPECT_FALSE(seen.take(1));
  EXPECT_FALSE(seen.is_done(1));
  seen.done(1);
  EXPECT_FALSE(seen.take(1));
  EXPECT_TRUE(seen.is_done(1));
  EXPECT_FALSE(seen.is_done(2));
}

TEST(SeenUpdates, ADoneOneIsForgottenWhenItLeavesTheWindow) {
  SeenUpdates seen(2);
  for (const int id : {1, 2, 3}) {
    seen.take(id);
    seen.done(id);
  }
  EXPECT_EQ(seen.size(), 2U);
  EXPECT_TRUE(seen.take(1));
}

TEST(SeenUpdates, AnUnfinishedOneIsKnownHoweverLongAgoItCame) {
  SeenUpdates seen(2);
  for (const int id : {1, 2, 3, 4}) seen.take(id);
  EXPECT_FALSE(seen.take(1));
  seen.done(1);
  EXPECT_TRUE(seen.take(1));
}

TEST(SeenUpdates, KnowsWhatAnEarlierRunHasSeenAndNotFinished) {
  SeenUpdates seen(2);
  for (const int id : {1, 2, 3}) seen.restore_seen(id);
  for (const int id : {0, 3}) seen.restore_unfinished(id);
  EXPECT_FALSE(seen.take(0));
  EXPECT_TRUE(seen.take(1));
  EXPECT_FALSE(seen.take(3));
  seen.done(0);
  EXPECT_TRUE(seen.take(0));
}

}  // namespace
