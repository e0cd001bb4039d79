#include "tgkit/bot/outbox.hpp"

#include "tests/bot/support/harness.hpp"
#include "tests/support/run_task.hpp"
#include "tgkit/bot/filters.hpp"
#include "tgkit/telegram/calls/messages.hpp"

#include <deque>
#include <map>
#include <set>

#include <gtest/gtest.h>

namespace {

using namespace tgkit;
using namespace tgkit::bot;
using tests::api_error;
using tests::Harness;
using tests::network_error;
using tests::Sent;
using namespace std::chrono_literals;

telegram::Error moved_to(std::int64_t chat) {
  telegram::Error::Details moved;
  moved.kind = telegram::Error::Kind::answered;
  moved.method = "sendMessage";
  moved.error_code = moved.http_status = 400;
  moved.description = "Bad Request: group chat was upgraded to a supergroup chat";
  moved.migrate_to_chat_id = chat;
  return telegram::Error(moved);
}

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

  std::int64_t queue(QueuedCall call) {
    std::vector<QueuedCall> calls;
    calls.push_back(std::move(call));
    auto messages = h.outbox->prepare(std::move(calls), 0, "trace");
    if (messages.empty()) return 0;
    const storage::OutboxMessage kept = messages.front()->message;
    h.store.outbox[kept.id] = kept;
    h.outbox->accept(std::move(messages));
    h.pump();
    return kept.id;
  }
  static telegram::Request text(std::int64_t chat, const std::string& text) {
    return telegram::Request("sendMessage", R"({"chat_id":)" + std::to_string(chat) + R"(,"text":")" + text + "\"}");
  }
  double counted(const std::string& outcome) {
    return h.metrics.counter("tgkit_outbox_total", ops::Labels("outcome", outcome)).value();
  }
  double depth(const std::string& lane) {
    h.metrics.text();
    return h.metrics.gauge("tgkit_outbox_size", ops::Labels("lane", lane)).value();
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
  script({moved_to(-1001234567890)});
  queue(-5, "x");
  ASSERT_EQ(h.sent.size(), 2U);
  EXPECT_EQ(h.sent[1].json, R"({"chat_id":-1001234567890,"text":"x"})");
}

TEST_F(Outgoings, AMovedChatsMessageGoesToItsNewChatHoweverOftenItWasTriedBefore) {
  script({api_error(429, "Too Many Requests", 1), api_error(429, "Too Many Requests", 1),
          network_error(telegram::Outcome::not_sent), moved_to(-1001234567890)});
  queue(-5, "x");
  for (int i = 0; i < 10; ++i) h.advance(1s);
  ASSERT_EQ(h.sent.size(), 5U);
  EXPECT_EQ(h.sent[4].json, R"({"chat_id":-1001234567890,"text":"x"})");
  EXPECT_EQ(counted("sent"), 1);
}

TEST_F(Outgoings, AChatThatIsAlwaysSaidToHaveMovedIsNotFollowedForEver) {
  h.answer = [this](Sent) -> Task<std::string> {
    throw moved_to(-1001234567890 - static_cast<std::int64_t>(h.sent.size()));
    co_return "{}";
  };
  queue(-5, "x");
  EXPECT_EQ(h.sent.size(), 4U);
  EXPECT_EQ(counted("refused"), 1);
}

TEST_F(Outgoings, EveryOtherMessageOfAMovedChatFollowsItAlsoAfterARestart) {
  h.answer = [this](Sent sent) -> Task<std::string> {
    co_await h.clock.sleep_for(1s);
    if (sent.json.find("-100") == std::string::npos) throw moved_to(-1001234567890);
    co_return "{}";
  };
  queue(-5, "a");
  queue(-5, "b");
  h.advance(1s);
  queue(-5, "c");
  for (int i = 0; i < 5; ++i) h.advance(1s);
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"a", "a", "b", "c"}));
  for (std::size_t i = 1; i < h.sent.size(); ++i)
    EXPECT_NE(h.sent[i].json.find("-1001234567890"), std::string::npos) << h.sent[i].json;

  Harness next;
  next.store.states = h.store.states;
  next.start();
  next.spawn(next.outbox->start());
  next.outbox->resume({{11, -5, 1, "sendMessage", R"({"chat_id":-5,"text":"late"})"}});
  next.pump();
  ASSERT_EQ(next.sent.size(), 1U);
  EXPECT_NE(next.sent[0].json.find("-1001234567890"), std::string::npos);
}

