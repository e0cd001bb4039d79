// What is told to who may not use the bot, or uses it too much: to whom, how often, behind what.
#include "tests/bot/support/harness.hpp"
#include "tgkit/bot/middleware/access.hpp"
#include "tgkit/bot/middleware/rate_limit.hpp"
#include "tgkit/bot/middleware/told_people.hpp"

#include <gtest/gtest.h>

namespace {

using namespace tgkit;
using namespace tgkit::bot;
using tests::Harness;
using tests::message_json;
using tests::message_with;
using namespace std::chrono_literals;

const tests::Place in_the_group{.user = 9, .chat = -5, .chat_type = "group"};

Task<> say_yes(Context& ctx) {
  ctx.reply("yes");
  co_return;
}

// Person 1 may use the bot, nobody else.
void fill(Harness& h) {
  h.environment.matching.roles = [](std::int64_t user) { return user == 1 ? Role::viewer : Role::none; };
  h.router.wrap(bot::access());
  h.router.on(command<"start">, say_yes);
  h.router.on(any, [](Context&) -> Task<> { co_return; });
  h.start();
}

TEST(Strangers, InAGroupWhatIsNotForTheBotIsMetWithSilence) {
  Harness h;
  fill(h);
  h.handle(message_with(1, R"("new_chat_members":[{"id":9,"is_bot":false,"first_name":"S"}])", in_the_group));
  h.handle(message_json(2, "what a day", in_the_group));
  h.handle(message_json(3, "/start@other_bot", in_the_group));
  EXPECT_TRUE(h.sent.empty());
  EXPECT_TRUE(h.store.inbox.empty());
  h.handle(message_json(4, "/start@our_bot", in_the_group));
  EXPECT_EQ(h.texts(), std::vector<std::string>{h.texts_spoken.not_allowed("", 0)});
  EXPECT_EQ(h.texts().front().find('9'), std::string::npos);
}

TEST(Strangers, AreToldOncePerPersonAlsoAcrossRestartsAndChats) {
  std::map<storage::StateKey, storage::StateRecord> saved;
  {
    Harness h;
    fill(h);
    h.handle(message_json(1, "/start", in_the_group));
    h.handle(message_json(2, "hello", {.user = 9, .chat = 9}));
    EXPECT_EQ(h.texts().size(), 1U);
    saved = h.store.states;
  }
  Harness h;
  h.store.states = saved;
  fill(h);
  h.handle(message_json(3, "hello", {.user = 9, .chat = 9}));
  EXPECT_TRUE(h.texts().empty());
  h.handle(message_json(4, "hello", {.user = 10, .chat = 10}));
  EXPECT_EQ(h.texts().size(), 1U);
}

TEST(Strangers, OneWhoWasToldNothingInAGroupIsToldWhenHeTurnsToTheBot) {
  Harness h;
  fill(h);
  h.handle(message_json(1, "what a day", in_the_group));
  h.handle(message_json(2, "hello", {.user = 9, .chat = 9}));
  EXPECT_EQ(h.texts(), std::vector<std::string>{h.texts_spoken.not_allowed("", 9)});
}

TEST(Strangers, RefusalsStandBehindThePeoplesOwnAnswers) {
  OutboxSettings slow;
  slow.pacing.emplace();
  Harness h({}, slow);
  fill(h);
  for (int i = 1; i <= 20; ++i) h.take(message_json(i, "/start", {.user = 100 + i, .chat = -5, .chat_type = "group"}));
  h.pump();
  h.handle(message_json(50, "/start", {.user = 1, .chat = -5, .chat_type = "group"}));
  h.advance(3s);  // a group's message leaves every three seconds
  ASSERT_LE(h.texts().size(), 4U);
  EXPECT_EQ(h.texts().back(), "yes");
}

TEST(Strangers, WhileTheStoreDoesNotAnswerNobodyIsToldAndTheNextIs) {
  Harness h;
  fill(h);
  h.store.failing_loads = 1;
  h.handle(message_json(1, "hello", {.user = 9, .chat = 9}));
  EXPECT_TRUE(h.texts().empty());
  EXPECT_TRUE(h.store.inbox.empty());
  h.handle(message_json(2, "hello", {.user = 9, .chat = 9}));
  EXPECT_EQ(h.texts().size(), 1U);
}

TEST(Strangers, TheRateLimitsNoticeIsOnlyForWhoTurnsToTheBot) {
  Harness h;
  h.router.wrap(rate_limit({.requests = 1, .window = 60s}));
  h.router.on(command<"start">, say_yes);
  h.router.on(any, [](Context&) -> Task<> { co_return; });
  h.start();
  for (int i = 1; i <= 5; ++i) h.handle(message_json(i, "chatter", in_the_group));
  EXPECT_TRUE(h.texts().empty());
  h.handle(message_json(6, "/start", in_the_group));
  h.handle(message_json(7, "/start", in_the_group));
  EXPECT_EQ(h.texts(), std::vector<std::string>{h.texts_spoken.slow_down("", 60s)});
}

// What `people` wrote, as the next start reads it.
ToldPeople after_restart(std::size_t most, const std::vector<std::int64_t>& all) {
  ToldPeople before(most);
  std::map<storage::StateKey, storage::StateRecord> states;
  for (const std::int64_t person : all) {
    const storage::StateWrite write = before.add(person);
    states[write.key] = *write.record;
  }
  ToldPeople people(most);
  std::vector<std::optional<storage::StateRecord>> records;
  for (const storage::StateKey& key : people.keys())
    records.push_back(states.contains(key) ? std::optional(states[key]) : std::nullopt);
  people.read(records);
  return people;
}

std::vector<std::int64_t> numbers(std::int64_t from, std::int64_t to) {
  std::vector<std::int64_t> all;
  for (std::int64_t i = from; i <= to; ++i) all.push_back(i);
  return all;
}

TEST(ToldPeople, TheNewestStayAndTheOldestGo) {
  ToldPeople people = after_restart(1000, numbers(1, 5000));
  for (std::int64_t i = 5000; i > 4010; --i) EXPECT_TRUE(people.knows(i)) << i;
  for (std::int64_t i = 1; i <= 4000; ++i) EXPECT_FALSE(people.knows(i)) << i;
  people.add(6000);  // goes on where the last run was
  EXPECT_TRUE(people.knows(6000));
  EXPECT_TRUE(people.knows(4011));
}

TEST(ToldPeople, OnePersonCostsOneSmallRecord) {
  ToldPeople people(10'000);
  for (std::int64_t i = 1; i <= 10'000; ++i) EXPECT_LT(people.add(4'000'000'000 + i).record->value.size(), 1500U);
}

TEST(ToldPeople, ARecordThatCannotBeReadIsAnEmptyPage) {
  ToldPeople people(100);
  std::vector<std::optional<storage::StateRecord>> records(100);
  records[3] = storage::StateRecord{"no json", 1, 0};
  records[4] = storage::StateRecord{R"({"turn":7,"people":[1]})", 2, 0};
  people.read(records);
  EXPECT_FALSE(people.knows(1));
  people.add(1);
  EXPECT_TRUE(people.knows(1));
}

}  // namespace
