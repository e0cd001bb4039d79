#include "tgkit/ops/log.hpp"

#include "tests/ops/temporary_folder.hpp"
#include "tgkit/ops/log_sink.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <thread>

#include <boost/json.hpp>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace tgkit::ops {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

struct Pipe {
  Pipe() { EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0); }
  ~Pipe() {
    close_reader();
    ::close(ends[1]);
  }
  int writer() const { return ends[1]; }
  void close_reader() {
    if (ends[0] >= 0) ::close(ends[0]);
    ends[0] = -1;
  }
  std::string read_some() {
    std::string text(1 << 16, '\0');
    const auto length = ::read(ends[0], text.data(), text.size());
    text.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
    return text;
  }
  std::array<int, 2> ends{};
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST(Log, ALineIsInTheFileWhenTheCallReturns) {
  const tests::TemporaryFolder folder;
  Log log({.file = folder.path("log")});
  log.info("started", Field("port", 8080));
  EXPECT_THAT(folder.read("log"), EndsWith("Z INFO  started port=8080\n"));
}

TEST(Log, WarningsOfABurstAreInTheFileWhenTheCallReturns) {
  const tests::TemporaryFolder folder;
  Log log({.file = folder.path("log")});
  for (int i = 0; i < 100; ++i) log.info("burst", Field("i", i));
  log.warn("last");
  EXPECT_EQ(lines_of(folder.read("log")).size(), 101u);
}

TEST(Log, LinesBelowTheLevelAreNotWritten) {
  const tests::TemporaryFolder folder;
  Log log({.level = Level::warn, .file = folder.path("log")});
  log.info("hidden");
  log.set_level(Level::debug);
  log.debug("shown");
  log.write(Level::trace, "hidden, too");
  log.flush();
  EXPECT_THAT(folder.read("log"), HasSubstr("DEBUG shown"));
  EXPECT_THAT(folder.read("log"), Not(HasSubstr("hidden")));
}

TEST(Log, EveryLineOfManyThreadsIsWholeAndInItsThreadsOrder) {
  const tests::TemporaryFolder folder;
  constexpr int count = 2000;
  {
    Log log({.json = true, .file = folder.path("log")});
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&log, thread] {
        for (int i = 0; i < count; ++i) log.info("event", Field("thread", thread), Field("i", i));
      });
    }
  }
  std::array<int, 4> next{};
  for (const auto& line : lines_of(folder.read("log"))) {
    const auto value = boost::json::parse(line);
    const auto thread = static_cast<std::size_t>(value.at("thread").as_int64());
    ASSERT_EQ(value.at("i").as_int64(), next.at(thread)++);
  }
  EXPECT_THAT(next, testing::Each(count));
}

TEST(Log, AFileThatCannotBeOpenedIsAnErrorThatNamesIt) {
  try {
    const Log log({.file = "/nonexistent/folder/log"});
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("/nonexistent/folder/log"));
  }
}

TEST(Log, AFullDiskLosesLinesAndNothingElse) {
  Log log({.file = "/dev/full"});
  for (int i = 0; i < 50; ++i) log.info("event");
  log.error("event");
  EXPECT_EQ(log.lost(), 51u);
}

TEST(LogSink, AClosedPipeLosesLinesAndNothingElse) {
  std::signal(SIGPIPE, SIG_IGN);
  Pipe pipe;
  pipe.close_reader();
  LogSink sink(pipe.writer(), false, false);
  sink.write("one\n");
  for (int i = 0; i < 10; ++i) sink.write("more\n");
  sink.flush();
  EXPECT_EQ(sink.lost(), 11u);
}

// The sum of all whole lines that tell a loss: there may be several.
std::uint64_t told_losses(std::string_view text) {
  constexpr std::string_view words = "log lines lost lines=";
  std::uint64_t sum = 0;
  for (auto at = text.find(words); at != std::string_view::npos; at = text.find(words, at + 1)) {
    const auto number = text.substr(at + words.size());
    if (number.find('\n') != std::string_view::npos) sum += std::strtoull(number.data(), nullptr, 10);
  }
  return sum;
}

TEST(LogSink, AReaderThatDoesNotReadHoldsNobodyHoldsNobodyUpAndTheLossIsTold) {
  Pipe pipe;
  LogSink sink(pipe.writer(), false, false, 8192);
  const std::string line(1023, 'x');
  constexpr std::size_t count = 200;  // more than the pipe (64 KiB) and the sink hold
  for (std::size_t i = 0; i < count; ++i) sink.write(line + "\n");
  ASSERT_GT(sink.lost(), 0u);
  std::string text;
  while (told_losses(text) < sink.lost()) text += pipe.read_some();
  EXPECT_EQ(told_losses(text), sink.lost());
  const auto lines = lines_of(text);
  EXPECT_EQ(static_cast<std::size_t>(std::count(lines.begin(), lines.end(), line)) + sink.lost(), count);
}

TEST(LogSink, AStopDoesNotWaitForAReaderThatDoesNotRead) {
  Pipe pipe;
  {
    LogSink sink(pipe.writer(), false, false);
    for (int i = 0; i < 200; ++i) sink.write(std::string(1023, 'x') + "\n");
  }
  SUCCEED();  // the test's time limit is the assertion
}

}  // namespace
}  // namespace tgkit::ops
