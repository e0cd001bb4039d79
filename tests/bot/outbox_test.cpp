#include "tgkit/bot/outbox.hpp"

#include "tests/bot/support/harness.hpp"

#include <deque>

#include <gtest/gtest.h>

namespace {

using namespace tgkit;
using namespace tgkit::bot;
using tests::api_error;
using tests::Harness;
using tests::network_error;
using tests::Sent;
using namespace std::chrono_literals;

// Sends texts to chats without a handler around them.
class Outgoings : public ::testing::Test {
 protected:
  void SetUp() override { h.start(); }

  std::int64_t queue(std::int64_t chat, const std::string& text, const std::string& method = "sendMessage") {
    std::vector<telegram::Request> requests;
    requests.emplace_back(method, R"({"chat_id":)" + std::to_string(chat) + R"(,"text":")" + text + "\"}");
    auto messages = h.outbox->prepare(std::move(requests), 0, "trace");
    const storage::OutboxMessage kept = messages.front()->message;
    h.store.outbox[kept.id] = kept;
    h.outbox->accept(std::move(messages));
    h.pump();
    return kept.id;
  }

  // Each call meets the next of these; then all succeed.
  void script(std::deque<std::optional<telegram::Error>> answers) {
    answers_ = std::move(answers);
    h.answer = [this](Sent) -> Task<std::string> {
      if (answers_.empty()) co_return "{}";
      const std::optional<telegram::Error> error = answers_.front();
      answers_.pop_front();
      if (error) throw *error;
      co_return "{}";
    };
  }

  Harness h;
  std::deque<std::optional<telegram::Error>> answers_;
};

TEST_F(Outgoings, MessagesOfOneChatKeepTheirOrderWhileOthersOvertake) {
  h.answer = [this](Sent sent) -> Task<std::string> {
    co_await h.clock.sleep_for(sent.json.find("slow") != std::string::npos ? 5s : 1s);
    co_return "{}";
  };
  queue(1, "slow");
  queue(1, "next");
  queue(2, "other");
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"slow", "other"}));
  h.advance(4s);
  EXPECT_EQ(h.texts().size(), 2U);
  h.advance(1s);
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"slow", "other", "next"}));
}

TEST_F(Outgoings, SendsSideBySideAreBounded) {
  OutboxSettings settings;
  settings.most_sends = 3;
  Harness bounded({}, settings);
  bounded.start();
  bounded.answer = [&bounded](Sent) -> Task<std::string> {
    co_await bounded.clock.sleep_for(1s);
    co_return "{}";
  };
  for (int chat = 1; chat <= 10; ++chat) {
    std::vector<telegram::Request> requests;
    requests.emplace_back("sendMessage", R"({"chat_id":)" + std::to_string(chat) + R"(,"text":"x"})");
    bounded.outbox->accept(bounded.outbox->prepare(std::move(requests), 0, ""));
  }
  bounded.pump();
  EXPECT_EQ(bounded.sent.size(), 3U);
  bounded.advance(1s);
  EXPECT_EQ(bounded.sent.size(), 6U);
}

TEST_F(Outgoings, AnswersToPressesGoBeforeTheChatsMessages) {
  OutboxSettings settings;
  settings.most_sends = 1;
  Harness one({}, settings);
  one.start();
  one.answer = [&one](Sent) -> Task<std::string> {
    co_await one.clock.sleep_for(1s);
    co_return "{}";
  };
  std::vector<telegram::Request> requests;
  requests.emplace_back("sendMessage", R"({"chat_id":1,"text":"a"})");
  requests.emplace_back("sendMessage", R"({"chat_id":2,"text":"b"})");
  requests.emplace_back("answerCallbackQuery", R"({"callback_query_id":"q"})");
  one.outbox->accept(one.outbox->prepare(std::move(requests), 1, ""));
  one.pump();
  one.advance(1s);
  ASSERT_EQ(one.sent.size(), 2U);
  EXPECT_EQ(one.sent[0].method, "answerCallbackQuery");
}

TEST_F(Outgoings, AFloodLimitHoldsItsChatForExactlyThatLongAndNobodyElse) {
  script({api_error(429, "Too Many Requests: retry after 7", 7)});
  queue(1, "held");
  queue(1, "behind");
  queue(2, "free");
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"held", "free"}));
  h.advance(6s);
  EXPECT_EQ(h.sent.size(), 2U);
  h.advance(1s);
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"held", "free", "held", "behind"}));
}

