#include "tgkit/bot/state.hpp"

#include "tests/bot/support/harness.hpp"
#include "tgkit/bot/dialog.hpp"
#include "tgkit/telegram/calls/messages.hpp"

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;

enum class Game { cs2 = 0, dota = 1 };
struct Money {
  std::int64_t cents = 0;
};
struct Favourite {
  std::string item;
  int rank = 0;
};
struct Prefs {
  std::string language = "en";
  Game game = Game::cs2;
  bool loud = true;
  std::optional<int> limit;
  std::vector<Favourite> favourites;
  std::map<std::string, int> counts;
  Money budget;
};
struct Tally {
  int count = 0;
};
struct Renamed {
  std::string full_name;
};
struct Brief {
  int count = 0;
};
struct Sale {
  enum class Step { none, item, amount } step = Step::none;
  std::string item;
};

}  // namespace

namespace tgkit::bot {

template <>
struct StoredAs<Money> {
  using Form = std::int64_t;
  static Form to(const Money& money) { return money.cents; }
  static Money from(Form cents) { return {cents}; }
};
template <>
struct Stored<Favourite> {
  static constexpr auto fields = std::tuple(field("item", &Favourite::item), field("rank", &Favourite::rank));
};
template <>
struct Stored<Prefs> {
  static constexpr auto fields =
      std::tuple(field("language", &Prefs::language), field("game", &Prefs::game), field("loud", &Prefs::loud),
                 field("limit", &Prefs::limit), field("favourites", &Prefs::favourites),
                 field("counts", &Prefs::counts), field("budget", &Prefs::budget));
};
template <>
struct Stored<Tally> {
  static constexpr std::string_view name = "tally";
  static constexpr auto fields = std::tuple(field("count", &Tally::count));
};
template <>
struct Stored<Renamed> {
  static constexpr std::string_view name = "renamed";
  static constexpr std::uint32_t version = 2;
  static constexpr auto fields = std::tuple(field("full_name", &Renamed::full_name));
  static Renamed migrate(std::uint32_t from, std::string_view json) {
    return {"v" + std::to_string(from) + " " + std::string(json)};
  }
};
template <>
struct Stored<Brief> {
  static constexpr std::string_view name = "brief";
  static constexpr std::chrono::seconds expiry = std::chrono::hours(1);
  static constexpr auto fields = std::tuple(field("count", &Brief::count));
};
template <>
struct Stored<Sale> {
  static constexpr std::string_view name = "sale";
  static constexpr auto fields = std::tuple(field("step", &Sale::step), field("item", &Sale::item));
};

}  // namespace tgkit::bot

namespace {

using namespace tgkit;
using namespace tgkit::bot;
using tests::Harness;
using tests::message_json;

TEST(StateCodec, EveryKindOfFieldComesBack) {
  Prefs prefs;
  prefs.language = "ru \"quoted\"\n";
  prefs.game = Game::dota;
  prefs.loud = false;
  prefs.limit = -5;
  prefs.favourites = {{"AK-47", 1}, {"AWP", 2}};
  prefs.counts = {{"a", 1}, {"b \"x\"", 2}};
  prefs.budget = {9'007'199'254'740'993};
  const auto back = decode_state<Prefs>(encode_state(prefs));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->language, prefs.language);
  EXPECT_EQ(back->game, Game::dota);
  EXPECT_FALSE(back->loud);
  EXPECT_EQ(back->limit, -5);
  ASSERT_EQ(back->favourites.size(), 2U);
  EXPECT_EQ(back->favourites[1].item, "AWP");
  EXPECT_EQ(back->counts, prefs.counts);
  EXPECT_EQ(back->budget.cents, prefs.budget.cents);
}

TEST(StateCodec, UnknownFieldsAreIgnoredAndMissingOnesKeepTheirDefault) {
  const auto prefs = decode_state<Prefs>(R"({"from_the_future":{"a":[1,{"b":2}]},"game":1})");
  ASSERT_TRUE(prefs);
  EXPECT_EQ(prefs->game, Game::dota);
  EXPECT_EQ(prefs->language, "en");
  EXPECT_TRUE(prefs->loud);
}

TEST(StateCodec, AFieldOfAnotherTypeKeepsItsDefault) {
  const auto prefs = decode_state<Prefs>(R"({"language":5,"loud":"no","limit":[1],"favourites":{"x":1},"game":1})");
  ASSERT_TRUE(prefs);
  EXPECT_EQ(prefs->language, "en");
  EXPECT_TRUE(prefs->loud);
  EXPECT_FALSE(prefs->limit);
  EXPECT_EQ(prefs->game, Game::dota);
}

struct Narrow {
  std::int32_t whole = 7;
  std::uint8_t small = 7;
  std::uint64_t bits = 7;
  Game game = Game::dota;
  float real = 7;
  std::optional<std::int16_t> maybe = 7;
  std::vector<std::int8_t> list;
};

}  // namespace