TEST_F(Outgoings, ABlockedUsersAlertsAndBroadcastsAreDroppedAndRepliesGoOn) {
  script({api_error(403, "Forbidden: bot was blocked by the user")});
  queue(QueuedCall(text(7, "first"), SendLane::alert));
  EXPECT_EQ(counted("unreachable"), 1);
  EXPECT_EQ(queue(QueuedCall(text(7, "alert"), SendLane::alert)), 0);
  EXPECT_EQ(queue(QueuedCall(text(7, "broadcast"), SendLane::broadcast)), 0);
  EXPECT_EQ(counted("dropped"), 2);
  queue(QueuedCall(text(7, "reply")));
  queue(QueuedCall(text(8, "another"), SendLane::alert));
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"first", "reply", "another"}));
}

TEST_F(Outgoings, WhatWaitsForAUserWhoTurnsOutToHaveBlockedTheBotIsDropped) {
  h.answer = [this](Sent sent) -> Task<std::string> {
    co_await h.clock.sleep_for(1s);
    if (sent.json.find("first") != std::string::npos) throw api_error(403, "Forbidden: user is deactivated");
    co_return "{}";
  };
  queue(QueuedCall(text(7, "first")));
  const std::int64_t alert = queue(QueuedCall(text(7, "alert"), SendLane::alert));
  queue(QueuedCall(text(7, "second")));
  for (int i = 0; i < 3; ++i) h.advance(1s);
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"first", "second"}));
  EXPECT_FALSE(h.store.outbox.contains(alert));
  EXPECT_EQ(h.outbox->size(), 0U);
}

TEST_F(Outgoings, AMarkSurvivesARestartAndAnUpdateFromTheChatClearsIt) {
  script({api_error(403, "Forbidden: bot was kicked from the supergroup chat")});
  queue(QueuedCall(text(-7, "x"), SendLane::alert));
  h.advance(100ms);

  Harness next;
  next.store.states = h.store.states;
  next.start();
  next.spawn(next.outbox->start());
  EXPECT_TRUE(next.outbox->recipients().unreachable(-7));
  next.outbox->heard(tests::event(tests::message_json(1, "hi", tests::Place{7, -7, "supergroup"})));
  next.advance(100ms);
  EXPECT_FALSE(next.outbox->recipients().unreachable(-7));

  Harness last;
  last.store.states = next.store.states;
  last.start();
  last.spawn(last.outbox->start());
  EXPECT_FALSE(last.outbox->recipients().unreachable(-7));
}

TEST_F(Outgoings, OfSeveralWaitingEditsOfAMessageOnlyTheNewestLeaves) {
  h.answer = [this](Sent) -> Task<std::string> {
    co_await h.clock.sleep_for(1s);
    co_return "{}";
  };
  const auto edit = [](int number) {
    return QueuedCall(telegram::Request("editMessageText",
                                        R"({"chat_id":7,"message_id":5,"text":")" + std::to_string(number) + "\"}"));
  };
  queue(edit(1));  // on its way
  const std::int64_t second = queue(edit(2));
  queue(edit(3));
  for (int i = 0; i < 5; ++i) h.advance(1s);
  ASSERT_EQ(h.count("editMessageText"), 2U);
  EXPECT_NE(h.sent[1].json.find("\"3\""), std::string::npos);
  EXPECT_FALSE(h.store.outbox.contains(second));
  EXPECT_EQ(counted("coalesced"), 1);
}

QueuedCall page(IfRefused if_refused) {
  return QueuedCall(telegram::Request("editMessageText", R"({"chat_id":7,"message_id":5,"text":"page",)"
                                                         R"("reply_markup":{"inline_keyboard":[]}})"),
                    if_refused);
}