TEST_F(Outgoings, WhatSurelyWasNotSentIsTriedAgain) {
  script({network_error(telegram::Outcome::not_sent), network_error(telegram::Outcome::not_sent)});
  const std::int64_t id = queue(1, "x");
  EXPECT_TRUE(h.store.outbox.contains(id));
  h.advance(1s);
  h.advance(2s);
  EXPECT_EQ(h.sent.size(), 3U);
  h.advance(1s);
  EXPECT_FALSE(h.store.outbox.contains(id));
}

TEST_F(Outgoings, WhatMayHaveBeenSentIsNotRepeatedAndIsSaid) {
  script({network_error(telegram::Outcome::unknown)});
  const std::int64_t id = queue(1, "x");
  queue(1, "next");
  h.advance(5min);
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"x", "next"}));
  EXPECT_FALSE(h.store.outbox.contains(id));
  EXPECT_NE(h.log_text().find("may have been sent"), std::string::npos);
}

TEST_F(Outgoings, WhatTelegramRefusesIsGivenUpAndTheNextGoesOn) {
  script({api_error(400, "Bad Request: chat not found")});
  const std::int64_t id = queue(1, "x");
  queue(1, "next");
  h.advance(1s);
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"x", "next"}));
  EXPECT_FALSE(h.store.outbox.contains(id));
  EXPECT_NE(h.log_text().find("chat not found"), std::string::npos);
}

TEST_F(Outgoings, AMovedChatsMessageGoesToItsNewChat) {
  telegram::Error::Details moved;
  moved.kind = telegram::Error::Kind::answered;
  moved.method = "sendMessage";
  moved.error_code = moved.http_status = 400;
  moved.description = "Bad Request: group chat was upgraded to a supergroup chat";
  moved.migrate_to_chat_id = -1001234567890;
  script({telegram::Error(moved)});
  queue(-5, "x");
  ASSERT_EQ(h.sent.size(), 2U);
  EXPECT_EQ(h.sent[1].json, R"({"chat_id":-1001234567890,"text":"x"})");
}

TEST_F(Outgoings, DeliveredOnesAreReportedInOneCommit) {
  const std::int64_t a = queue(1, "a"), b = queue(2, "b");
  EXPECT_EQ(h.store.commits.size(), 0U);
  h.advance(50ms);
  ASSERT_EQ(h.store.commits.size(), 1U);
  EXPECT_EQ(h.store.commits[0].delivered, (std::vector<std::int64_t>{a, b}));
}

TEST_F(Outgoings, AReportTheStoreRefusesIsMadeAgain) {
  const std::int64_t id = queue(1, "a");
  h.store.failing_commits = 1;
  h.advance(50ms);
  EXPECT_TRUE(h.store.outbox.contains(id));
  h.advance(1s);
  EXPECT_FALSE(h.store.outbox.contains(id));
}

TEST_F(Outgoings, WhatAnEarlierRunLeftIsSentInOrder) {
  h.outbox->resume({{11, 1, 1, "sendMessage", R"({"chat_id":1,"text":"first"})"},
                    {12, 1, 1, "sendMessage", R"({"chat_id":1,"text":"second"})"}});
  h.pump();
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"first", "second"}));
}

TEST_F(Outgoings, AnUploadIsSentButNotKept) {
  std::vector<telegram::Part> files;
  files.emplace_back("photo", telegram::InputFile::bytes("bytes", "a.png"));
  std::vector<telegram::Request> requests;
  requests.emplace_back("sendPhoto", R"({"chat_id":1})", std::move(files));
  auto messages = h.outbox->prepare(std::move(requests), 1, "");
  EXPECT_FALSE(messages.front()->kept);
  h.outbox->accept(std::move(messages));
  h.pump();
  EXPECT_EQ(h.count("sendPhoto"), 1U);
  h.advance(1s);
  EXPECT_TRUE(h.store.commits.empty());
}

TEST_F(Outgoings, StopSendsWhatCanBeSentAndLeavesWhatMustWait) {
  script({api_error(429, "Too Many Requests", 60)});
  const std::int64_t held = queue(1, "held");
  h.answer = [this](Sent) -> Task<std::string> {
    co_await h.clock.sleep_for(1s);
    co_return "{}";
  };
  const std::int64_t going = queue(2, "going");
  const std::size_t stop = h.spawn(h.outbox->stop());
  EXPECT_FALSE(h.done(stop));
  h.advance(1s);
  EXPECT_TRUE(h.done(stop));
  EXPECT_FALSE(h.error(stop));
  EXPECT_TRUE(h.store.outbox.contains(held));
  EXPECT_FALSE(h.store.outbox.contains(going));
}

