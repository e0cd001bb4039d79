#include "tgkit/ops/private_directory.hpp"

#include "tests/ops/temporary_folder.hpp"

#include <array>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace tgkit::ops {
namespace {

namespace fs = std::filesystem;
using namespace std::string_view_literals;

class PrivateDirectory : public testing::Test {
 protected:
  PrivateDirectory() { fs::permissions(folder.path(), fs::perms(0755)); }
  void add(const std::string& name) {
    std::ofstream(folder.path(name)) << "x";
    fs::permissions(folder.path(name), fs::perms(0644));
  }
  std::vector<std::string> close() { return make_private(folder.path(), std::array{"bot.sqlite"sv, "lock"sv}); }
  unsigned mode(const std::string& name = {}) {
    return static_cast<unsigned>(fs::status(folder.path(name)).permissions());
  }
  tests::TemporaryFolder folder;
};

TEST_F(PrivateDirectory, ItselfAndItsFilesAreClosedToOthers) {
  add("bot.sqlite");
  add("bot.sqlite-wal");
  fs::create_directory(folder.path("lost+found"));
  EXPECT_TRUE(close().empty());
  EXPECT_EQ(mode(), 0700U);
  EXPECT_EQ(mode("bot.sqlite"), 0600U);
  EXPECT_EQ(mode("bot.sqlite-wal"), 0600U);
}

TEST_F(PrivateDirectory, ADirectoryWithForeignThingsIsLeftAndSaidSo) {
  add("lock");
  add("passwd");
  const auto open = close();
  ASSERT_EQ(open.size(), 1U);
  EXPECT_NE(open.front().find("chmod 700"), std::string::npos);
  EXPECT_EQ(mode(), 0755U);
  EXPECT_EQ(mode("lock"), 0600U);
  EXPECT_EQ(mode("passwd"), 0644U);
  fs::permissions(folder.path(), fs::perms(0700));
  EXPECT_TRUE(close().empty());
}

TEST_F(PrivateDirectory, ALinkIsNotFollowed) {
  add("elsewhere");
  fs::create_symlink(folder.path("elsewhere"), folder.path("bot.sqlite"));
  close();
  EXPECT_EQ(mode("elsewhere"), 0644U);
}

}  // namespace
}  // namespace tgkit::ops