TEST_F(Outgoings, APageWhoseMessageIsGoneComesAsANewOne) {
  script({api_error(400, "Bad Request: message to edit not found")});
  const std::int64_t id = queue(page(IfRefused::send_anew));
  queue(7, "later");
  ASSERT_EQ(h.sent.size(), 3U);
  EXPECT_EQ(h.sent[1].method, "sendMessage");
  EXPECT_EQ(h.sent[1].json, R"({"chat_id":7,"text":"page","reply_markup":{"inline_keyboard":[]}})");
  EXPECT_EQ(h.texts().back(), "later");  // its place in the chat is kept
  h.advance(1s);
  EXPECT_FALSE(h.store.outbox.contains(id));
}

TEST_F(Outgoings, AnyOtherEditWhoseMessageIsGoneIsOnlyLogged) {
  script({api_error(400, "Bad Request: message to edit not found")});
  queue(page(IfRefused::give_up));
  EXPECT_EQ(h.sent.size(), 1U);
  EXPECT_EQ(counted("refused"), 1);
  EXPECT_NE(h.log_text().find("message refused"), std::string::npos);
}

TEST_F(Outgoings, AnInlineMessageHasNoChatForANewOne) {
  script({api_error(400, "Bad Request: MESSAGE_ID_INVALID")});
  queue(QueuedCall(telegram::Request("editMessageText", R"({"inline_message_id":"x","text":"page"})"),
                   IfRefused::send_anew));
  EXPECT_EQ(h.sent.size(), 1U);
  EXPECT_EQ(counted("refused"), 1);
}

TEST_F(Outgoings, AnotherWayThatIsRefusedTooIsTheEnd) {
  script({api_error(400, "Bad Request: message can't be edited"), api_error(400, "Bad Request: TOPIC_CLOSED")});
  queue(page(IfRefused::send_anew));
  EXPECT_EQ(h.sent.size(), 2U);
  EXPECT_EQ(counted("refused"), 1);
}

TEST_F(Outgoings, WhatMayLeaveItsTopicDoesAndNothingElse) {
  const auto in_topic = [](const std::string& words) {
    return telegram::Request("sendMessage", R"({"chat_id":-7,"text":")" + words + R"(","message_thread_id":3})");
  };
  script({api_error(400, "Bad Request: TOPIC_CLOSED"), std::nullopt, api_error(400, "Bad Request: TOPIC_CLOSED")});
  queue(QueuedCall(in_topic("pong"), IfRefused::leave_topic));
  queue(QueuedCall(in_topic("balance")));
  ASSERT_EQ(h.sent.size(), 3U);
  EXPECT_EQ(h.sent[1].json, R"({"chat_id":-7,"text":"pong"})");
  EXPECT_EQ(counted("refused"), 1);
}

TEST_F(Outgoings, TheLanesAreMeasured) {
  h.answer = [this](Sent) -> Task<std::string> {
    co_await h.clock.sleep_for(1h);
    co_return "{}";
  };
  queue(QueuedCall(text(7, "a")));
  queue(QueuedCall(text(7, "b")));
  queue(QueuedCall(text(7, "c"), SendLane::broadcast));
  h.clock.advance(30s);
  EXPECT_EQ(depth("reply"), 2);
  EXPECT_EQ(depth("broadcast"), 1);
  EXPECT_EQ(depth("answer"), 0);
  EXPECT_EQ(h.metrics.gauge("tgkit_outbox_age_seconds").value(), 30);
}

TEST_F(Outgoings, AMessageThatMayBeRepeatedIsRepeatedAFewTimes) {
  script({network_error(telegram::Outcome::unknown), network_error(telegram::Outcome::unknown)});
  queue(QueuedCall(text(7, "x"), IfUnknown::repeat));
  h.advance(1min);
  h.advance(1min);
  EXPECT_EQ(h.texts().size(), 3U);
  EXPECT_EQ(counted("sent"), 1);

  script({6, network_error(telegram::Outcome::unknown)});
  queue(QueuedCall(text(7, "y"), IfUnknown::repeat));
  for (int i = 0; i < 20; ++i) h.advance(1min);
  EXPECT_EQ(h.texts().size(), 3U + 6U);
  EXPECT_EQ(counted("unknown"), 1);
}