TEST_F(Outgoings, AStopIsQuickAndCleanWhenAChatsMessagesWaitBehindAFloodLimit) {
  script({api_error(429, "Too Many Requests", 60)});
  const std::int64_t held = queue(1, "held"), second = queue(1, "second"), third = queue(1, "third");
  const std::size_t stop = h.spawn(h.outbox->stop());
  EXPECT_TRUE(h.done(stop));
  EXPECT_FALSE(h.error(stop));
  EXPECT_EQ(h.texts(), std::vector<std::string>{"held"});
  for (const std::int64_t id : {held, second, third}) EXPECT_TRUE(h.store.outbox.contains(id)) << id;
  EXPECT_NE(h.log_text().find("messages left for the next start"), std::string::npos);
}

TEST_F(Outgoings, AStopWhoseLimitPassesKeepsWhatHadNotLeftAndOnlyThat) {
  h.answer = [this](Sent sent) -> Task<std::string> {
    if (sent.json.find("gone") != std::string::npos) {
      sent.on_upload(10, 40);
      sent.on_upload(40, 40);
    } else if (sent.json.find("half") != std::string::npos) {
      sent.on_upload(10, 40);
    }
    co_await h.clock.sleep_for(1h);
    co_return "{}";
  };
  const std::int64_t gone = queue(1, "gone"), behind = queue(1, "behind"), dialling = queue(2, "dialling"),
                     half = queue(3, "half");
  const std::size_t stop = h.spawn(h.outbox->stop());
  h.advance(4s);
  EXPECT_FALSE(h.done(stop));
  h.advance(1s);
  ASSERT_TRUE(h.done(stop));
  EXPECT_TRUE(h.error(stop));  // the exit code tells
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"gone", "dialling", "half"}));
  EXPECT_FALSE(h.store.outbox.contains(gone));
  for (const std::int64_t id : {behind, dialling, half}) EXPECT_TRUE(h.store.outbox.contains(id)) << id;
  const std::string log = h.log_text();
  const std::size_t said = log.find("may have been sent");
  ASSERT_NE(said, std::string::npos);
  EXPECT_EQ(log.find("may have been sent", said + 1), std::string::npos);
}

TEST_F(Outgoings, WhatWasWaitingForItsTurnIsKeptWhenTheStopsLimitPasses) {
  OutboxSettings settings;
  settings.most_sends = 1;
  Harness one({}, settings);
  one.start();
  one.answer = [&one](Sent sent) -> Task<std::string> {
    sent.on_upload(1, 1);
    co_await one.clock.sleep_for(1h);
    co_return "{}";
  };
  for (int chat = 1; chat <= 3; ++chat) {
    std::vector<telegram::Request> requests;
    requests.emplace_back("sendMessage", R"({"chat_id":)" + std::to_string(chat) + R"(,"text":"x"})");
    auto messages = one.outbox->prepare(std::move(requests), 0, "");
    one.store.outbox[messages.front()->message.id] = messages.front()->message;
    one.outbox->accept(std::move(messages));
  }
  one.pump();
  const std::size_t stop = one.spawn(one.outbox->stop());
  one.advance(5s);
  ASSERT_TRUE(one.done(stop));
  EXPECT_EQ(one.sent.size(), 1U);
  EXPECT_EQ(one.store.outbox.size(), 2U);
}

TEST_F(Outgoings, RoomWaitsWhileTooMuchIsWaiting) {
  OutboxSettings settings;
  settings.most_waiting = 1;
  Harness small({}, settings);
  small.start();
  small.answer = [&small](Sent) -> Task<std::string> {
    co_await small.clock.sleep_for(1s);
    co_return "{}";
  };
  std::vector<telegram::Request> requests;
  requests.emplace_back("sendMessage", R"({"chat_id":1,"text":"x"})");
  small.outbox->accept(small.outbox->prepare(std::move(requests), 1, ""));
  const std::size_t waiting = small.spawn(small.outbox->room());
  EXPECT_FALSE(small.done(waiting));
  small.advance(1s);
  EXPECT_TRUE(small.done(waiting));
}

TEST(ChatOf, FindsTheChatOfACallAndNotOfAnObjectInside) {
  EXPECT_EQ(chat_of(R"({"chat_id":-100123,"text":"x"})"), -100123);
  EXPECT_EQ(chat_of(R"({"reply_parameters":{"chat_id":5},"text":"\"chat_id\":6","chat_id":7})"), 7);
  EXPECT_EQ(chat_of(R"({"callback_query_id":"1"})"), 0);
  EXPECT_NE(chat_of(R"({"chat_id":"@channel"})"), 0);
  EXPECT_EQ(chat_of(R"({"chat_id":"@channel"})"), chat_of(R"({"text":"x","chat_id":"@channel"})"));
  EXPECT_EQ(chat_of("not json"), 0);
}

}  // namespace
