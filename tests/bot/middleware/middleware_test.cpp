#include "tests/bot/support/harness.hpp"
#include "tgkit/bot/middleware/access.hpp"
#include "tgkit/bot/middleware/error_boundary.hpp"
#include "tgkit/bot/middleware/logging.hpp"
#include "tgkit/bot/middleware/measure.hpp"
#include "tgkit/bot/middleware/rate_limit.hpp"
#include "tgkit/bot/middleware/sliding_log.hpp"
#include "tgkit/bot/middleware/statistics.hpp"
#include "tgkit/bot/payload.hpp"
#include "tgkit/telegram/calls/messages.hpp"

#include <gtest/gtest.h>

namespace {
struct Press {
  bool x = false;
};
}  // namespace
template <>
struct tgkit::bot::Payload<Press> {
  static constexpr std::string_view tag = "press";
  static constexpr auto fields = std::tuple(&Press::x);
};

namespace {

using namespace tgkit;
using namespace tgkit::bot;
using tests::Harness;
using tests::message_json;
using tests::press_json;
using namespace std::chrono_literals;

Task<> echo(Context& ctx, std::string text) {
  ctx.reply(text);
  co_return;
}
Task<> fail(Context&) {
  throw std::runtime_error("private words");
  co_return;
}

// --- sliding log ------------------------------------------------------------------------------------------------

TEST(SlidingLog, NeverAllowsMoreThanTheLimitInAnyWindow) {
  for (unsigned seed = 0; seed < 100; ++seed) {
    std::srand(seed);
    const RateLimit limit{5, 10s};
    SlidingLog log;
    std::vector<TimePoint> allowed;
    TimePoint now{};
    for (int i = 0; i < 300; ++i) {
      now += std::chrono::milliseconds(std::rand() % 3000);
      if (log.wait(limit, now) > Duration::zero()) continue;
      log.record(now);
      allowed.push_back(now);
    }
    for (std::size_t i = 5; i < allowed.size(); ++i) EXPECT_GE(allowed[i] - allowed[i - 5], 10s) << seed;
    EXPECT_GT(allowed.size(), 5U);
  }
}

TEST(SlidingLog, TheWaitItNamesIsExact) {
  const RateLimit limit{2, 10s};
  SlidingLog log;
  const TimePoint start{};
  log.record(start);
  log.record(start + 3s);
  EXPECT_EQ(log.wait(limit, start + 4s), 6s);
  EXPECT_GT(log.wait(limit, start + 10s - 1ns), Duration::zero());
  EXPECT_EQ(log.wait(limit, start + 10s), Duration::zero());
}

TEST(SlidingLog, TellsOncePerWindowAndForgets) {
  const RateLimit limit{1, 10s};
  SlidingLog log;
  const TimePoint start{};
  log.record(start);
  EXPECT_TRUE(log.notice(limit, start + 1s));
  EXPECT_FALSE(log.notice(limit, start + 2s));
  EXPECT_FALSE(log.idle(limit, start + 10s));  // the notice is remembered
  EXPECT_TRUE(log.notice(limit, start + 12s));
  EXPECT_TRUE(log.idle(limit, start + 30s));
}

// --- rate limit -------------------------------------------------------------------------------------------------

TEST(RateLimit, RefusesBeyondTheLimitTellsOnceAndNamesTheWait) {
  Harness h;
  h.router.wrap(rate_limit({.requests = 3, .window = 60s}));
  h.router.on(text, echo);
  h.start();
  for (int i = 1; i <= 6; ++i) h.handle(message_json(i, "x"));
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"x", "x", "x", h.texts_spoken.slow_down("", 60s)}));
  EXPECT_TRUE(h.store.inbox.empty());
}

TEST(RateLimit, RefusedOnesAreNotRecordedSoThatPatienceIsRewarded) {
  Harness h;
  h.router.wrap(rate_limit({.requests = 1, .window = 10s}));
  h.router.on(text, echo);
  h.start();
  h.handle(message_json(1, "a"));
  for (int i = 2; i < 10; ++i) {
    h.advance(1s);
    h.handle(message_json(i, "again"));
  }
  h.advance(2s);
  h.handle(message_json(20, "b"));
  EXPECT_EQ(h.texts().back(), "b");
}