TEST_F(Outgoings, FloodLimitsDoNotUseUpTheRepeatsOfAMessage) {
  script({6, api_error(429, "Too Many Requests", 1)});
  answers_.emplace_back(network_error(telegram::Outcome::unknown));
  queue(QueuedCall(text(7, "x"), IfUnknown::repeat));
  for (int i = 0; i < 20; ++i) h.advance(1min);
  EXPECT_EQ(h.texts().size(), 8U);
  EXPECT_EQ(counted("sent"), 1);
}

TEST_F(Outgoings, TheBotIsAskedWhatToDoAboutAMessageOfUnknownFate) {
  std::vector<std::string> asked;
  OutboxSettings settings;
  settings.on_unknown = [&asked](const UnknownSend& send) {
    asked.emplace_back(send.body);
    if (send.chat_id == 9) throw std::runtime_error("no idea");
    return send.chat_id == 7 ? IfUnknown::repeat : IfUnknown::report;
  };
  Harness asking({}, settings);
  asking.start();
  std::map<std::int64_t, int> tries;
  asking.answer = [&tries](Sent sent) -> Task<std::string> {
    if (++tries[chat_of(sent.json)] == 1) throw network_error(telegram::Outcome::unknown);
    co_return "{}";
  };
  std::vector<QueuedCall> calls;
  for (const std::int64_t chat : {7, 8, 9}) calls.emplace_back(text(chat, "x"), IfUnknown::ask);
  calls.emplace_back(text(10, "x"));
  asking.outbox->accept(asking.outbox->prepare(std::move(calls), 0, ""));
  asking.pump();
  asking.advance(1min);
  EXPECT_EQ(asked.size(), 3U);
  EXPECT_EQ(tries, (std::map<std::int64_t, int>{{7, 2}, {8, 1}, {9, 1}, {10, 1}}));
}

// A start after a kill: the store as it is at that moment.
struct AfterKill {
  AfterKill(const Harness& killed, OutboxSettings settings = {}) : h({}, std::move(settings)) {
    h.store.outbox = killed.store.outbox;
    h.store.sending = killed.store.sending;
    h.start();
    auto unfinished = tests::run(h.io, h.store.open());
    h.outbox->resume(std::move(unfinished.messages));
    h.pump();
  }
  std::set<std::string> texts() const {
    const auto all = h.texts();
    return {all.begin(), all.end()};
  }
  Harness h;
};

TEST_F(Outgoings, APageThatWasBeingSentAnewAtAKillIsNotSentTwice) {
  h.answer = [this](Sent sent) -> Task<std::string> {
    if (sent.method == "editMessageText") throw api_error(400, "Bad Request: message to edit not found");
    co_await h.clock.sleep_for(1h);
    co_return "{}";
  };
  queue(page(IfRefused::send_anew));
  ASSERT_EQ(h.sent.size(), 2U);
  AfterKill next(h);
  EXPECT_TRUE(next.h.sent.empty());
  EXPECT_NE(next.h.log_text().find("may have been sent; not repeated"), std::string::npos);
}

TEST_F(Outgoings, APageThatWaitsAtAKillIsEditedAndThenSentAnewByTheNextStart) {
  h.answer = [this](Sent) -> Task<std::string> {
    co_await h.clock.sleep_for(1h);
    co_return "{}";
  };
  queue(page(IfRefused::send_anew));
  AfterKill next(h);
  ASSERT_EQ(next.h.sent.size(), 1U);
  EXPECT_EQ(next.h.sent[0].method, "editMessageText");
  EXPECT_EQ(if_refused_of(h.store.outbox.begin()->second.lane), IfRefused::send_anew);
}

