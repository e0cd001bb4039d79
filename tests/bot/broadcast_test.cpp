// Broadcasts over an outbox that sends to a script, on every store; a restart is a new object on the same file.
#include "tgkit/bot/broadcast.hpp"

#include "tests/storage/store_fixture.hpp"

#include <deque>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

namespace {

using namespace tgkit;
using namespace tgkit::bot;
using namespace std::chrono_literals;

telegram::Error answered(int code, const std::string& description, int retry_after = 0) {
  telegram::Error::Details details;
  details.kind = telegram::Error::Kind::answered;
  details.method = "sendMessage";
  details.error_code = details.http_status = code;
  details.description = description;
  if (retry_after > 0) details.retry_after = std::chrono::seconds(retry_after);
  return telegram::Error(details);
}

telegram::Error broken() {
  telegram::Error::Details details;
  details.kind = telegram::Error::Kind::transport;
  details.method = "sendMessage";
  details.outcome = telegram::Outcome::unknown;
  return telegram::Error(details);
}

// A bot of nothing but a store, an outbox and broadcasts.
class Station {
 public:
  explicit Station(std::unique_ptr<storage::Store> with, boost::asio::io_context& io_, ManualClock& clock_,
                   const std::filesystem::path& log_file)
      : io(io_), clock(clock_), store(std::move(with)) {
    ops::Log::Settings settings;
    settings.file = log_file.string();
    settings.level = ops::Level::debug;
    log = std::make_unique<ops::Log>(settings);
    outbox = std::make_unique<Outbox>(
        io.get_executor(), clock, *log, *store, metrics,
        [this](telegram::Request request, telegram::CallOptions) { return receive(std::move(request)); },
        OutboxSettings());
    BroadcastSettings broadcast;
    broadcast.ahead = 16;
    broadcast.on_progress = [this](const BroadcastProgress& progress) { told.push_back(progress); };
    broadcasts =
        std::make_unique<Broadcasts>(io.get_executor(), clock, *log, *store, metrics, *outbox, std::move(broadcast));
    tests::run(io, store->open());
    tests::run(io, outbox->start());
    tests::run(io, broadcasts->start());
  }

  Task<std::string> receive(telegram::Request request) {
    const std::int64_t chat = chat_of(request.json);
    ++received[chat];
    order.push_back(chat);
    bodies.push_back(request.json);
    if (answer) co_await answer(chat);
    co_return "{}";
  }

  bool begin(std::size_t people, const std::string& id = "b", IfUnknown if_unknown = IfUnknown::report) {
    std::vector<std::int64_t> chats;
    for (std::size_t i = 1; i <= people; ++i) chats.push_back(static_cast<std::int64_t>(i));
    telegram::Request call("sendMessage", R"({"chat_id":0,"text":"news"})");
    return tests::run(io, broadcasts->start(id, std::move(call), std::move(chats), if_unknown));
  }
  BroadcastCounts counts(const std::string& id = "b") {
    const auto progress = tests::run(io, broadcasts->progress(id));
    return progress ? progress->counts : BroadcastCounts();
  }
  std::optional<BroadcastState> state(const std::string& id = "b") {
    const auto progress = tests::run(io, broadcasts->progress(id));
    return progress ? std::optional(progress->state) : std::nullopt;
  }
  // Runs the loop until it is so.
  void until(const std::function<bool()>& so) {
    for (int i = 0; i < 200'000 && !so(); ++i) {
      io.restart();
      io.run_one_for(100ms);
    }
    EXPECT_TRUE(so());
  }
  void pump() {
    io.restart();
    while (io.poll() > 0) {
    }
  }
  void stop() {
    tests::run(io, broadcasts->stop());
    tests::run(io, outbox->stop());
    tests::run(io, store->close());
  }