TEST(RateLimit, IsPerPerson) {
  Harness h;
  h.router.wrap(rate_limit({.requests = 1, .window = 60s}));
  h.router.on(text, echo);
  h.start();
  h.handle(message_json(1, "ann", {.user = 1, .chat = -5, .chat_type = "group"}));
  h.handle(message_json(2, "bob", {.user = 2, .chat = -5, .chat_type = "group"}));
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"ann", "bob"}));
}

TEST(RateLimit, ARefusedPressIsAnsweredByAnAlertEachTime) {
  Harness h;
  h.router.wrap(rate_limit({.requests = 1, .window = 60s}));
  h.router.on(pressed<Press>, [](Context&, Press) -> Task<> { co_return; });
  h.start();
  const std::string data = pack(h.environment.matching.key, Press{});
  for (int i = 1; i <= 3; ++i) h.handle(press_json(i, data));
  ASSERT_EQ(h.count("answerCallbackQuery"), 3U);
  EXPECT_EQ(h.sent[0].json.find("show_alert"), std::string::npos);
  for (int i = 1; i <= 2; ++i) EXPECT_NE(h.sent[i].json.find("\"show_alert\":true"), std::string::npos);
}

TEST(RateLimit, ARoutesOwnLimitIsBesideTheGeneralOne) {
  Harness h;
  h.router.wrap(rate_limit({.requests = 10, .window = 60s}));
  h.router
      .on(command<"buy">,
          [](Context& ctx) -> Task<> {
            ctx.reply("bought");
            co_return;
          })
      .limit(1, 5s);
  h.router.on(text, echo);
  h.start();
  h.handle(message_json(1, "/buy"));
  h.handle(message_json(2, "/buy"));
  h.handle(message_json(3, "x"));
  h.advance(5s);
  h.handle(message_json(4, "/buy"));
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"bought", h.texts_spoken.slow_down("", 5s), "x", "bought"}));
}

TEST(RateLimit, ExemptRoutesAndRolesAreNotLimited) {
  Harness h;
  h.environment.matching.roles = [](std::int64_t user) { return user == 1 ? Role::admin : Role::viewer; };
  h.router.wrap(rate_limit({.requests = 1, .window = 60s}));
  h.router
      .on(command<"stop">,
          [](Context& ctx) -> Task<> {
            ctx.reply("stopped");
            co_return;
          })
      .unlimited();
  h.router.on(text, echo);
  h.start();
  for (int i = 1; i <= 3; ++i) h.handle(message_json(i, "admin", {.user = 1, .chat = 1}));
  for (int i = 4; i <= 6; ++i) h.handle(message_json(i, "/stop", {.user = 2, .chat = 2}));
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"admin", "admin", "admin", "stopped", "stopped", "stopped"}));
}

TEST(RateLimit, MemoryOfSilentPeopleIsGivenBack) {
  Harness h;
  const RateLimiter limiter({.requests = 5, .window = 10s});
  h.router.wrap(limiter);
  h.router.on(text, echo);
  h.start();
  for (int i = 1; i <= 500; ++i) h.handle(message_json(i, "x", {.user = i, .chat = i}));
  EXPECT_EQ(limiter.remembered(), 500U);
  h.advance(11s);
  h.handle(message_json(1000, "x", {.user = 1000, .chat = 1000}));
  EXPECT_EQ(limiter.remembered(), 1U);
}

// --- statistics -------------------------------------------------------------------------------------------------

TEST(Statistics, CountsRequestsErrorsAndRoutes) {
  Harness h;
  Statistics stats;
  h.router.wrap(statistics(stats));
  h.router.wrap(error_boundary);
  h.router.on(command<"fail">, fail);
  h.router.on(text, echo);
  h.start();
  EXPECT_EQ(stats.error_rate(), 0.0);
  h.handle(message_json(1, "/fail"));
  for (int i = 2; i <= 4; ++i) h.handle(message_json(i, "x"));
  EXPECT_EQ(stats.total_requests(), 4U);
  EXPECT_EQ(stats.total_errors(), 1U);
  EXPECT_EQ(stats.error_rate(), 0.25);
  EXPECT_EQ(stats.json(),
            R"({"total_requests":4,"total_errors":1,"error_rate":0.25,"command_stats":{"/fail":1,"text":3}})");
}