TEST_F(Outgoings, WhatWasOnItsWayAtAKillIsNotSentAgainAndWhatWasNotIs) {
  h.answer = [this](Sent) -> Task<std::string> {
    co_await h.clock.sleep_for(1s);
    co_return "{}";
  };
  const std::int64_t on_its_way = queue(7, "on its way");
  queue(7, "behind");
  queue(QueuedCall(text(8, "repeat"), IfUnknown::repeat));
  AfterKill after(h);
  EXPECT_EQ(after.texts(), (std::set<std::string>{"behind", "repeat"}));
  EXPECT_NE(after.h.log_text().find("may have been sent; not repeated"), std::string::npos);
  EXPECT_EQ(after.h.metrics.counter("tgkit_outbox_total", ops::Labels("outcome", "unknown")).value(), 1);
  after.h.advance(100ms);
  EXPECT_FALSE(after.h.store.outbox.contains(on_its_way));
  EXPECT_EQ(after.h.outbox->size(), 0U);
}

TEST_F(Outgoings, WhatMayBeDoneTwiceIsDoneAgainAfterAKill) {
  h.answer = [this](Sent) -> Task<std::string> {
    co_await h.clock.sleep_for(1s);
    co_return "{}";
  };
  queue(QueuedCall(telegram::Request("deleteMessage", R"({"chat_id":7,"message_id":5})")));
  AfterKill after(h);
  EXPECT_EQ(after.h.count("deleteMessage"), 1U);
}

TEST_F(Outgoings, AfterAKillTheBotIsAskedToo) {
  h.answer = [this](Sent) -> Task<std::string> {
    co_await h.clock.sleep_for(1s);
    co_return "{}";
  };
  queue(QueuedCall(text(7, "x"), IfUnknown::ask));
  OutboxSettings settings;
  settings.on_unknown = [](const UnknownSend&) { return IfUnknown::repeat; };
  AfterKill after(h, settings);
  EXPECT_EQ(after.h.texts(), std::vector<std::string>{"x"});
}

TEST_F(Outgoings, WhatSurelyWasNotSentAndWaitsIsSentAfterAKill) {
  script({api_error(429, "Too Many Requests", 60), network_error(telegram::Outcome::not_sent)});
  queue(1, "flooded");
  queue(2, "cut off");
  AfterKill after(h);
  EXPECT_EQ(after.texts(), (std::set<std::string>{"flooded", "cut off"}));
}

TEST_F(Outgoings, WhatAStopLeavesWaitingIsSentAfterTheNextStart) {
  h.answer = [this](Sent sent) -> Task<std::string> {
    sent.on_upload(1, 2);
    co_await h.clock.sleep_for(1h);
    co_return "{}";
  };
  queue(1, "half");
  const std::size_t stop = h.spawn(h.outbox->stop());
  h.advance(5s);
  ASSERT_TRUE(h.done(stop));
  AfterKill after(h);
  EXPECT_EQ(after.h.texts(), std::vector<std::string>{"half"});
}

TEST_F(Outgoings, WhileTheStoreTakesNoMoreMarksOnlyWhatMayBeDoneTwiceLeaves) {
  h.store.most_marks = 2;
  h.store.failing_commits = 3;
  for (int chat = 1; chat <= 4; ++chat) queue(chat, std::to_string(chat));
  queue(QueuedCall(text(5, "twice"), IfUnknown::repeat));
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"1", "2", "twice"}));
  h.advance(50ms);
  h.advance(1s);
  EXPECT_EQ(h.texts().size(), 3U);
  for (int i = 0; i < 5; ++i) h.advance(1s);
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"1", "2", "twice", "3", "4"}));
  EXPECT_EQ(counted("sent"), 5);
  const std::string log = h.log_text();
  const std::size_t said = log.find("messages wait until");
  ASSERT_NE(said, std::string::npos);
  EXPECT_EQ(log.find("messages wait until", said + 1), std::string::npos);
}

TEST_F(Outgoings, AnUpdateThatIsTakenClearsTheMarkOfItsChat) {
  script({api_error(403, "Forbidden: bot was blocked by the user")});
  queue(QueuedCall(text(7, "x"), SendLane::alert));
  ASSERT_TRUE(h.outbox->recipients().unreachable(7));
  h.handle(tests::message_json(1, "hi", tests::Place{8, 8}));
  EXPECT_TRUE(h.outbox->recipients().unreachable(7));
  h.handle(tests::message_json(2, "hi", tests::Place{7, 7}));
  EXPECT_FALSE(h.outbox->recipients().unreachable(7));
}