  boost::asio::io_context& io;
  ManualClock& clock;
  ops::Metrics metrics;
  std::unique_ptr<ops::Log> log;
  std::unique_ptr<storage::Store> store;
  std::map<std::int64_t, int> received;
  std::vector<std::int64_t> order;
  std::vector<std::string> bodies;
  std::vector<BroadcastProgress> told;
  std::function<Task<>(std::int64_t)> answer;  // of Telegram
  std::unique_ptr<Outbox> outbox;
  std::unique_ptr<Broadcasts> broadcasts;
};

struct OnMemory {
  static std::unique_ptr<storage::Store> make(boost::asio::io_context&, Clock& clock, const std::filesystem::path&) {
    return std::make_unique<storage::MemoryStore>(clock);
  }
};

struct OnSqlite {
  static std::unique_ptr<storage::Store> make(boost::asio::io_context& io, Clock& clock,
                                              const std::filesystem::path& folder) {
    storage::SqliteStore::Settings settings;
    settings.path = folder / "bot.sqlite";
    return std::make_unique<storage::SqliteStore>(io.get_executor(), clock, std::move(settings));
  }
};

template <class Kind>
class Broadcasting : public ::testing::Test {
 protected:
  void SetUp() override { open(); }
  void open() { station = std::make_unique<Station>(Kind::make(io, clock, folder.path()), io, clock, folder / "log"); }
  void TearDown() override {
    if (station) station->stop();
    station.reset();
  }
  tests::TemporaryDirectory folder;
  boost::asio::io_context io{1};
  ManualClock clock;
  std::unique_ptr<Station> station;
};

using Kinds = ::testing::Types<OnMemory, OnSqlite>;
TYPED_TEST_SUITE(Broadcasting, Kinds);

TYPED_TEST(Broadcasting, EveryoneGetsItOnceAndTheResultsSaySo) {
  Station& s = *this->station;
  EXPECT_TRUE(s.begin(600));
  s.until([&] { return s.state() == BroadcastState::finished; });
  EXPECT_EQ(s.received.size(), 600U);
  for (const auto& [chat, times] : s.received) EXPECT_EQ(times, 1) << chat;
  EXPECT_EQ(s.counts(), (BroadcastCounts{0, 600, 0, 0, 0}));
  EXPECT_EQ(s.bodies.front(), R"({"chat_id":1,"text":"news"})");
  const auto users = tests::run(s.io, s.broadcasts->results("b"));
  ASSERT_EQ(users.size(), 600U);
  EXPECT_EQ(users[599], (BroadcastUser{600, BroadcastResult::sent}));
  EXPECT_TRUE(s.broadcasts->active().empty());
}

TYPED_TEST(Broadcasting, EachUsersResultIsKept) {
  Station& s = *this->station;
  s.answer = [](std::int64_t chat) -> Task<> {
    if (chat == 2) throw answered(403, "Forbidden: bot was blocked by the user");
    if (chat == 3) throw answered(400, "Bad Request: chat not found");
    if (chat == 4) throw broken();
    co_return;
  };
  s.begin(5);
  s.until([&] { return s.state() == BroadcastState::finished; });
  const auto users = tests::run(s.io, s.broadcasts->results("b"));
  ASSERT_EQ(users.size(), 5U);
  EXPECT_EQ(users[0].result, BroadcastResult::sent);
  EXPECT_EQ(users[1].result, BroadcastResult::blocked);
  EXPECT_EQ(users[2].result, BroadcastResult::failed);
  EXPECT_EQ(users[3].result, BroadcastResult::unknown);
  EXPECT_EQ(users[4].result, BroadcastResult::sent);
  EXPECT_EQ(s.counts(), (BroadcastCounts{0, 2, 1, 1, 1}));
  EXPECT_EQ(s.metrics.sum("tgkit_broadcast_messages_total"), 5);

  s.begin(5, "second");
  s.until([&] { return s.state("second") == BroadcastState::finished; });
  EXPECT_EQ(s.received[2], 1) << "who has blocked the bot is left alone";
}

TYPED_TEST(Broadcasting, AnIdIsUsedOnce) {
  Station& s = *this->station;
  EXPECT_TRUE(s.begin(3));
  EXPECT_FALSE(s.begin(3));
  s.until([&] { return s.state() == BroadcastState::finished; });
  EXPECT_FALSE(s.begin(3));
  EXPECT_EQ(s.order.size(), 3U);
}

TYPED_TEST(Broadcasting, APausedOneSendsNothingMoreUntilItIsResumed) {
  Station& s = *this->station;
  s.answer = [&s](std::int64_t) -> Task<> { co_await s.clock.sleep_for(1s); };
  s.begin(100);
  s.until([&] { return s.order.size() == 16; });
  EXPECT_TRUE(tests::run(s.io, s.broadcasts->pause("b")));
  s.clock.advance(1s);
  s.until([&] { return s.counts().sent == 16; });
  s.pump();
  EXPECT_EQ(s.order.size(), 16U);
  EXPECT_EQ(s.state(), BroadcastState::paused);
  EXPECT_EQ(s.broadcasts->active().size(), 1U);
  s.answer = nullptr;
  EXPECT_TRUE(tests::run(s.io, s.broadcasts->resume("b")));
  s.until([&] { return s.state() == BroadcastState::finished; });
  EXPECT_EQ(s.received.size(), 100U);
  EXPECT_EQ(s.order.size(), 100U);
}

TYPED_TEST(Broadcasting, ACancelledOneEndsWithThoseWhoDidNotGetIt) {
  Station& s = *this->station;
  s.answer = [&s](std::int64_t) -> Task<> { co_await s.clock.sleep_for(1s); };
  s.begin(100);
  s.until([&] { return s.order.size() == 16; });
  EXPECT_TRUE(tests::run(s.io, s.broadcasts->cancel("b")));
  EXPECT_FALSE(tests::run(s.io, s.broadcasts->resume("b")));
  s.clock.advance(1s);
  s.until([&] { return s.broadcasts->active().empty(); });
  EXPECT_EQ(s.state(), BroadcastState::cancelled);
  EXPECT_EQ(s.counts(), (BroadcastCounts{84, 16, 0, 0, 0}));
  EXPECT_FALSE(tests::run(s.io, s.broadcasts->cancel("b")));
  EXPECT_FALSE(tests::run(s.io, s.broadcasts->pause("nobody")));
}

TYPED_TEST(Broadcasting, AFloodLimitDelaysItsUserOnly) {
  Station& s = *this->station;
  s.answer = [&s](std::int64_t chat) -> Task<> {
    if (chat == 1 && s.received[1] == 1) throw answered(429, "Too Many Requests", 30);
    co_return;
  };
  s.begin(50);
  s.until([&] { return s.counts().sent == 49; });
  EXPECT_EQ(s.counts().waiting, 1U);
  s.clock.advance(30s);
  s.until([&] { return s.state() == BroadcastState::finished; });
  EXPECT_EQ(s.counts().sent, 50U);
}

TYPED_TEST(Broadcasting, AStopDoesNotWaitForARepeatThatAPauseHasWithdrawn) {
  Station& s = *this->station;
  s.answer = [](std::int64_t) -> Task<> {
    throw broken();
    co_return;
  };
  s.begin(1, "b", IfUnknown::repeat);
  s.until([&] { return s.order.size() == 1; });
  EXPECT_TRUE(tests::run(s.io, s.broadcasts->pause("b")));
  s.clock.advance(1min);
  s.until([&] { return s.outbox->size() == 0; });

  bool stopped = false;
  std::exception_ptr failure;
  boost::asio::co_spawn(s.io, s.broadcasts->stop(), [&](std::exception_ptr error) {
    stopped = true;
    failure = std::move(error);
  });
  s.pump();
  s.clock.advance(5s);  // its limit
  s.until([&] { return stopped; });
  EXPECT_FALSE(failure);
  EXPECT_EQ(s.order.size(), 1U);
  tests::run(s.io, s.outbox->stop());
  tests::run(s.io, s.store->close());
  this->station.reset();
}

TYPED_TEST(Broadcasting, WhoeverWatchesIsTold) {
  Station& s = *this->station;
  s.begin(40);
  s.until([&] { return s.broadcasts->active().empty(); });
  ASSERT_GE(s.told.size(), 2U);
  EXPECT_EQ(s.told.front().state, BroadcastState::running);
  EXPECT_EQ(s.told.front().total, 40U);
  EXPECT_EQ(s.told.back().state, BroadcastState::finished);
  EXPECT_EQ(s.told.back().counts.sent, 40U);
}

TYPED_TEST(Broadcasting, ToNobodyItEndsAtOnce) {
  Station& s = *this->station;
  EXPECT_TRUE(s.begin(0));
  s.until([&] { return s.state() == BroadcastState::finished; });
  EXPECT_FALSE(s.state("another"));
  EXPECT_TRUE(tests::run(s.io, s.broadcasts->results("another")).empty());
}

TYPED_TEST(Broadcasting, AnUploadIsRefusedWithAnAdvice) {
  std::vector<telegram::Part> files;
  files.emplace_back("photo", telegram::InputFile::bytes("bytes", "a.png"));
  telegram::Request call("sendPhoto", "{}", std::move(files));
  std::vector<std::int64_t> chats(1, 7);
  EXPECT_THROW(tests::run(this->io, this->station->broadcasts->start("b", std::move(call), std::move(chats))),
               std::invalid_argument);
}

// A kill -9 is a copy of the file as it is at a moment: the run that goes on with the copy knows what the file says.
class BroadcastingThroughKills : public ::testing::Test {
 protected:
  void SetUp() override { open(); }
  void open() {
    station =
        std::make_unique<Station>(OnSqlite::make(io, clock, folders.back().path()), io, clock, folders.front() / "log");
    station->answer = [this](std::int64_t) -> Task<> {  // takes some turns of the loop
      for (int i = 0; i < 40; ++i) co_await boost::asio::post(io, boost::asio::use_awaitable_t<Executor>());
    };
  }
  void turn(int turns) {
    io.restart();
    for (int i = 0; i < turns; ++i) io.run_one_for(1ms);
  }
  void kill() {
    for (const auto& [chat, times] : station->received) received[chat] += times;
    const std::filesystem::path killed = folders.back().path();
    folders.emplace_back();
    std::filesystem::copy(killed, folders.back().path(), std::filesystem::copy_options::recursive);
    station->stop();  // what it still does is part of another world
    station.reset();
    open();
  }
  void TearDown() override {
    station->stop();
    station.reset();
  }