TEST(Statistics, CountsAlsoErrorsThatPassThroughIt) {
  Harness h;
  Statistics stats;
  h.router.wrap(statistics(stats));  // no boundary inside
  h.router.on(command<"fail">, fail);
  h.start();
  h.handle(message_json(1, "/fail"));
  EXPECT_EQ(stats.total_errors(), 1U);
}

TEST(Statistics, UpdatesNoRouteTakesShareOneName) {
  Harness h;
  Statistics stats;
  h.router.wrap(statistics(stats));
  h.start();
  for (int i = 1; i <= 100; ++i) h.handle(message_json(i, "/command" + std::to_string(i)));
  EXPECT_EQ(stats.command_stats().size(), 1U);
}

// --- access -----------------------------------------------------------------------------------------------------

TEST(Access, TableOfDecisions) {
  struct Case {
    Role has, needs;
    bool told;
    bot::Access expected;
  };
  const Case cases[] = {
      {Role::none, Role::none, false, bot::Access::told},
      {Role::none, Role::none, true, bot::Access::silent},
      {Role::none, Role::admin, true, bot::Access::silent},
      {Role::viewer, Role::none, false, bot::Access::granted},
      {Role::viewer, Role::viewer, true, bot::Access::granted},
      {Role::viewer, Role::admin, true, bot::Access::told},
      {Role::admin, Role::admin, false, bot::Access::granted},
      {Role::admin, Role::viewer, false, bot::Access::granted},
  };
  for (const Case& c : cases) EXPECT_EQ(decide_access({c.has, c.needs, c.told}), c.expected);
}

TEST(Access, AnEmptyListAllowsNobodyAndTheGreaterRoleCounts) {
  AccessList list;
  EXPECT_EQ(list.role_of(1), Role::none);
  list.allow(1, Role::admin);
  list.allow(1, Role::viewer);
  EXPECT_EQ(list.role_of(1), Role::admin);
  EXPECT_EQ(list.role_of(2), Role::none);
  EXPECT_EQ(AccessList::everyone().role_of(2), Role::viewer);
}

TEST(Access, AStrangerIsToldOnceThenMetWithSilenceForMessagesAndPresses) {
  Harness h;
  AccessList list;
  list.allow(1, Role::viewer);
  h.environment.matching.roles = [&list](std::int64_t user) { return list.role_of(user); };
  bool pressed_by_stranger = false;
  h.router.wrap(bot::access());
  h.router.on(pressed<Press>, [&](Context&, Press) -> Task<> {
    pressed_by_stranger = true;
    co_return;
  });
  h.router.on(text, echo);
  h.start();
  const tests::Place stranger{.user = 9, .chat = 9};
  h.handle(message_json(1, "let me in", stranger));
  h.handle(message_json(2, "let me in", stranger));
  h.handle(press_json(3, pack(h.environment.matching.key, Press{}), stranger));
  h.handle(message_json(4, "hello", {.user = 1, .chat = 1}));
  EXPECT_EQ(h.texts(), (std::vector<std::string>{h.texts_spoken.not_allowed("", 9), "hello"}));
  EXPECT_FALSE(pressed_by_stranger);
}

TEST(Access, AnAdminsRouteRefusesAViewer) {
  Harness h;
  h.environment.matching.roles = [](std::int64_t user) { return user == 1 ? Role::admin : Role::viewer; };
  h.router.wrap(bot::access());
  h.router
      .on(command<"panic">,
          [](Context& ctx) -> Task<> {
            ctx.reply("panicking");
            co_return;
          })
      .role(Role::admin);
  h.start();
  h.handle(message_json(1, "/panic", {.user = 2, .chat = 2}));
  h.handle(message_json(2, "/panic", {.user = 1, .chat = 1}));
  EXPECT_EQ(h.texts(), (std::vector<std::string>{h.texts_spoken.not_allowed("", 2), "panicking"}));
}

