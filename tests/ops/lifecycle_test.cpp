#include "tgkit/ops/lifecycle.hpp"

#include "tests/ops/temporary_folder.hpp"
#include "tgkit/async/event.hpp"

#include <csignal>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tgkit::ops {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

enum class Does { its_work, throws, hangs, hangs_for_good };

using Story = std::vector<std::string>;

// Writes down what is asked of it and behaves as told.
class Scripted final : public Service {
 public:
  Scripted(std::string name, Story& story, ManualClock& clock, Does at_start = Does::its_work,
           Does at_stop = Does::its_work)
      : name_(std::move(name)), story_(story), clock_(clock), at_start_(at_start), at_stop_(at_stop) {}

  std::string_view name() const override { return name_; }
  Task<> start() override { return act("start ", at_start_); }
  Task<> stop() override { return act("stop ", at_stop_); }
  void supervise(Failed failed) override { failed_ = std::move(failed); }

  void break_down(const std::string& why) { break_down(std::runtime_error(why)); }
  template <class Error>
  void break_down(const Error& error) requires std::is_base_of_v<std::exception, Error> {
    failed_(std::make_exception_ptr(error));
  }
  void let_go() { held_.set(); }
  void limit_stop(Duration limit) override { limit_of_stop = limit; }
  Duration limit_of_stop{0};
  int exit_code = 0;  // of a StartError, when not 0

 private:
  Task<> act(std::string what, Does does) {
    story_.push_back(what + name_);
    if (does == Does::throws && exit_code != 0) throw StartError(exit_code, "token refused");
    if (does == Does::throws) throw std::runtime_error("it broke");
    if (does == Does::hangs) co_await clock_.sleep_for(1h);
    if (does == Does::hangs_for_good) co_await hang();
  }

  Task<> hang() {
    while (!held_.is_set()) {
      try {
        co_await held_.wait();
      } catch (const std::exception&) {
      }
      co_await boost::asio::this_coro::reset_cancellation_state();
    }
  }

  std::string name_;
  Story& story_;
  ManualClock& clock_;
  Does at_start_, at_stop_;
  Failed failed_;
  Event held_;
};

class LifecycleTest : public testing::Test {
 protected:
  ~LifecycleTest() override {
    for (auto& service : services) service->let_go();
    stop();
    while (!exit_code) advance(1h);
  }

  Scripted& service(std::string name, Does at_start = Does::its_work, Does at_stop = Does::its_work,
                    StepLimits limits = {}) {
    services.push_back(std::make_unique<Scripted>(std::move(name), story, clock, at_start, at_stop));
    lifecycle.add(*services.back(), limits);
    return *services.back();
  }

  void begin() {
    boost::asio::co_spawn(io.get_executor(), lifecycle.run(), [this](const std::exception_ptr& error, int code) {
      EXPECT_FALSE(error);
      exit_code = code;
    });
    turn();
  }
  void turn() {
    io.restart();
    io.poll();
  }
  void advance(Duration by) {
    clock.advance(by);
    turn();
  }
  void stop() {
    lifecycle.request_stop("test");
    turn();
  }
  std::string logged() {
    log.flush();
    return folder.read("log");
  }
  Status status() { return health.view().status; }

  tests::TemporaryFolder folder;
  boost::asio::io_context io;
  ManualClock clock;
  Log log{{.file = folder.path("log")}};
  Health health{io.get_executor(), clock};
  Lifecycle lifecycle{io.get_executor(), clock, log, health, {.stop_limit = 25s, .signals = false}};
  Story story;
  std::vector<std::unique_ptr<Scripted>> services;
  std::optional<int> exit_code;
};

TEST_F(LifecycleTest, ServicesStartInOrderAndStopInReverse) {
  for (const auto name : {"endpoints", "store", "poller"}) service(name);
  begin();
  EXPECT_THAT(story, ElementsAre("start endpoints", "start store", "start poller"));
  EXPECT_EQ(status(), Status::running);
  EXPECT_FALSE(exit_code);
  stop();
  EXPECT_THAT(story, ElementsAre("start endpoints", "start store", "start poller", "stop poller", "stop store",
                                 "stop endpoints"));
  EXPECT_EQ(exit_code, exit_code::ok);
  EXPECT_EQ(status(), Status::stopping);
  EXPECT_TRUE(lifecycle.clean());
}