template <>
struct tgkit::bot::Stored<Narrow> {
  static constexpr auto fields =
      std::tuple(field("whole", &Narrow::whole), field("small", &Narrow::small), field("bits", &Narrow::bits),
                 field("game", &Narrow::game), field("real", &Narrow::real), field("maybe", &Narrow::maybe),
                 field("list", &Narrow::list));
};

namespace {

TEST(StateCodec, ANumberOutOfItsFieldsRangeIsUnreadableAndNotCut) {
  const auto read = decode_state<Narrow>(
      R"({"whole":4294967297,"small":256,"game":4294967297,"real":1e300,"maybe":70000,"list":[1,300,2]})");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->whole, 7);
  EXPECT_EQ(read->small, 7);
  EXPECT_EQ(read->game, Game::dota);
  EXPECT_EQ(read->real, 7);
  EXPECT_EQ(read->maybe, 7);
  EXPECT_EQ(read->list, (std::vector<std::int8_t>{1, 2}));
  const auto below = decode_state<Narrow>(R"({"whole":-2147483649,"small":-1})");
  ASSERT_TRUE(below);
  EXPECT_EQ(below->whole, 7);
  EXPECT_EQ(below->small, 7);
}

TEST(StateCodec, TheEndsOfEachRangeComeBack) {
  Narrow ends;
  ends.whole = std::numeric_limits<std::int32_t>::min();
  ends.small = 255;
  ends.bits = std::numeric_limits<std::uint64_t>::max();
  ends.real = std::numeric_limits<float>::max();
  const auto back = decode_state<Narrow>(encode_state(ends));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->whole, ends.whole);
  EXPECT_EQ(back->small, 255);
  EXPECT_EQ(back->bits, ends.bits);
  EXPECT_EQ(back->real, ends.real);
}

TEST(StateCodec, BrokenTextIsNotReadAsDefaults) {
  EXPECT_FALSE(decode_state<Prefs>(""));
  EXPECT_FALSE(decode_state<Prefs>("[1]"));
  EXPECT_FALSE(decode_state<Prefs>(R"({"language":"e)"));
}

Task<> count(Context& ctx, UserState<Tally> tally) {
  ++tally->count;
  ctx.reply(std::to_string(tally->count));
  co_return;
}

TEST(State, IsLoadedBeforeTheHandlerAndWrittenWithItsCommit) {
  Harness h;
  h.router.on(command<"count">, count);
  h.start();
  h.handle(message_json(1, "/count"));
  h.handle(message_json(2, "/count"));
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(h.store.state("tally", "u7"), R"({"count":2})");
}

TEST(State, TwoUpdatesOfOnePersonInTwoChatsDoNotOverwriteEachOther) {
  Harness h;
  h.router.on(command<"count">, [](Context& ctx, UserState<Tally> tally) -> Task<> {
    ++tally->count;
    co_await ctx.clock().sleep_for(1s);
    ctx.reply(std::to_string(tally->count));
  });
  h.start();
  h.take(message_json(1, "/count"));
  h.take(message_json(2, "/count", {.chat = -5, .chat_type = "group"}));
  h.pump();
  h.advance(1s);
  EXPECT_EQ(h.texts(), std::vector<std::string>{"1"});
  h.advance(1s);
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(h.store.state("tally", "u7"), R"({"count":2})");
}

Task<> peek_at_tally(Context& ctx) {
  storage::StateKey key{"tally", "u7"};
  const std::optional<storage::StateRecord> record = co_await ctx.peek(std::move(key));
  ctx.reply(record ? record->value : "nothing");
}

TEST(State, WhoOnlyLooksAtAStateDoesNotWaitForThoseWhoUseIt) {
  Harness h;
  h.router.on(command<"count">, [](Context& ctx, UserState<Tally> tally) -> Task<> {
    ++tally->count;
    co_await ctx.clock().sleep_for(1s);
    ctx.reply("counted");
  });
  h.router.on(command<"peek">, peek_at_tally).order(OrderBy::none);
  h.start();
  h.take(message_json(1, "/count"));
  h.take(message_json(2, "/peek"));
  h.pump();
  EXPECT_EQ(h.texts(), std::vector<std::string>{"nothing"});
  h.advance(1s);
  h.handle(message_json(3, "/peek"));
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"nothing", "counted", R"({"count":1})"}));
}

