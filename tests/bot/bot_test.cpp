// The whole bot over loopback HTTP against a scripted Telegram.
#include "tgkit/bot/bot.hpp"

#include "tests/bot/support/updates.hpp"
#include "tests/support/run_task.hpp"
#include "tgkit/async/wait_list.hpp"
#include "tgkit/bot/command.hpp"
#include "tgkit/bot/middleware/error_boundary.hpp"
#include "tgkit/bot/state.hpp"
#include "tgkit/net/client.hpp"
#include "tgkit/net/server.hpp"
#include "tgkit/ops/exit_codes.hpp"
#include "tgkit/storage/memory_store.hpp"
#include "tgkit/telegram/api.hpp"
#include "tgkit/telegram/calls/messages.hpp"

#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace {

struct Count {
  int value = 0;
};

}  // namespace

template <>
struct tgkit::bot::Stored<Count> {
  static constexpr std::string_view name = "count";
  static constexpr auto fields = std::tuple(field("value", &Count::value));
};

namespace {

using namespace tgkit;
using namespace tgkit::bot;

class ScriptedTelegram {
 public:
  ScriptedTelegram(Executor executor, Clock& clock)
      : server_(executor, clock, {}, [this](net::ServerRequest request) { return answer(std::move(request)); }) {
    server_.listen();
  }

  net::Url url() const { return net::Url::parse("http://127.0.0.1:" + std::to_string(server_.port())); }
  void give(std::string update) {
    updates_.push_back(std::move(update));
    changed_.wake_all();
  }
  Task<> until(std::string method, std::size_t times) {
    while (count(method) < times) co_await changed_.wait();
  }
  Task<> until_asked_for(std::int64_t offset) {
    const std::string part = R"("offset":)" + std::to_string(offset);
    while (std::ranges::none_of(calls, [&](const Call& call) { return call.body.find(part) != std::string::npos; }))
      co_await changed_.wait();
  }
  std::size_t count(std::string_view method) const {
    return static_cast<std::size_t>(std::ranges::count(calls, method, &Call::method));
  }
  Task<> stop() { return server_.stop(std::chrono::seconds(0)); }

  struct Call {
    std::string method, body;
  };
  std::vector<Call> calls;
  std::map<std::string, std::deque<net::ServerResponse>> failures;  // by method: what its first calls meet
  std::string webhook;
  bool token_known = true;
  std::int64_t pending = 0;

 private:
  Task<net::ServerResponse> answer(net::ServerRequest request) {
    const std::string method = request.path.substr(request.path.rfind('/') + 1);
    calls.push_back({method, request.body});
    changed_.wake_all();
    if (!token_known)
      co_return net::ServerResponse(401, R"({"ok":false,"error_code":401,"description":"Unauthorized"})",
                                    "application/json");
    if (std::deque<net::ServerResponse>& next = failures[method]; !next.empty()) {
      net::ServerResponse failure = std::move(next.front());
      next.pop_front();
      co_return failure;
    }
    if (method == "getUpdates") co_return co_await updates(std::move(request.body));
    std::string result = "true";
    if (method == "getMe") result = R"({"id":1,"is_bot":true,"first_name":"B","username":"our_bot"})";
    if (method == "getWebhookInfo")
      result = R"({"url":")" + webhook + R"(","has_custom_certificate":false,"pending_update_count":)" +
               std::to_string(pending) + "}";
    if (method == "sendMessage") result = R"({"message_id":9,"date":1,"chat":{"id":7,"type":"private"}})";
    co_return net::ServerResponse(200, R"({"ok":true,"result":)" + result + "}", "application/json");
  }

  // Open until something comes.
  Task<net::ServerResponse> updates(std::string body) {
    const bool hold = body.find("\"timeout\":0") == std::string::npos;
    while (hold && updates_.empty()) co_await changed_.wait();
    std::vector<std::string> given(updates_.begin(), updates_.end());
    updates_.clear();
    co_return net::ServerResponse(200, tests::batch(given), "application/json");
  }

  std::deque<std::string> updates_;
  WaitList changed_;
  net::HttpServer server_;
};

class WholeBot : public ::testing::Test {
 public:
  void TearDown() override { std::filesystem::remove(log_file); }
  std::string log_text() {
    log.flush();
    std::stringstream text;
    text << std::ifstream(log_file).rdbuf();
    return text.str();
  }
  void make(Router router, BotSettings settings = {}) {
    client =
        std::make_unique<telegram::Client>(http, clock, telegram::Settings(net::Secret("1:token"), telegram.url()));
    bot = std::make_unique<Bot>(io.get_executor(), *client, store, clock, log, metrics, std::move(router), Services(),
                                std::move(settings));
  }
  Task<> start() {
    co_await bot->store_service().start();
    for (ops::Service* service : bot->services()) co_await service->start();
  }
  Task<> stop() {
    const std::vector<ops::Service*> services = bot->services();
    for (auto service = services.rbegin(); service != services.rend(); ++service) co_await (*service)->stop();
    co_await bot->store_service().stop();
    http.close();
    co_await telegram.stop();
  }