  std::deque<tests::TemporaryDirectory> folders{1};
  boost::asio::io_context io{1};
  ManualClock clock;
  std::unique_ptr<Station> station;
  std::map<std::int64_t, int> received;  // by those that were killed
};

TEST_F(BroadcastingThroughKills, NobodyIsSkippedOrGetsItTwiceButForThoseWhoseFateIsUnknown) {
  constexpr std::size_t people = 700;
  ASSERT_TRUE(station->begin(people));
  int kills = 0;
  for (; kills < 12 && station->state() != BroadcastState::finished; ++kills) {
    turn(300 + 97 * kills);
    kill();
  }
  EXPECT_GE(kills, 5);
  station->until([&] { return station->state() == BroadcastState::finished; });
  for (const auto& [chat, times] : station->received) received[chat] += times;

  std::size_t unknown = 0, really_sent = 0;
  for (const BroadcastUser& user : tests::run(io, station->broadcasts->results("b"))) {
    const int times = received[user.chat];
    EXPECT_LE(times, 1) << user.chat;
    if (user.result == BroadcastResult::unknown) {
      ++unknown;
    } else {
      EXPECT_EQ(user.result, BroadcastResult::sent);
      EXPECT_EQ(times, 1) << user.chat;
    }
    really_sent += static_cast<std::size_t>(times);
  }
  EXPECT_EQ(station->counts().sent + station->counts().unknown, people);
  EXPECT_EQ(station->counts().unknown, unknown);
  EXPECT_GT(unknown, 0U) << "no kill met a message on its way: the test shows nothing";
  EXPECT_LE(unknown, static_cast<std::size_t>(kills) * 16);
  EXPECT_GE(really_sent, people - unknown);
}

TEST_F(BroadcastingThroughKills, WithRepeatEveryoneGetsItAtLeastOnce) {
  constexpr std::size_t people = 200;
  ASSERT_TRUE(station->begin(people, "b", IfUnknown::repeat));
  for (int kills = 0; kills < 4; ++kills) {
    turn(200);
    kill();
  }
  station->until([&] { return station->state() == BroadcastState::finished; });
  for (const auto& [chat, times] : station->received) received[chat] += times;
  EXPECT_EQ(received.size(), people);
  EXPECT_EQ(station->counts(), (BroadcastCounts{0, people, 0, 0, 0}));
}

TEST_F(BroadcastingThroughKills, APausedOneStaysPaused) {
  ASSERT_TRUE(station->begin(100));
  turn(50);
  ASSERT_TRUE(tests::run(io, station->broadcasts->pause("b")));
  kill();
  EXPECT_EQ(station->state(), BroadcastState::paused);
  turn(300);
  EXPECT_TRUE(station->order.empty());
  ASSERT_TRUE(tests::run(io, station->broadcasts->resume("b")));
  station->until([&] { return station->state() == BroadcastState::finished; });
}

TEST_F(BroadcastingThroughKills, AfterAnOrderlyStopNothingIsUnknown) {
  ASSERT_TRUE(station->begin(100));
  for (int i = 0; i < 3; ++i) {
    turn(150);
    station->stop();
    for (const auto& [chat, times] : station->received) received[chat] += times;
    station.reset();
    open();
  }
  station->until([&] { return station->state() == BroadcastState::finished; });
  for (const auto& [chat, times] : station->received) received[chat] += times;
  EXPECT_EQ(received.size(), 100U);
  for (const auto& [chat, times] : received) EXPECT_EQ(times, 1) << chat;
  EXPECT_EQ(station->counts(), (BroadcastCounts{0, 100, 0, 0, 0}));
}

}  // namespace