// Loads one person's state, then another's.
Task<> take_two(Context& ctx, std::string first, std::string second) {
  std::vector<storage::StateKey> keys(1);
  keys.front() = {"tally", first};
  co_await ctx.load(keys);
  co_await ctx.clock().sleep_for(1s);
  keys.front() = {"tally", second};
  co_await ctx.load(keys);
  ctx.reply("both");
}

TEST(State, TwoUpdatesThatWaitForWhatTheOtherHasDoNotWaitForEver) {
  Harness h;
  h.router.on(command<"ab">, [](Context& ctx) { return take_two(ctx, "u1", "u2"); });
  h.router.on(command<"ba">, [](Context& ctx) { return take_two(ctx, "u2", "u1"); });
  h.start();
  h.take(message_json(1, "/ab"));
  h.take(message_json(2, "/ba", {.chat = -5, .chat_type = "group"}));
  h.pump();
  h.advance(1s);
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"both", "both"}));
}

TEST(State, IsOnePerPersonOrOnePerChat) {
  Harness h;
  h.router.on(command<"both">, [](Context& ctx, UserState<Tally> mine, ChatState<Tally> ours) -> Task<> {
    ctx.reply(std::to_string(++mine->count) + " " + std::to_string(++ours->count));
    co_return;
  });
  h.start();
  const std::string group = "group";
  h.handle(message_json(1, "/both", {.user = 1, .chat = -5, .chat_type = group}));
  h.handle(message_json(2, "/both", {.user = 2, .chat = -5, .chat_type = group}));
  h.handle(message_json(3, "/both", {.user = 2, .chat = -6, .chat_type = group}));
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"1 1", "1 2", "2 1"}));
  EXPECT_EQ(h.store.loads, (std::vector<std::size_t>{2, 2, 2}));  // all of a handler in one go
}

TEST(State, WhatIsNotChangedIsNotWritten) {
  Harness h;
  h.router.on(command<"look">, [](Context&, UserState<Tally> tally) -> Task<> {
    (void)tally->count;
    co_return;
  });
  h.start();
  h.handle(message_json(1, "/look"));
  h.store.states[{"tally", "u7"}] = {R"({"count":2})", 1, 0};
  h.handle(message_json(2, "/look"));
  for (const storage::Commit& commit : h.store.commits) EXPECT_TRUE(commit.writes.empty());
}

TEST(State, AHandlerThatThrowsChangesNothing) {
  Harness h;
  h.router.on(command<"fail">, [](Context&, UserState<Tally> tally) -> Task<> {
    tally->count = 99;
    throw std::runtime_error("x");
    co_return;
  });
  h.start();
  h.handle(message_json(1, "/fail"));
  EXPECT_TRUE(h.store.states.empty());
}

TEST(State, ErasingTakesTheRecordAway) {
  Harness h;
  h.router.on(command<"forget">, [](Context& ctx, UserState<Tally> tally) -> Task<> {
    ctx.reply(tally.existed() ? "forgotten" : "nothing there");
    tally.erase();
    co_return;
  });
  h.start();
  h.store.states[{"tally", "u7"}] = {R"({"count":2})", 1, 0};
  h.handle(message_json(1, "/forget"));
  EXPECT_TRUE(h.store.states.empty());
  h.handle(message_json(2, "/forget"));
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"forgotten", "nothing there"}));
}

TEST(State, AnOlderRecordIsMigratedAndWrittenInTheNewForm) {
  Harness h;
  h.router.on(command<"name">, [](Context& ctx, UserState<Renamed> name) -> Task<> {
    ctx.reply(name->full_name);
    co_return;
  });
  h.start();
  h.store.states[{"renamed", "u7"}] = {R"({"first":"Ann"})", 1, 0};
  h.handle(message_json(1, "/name"));
  EXPECT_EQ(h.texts(), std::vector<std::string>{R"(v1 {"first":"Ann"})"});
  const storage::StateRecord written = h.store.states[{"renamed", "u7"}];
  EXPECT_EQ(written.version, 2U);
  h.handle(message_json(2, "/name"));
  EXPECT_EQ(h.texts()[1], h.texts()[0]);  // not migrated twice
}