TEST(Deliveries, WhatAHandlerSaysAboutDeliveryIsCommittedWithTheMessage) {
  Harness h;
  h.router.on(tgkit::bot::text, [](Context& ctx, std::string) -> Task<> {
    ctx.reply("usual");
    ctx.reply("code", IfUnknown::repeat).silent();
    ctx.send(telegram::SendMessage(8, "alert"), SendLane::alert);
    ctx.send(telegram::SendMessage(9, "ask"), Delivery(SendLane::reply, IfUnknown::ask));
    co_return;
  });
  h.start();
  h.handle(tests::message_json(1, "hi"));
  ASSERT_FALSE(h.store.commits.empty());
  const std::vector<storage::OutboxMessage>& messages = h.store.commits.front().messages;
  ASSERT_EQ(messages.size(), 4U);
  const std::vector<std::pair<SendLane, IfUnknown>> expected = {{SendLane::reply, IfUnknown::report},
                                                                {SendLane::reply, IfUnknown::repeat},
                                                                {SendLane::alert, IfUnknown::report},
                                                                {SendLane::reply, IfUnknown::ask}};
  for (std::size_t i = 0; i < messages.size(); ++i) {
    EXPECT_EQ(lane_of(messages[i].lane), expected[i].first) << i;
    EXPECT_EQ(if_unknown_of(messages[i].lane), expected[i].second) << i;
  }
}

TEST_F(Outgoings, APersonWhoBlocksTheBotIsLeftAloneAtOnce) {
  h.outbox->heard(tests::event(
      R"({"update_id":1,"my_chat_member":{"chat":{"id":7,"type":"private"},"from":{"id":7,"is_bot":false,"first_name":"A"},)"
      R"("date":1,"old_chat_member":{"status":"member","user":{"id":1,"is_bot":true,"first_name":"B"}},)"
      R"("new_chat_member":{"status":"kicked","until_date":0,"user":{"id":1,"is_bot":true,"first_name":"B"}}}})"));
  EXPECT_TRUE(h.outbox->recipients().unreachable(7));
  EXPECT_EQ(queue(QueuedCall(text(7, "alert"), SendLane::alert)), 0);
}

TEST_F(Outgoings, AServiceMessageTellsWhereAGroupHasMoved) {
  h.outbox->heard(tests::event(tests::message_with(1, R"("migrate_to_chat_id":-1009)", tests::Place{7, -5, "group"})));
  queue(-5, "x");
  EXPECT_NE(h.sent.at(0).json.find("-1009"), std::string::npos);
}

TEST_F(Outgoings, LaneAndPolicySurviveARestart) {
  for (const SendLane lane : {SendLane::answer, SendLane::reply, SendLane::alert, SendLane::broadcast}) {
    for (const IfUnknown policy : {IfUnknown::report, IfUnknown::repeat, IfUnknown::ask}) {
      EXPECT_EQ(lane_of(to_stored(lane, policy)), lane);
      EXPECT_EQ(if_unknown_of(to_stored(lane, policy)), policy);
    }
  }
  EXPECT_EQ(lane_of(200), SendLane::reply);
  EXPECT_EQ(if_unknown_of(77 << 8), IfUnknown::report);
}

TEST_F(Outgoings, ALongFloodLimitIsWaitedOutToTheSecondAndSaidOnce) {
  script({api_error(429, "Too Many Requests", 4000), std::nullopt, api_error(429, "Too Many Requests", 4000)});
  const std::int64_t id = queue(1, "x");
  queue(2, "other");
  h.advance(3999s);
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"x", "other"}));
  EXPECT_TRUE(h.store.outbox.contains(id));
  h.advance(1s);
  EXPECT_EQ(h.texts().size(), 3U);
  h.advance(4000s);
  EXPECT_EQ(h.texts().size(), 4U);
  const std::string log = h.log_text();
  const std::size_t said = log.find("a flood limit lasts long");
  ASSERT_NE(said, std::string::npos);
  EXPECT_EQ(log.find("a flood limit lasts long", said + 1), std::string::npos);
}