TEST_F(LifecycleTest, EachStepIsLoggedWithItsDuration) {
  service("store", Does::its_work, Does::hangs);
  begin();
  stop();
  advance(3s);
  advance(7s);
  EXPECT_THAT(logged(), HasSubstr("service started service=store ms=0"));
  EXPECT_THAT(logged(), HasSubstr("stop requested reason=test"));
  EXPECT_THAT(logged(), HasSubstr("ERROR service did not stop within its limit service=store ms=10000"));
  EXPECT_THAT(logged(), HasSubstr("stopped exit_code=1"));
}

TEST_F(LifecycleTest, AStatusIsStartingUntilTheLastServiceHasStarted) {
  service("store");
  service("poller", Does::hangs);
  begin();
  EXPECT_EQ(status(), Status::starting);
}

TEST_F(LifecycleTest, AHangingStopIsLimitedNamedAndDoesNotKeepTheOthers) {
  service("store");
  service("outbox", Does::its_work, Does::hangs, {.stop = 5s});
  service("poller");
  begin();
  stop();
  EXPECT_THAT(story.back(), "stop outbox");
  advance(4999ms);
  EXPECT_FALSE(exit_code);
  advance(1ms);
  EXPECT_THAT(story.back(), "stop store");
  EXPECT_EQ(exit_code, exit_code::unclean_stop);
  EXPECT_TRUE(lifecycle.clean()) << "it heeded its cancellation";
}

TEST_F(LifecycleTest, AStopThatIgnoresItsCancellationIsGivenUp) {
  service("store");
  service("outbox", Does::its_work, Does::hangs_for_good, {.stop = 5s});
  begin();
  stop();
  advance(5s);
  advance(1s);
  EXPECT_THAT(story.back(), "stop store");
  EXPECT_EQ(exit_code, exit_code::unclean_stop);
  EXPECT_FALSE(lifecycle.clean());
  EXPECT_THAT(logged(), HasSubstr("service hangs and is given up service=outbox"));
}

TEST_F(LifecycleTest, AFailingStopDoesNotKeepTheOthers) {
  service("store");
  service("outbox", Does::its_work, Does::throws);
  begin();
  stop();
  EXPECT_THAT(story.back(), "stop store");
  EXPECT_EQ(exit_code, exit_code::unclean_stop);
  EXPECT_THAT(logged(), HasSubstr("service failed to stop service=outbox error=\"it broke\""));
}

TEST_F(LifecycleTest, AllStopsTogetherHaveALimitAndEachStillGetsAChance) {
  for (const auto name : {"a", "b", "c", "d"}) service(name, Does::its_work, Does::hangs, {.stop = 10s});
  service("e");
  begin();
  stop();
  advance(10s);
  EXPECT_THAT(story.back(), "stop c");
  advance(10s);
  EXPECT_THAT(story.back(), "stop b");
  advance(5s);
  EXPECT_THAT(story.back(), "stop a") << "25 s are over";
  advance(250ms);
  EXPECT_EQ(exit_code, exit_code::unclean_stop);
}

TEST_F(LifecycleTest, NoStopIsGivenMoreThanHalfOfWhatIsLeftAndEachKnowsItsLimit) {
  Scripted& last = service("store");
  Scripted& slow = service("dispatcher", Does::its_work, Does::hangs, {.stop = 1h});
  Scripted& first = service("poller");
  begin();
  stop();
  advance(12500ms);
  EXPECT_EQ(first.limit_of_stop, 10s);
  EXPECT_EQ(slow.limit_of_stop, 12500ms);
  EXPECT_EQ(last.limit_of_stop, 6250ms);
}

TEST_F(LifecycleTest, AServiceThatFailsWhileRunningMayChooseTheExitCode) {
  Scripted& poller = service("poller");
  begin();
  poller.break_down(StartError(exit_code::token_refused, "token refused"));
  advance(0s);
  EXPECT_EQ(exit_code, exit_code::token_refused);
}

