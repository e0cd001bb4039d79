#include "tgkit/bot/store_identity.hpp"

#include <gtest/gtest.h>

namespace {

using tgkit::bot::kept_identity;

TEST(StoreIdentity, BelongsToThePlaceItWasMadeFor) {
  EXPECT_EQ(kept_identity("abc 12.34", "12.34"), "abc");
  EXPECT_EQ(kept_identity("abc ", ""), "abc") << "a store without a place of its own";
  EXPECT_EQ(kept_identity("abc 12.34", "12.35"), "") << "a copy";
  EXPECT_EQ(kept_identity("abc", ""), "");
  EXPECT_EQ(kept_identity("", ""), "");
}

}  // namespace
