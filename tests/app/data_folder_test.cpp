#include "app/data_folder.hpp"

#include "tests/ops/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace app {
namespace {

TEST(DataFolder, WhatABotLeavesIsKnownByItsName) {
  for (const char* ours : {"lock", "admin.sock", "bot.sqlite", "bot.sqlite-wal", "bot.sqlite-sends",
                           "bot.sqlite-recent", "bot.sqlite.set-aside-20260101T000000Z"})
    EXPECT_TRUE(is_left_by_us(ours)) << ours;
  for (const char* foreign : {"lost+found", ".gitkeep", "rules.toml", "locks", "other.sqlite"})
    EXPECT_FALSE(is_left_by_us(foreign)) << foreign;
}

TEST(DataFolder, AMissingAnEmptyAndAForeignFolderWereNotUsed) {
  const tests::TemporaryFolder folder;
  EXPECT_FALSE(was_used(folder.path("none")));
  EXPECT_FALSE(was_used(folder.path("")));
  std::ofstream(folder.path("lost+found")) << "";
  EXPECT_FALSE(was_used(folder.path("")));
  std::ofstream(folder.path("lock")) << "";
  EXPECT_TRUE(was_used(folder.path("")));
}

}  // namespace
}  // namespace app
