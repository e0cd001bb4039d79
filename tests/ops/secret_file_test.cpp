#include "tgkit/ops/secret_file.hpp"

#include "tests/ops/temporary_folder.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace tgkit::ops {
namespace {

namespace fs = std::filesystem;

class SecretFile : public testing::Test {
 protected:
  void write(const std::string& text) { std::ofstream(path) << text; }
  tests::TemporaryFolder folder;
  std::string path = folder.path("secret");
};

TEST_F(SecretFile, IsReadUpTo64KiB) {
  write(std::string(most_of_a_small_file, 'x'));
  EXPECT_EQ(read_small_file(path).value_or("").size(), most_of_a_small_file);
  write(std::string(most_of_a_small_file + 1, 'x'));
  EXPECT_FALSE(read_small_file(path));
  EXPECT_FALSE(read_small_file("/dev/zero"));
  EXPECT_EQ(read_small_file(folder.path("nothing")).error(), "No such file or directory");
}

TEST_F(SecretFile, IsExposedWhenItAndAllItsFoldersAreOpen) {
  write("s");
  fs::permissions(folder.path(), fs::perms(0755));
  fs::permissions(path, fs::perms(0644));
  EXPECT_TRUE(is_exposed(path));
  fs::permissions(path, fs::perms(0640));
  EXPECT_FALSE(is_exposed(path));
  fs::permissions(path, fs::perms(0644));
  fs::permissions(folder.path(), fs::perms(0750));
  EXPECT_FALSE(is_exposed(path));
  EXPECT_FALSE(is_exposed(folder.path("nothing")));
}

TEST_F(SecretFile, ALinkIsAsExposedAsWhatItLeadsTo) {
  fs::permissions(folder.path(), fs::perms(0755));
  write("s");
  fs::permissions(path, fs::perms(0644));
  fs::create_symlink(path, folder.path("link"));
  EXPECT_TRUE(is_exposed(folder.path("link")));
}

}  // namespace
}  // namespace tgkit::ops