TEST(State, ANewerRecordIsNeitherReadNorOverwritten) {
  Harness h;
  bool ran = false;
  h.router.on(command<"name">, [&ran](Context&, UserState<Renamed> name) -> Task<> {
    ran = true;
    name->full_name = "overwritten";
    co_return;
  });
  h.start();
  const storage::StateRecord newer{R"({"parts":["Ann"]})", 3, 0};
  h.store.states[{"renamed", "u7"}] = newer;
  h.handle(message_json(1, "/name"));
  EXPECT_FALSE(ran);
  EXPECT_EQ((h.store.states[{"renamed", "u7"}]), newer);
  EXPECT_EQ(h.texts(), std::vector<std::string>{h.texts_spoken.newer_state("")});
  EXPECT_NE(h.log_text().find("version 3"), std::string::npos);
}

TEST(State, ARecordThatIsNoJsonIsKeptAndTheHandlerFails) {
  Harness h;
  h.router.on(command<"count">, count);
  h.start();
  h.store.states[{"tally", "u7"}] = {"rubbish", 1, 0};
  h.handle(message_json(1, "/count"));
  EXPECT_EQ(h.store.state("tally", "u7"), "rubbish");
  EXPECT_EQ(h.texts(), std::vector<std::string>{h.texts_spoken.failed("")});
}

TEST(State, ExpiryIsCountedFromTheWrite) {
  Harness h;
  h.router.on(command<"brief">, [](Context&, UserState<Brief> brief) -> Task<> {
    ++brief->count;
    co_return;
  });
  h.start();
  h.handle(message_json(1, "/brief"));
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(h.clock.wall().time_since_epoch()).count();
  EXPECT_EQ((h.store.states[{"brief", "u7"}].expires_at), now + 3600);
}

void add_dialog(Router& router) {
  router.on(command<"sell">, [](Context& ctx, Dialog<Sale> sale) -> Task<> {
    sale.go(Sale::Step::item);
    ctx.reply("what?");
    co_return;
  });
  router.on(text && at_step<Sale::Step::item, Sale>, [](Context& ctx, std::string item, Dialog<Sale> sale) -> Task<> {
    sale->item = item;
    sale.go(Sale::Step::amount);
    ctx.reply("how many?");
    co_return;
  });
  router.on(text && at_step<Sale::Step::amount, Sale>,
            [](Context& ctx, std::string amount, Dialog<Sale> sale) -> Task<> {
              ctx.reply(amount + " x " + sale->item);
              sale.finish();
              co_return;
            });
  router.on(text, [](Context& ctx, std::string) -> Task<> {
    ctx.reply("small talk");
    co_return;
  });
}

TEST(Dialog, EachStepHasItsRouteAndTheOthersPass) {
  Harness h;
  add_dialog(h.router);
  h.start();
  int id = 0;
  for (const char* said : {"hello", "/sell", "apples", "5", "hello"}) h.handle(message_json(++id, said));
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"small talk", "what?", "how many?", "5 x apples", "small talk"}));
  EXPECT_TRUE(h.store.states.empty());
}

TEST(Dialog, SurvivesARestart) {
  Harness first;
  add_dialog(first.router);
  first.start();
  first.handle(message_json(1, "/sell"));
  first.handle(message_json(2, "apples"));
  Harness second;
  add_dialog(second.router);
  second.start();
  second.store.states = first.store.states;
  second.handle(message_json(3, "5"));
  EXPECT_EQ(second.texts(), std::vector<std::string>{"5 x apples"});
}

TEST(Dialog, IsOnePerPersonAndChat) {
  Harness h;
  add_dialog(h.router);
  h.start();
  const tests::Place ann{.user = 1, .chat = -5, .chat_type = "group"}, bob{.user = 2, .chat = -5, .chat_type = "group"};
  h.handle(message_json(1, "/sell", ann));
  h.handle(message_json(2, "apples", bob));
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"what?", "small talk"}));
}

TEST(Dialog, TheStepIsLoadedOnceForAllRoutesThatAsk) {
  Harness h;
  add_dialog(h.router);
  h.start();
  h.handle(message_json(1, "hello"));
  EXPECT_EQ(h.store.loads, std::vector<std::size_t>{1});
}

}  // namespace