TEST_F(Outgoings, AChatParkedByALongFloodLimitLeavesRoomForTheOthers) {
  OutboxSettings settings;
  settings.most_waiting = 2;
  Harness small({}, settings);
  small.start();
  small.answer = [](Sent sent) -> Task<std::string> {
    if (chat_of(sent.json) == 1) throw api_error(429, "Too Many Requests", 4000);
    co_return "{}";
  };
  std::vector<QueuedCall> calls;
  for (int i = 0; i < 4; ++i) calls.emplace_back(text(1, "x"));
  small.outbox->accept(small.outbox->prepare(std::move(calls), 0, ""));
  const std::size_t room = small.spawn(small.outbox->room());
  EXPECT_TRUE(small.done(room));
  EXPECT_EQ(small.outbox->size(), 4U);
}

TEST_F(Outgoings, WhoWaitsForRoomGoesOnWhenAChatIsParked) {
  OutboxSettings settings;
  settings.most_waiting = 2;
  Harness small({}, settings);
  small.start();
  small.answer = [&small](Sent) -> Task<std::string> {
    co_await small.clock.sleep_for(1s);
    throw api_error(429, "Too Many Requests", 4000);
  };
  std::vector<QueuedCall> calls;
  for (int i = 0; i < 4; ++i) calls.emplace_back(text(1, "x"));
  small.outbox->accept(small.outbox->prepare(std::move(calls), 0, ""));
  const std::size_t room = small.spawn(small.outbox->room());
  EXPECT_FALSE(small.done(room));
  small.advance(1s);
  EXPECT_TRUE(small.done(room));
}

TEST_F(Outgoings, AFloodLimitThatIsNotAboutAChatHoldsEverything) {
  script({api_error(429, "Too Many Requests", 7)});
  queue(QueuedCall(telegram::Request("answerCallbackQuery", R"({"callback_query_id":"q"})")));
  queue(1, "x");
  EXPECT_EQ(h.texts().size(), 0U);
  h.advance(7s);
  EXPECT_EQ(h.count("answerCallbackQuery"), 2U);
  EXPECT_EQ(h.texts().size(), 1U);
}

TEST_F(Outgoings, AnswersPassALimitOnEverythingThatNoAnswerHasMet) {
  script({api_error(429, "Too Many Requests", 7)});
  queue(QueuedCall(telegram::Request("setMyCommands", R"({"commands":[]})")));
  queue(1, "x");
  queue(QueuedCall(telegram::Request("answerPreCheckoutQuery", R"({"pre_checkout_query_id":"q","ok":true})")));
  EXPECT_EQ(h.texts().size(), 0U);
  EXPECT_EQ(h.count("answerPreCheckoutQuery"), 1U);
  h.advance(7s);
  EXPECT_EQ(h.texts().size(), 1U);
}

TEST_F(Outgoings, AMessageInTheAnswerLaneThatMeetsALimitHoldsItsChatAndNobodyElse) {
  script({api_error(429, "Too Many Requests: retry after 7", 7)});
  queue(QueuedCall(text(1, "answer"), SendLane::answer));
  queue(1, "behind");
  queue(2, "free");
  h.advance(6s);
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"answer", "free"}));
  h.advance(1s);
  EXPECT_EQ(h.texts().size(), 4U);
  EXPECT_EQ(std::ranges::count(h.texts(), "answer"), 2);
}

TEST_F(Outgoings, ALongLimitOfOneMethodHoldsTheRestForAMinuteOnly) {
  script({api_error(429, "Too Many Requests", 3600)});
  queue(QueuedCall(telegram::Request("setMyCommands", R"({"commands":[]})")));
  queue(1, "x");
  h.advance(59s);
  EXPECT_EQ(h.texts().size(), 0U);
  h.advance(1s);
  EXPECT_EQ(h.texts().size(), 1U);
  EXPECT_EQ(h.count("setMyCommands"), 1U);
  h.advance(1h);
  EXPECT_EQ(h.count("setMyCommands"), 2U);
}

TEST_F(Outgoings, FloodLimitsOfManyChatsInARowHoldEverything) {
  script({8, api_error(429, "Too Many Requests", 5)});
  for (int chat = 1; chat <= 20; ++chat) queue(chat, "x");
  EXPECT_EQ(h.sent.size(), 8U);
  h.advance(5s);
  EXPECT_EQ(h.sent.size(), 28U);
}

