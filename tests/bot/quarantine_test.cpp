#include "tgkit/bot/quarantine.hpp"

#include "tests/bot/support/harness.hpp"
#include "tests/support/run_task.hpp"

#include <gtest/gtest.h>

namespace {

using namespace tgkit;
using namespace tgkit::bot;
using tests::Harness;
using tests::message_json;

class QuarantineTools : public ::testing::Test {
 protected:
  QuarantineTools() {
    h.router.on(text, [](Context& ctx, std::string text) -> Task<> {
      ctx.reply(text);
      co_return;
    });
    h.start();
  }
  std::int64_t put(std::int64_t id, const std::string& body, const std::string& reason = "bad") {
    storage::Commit commit;
    storage::QuarantinedUpdate bad;
    bad.update_id = id;
    bad.body = body;
    bad.reason = reason;
    bad.at = 1'790'000'000;
    commit.quarantined.push_back(bad);
    tests::run(h.io, h.store.commit(std::move(commit)));
    return h.store.quarantined.back().number;
  }
  ops::AdminAnswer ask(std::vector<std::string> words, bool running = true) {
    Quarantine::HandOver hand_over;
    if (running)
      hand_over = [this](telegram::Update update, std::string_view json) {
        h.dispatcher->take(std::move(update), json);
      };
    Quarantine quarantine(h.store, h.clock, *h.log, hand_over);
    ops::AdminAnswer answer = tests::run(h.io, quarantine.run(std::move(words)));
    h.pump();
    return answer;
  }

  Harness h;
};

TEST_F(QuarantineTools, TheListTellsWhatWhenAndWhy) {
  put(7, R"({"update_id":7,"message":"no object"})", "line one\nline two");
  const ops::AdminAnswer answer = ask({"list"});
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(answer.text,
            "ID     UPDATE      WHEN                  KIND                BYTES   REASON\n"
            "1      7           2026-09-21T14:13:20Z  message             37      line one line two\n");
}

TEST_F(QuarantineTools, TheJsonListHoldsMoreThanOnePage) {
  for (std::int64_t id = 1; id <= 250; ++id) put(id, "{");
  const std::string text = ask({"list", "--json"}).text;
  EXPECT_EQ(std::ranges::count(text, '{'), 250);
  EXPECT_TRUE(
      text.starts_with(R"([{"id":250,"update_id":250,"at":1790000000,"kind":"unknown","bytes":1,"reason":"bad"})"))
      << text.substr(0, 200);
}

TEST_F(QuarantineTools, ShowGivesTheBytes) {
  const std::string bytes("\xff{\0", 3);
  const std::int64_t number = put(0, bytes);
  EXPECT_EQ(ask({"show", std::to_string(number)}).text, bytes + "\n");
  EXPECT_EQ(ask({"show", "99"}).exit_code, 1);
}

TEST_F(QuarantineTools, AReplayedUpdateIsHandledAsIfItHadJustCome) {
  h.store.begun[7] = 3;
  const std::int64_t number = put(7, message_json(7, "hello"));
  const ops::AdminAnswer answer = ask({"replay", std::to_string(number)});
  EXPECT_EQ(answer.exit_code, 0) << answer.text;
  EXPECT_EQ(h.texts(), std::vector<std::string>{"hello"});
  EXPECT_TRUE(h.store.quarantined.empty());
  EXPECT_TRUE(h.store.inbox.empty());
}

TEST_F(QuarantineTools, AReplayForAStoppedBotWaitsInTheInbox) {
  put(7, message_json(7, "hello"));
  EXPECT_NE(ask({"replay", "all"}, false).text.find("at the next start"), std::string::npos);
  EXPECT_TRUE(h.store.inbox.contains(7));
  EXPECT_TRUE(h.texts().empty());
}

TEST_F(QuarantineTools, WhatStillCannotBeReadStaysAndTheOthersGoOn) {
  put(7, R"({"update_id":7,"message" "no object"})");
  put(8, message_json(8, "hello"));
  put(0, "no json");
  const ops::AdminAnswer answer = ask({"replay", "all"});
  EXPECT_EQ(answer.exit_code, 1);
  EXPECT_EQ(h.store.quarantined.size(), 2U);
  EXPECT_EQ(h.texts(), std::vector<std::string>{"hello"});
}

TEST_F(QuarantineTools, DropSaysWhatWasThere) {
  put(1, "{");
  put(2, "{");
  const ops::AdminAnswer answer = ask({"drop", "1", "99"});
  EXPECT_EQ(answer.exit_code, 1);
  EXPECT_EQ(answer.text, "dropped: 1\nnot there: 1\n");
  EXPECT_EQ(ask({"drop", "all"}).text, "dropped: 1\n");
  EXPECT_TRUE(h.store.quarantined.empty());
}

TEST_F(QuarantineTools, OtherWordsGetTheUsageAndChangeNothing) {
  put(1, "{");
  const std::vector<std::vector<std::string>> wrong = {
      {}, {"eat"}, {"drop"}, {"drop", "x"}, {"drop", "-1"}, {"show"}, {"show", "1", "2"}, {"list", "1"}};
  for (const auto& words : wrong) EXPECT_EQ(ask(words).exit_code, 2);
  EXPECT_EQ(h.store.quarantined.size(), 1U);
}

}  // namespace
