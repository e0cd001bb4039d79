#include "tgkit/bot/router.hpp"

#include "tests/bot/support/harness.hpp"
#include "tgkit/bot/payload.hpp"
#include "tgkit/telegram/calls/messages.hpp"

#include <gtest/gtest.h>

namespace {

struct Alpha {
  std::int32_t x = 0;
};

}  // namespace

template <>
struct tgkit::bot::Payload<Alpha> {
  static constexpr std::string_view tag = "alpha";
  static constexpr auto fields = std::tuple(&Alpha::x);
};

namespace {

using namespace tgkit;
using namespace tgkit::bot;
using tests::Harness;
using tests::message_json;
using tests::press_json;

Task<> nothing(Context&) { co_return; }
Task<> takes_text(Context&, std::string) { co_return; }
Task<> takes_alpha(Context&, Alpha) { co_return; }

struct Market {
  int price = 3;
};
Task<> takes_market(Context& ctx, Use<Market> market) {
  ctx.reply(std::to_string(market->price));
  co_return;
}

std::string complaint(Router& router, const Services& services = {}) {
  try {
    router.seal(services);
  } catch (const WiringError& error) {
    return error.what();
  }
  return "";
}

TEST(Router, TheSameCommandTwiceIsRefused) {
  Router router;
  router.on(command<"go">, nothing);
  router.on(command<"go">, nothing);
  EXPECT_NE(complaint(router).find("is there twice"), std::string::npos);
}

TEST(Router, ARouteBehindOneThatTakesAllItsUpdatesIsRefusedByName) {
  Router router;
  router.on(text, takes_text);
  router.on(command<"go">, nothing);
  const std::string text_of_error = complaint(router);
  EXPECT_NE(text_of_error.find("\"/go\" is never reached: \"text\""), std::string::npos) << text_of_error;
}

TEST(Router, AnythingBehindAnyIsRefused) {
  Router router;
  router.on(any, nothing);
  router.on(pressed<Alpha>, takes_alpha);
  EXPECT_NE(complaint(router).find("never reached"), std::string::npos);
}

TEST(Router, ANarrowerRouteBeforeAWiderOneIsFine) {
  Router router;
  router.on(command<"go"> && in_private, nothing);
  router.on(command<"go">, nothing);
  router.on(command<"a"> || command<"b">, nothing);
  router.on(text_is("Menu"), nothing);
  router.on(text, takes_text);
  router.on(pressed<Alpha>, takes_alpha);
  router.on(any_press, nothing);
  router.on(any, nothing);
  EXPECT_EQ(complaint(router), "");
}

TEST(Router, OneSideOfAnOrIsReachedOnlyBeforeTheOther) {
  Router router;
  router.on(command<"a">, nothing);
  router.on(command<"a"> || command<"b">, nothing);
  EXPECT_EQ(complaint(router), "");
}

TEST(Router, ConditionsThatExcludeEachOtherAreRefused) {
  Router router;
  router.on(any_press && text, takes_text);
  EXPECT_NE(complaint(router).find("takes no kind of update"), std::string::npos);
}

TEST(Router, AMissingServiceIsNamedAtTheStart) {
  Router router;
  router.on(command<"price">, takes_market);
  const std::string text_of_error = complaint(router);
  EXPECT_NE(text_of_error.find("\"/price\" takes Use<"), std::string::npos) << text_of_error;
  EXPECT_NE(text_of_error.find("Market"), std::string::npos) << text_of_error;
}

TEST(Router, AllComplaintsComeAtOnce) {
  Router router;
  router.on(command<"a">, nothing);
  router.on(command<"a">, nothing);
  router.on(command<"price">, takes_market);
  const std::string text_of_error = complaint(router);
  EXPECT_NE(text_of_error.find("twice"), std::string::npos);
  EXPECT_NE(text_of_error.find("Use<"), std::string::npos);
}

TEST(Router, NothingIsAddedAfterTheStart) {
  Router router;
  router.seal({});
  EXPECT_THROW(router.on(command<"a">, nothing), std::logic_error);
  EXPECT_THROW(router.wrap([](Context&, Next next) { return next(); }), std::logic_error);
}

TEST(Router, RoutesAreData) {
  Router router;
  router.on(command<"price", std::string>, [](Context&, std::string) -> Task<> { co_return; })
      .help("price of an item")
      .help("ru", "цена")
      .timeout(std::chrono::seconds(5))
      .limit(2, std::chrono::seconds(1))
      .role(Role::admin)
      .order(OrderBy::user)
      .hidden();
  const RouteInfo& info = router.routes().front()->info();
  EXPECT_EQ(info.name, "/price");
  EXPECT_EQ(info.command, "price");
  EXPECT_EQ(info.usage, "/price <word>");
  EXPECT_EQ(info.help_in("ru-RU"), "цена");
  EXPECT_EQ(info.help_in("de"), "price of an item");
  EXPECT_EQ(info.timeout, std::chrono::seconds(5));
  EXPECT_EQ(info.limit->requests, 2);
  EXPECT_EQ(info.role, Role::admin);
  EXPECT_EQ(info.order, OrderBy::user);
  EXPECT_TRUE(info.hidden);
}

TEST(Router, NamesAreUniqueSoThatMetricsAreNotMixed) {
  Router router;
  router.on(command<"go"> && in_private, nothing);
  router.on(command<"go">, nothing);
  router.seal({});
  EXPECT_EQ(router.routes()[0]->info().name, "/go");
  EXPECT_EQ(router.routes()[1]->info().name, "/go (2)");
}

TEST(Router, AllowedUpdatesAreWhatTheRoutesTake) {
  Router router;
  router.on(command<"go">, nothing);
  router.on(pressed<Alpha>, takes_alpha);
  EXPECT_EQ(router.allowed_updates(), (std::vector<std::string>{"message", "callback_query"}));
}

TEST(Router, AHandlerGetsItsServices) {
  Harness h;
  Market market{17};
  h.services.add(market);
  h.router.on(command<"price">, takes_market);
  h.start();
  h.handle(message_json(1, "/price"));
  EXPECT_EQ(h.texts(), std::vector<std::string>{"17"});
}

TEST(Router, FirstMatchWins) {
  Harness h;
  h.router.on(command<"go"> && in_private, [](Context& ctx) -> Task<> {
    ctx.reply("private");
    co_return;
  });
  h.router.on(command<"go">, [](Context& ctx) -> Task<> {
    ctx.reply("anywhere");
    co_return;
  });
  h.start();
  h.handle(message_json(1, "/go"));
  h.handle(message_json(2, "/go", {.user = 7, .chat = -5, .chat_type = "group"}));
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"private", "anywhere"}));
}