TEST_F(LifecycleTest, AFailingStartStopsTheStartedInReverse) {
  service("endpoints");
  service("store");
  service("poller", Does::throws);
  service("report");
  begin();
  EXPECT_THAT(story, ElementsAre("start endpoints", "start store", "start poller", "stop store", "stop endpoints"));
  EXPECT_EQ(exit_code, exit_code::start_failed);
  EXPECT_THAT(logged(), HasSubstr("ERROR service cannot start service=poller error=\"it broke\""));
}

TEST_F(LifecycleTest, AFailingStartMayChooseItsExitCode) {
  service("poller", Does::throws).exit_code = exit_code::token_refused;
  begin();
  EXPECT_EQ(exit_code, exit_code::token_refused);
}

TEST_F(LifecycleTest, AnUncleanStopKeepsTheExitCodeOfTheFailedStart) {
  service("store", Does::its_work, Does::throws);
  service("poller", Does::throws);
  begin();
  EXPECT_EQ(exit_code, exit_code::start_failed);
}

TEST_F(LifecycleTest, AStartHasALimit) {
  service("store");
  service("poller", Does::hangs, Does::its_work, {.start = 7s});
  begin();
  advance(6999ms);
  EXPECT_FALSE(exit_code);
  advance(1ms);
  EXPECT_THAT(story, ElementsAre("start store", "start poller", "stop store"));
  EXPECT_EQ(exit_code, exit_code::start_failed);
  EXPECT_THAT(logged(), HasSubstr("took longer than its limit"));
}

TEST_F(LifecycleTest, AStopDuringTheStartCancelsItAndStopsTheStarted) {
  service("store");
  service("poller", Does::hangs);
  service("report");
  begin();
  stop();
  EXPECT_THAT(story, ElementsAre("start store", "start poller", "stop store"));
  EXPECT_EQ(exit_code, exit_code::ok);
}

TEST_F(LifecycleTest, AStartThatIgnoresAStopIsGivenUp) {
  service("store");
  service("poller", Does::hangs_for_good);
  begin();
  stop();
  advance(1s);
  EXPECT_THAT(story.back(), "stop store");
  EXPECT_EQ(exit_code, exit_code::unclean_stop);
  EXPECT_FALSE(lifecycle.clean());
}

TEST_F(LifecycleTest, AStopRequestedBeforeTheStartStartsNothing) {
  service("store");
  lifecycle.request_stop("early");
  turn();
  begin();
  EXPECT_TRUE(story.empty());
  EXPECT_EQ(exit_code, exit_code::ok);
}

TEST_F(LifecycleTest, AServiceThatFailsWhileRunningStopsEverything) {
  service("store");
  auto& poller = service("poller");
  begin();
  poller.break_down("token revoked");
  EXPECT_EQ(status(), Status::failed);
  turn();
  EXPECT_THAT(story, ElementsAre("start store", "start poller", "stop poller", "stop store"));
  EXPECT_EQ(exit_code, exit_code::unclean_stop);
  EXPECT_THAT(logged(), HasSubstr("ERROR service failed service=poller error=\"token revoked\""));
  EXPECT_THAT(health.view().failure, "poller: token revoked");
}

TEST_F(LifecycleTest, AServiceThatFailsWhileOthersStartStopsEverything) {
  auto& store = service("store");
  service("poller", Does::hangs);
  begin();
  store.break_down("disk full");
  turn();
  EXPECT_THAT(story, ElementsAre("start store", "start poller", "stop store"));
  EXPECT_EQ(exit_code, exit_code::unclean_stop);
}

TEST_F(LifecycleTest, ASecondStopRequestChangesNothing) {
  service("store", Does::its_work, Does::hangs);
  begin();
  stop();
  stop();
  EXPECT_FALSE(exit_code);
  advance(10s);
  EXPECT_EQ(exit_code, exit_code::unclean_stop);
}

TEST_F(LifecycleTest, ALateCallOfAServiceIsHarmless) {
  auto& poller = service("poller");
  begin();
  stop();
  poller.break_down("too late");
  turn();
  EXPECT_EQ(exit_code, exit_code::ok);
}

}  // namespace
}  // namespace tgkit::ops
