// Signals, with real processes: each test forks one that runs a lifecycle.
#include "tests/ops/temporary_folder.hpp"
#include "tgkit/ops/lifecycle.hpp"
#include "tgkit/ops/signal_meaning.hpp"
#include "tgkit/ops/signal_watch.hpp"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tgkit::ops {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// Says through a pipe when it is asked to stop, then takes as long as told.
class Slow final : public Service {
 public:
  enum class Stop { at_once, waits, blocks_the_loop };

  Slow(Clock& clock, int told, Stop stop) : clock_(clock), told_(told), stop_(stop) {}
  std::string_view name() const override { return "slow"; }
  Task<> start() override {
    tell('r');
    co_return;
  }
  Task<> stop() override {
    tell('s');
    if (stop_ == Stop::waits) co_await clock_.sleep_for(1h);
    while (stop_ == Stop::blocks_the_loop) ::pause();
  }

  void tell(char what) {
    if (::write(told_, &what, 1) != 1) ::_exit(99);
  }

 private:
  Clock& clock_;
  int told_;
  Stop stop_;
};

[[noreturn]] void run_program(const std::string& log_file, int told, Slow::Stop stop) {
  boost::asio::io_context io(1);
  SystemClock clock(io.get_executor());
  Log log({.file = log_file});
  Health health(io.get_executor(), clock);
  Slow slow(clock, told, stop);
  Lifecycle lifecycle(io.get_executor(), clock, log, health, {.stop_limit = 1h, .reload = [&slow] { slow.tell('h'); }});
  lifecycle.add(slow, {.stop = 1h});
  ::_exit(run_to_end(io, lifecycle, log));
}

class Program {
 public:
  explicit Program(Slow::Stop stop) {
    EXPECT_EQ(::pipe(pipe_), 0);
    pid_ = ::fork();
    if (pid_ == 0) run_program(folder.path("log"), pipe_[1], stop);
    ::close(pipe_[1]);
  }
  ~Program() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    ::close(pipe_[0]);
  }

  void await(char what) {
    char said = 0;
    ASSERT_EQ(::read(pipe_[0], &said, 1), 1);
    ASSERT_EQ(said, what);
  }
  void signal(int number) const { ::kill(pid_, number); }
  // Again and again: within a second of the first signal it is that one.
  int exit_code_signalling(int number) {
    siginfo_t ended{};
    while (::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == 0) {
      signal(number);
      ::usleep(50'000);
    }
    return exit_code();
  }
  int exit_code() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

  tests::TemporaryFolder folder;

 private:
  int pipe_[2]{};
  pid_t pid_ = 0;
};

TEST(Signals, SigtermAndSigintStopInOrder) {
  for (const int number : {SIGTERM, SIGINT}) {
    Program program(Slow::Stop::at_once);
    program.await('r');
    program.signal(number);
    program.await('s');
    EXPECT_EQ(program.exit_code(), exit_code::ok);
    EXPECT_THAT(program.folder.read("log"), HasSubstr(number == SIGINT ? "reason=SIGINT" : "reason=SIGTERM"));
  }
}

TEST(Signals, ASecondSignalLeavesAtOnceWithItsOwnCodeAndTheLogWritten) {
  Program program(Slow::Stop::waits);
  program.await('r');
  program.signal(SIGTERM);
  program.await('s');
  EXPECT_EQ(program.exit_code_signalling(SIGINT), exit_code::second_signal);
  EXPECT_THAT(program.folder.read("log"), HasSubstr("second signal: leaving at once signal=SIGINT"));
}

TEST(Signals, ASecondSignalLeavesAlsoWhenTheLoopIsStuck) {
  Program program(Slow::Stop::blocks_the_loop);
  program.await('r');
  program.signal(SIGTERM);
  program.await('s');
  EXPECT_EQ(program.exit_code_signalling(SIGTERM), exit_code::second_signal);
}

TEST(Signals, SighupIsTheReloadAndEndsNothing) {
  Program program(Slow::Stop::at_once);
  program.await('r');
  program.signal(SIGHUP);
  program.await('h');
  program.signal(SIGTERM);
  program.await('s');
  EXPECT_EQ(program.exit_code(), exit_code::ok);
}

TEST(SignalReader, ASignalTwiceWithinASecondIsOneAndLaterIsASecond) {
  SignalReader reader;
  const TimePoint begin{};
  EXPECT_EQ(reader.read(SIGTERM, begin), SignalMeaning::stop);
  EXPECT_EQ(reader.read(SIGTERM, begin + 999ms), SignalMeaning::same_stop);
  EXPECT_EQ(reader.read(SIGINT, begin + 1s), SignalMeaning::leave_now);
}

TEST(SignalReader, AReloadIsNeitherTheFirstNorTheSecondWishToStop) {
  SignalReader reader;
  const TimePoint begin{};
  EXPECT_EQ(reader.read(SIGHUP, begin), SignalMeaning::reload);
  EXPECT_EQ(reader.read(SIGTERM, begin + 5s), SignalMeaning::stop);
  EXPECT_EQ(reader.read(SIGHUP, begin + 9s), SignalMeaning::reload);
}

TEST(Signals, AStopWhoseLoopIsStuckEndsAtTheLastResort) {
  const tests::TemporaryFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    Log log({.file = folder.path("log")});
    const SignalWatch watch(
        log, 1ms, [](const std::string&) {}, [] {});
    ::raise(SIGTERM);
    while (true) ::pause();
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), exit_code::unclean_stop);
  EXPECT_THAT(folder.read("log"), HasSubstr("the loop hangs"));
}

}  // namespace
}  // namespace tgkit::ops