  boost::asio::io_context io;
  SystemClock clock{io.get_executor()};
  const std::string log_file =
      (std::filesystem::temp_directory_path() / ("whole_bot_" + std::to_string(::getpid()) + ".log")).string();
  ops::Log log{ops::Log::Settings{ops::Level::error, false, log_file}};
  ops::Metrics metrics;
  net::HttpClient http{io.get_executor(), clock, {}};
  storage::MemoryStore store{clock};
  ScriptedTelegram telegram{io.get_executor(), clock};
  std::unique_ptr<telegram::Client> client;
  std::unique_ptr<Bot> bot;
};

Task<> count(Context& ctx, UserState<Count> state) {
  ctx.reply("count " + std::to_string(++state->value));
  co_return;
}

TEST_F(WholeBot, PollsHandlesAnswersKeepsStateAndConfirms) {
  Router router;
  router.wrap(error_boundary);
  router.on(command<"count">, count).help("counts").help("ru", "считает");
  make(std::move(router));
  struct Story {
    static Task<> run(WholeBot* t) {
      co_await t->start();
      t->telegram.give(tests::message_json(100, "/count"));
      co_await t->telegram.until("sendMessage", 1);
      t->telegram.give(tests::message_json(101, "/count@our_bot"));
      co_await t->telegram.until("sendMessage", 2);
      co_await t->telegram.until("setMyCommands", 2);
      co_await t->telegram.until_asked_for(102);  // which confirms all before
      co_await t->stop();
    }
  };
  tests::run(io, Story::run(this));

  std::vector<std::string> sent;
  for (const auto& call : telegram.calls)
    if (call.method == "sendMessage") sent.push_back(call.body);
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_NE(sent[0].find("count 1"), std::string::npos);
  EXPECT_NE(sent[1].find("count 2"), std::string::npos);
  const auto first_poll = std::ranges::find(telegram.calls, "getUpdates", &ScriptedTelegram::Call::method);
  EXPECT_NE(first_poll->body.find(R"("allowed_updates":["message"])"), std::string::npos) << first_poll->body;
  for (const auto& call : telegram.calls) EXPECT_EQ(call.body.find(R"("limit":1,)"), std::string::npos) << call.body;
}

TEST_F(WholeBot, TheCommandMenuIsSetAgainAfterAFailureAtTheStart) {
  Router router;
  router.on(command<"count">, count).help("counts");
  make(std::move(router));
  for (int i = 0; i < 2; ++i)
    telegram.failures["setMyCommands"].emplace_back(502, R"({"ok":false,"error_code":502,"description":"Bad Gateway"})",
                                                    "application/json");
  struct Story {
    static Task<> run(WholeBot* t) {
      co_await t->start();
      co_await t->telegram.until("setMyCommands", 3);
      co_await t->stop();
    }
  };
  tests::run(io, Story::run(this));
  EXPECT_EQ(telegram.count("setMyCommands"), 3U);
}

TEST_F(WholeBot, AStopDoesNotWaitForACommandMenuThatCannotBeSet) {
  Router router;
  router.on(command<"count">, count).help("counts");
  make(std::move(router));
  for (int i = 0; i < 1000; ++i)
    telegram.failures["setMyCommands"].emplace_back(
        429, R"({"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":3000}})",
        "application/json");
  struct Story {
    static Task<> run(WholeBot* t) {
      co_await t->start();
      co_await t->telegram.until("setMyCommands", 1);
      co_await t->stop();
    }
  };
  const TimePoint before = clock.now();
  tests::run(io, Story::run(this));
  EXPECT_LT(clock.now() - before, std::chrono::seconds(5));
  EXPECT_EQ(telegram.count("setMyCommands"), 1U);
}

TEST_F(WholeBot, AHandlerMaySendAtOnceAndGetsTheMessage) {
  std::int64_t message_id = 0;
  Router router;
  router.on(text, [&message_id](Context& ctx, std::string text) -> Task<> {
    const telegram::Message message = co_await ctx.api().send_message(ctx.chat_id(), text);
    message_id = message.message_id;
  });
  make(std::move(router));
  struct Story {
    static Task<> run(WholeBot* t) {
      co_await t->start();
      t->telegram.give(tests::message_json(100, "hello"));
      co_await t->telegram.until("sendMessage", 1);
      co_await t->stop();
    }
  };
  tests::run(io, Story::run(this));
  EXPECT_EQ(message_id, 9);
}

TEST_F(WholeBot, AHandlerStartsABroadcastThatReachesEveryone) {
  Router router;
  router.on(command<"announce">, [](Context& ctx, Use<Broadcasts> broadcasts) -> Task<> {
    telegram::SendMessage news(ctx.chat_id(), "news");
    std::vector<std::int64_t> everybody = {11, 12, 13};
    const bool begun = co_await broadcasts->start(std::string(ctx.trace()), news.request(), std::move(everybody));
    ctx.reply(begun ? "on its way" : "already");
  });
  make(std::move(router));
  struct Story {
    static Task<> run(WholeBot* t) {
      co_await t->start();
      t->telegram.give(tests::message_json(100, "/announce"));
      co_await t->telegram.until("sendMessage", 4);
      co_await t->stop();
    }
  };
  tests::run(io, Story::run(this));

  std::multiset<std::int64_t> reached;
  for (const auto& call : telegram.calls)
    if (call.body.find("news") != std::string::npos) reached.insert(chat_of(call.body));
  EXPECT_EQ(reached, (std::multiset<std::int64_t>{11, 12, 13}));
  EXPECT_EQ(metrics.sum("tgkit_broadcast_messages_total"), 3);
}

TEST_F(WholeBot, ASpawnedTasksErrorIsLoggedByItsType) {
  struct Later {
    static Task<> fail() {
      throw std::out_of_range("private words");
      co_return;
    }
  };
  Router router;
  router.on(text, [](Context& ctx, std::string text) -> Task<> {
    ctx.spawn(Later::fail());
    ctx.reply(text);
    co_return;
  });
  make(std::move(router));
  struct Story {
    static Task<> run(WholeBot* t) {
      co_await t->start();
      t->telegram.give(tests::message_json(100, "hello"));
      co_await t->telegram.until("sendMessage", 1);
      co_await t->stop();
    }
  };
  tests::run(io, Story::run(this));
  const std::string log = log_text();
  EXPECT_NE(log.find("std::out_of_range"), std::string::npos) << log;
  EXPECT_EQ(log.find("private words"), std::string::npos) << log;
}

TEST_F(WholeBot, AWrongTokenIsAStartErrorWithItsExitCode) {
  telegram.token_known = false;
  make(Router());
  struct Story {
    static Task<int> run(WholeBot* t) {
      int code = 0;
      try {
        co_await t->start();
      } catch (const ops::StartError& error) {
        code = error.exit_code();
      }
      t->http.close();
      co_await t->telegram.stop();
      co_return code;
    }
  };
  EXPECT_EQ(tests::run(io, Story::run(this)), ops::exit_code::token_refused);
}

net::ServerResponse failing(int code, const std::string& parameters = "") {
  return net::ServerResponse(
      code, R"({"ok":false,"error_code":)" + std::to_string(code) + R"(,"description":"Trouble")" + parameters + "}",
      "application/json");
}

TEST_F(WholeBot, EveryCallOfTheStartIsRepeatedWhileTelegramHasTrouble) {
  telegram.webhook = "https://example.org/hook";
  telegram.failures["getMe"] = {failing(502)};
  telegram.failures["getWebhookInfo"] = {failing(503), failing(429, R"(,"parameters":{"retry_after":1})")};
  telegram.failures["deleteWebhook"] = {failing(500)};
  make(Router());
  struct Story {
    static Task<> run(WholeBot* t) {
      co_await t->start();
      co_await t->telegram.until("getUpdates", 1);
      co_await t->stop();
    }
  };
  const TimePoint before = clock.now();
  tests::run(io, Story::run(this));
  EXPECT_GE(clock.now() - before, std::chrono::seconds(1));  // what the flood limit asked for
  EXPECT_EQ(telegram.count("getMe"), 2U);
  EXPECT_EQ(telegram.count("getWebhookInfo"), 4U);
  EXPECT_EQ(telegram.count("deleteWebhook"), 2U);
}

TEST_F(WholeBot, AStartThatTelegramRefusesEndsAtOnce) {
  telegram.failures["getWebhookInfo"] = {failing(400)};
  make(Router());
  struct Story {
    static Task<bool> run(WholeBot* t) {
      bool refused = false;
      try {
        co_await t->start();
      } catch (const telegram::Error&) {
        refused = true;
      }
      t->http.close();
      co_await t->telegram.stop();
      co_return refused;
    }
  };
  EXPECT_TRUE(tests::run(io, Story::run(this)));
  EXPECT_EQ(telegram.count("getWebhookInfo"), 1U);
}

TEST_F(WholeBot, PendingUpdatesAreDroppedWhenAskedAndNewOnesAreNot) {
  telegram.pending = 2;
  BotSettings settings;
  settings.pending = Pending::drop;
  Router router;
  router.on(text, [](Context& ctx, std::string text) -> Task<> {
    ctx.reply(text);
    co_return;
  });
  make(std::move(router), std::move(settings));
  struct Story {
    static Task<> run(WholeBot* t) {
      t->telegram.give(tests::message_json(100, "old"));
      t->telegram.give(tests::message_json(101, "old too"));
      t->telegram.give(tests::message_json(102, "new"));
      co_await t->start();
      co_await t->telegram.until("sendMessage", 1);
      co_await t->stop();
    }
  };
  tests::run(io, Story::run(this));
  EXPECT_EQ(telegram.count("sendMessage"), 1U);
  EXPECT_EQ(telegram.count("deleteWebhook"), 0U);
  EXPECT_EQ(metrics.sum("tgkit_updates_dropped_total"), 2);
}

TEST_F(WholeBot, RoutesThatCannotWorkAreRefusedBeforeAnythingStarts) {
  Router router;
  router.on(command<"count">, count);
  router.on(command<"count">, count);
  EXPECT_THROW(make(std::move(router)), WiringError);
  tests::run(io, telegram.stop());
}

}  // namespace
