#include "tgkit/ops/single_start.hpp"

#include "tests/ops/temporary_folder.hpp"

#include <csignal>
#include <optional>
#include <system_error>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tgkit::ops {
namespace {

using testing::HasSubstr;

TEST(SingleStart, ASecondStartIsRefusedAndNamesTheFirst) {
  const tests::TemporaryFolder folder;
  const SingleStart first(folder.path("data"));
  try {
    const SingleStart second(folder.path("data"));
    FAIL() << "two instances in one folder";
  } catch (const AlreadyRunning& error) {
    EXPECT_EQ(error.pid(), ::getpid());
    EXPECT_THAT(error.what(), HasSubstr(std::to_string(::getpid())));
    EXPECT_THAT(error.what(), HasSubstr(folder.path("data/lock")));
  }
}

TEST(SingleStart, TheNextStartsWhenTheFirstHasEnded) {
  const tests::TemporaryFolder folder;
  std::optional<SingleStart> first(folder.path());
  first.reset();
  EXPECT_NO_THROW(SingleStart{folder.path()});
}

TEST(SingleStart, OtherFoldersAreFree) {
  const tests::TemporaryFolder one;
  const tests::TemporaryFolder two;
  const SingleStart first(one.path());
  EXPECT_NO_THROW(SingleStart{two.path()});
}

TEST(SingleStart, AnUnusableFolderIsAnErrorThatNamesIt) {
  try {
    const SingleStart lock("/proc/none/data");
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("/proc/none"));
  }
}

// Another process that holds the lock and waits to be killed; returns once it holds it.
pid_t start_holder(const std::string& folder) {
  int ready[2];
  EXPECT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const SingleStart lock(folder);
    if (::write(ready[1], "x", 1) != 1) ::_exit(1);
    while (true) ::pause();
  }
  char byte = 0;
  EXPECT_EQ(::read(ready[0], &byte, 1), 1);
  ::close(ready[0]);
  ::close(ready[1]);
  return child;
}

TEST(SingleStart, AProcessThatWasKilledHoldsNothing) {
  const tests::TemporaryFolder folder;
  const auto holder = start_holder(folder.path());
  try {
    const SingleStart second(folder.path());
    ADD_FAILURE() << "two processes in one folder";
  } catch (const AlreadyRunning& error) {
    EXPECT_EQ(error.pid(), holder);
  }
  ::kill(holder, SIGKILL);
  ::waitpid(holder, nullptr, 0);
  EXPECT_NO_THROW(SingleStart{folder.path()});
}

}  // namespace
}  // namespace tgkit::ops