TEST(Access, StrangersAreForgottenBeyondTheBound) {
  Harness h;
  h.environment.matching.roles = [](std::int64_t) { return Role::none; };
  h.router.wrap(bot::access(nullptr, 2));
  h.router.on(text, echo);
  h.start();
  for (int i = 1; i <= 3; ++i) h.handle(message_json(i, "x", {.user = i, .chat = i}));
  h.handle(message_json(4, "x", {.user = 3, .chat = 3}));
  h.handle(message_json(5, "x", {.user = 1, .chat = 1}));  // forgotten, so told again
  EXPECT_EQ(h.texts().size(), 4U);
}

// --- logging, error boundary, measure ---------------------------------------------------------------------------

TEST(Logging, OneLineWithWhoWhereWhatAndHowLongButNoText) {
  Harness h;
  h.router.wrap(logging);
  h.router.wrap(error_boundary);
  h.router.on(command<"fail">, fail);
  h.router.on(text, [](Context& ctx, std::string) -> Task<> { co_await ctx.clock().sleep_for(250ms); });
  h.start();
  h.handle(message_json(1, "private words", {.user = 41, .chat = -42, .chat_type = "group"}));
  h.advance(250ms);
  h.handle(message_json(2, "/fail private words"));
  const std::string log = h.log_text();
  for (const char* part : {"update handled", "41", "-42", "250", "handled", "failed", "/fail"})
    EXPECT_NE(log.find(part), std::string::npos) << part << "\n" << log;
  EXPECT_EQ(log.find("private words"), std::string::npos);
}

TEST(Logging, TheLineIsWrittenAlsoForWhatIsNoStandardException) {
  Harness h;
  h.router.wrap(logging);
  h.router.on(text, [](Context&, std::string) -> Task<> {
    throw 42;
    co_return;
  });
  h.start();
  h.handle(message_json(1, "x"));
  const std::string log = h.log_text();
  const std::size_t line = log.find("update handled");
  ASSERT_NE(line, std::string::npos) << log;
  EXPECT_NE(log.find("outcome=failed", line), std::string::npos) << log;
}

TEST(ErrorBoundary, AnswersAPressByAnAlert) {
  Harness h;
  h.router.wrap(error_boundary);
  h.router.on(pressed<Press>, [](Context&, Press) -> Task<> {
    throw std::runtime_error("x");
    co_return;
  });
  h.start();
  h.handle(press_json(1, pack(h.environment.matching.key, Press{})));
  ASSERT_EQ(h.sent.size(), 1U);
  EXPECT_EQ(h.sent[0].method, "answerCallbackQuery");
  EXPECT_NE(h.sent[0].json.find("\"show_alert\":true"), std::string::npos);
}

TEST(ErrorBoundary, LogsTheReasonOfAFailureOfTheWorld) {
  Harness h;
  h.router.wrap(error_boundary);
  h.router.on(text, [](Context&, std::string) -> Task<> {
    throw tests::api_error(400, "Bad Request: chat not found");
    co_return;
  });
  h.start();
  h.handle(message_json(1, "x"));
  EXPECT_NE(h.log_text().find("chat not found"), std::string::npos);
}

TEST(ErrorBoundary, LetsCancellationThrough) {
  Harness h;
  h.router.wrap(error_boundary);
  h.router.on(text, [](Context& ctx, std::string) -> Task<> { co_await ctx.clock().sleep_for(1h); }).timeout(1s);
  h.start();
  h.handle(message_json(1, "x"));
  h.advance(1s);
  EXPECT_EQ(h.texts(), std::vector<std::string>{h.texts_spoken.timed_out("")});
}

TEST(Measure, CountsPerRouteAndOutcome) {
  Harness h;
  h.router.wrap(measure(h.metrics));
  h.router.wrap(error_boundary);
  h.router.on(command<"fail">, fail);
  h.router.on(text, echo);
  h.start();
  h.handle(message_json(1, "/fail"));
  h.handle(message_json(2, "x"));
  h.handle(message_json(3, "x"));
  const std::string exposition = h.metrics.text();
  EXPECT_NE(exposition.find("tgkit_handled_total{outcome=\"handled\",route=\"text\"} 2"), std::string::npos)
      << exposition;
  EXPECT_NE(exposition.find("tgkit_handler_errors_total{route=\"/fail\"} 1"), std::string::npos);
  EXPECT_NE(exposition.find("tgkit_handler_seconds_count{route=\"text\"} 2"), std::string::npos);
}

}  // namespace