TEST_F(Outgoings, PacingSpreadsABurstOverTime) {
  OutboxSettings settings;
  settings.pacing.emplace();
  Harness paced({}, settings);
  paced.start();
  std::vector<QueuedCall> calls;
  for (int i = 0; i < 6; ++i) calls.emplace_back(text(7, std::to_string(i)));
  calls.emplace_back(text(8, "other"));
  paced.outbox->accept(paced.outbox->prepare(std::move(calls), 0, ""));
  paced.pump();
  EXPECT_EQ(std::ranges::count(paced.texts(), "other"), 1);
  EXPECT_EQ(paced.sent.size(), 4U);
  paced.advance(999ms);
  EXPECT_EQ(paced.sent.size(), 4U);
  paced.advance(1ms);
  EXPECT_EQ(paced.sent.size(), 5U);
  paced.advance(1s);
  paced.advance(1s);
  EXPECT_EQ(paced.sent.size(), 7U);
}

TEST_F(Outgoings, AStopWaitsForThePaceAsLongAsItsLimitAllowsAndLeavesTheRestWithoutAnError) {
  OutboxSettings settings;
  settings.pacing.emplace();
  Harness paced({}, settings);
  paced.start();
  std::vector<QueuedCall> calls;
  for (int i = 0; i < 20; ++i) calls.emplace_back(text(7, std::to_string(i)));
  paced.outbox->accept(paced.outbox->prepare(std::move(calls), 0, ""));
  paced.pump();
  const std::size_t stop = paced.spawn(paced.outbox->stop());
  for (int i = 0; i < 5; ++i) paced.advance(1s);
  ASSERT_TRUE(paced.done(stop));
  EXPECT_FALSE(paced.error(stop));
  EXPECT_GE(paced.sent.size(), 3U + 4U);  // the limit and the last token come together
  EXPECT_LE(paced.sent.size(), 3U + 5U);
  EXPECT_EQ(paced.outbox->size(), 20U - paced.sent.size());
}

TEST_F(Outgoings, WorkOfItsOwnIsKeptBeforeItIsSent) {
  h.answer = [this](Sent) -> Task<std::string> {
    EXPECT_EQ(h.store.outbox.size(), 2U);
    co_return "{}";
  };
  std::vector<QueuedCall> calls;
  calls.emplace_back(text(7, "a"), SendLane::alert);
  calls.emplace_back(text(8, "b"), SendLane::alert);
  const std::size_t sent = h.spawn(h.outbox->send(std::move(calls), "daily"));
  EXPECT_TRUE(h.done(sent));
  EXPECT_EQ(h.texts(), (std::vector<std::string>{"a", "b"}));
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
  EXPECT_LT(chat_of(R"({"chat_id":"@channel"})"), 0);
  EXPECT_FALSE(is_chat_id(chat_of(R"({"chat_id":"@channel"})")));
  EXPECT_TRUE(is_chat_id(-1001234567890));
  EXPECT_NE(chat_of(R"({"inline_message_id":"AAA"})"), chat_of(R"({"inline_message_id":"AAB"})"));
  EXPECT_FALSE(is_chat_id(chat_of(R"({"inline_message_id":"AAA"})")));
  EXPECT_EQ(chat_of(R"({"chat_id":"@channel"})"), chat_of(R"({"text":"x","chat_id":"@channel"})"));
  EXPECT_EQ(chat_of("not json"), 0);
}

TEST(WithChat, PutsAnotherChatInPlaceOrAddsIt) {
  EXPECT_EQ(with_chat(R"({"chat_id":1,"text":"x"})", -2), R"({"chat_id":-2,"text":"x"})");
  EXPECT_EQ(with_chat(R"({"chat_id":"@channel"})", 3), R"({"chat_id":3})");
  EXPECT_EQ(with_chat(R"({"text":"x"})", 3), R"({"chat_id":3,"text":"x"})");
  EXPECT_EQ(with_chat("{}", 3), R"({"chat_id":3})");
}

}  // namespace
