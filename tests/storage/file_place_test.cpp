#include "tgkit/storage/file_place.hpp"

#include <fstream>

#include <gtest/gtest.h>

namespace {

using tgkit::storage::place_of;

TEST(FilePlace, FollowsAMoveAndNoCopy) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "file_place_test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "one") << "same bytes";
  const std::string place = place_of(folder / "one");
  EXPECT_FALSE(place.empty());
  std::ofstream(folder / "one", std::ios::app) << "more";
  EXPECT_EQ(place_of(folder / "one"), place) << "what is in it does not matter";
  std::filesystem::copy_file(folder / "one", folder / "copy");
  EXPECT_NE(place_of(folder / "copy"), place);
  std::filesystem::rename(folder / "one", folder / "moved");
  EXPECT_EQ(place_of(folder / "moved"), place);
  EXPECT_EQ(place_of(folder / "one"), "");
  std::filesystem::remove_all(folder);
}

}  // namespace
