#include "tgkit/bot/act_once.hpp"

#include "tests/bot/support/harness.hpp"
#include "tests/support/run_task.hpp"
#include "tgkit/storage/sqlite_store.hpp"

#include <filesystem>

#include <gtest/gtest.h>

namespace {

struct Receipt {
  std::int64_t number = 0;
  std::string item;
};

}  // namespace

template <>
struct tgkit::bot::Stored<Receipt> {
  static constexpr auto fields = std::tuple(field("number", &Receipt::number), field("item", &Receipt::item));
};

namespace {

using namespace tgkit;
using namespace tgkit::bot;
using tests::Harness;
using tests::message_json;

struct Crash {};

// The exchange, and where the process dies.
struct World {
  std::vector<std::string> bought;  // keys
  int asked = 0;
  enum class Dies { nowhere, before_buying, after_buying } dies = Dies::nowhere;
};

Task<Receipt> buy_once(Context& ctx, World& world) {
  const auto buy = [&world](std::string key) -> Task<Receipt> {
    if (world.dies == World::Dies::before_buying) throw Crash();
    world.bought.push_back(key);
    if (world.dies == World::Dies::after_buying) throw Crash();
    Receipt receipt;
    receipt.number = static_cast<std::int64_t>(world.bought.size());
    receipt.item = key;
    co_return receipt;
  };
  const auto find = [&world](std::string key) -> Task<std::optional<Receipt>> {
    ++world.asked;
    if (std::ranges::find(world.bought, key) == world.bought.end()) co_return std::nullopt;
    Receipt receipt;
    receipt.number = 1;
    receipt.item = key;
    co_return receipt;
  };
  co_return co_await act_once<Receipt>(ctx, "buy", buy, find);
}

// One store that survives what the process does not, of either kind.
class ActOnce : public ::testing::TestWithParam<bool> {
 protected:
  ActOnce() {
    h.router.on(any, [](Context&) -> Task<> { co_return; });
    h.start();
    std::filesystem::remove_all(folder);
    open();
  }
  ~ActOnce() override {
    sqlite.reset();
    std::filesystem::remove_all(folder);
  }
  // As after a kill: nothing is closed.
  void open() {
    if (!GetParam()) return;
    sqlite.reset();
    storage::SqliteStore::Settings settings;
    settings.path = folder / "bot.sqlite";
    sqlite = std::make_unique<storage::SqliteStore>(h.io.get_executor(), h.clock, settings);
    tests::run(h.io, sqlite->open());
    h.environment.store = sqlite.get();
  }
  // One run of the handler; false: the process died in it.
  bool run(std::int64_t update_id = 5) {
    const bot::Event event(tests::update(message_json(update_id, "x")));
    Context ctx(h.environment, event, *h.router.routes().front());
    try {
      receipt = tests::run(h.io, buy_once(ctx, world));
    } catch (const Crash&) {
      open();
      return false;
    }
    storage::Commit commit;
    commit.writes = ctx.take_writes();
    if (commits) tests::run(h.io, h.environment.store->commit(std::move(commit)));
    open();
    return true;
  }

  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("act_once_" + std::to_string(::getpid()));
  Harness h;
  std::unique_ptr<storage::SqliteStore> sqlite;
  World world;
  Receipt receipt;
  bool commits = true;  // the update's own commit comes to pass
};

TEST_P(ActOnce, ActsAndGivesTheResult) {
  ASSERT_TRUE(run());
  EXPECT_EQ(receipt.number, 1);
  EXPECT_EQ(receipt.item, "5.buy");
  EXPECT_EQ(world.asked, 0);
}

TEST_P(ActOnce, ARunAfterTheEndGivesTheResultAgainWithoutActing) {
  commits = false;  // it died between the action's end and its own commit
  ASSERT_TRUE(run());
  ASSERT_TRUE(run());
  EXPECT_EQ(receipt.item, "5.buy");
  EXPECT_EQ(world.bought.size(), 1U);
  EXPECT_EQ(world.asked, 0);
}

TEST_P(ActOnce, DeathAfterTheActionIsFoundOutAndTheActionNotRepeated) {
  world.dies = World::Dies::after_buying;
  ASSERT_FALSE(run());
  world.dies = World::Dies::nowhere;
  ASSERT_TRUE(run());
  EXPECT_EQ(receipt.item, "5.buy");
  EXPECT_EQ(world.bought.size(), 1U);
  EXPECT_EQ(world.asked, 1);
}

TEST_P(ActOnce, DeathBeforeTheActionIsFoundOutAndTheActionDone) {
  world.dies = World::Dies::before_buying;
  ASSERT_FALSE(run());
  world.dies = World::Dies::nowhere;
  ASSERT_TRUE(run());
  EXPECT_EQ(world.bought.size(), 1U);
  EXPECT_EQ(world.asked, 1);
}

TEST_P(ActOnce, UpdatesDoNotShareAnAction) {
  ASSERT_TRUE(run(5));
  ASSERT_TRUE(run(6));
  EXPECT_EQ(world.bought, (std::vector<std::string>{"5.buy", "6.buy"}));
}

TEST_P(ActOnce, TheRecordStaysForAWhileAfterTheUpdateAndGoesThen) {
  ASSERT_TRUE(run());
  h.clock.advance(OnceRecord::kept + std::chrono::hours(1));
  if (!GetParam()) h.store.states.clear();  // the scripted store does not look at the time
  ASSERT_TRUE(run());
  EXPECT_EQ(world.bought.size(), 2U);
}

TEST_P(ActOnce, TheRecordOfAnUnfinishedUpdateDoesNotGo) {
  commits = false;
  world.dies = World::Dies::after_buying;
  ASSERT_FALSE(run());
  world.dies = World::Dies::nowhere;
  h.clock.advance(OnceRecord::kept * 2);
  ASSERT_TRUE(run());
  EXPECT_EQ(world.bought.size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(AnyStore, ActOnce, ::testing::Bool(),
                         [](const auto& kind) { return kind.param ? "Sqlite" : "Scripted"; });

TEST(ActOnceScripted, NothingIsDoneWhenItsBeginningCannotBeWritten) {
  Harness h;
  h.router.on(any, [](Context&) -> Task<> { co_return; });
  h.start();
  h.store.failing_commits = 1;
  const bot::Event event(tests::update(message_json(5, "x")));
  Context ctx(h.environment, event, *h.router.routes().front());
  World world;
  EXPECT_THROW(tests::run(h.io, buy_once(ctx, world)), storage::StorageError);
  EXPECT_TRUE(world.bought.empty());
}

TEST(ActOnceScripted, AFailingHandlerKeepsTheRecordOfWhatItHasDone) {
  Harness h;
  World world;
  h.router.on(any, [&world](Context& ctx) -> Task<> {
    co_await buy_once(ctx, world);
    throw std::runtime_error("afterwards");
  });
  h.start();
  h.handle(message_json(5, "x"));
  EXPECT_EQ(world.bought.size(), 1U);
  const auto kept = h.store.states.find({"once:buy", "update:5"});
  ASSERT_NE(kept, h.store.states.end());
  EXPECT_GT(kept->second.expires_at, 0);
  EXPECT_EQ(kept->second.value, R"(={"number":1,"item":"5.buy"})");
}

}  // namespace