TEST(Router, CapturesOfACoroutineLambdaLiveAsLongAsTheRouter) {
  Harness h;
  {
    const auto words = std::make_shared<std::string>("captured");
    h.router.on(text, [words](Context& ctx, std::string) -> Task<> {
      co_await ctx.clock().sleep_for(std::chrono::seconds(1));
      ctx.reply(*words);
    });
  }
  h.start();
  h.handle(message_json(1, "x"));
  h.advance(std::chrono::seconds(1));
  EXPECT_EQ(h.texts(), std::vector<std::string>{"captured"});
}

TEST(Router, ABadArgumentIsAnsweredWithTheUsageAndIsNoError) {
  Harness h;
  h.router.on(command<"buy", std::string, int>, [](Context& ctx, std::string, int) -> Task<> {
    ctx.reply("bought");
    co_return;
  });
  h.start();
  h.handle(message_json(1, "/buy apples many"));
  ASSERT_EQ(h.texts().size(), 1U);
  EXPECT_NE(h.texts()[0].find("Usage: /buy <word> <number>"), std::string::npos) << h.texts()[0];
  EXPECT_TRUE(h.store.inbox.empty());
  EXPECT_EQ(h.log_text().find("handler failed"), std::string::npos);
}

Middleware note(std::vector<std::string>& into, std::string name) {
  struct Noting {
    std::vector<std::string>* into;
    std::string name;
    Task<> operator()(Context&, Next next) const { return around(into, name, next); }
    static Task<> around(std::vector<std::string>* into, std::string name, Next next) {
      into->push_back(name + " in");
      co_await next();
      into->push_back(name + " out");
    }
  };
  return Noting{&into, std::move(name)};
}

TEST(Middleware, OrderIsWhatIsWrittenAndAMountedRoutersIsInside) {
  Harness h;
  std::vector<std::string> seen;
  Router inner;
  inner.wrap(note(seen, "inner"));
  inner.on(command<"in">, [&seen](Context&) -> Task<> {
    seen.push_back("handler");
    co_return;
  });
  h.router.wrap(note(seen, "first"));
  h.router.on(command<"out">, nothing);
  h.router.mount(std::move(inner));
  h.router.wrap(note(seen, "second"));
  h.start();
  h.handle(message_json(1, "/in"));
  EXPECT_EQ(seen, (std::vector<std::string>{"first in", "second in", "inner in", "handler", "inner out", "second out",
                                            "first out"}));
  seen.clear();
  h.handle(message_json(2, "/out"));
  EXPECT_EQ(seen, (std::vector<std::string>{"first in", "second in", "second out", "first out"}));
}

TEST(Middleware, RunsAlsoAroundUpdatesThatNoRouteTakes) {
  Harness h;
  std::vector<std::string> seen;
  h.router.wrap(note(seen, "around"));
  h.start();
  h.handle(message_json(1, "x"));
  EXPECT_EQ(seen, (std::vector<std::string>{"around in", "around out"}));
  EXPECT_TRUE(h.store.inbox.empty());
}

TEST(Middleware, NotCallingNextRefusesTheUpdate) {
  Harness h;
  bool handled = false;
  h.router.wrap([](Context& ctx, Next) -> Task<> {
    ctx.reply("closed");
    co_return;
  });
  h.router.on(text, [&handled](Context&, std::string) -> Task<> {
    handled = true;
    co_return;
  });
  h.start();
  h.handle(message_json(1, "x"));
  EXPECT_FALSE(handled);
  EXPECT_EQ(h.texts(), std::vector<std::string>{"closed"});
}

TEST(Context, APressThatNobodyAnswersIsAnsweredWithNothing) {
  Harness h;
  h.router.on(pressed<Alpha>, takes_alpha);
  h.start();
  h.handle(press_json(1, pack(h.environment.matching.key, Alpha{1})));
  ASSERT_EQ(h.count("answerCallbackQuery"), 1U);
  EXPECT_EQ(h.sent[0].json.find("text"), std::string::npos);
}

TEST(Context, APressIsAnsweredOnce) {
  Harness h;
  h.router.on(pressed<Alpha>, [](Context& ctx, Alpha) -> Task<> {
    ctx.answer_callback("first");
    ctx.answer_callback("second");
    co_return;
  });
  h.start();
  h.handle(press_json(1, pack(h.environment.matching.key, Alpha{1})));
  ASSERT_EQ(h.count("answerCallbackQuery"), 1U);
  EXPECT_NE(h.sent[0].json.find("first"), std::string::npos);
}

TEST(Context, AForgedPressIsToldThatTheButtonIsOldAndReachesNoHandler) {
  Harness h;
  bool handled = false;
  h.router.on(pressed<Alpha>, [&handled](Context&, Alpha) -> Task<> {
    handled = true;
    co_return;
  });
  h.start();
  h.handle(press_json(1, pack(CallbackKey(net::Secret("somebody else")), Alpha{1})));
  EXPECT_FALSE(handled);
  ASSERT_EQ(h.count("answerCallbackQuery"), 1U);
  EXPECT_NE(h.sent[0].json.find("out of date"), std::string::npos);
}

TEST(Context, EditGoesToTheMessageOfTheButton) {
  Harness h;
  h.router.on(pressed<Alpha>, [](Context& ctx, Alpha) -> Task<> {
    ctx.edit("new text");
    co_return;
  });
  h.start();
  h.handle(press_json(1, pack(h.environment.matching.key, Alpha{1})));
  ASSERT_EQ(h.count("editMessageText"), 1U);
  const std::string& json = std::ranges::find(h.sent, "editMessageText", &tests::Sent::method)->json;
  EXPECT_NE(json.find("\"message_id\":50"), std::string::npos) << json;
  EXPECT_NE(json.find("\"chat_id\":7"), std::string::npos) << json;
}

TEST(Context, AReplyTakesTheCallsOptionsAndGoesToTheTopic) {
  Harness h;
  h.router.on(text, [](Context& ctx, std::string) -> Task<> {
    ctx.reply("<b>x</b>").html().disable_notification(true);
    ctx.reply("second");
    co_return;
  });
  h.start();
  h.handle(tests::message_with(1, R"("text":"t","is_topic_message":true,"message_thread_id":77)",
                               {.user = 7, .chat = -100, .chat_type = "supergroup"}));
  ASSERT_EQ(h.sent.size(), 2U);
  EXPECT_NE(h.sent[0].json.find("\"message_thread_id\":77"), std::string::npos);
  EXPECT_NE(h.sent[0].json.find("HTML"), std::string::npos);
  EXPECT_EQ(h.sent[1].json.find("HTML"), std::string::npos);
}

TEST(Context, TheTraceIsTheSameForEveryRunOfAnUpdateAndGoesOutWithItsCalls) {
  std::string traces[2];
  for (std::string& trace : traces) {
    Harness h;
    h.router.on(text, [](Context& ctx, std::string) -> Task<> {
      ctx.reply("x");
      ctx.log().info("here");
      co_return;
    });
    h.start();
    h.handle(message_json(4711, "private words"));
    ASSERT_EQ(h.sent.size(), 1U);
    trace = h.sent[0].trace;
    EXPECT_EQ(trace.size(), 12U);
    EXPECT_NE(h.log_text().find(trace), std::string::npos);
    EXPECT_EQ(h.log_text().find("private words"), std::string::npos);
  }
  EXPECT_EQ(traces[0], traces[1]);
}

}  // namespace
