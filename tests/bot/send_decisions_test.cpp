#include "tgkit/bot/send_decisions.hpp"

#include "tests/bot/support/harness.hpp"

#include <gtest/gtest.h>

namespace {

using namespace tgkit;
using namespace tgkit::bot;
using tests::api_error;
using tests::network_error;
using namespace std::chrono_literals;
using telegram::Outcome;

telegram::Error with_method(const std::string& method, Outcome outcome) {
  telegram::Error::Details details;
  details.kind = telegram::Error::Kind::transport;
  details.method = method;
  details.outcome = outcome;
  return telegram::Error(details);
}

telegram::Error damaged_success() {
  telegram::Error::Details details;
  details.kind = telegram::Error::Kind::bad_body;
  details.method = "sendMessage";
  details.error_code = details.http_status = 200;
  details.outcome = Outcome::sent;
  return telegram::Error(details);
}

TEST(SendDecisions, TableOfErrors) {
  struct Case {
    telegram::Error error;
    SendStep step;
  };
  const std::vector<Case> cases = {
      {api_error(429, "Too Many Requests", 3), SendStep::flooded},
      {api_error(400, "Bad Request: message text is empty"), SendStep::refused},
      {api_error(403, "Forbidden: bot was blocked by the user"), SendStep::unreachable},
      {api_error(403, "Forbidden: bot was kicked from the group chat"), SendStep::unreachable},
      {api_error(400, "Bad Request: chat not found"), SendStep::refused},
      {damaged_success(), SendStep::sent},
      {api_error(400, "Bad Request: message is not modified"), SendStep::refused},
      {api_error(500, "Internal Server Error"), SendStep::unknown},
      {network_error(Outcome::not_sent), SendStep::again},
      {network_error(Outcome::unknown), SendStep::unknown},
      {with_method("editMessageText", Outcome::unknown), SendStep::again},
      {with_method("deleteMessage", Outcome::unknown), SendStep::again},
      {with_method("answerCallbackQuery", Outcome::unknown), SendStep::again},
      {with_method("sendPhoto", Outcome::unknown), SendStep::unknown},
      {with_method("forwardMessage", Outcome::unknown), SendStep::unknown},
      {tests::unauthorized(), SendStep::again},
  };
  for (const Case& c : cases) EXPECT_EQ(judge(c.error, 1, 0, 0.5).step, c.step) << c.error.what();
}

TEST(SendDecisions, ARefusedEditIsLoggedAsARefusedMessageIs) {
  const auto warned = [](const std::string& method, const std::string& description) {
    telegram::Error::Details details;
    details.kind = telegram::Error::Kind::answered;
    details.method = method;
    details.error_code = details.http_status = 400;
    details.description = description;
    return judge(telegram::Error(details), 1, 0, 0.5).worth_a_warning;
  };
  EXPECT_TRUE(warned("editMessageText", "Bad Request: message to edit not found"));
  EXPECT_TRUE(warned("editMessageText", "Bad Request: message can't be edited"));
  EXPECT_TRUE(warned("sendMessage", "Bad Request: message to be replied not found"));
  EXPECT_FALSE(warned("editMessageText", "Bad Request: message is not modified"));
  EXPECT_FALSE(warned("deleteMessage", "Bad Request: message to delete not found"));
}

TEST(SendDecisions, AnotherWayIsTriedForWhatThePolicyNamesOnly) {
  const telegram::Error gone = api_error(400, "Bad Request: message to edit not found");
  const telegram::Error fixed = api_error(400, "Bad Request: message can't be edited");
  const telegram::Error closed = api_error(400, "Bad Request: TOPIC_CLOSED");
  const telegram::Error no_thread = api_error(400, "Bad Request: message thread not found");
  for (const telegram::Error& error : {gone, fixed}) {
    EXPECT_TRUE(is_worth_another_way(error, IfRefused::send_anew));
    EXPECT_FALSE(is_worth_another_way(error, IfRefused::leave_topic));
  }
  for (const telegram::Error& error : {closed, no_thread, api_error(400, "Bad Request: TOPIC_DELETED")}) {
    EXPECT_TRUE(is_worth_another_way(error, IfRefused::leave_topic));
    EXPECT_FALSE(is_worth_another_way(error, IfRefused::send_anew));
    EXPECT_FALSE(is_worth_another_way(error, IfRefused::give_up));
  }
  EXPECT_FALSE(is_worth_another_way(api_error(400, "Bad Request: message is not modified"), IfRefused::send_anew));
}

TEST(SendDecisions, RetryAfterIsKeptToTheSecond) {
  EXPECT_EQ(judge(api_error(429, "x", 4000), 1, 0, 0.0).pause, 4000s);
  EXPECT_EQ(judge(api_error(429, "x"), 1, 0, 0.0).pause, 1s);
}

TEST(SendDecisions, PausesGrowToAMinute) {
  Duration before{0};
  for (unsigned tries = 1; tries < 60; ++tries) {
    const Duration pause = judge(network_error(Outcome::not_sent), tries, 0, 1.0).pause;
    EXPECT_GE(pause, before);
    EXPECT_LE(pause, 1min);
    EXPECT_GE(judge(network_error(Outcome::not_sent), tries, 0, 0.0).pause, 500ms);
    before = pause;
  }
  EXPECT_EQ(before, 1min);
}

TEST(SendDecisions, AMessageOfUnknownFateIsRepeatedFiveTimesAtMost) {
  for (unsigned tries = 1; tries <= 5; ++tries) EXPECT_TRUE(repeat_pause(tries, 0.5)) << tries;
  EXPECT_FALSE(repeat_pause(6, 0.5));
}

TEST(SendDecisions, ManyFloodedChatsInARowAreALimitOnEverything) {
  FloodStreak streak(3);
  EXPECT_FALSE(streak.another(1));
  EXPECT_FALSE(streak.another(2));
  EXPECT_FALSE(streak.another(1)) << "one chat may be flooded for long";
  EXPECT_TRUE(streak.another(3));
  EXPECT_TRUE(streak.another(1));
  streak.sent();
  EXPECT_FALSE(streak.another(1));
}

TEST(SendDecisions, WhatIsNormalIsNotWorthAWarning) {
  EXPECT_FALSE(
      judge(api_error(400, "Bad Request: query is too old and response timeout expired or query ID is invalid"), 1, 0,
            0)
          .worth_a_warning);
  EXPECT_FALSE(judge(api_error(403, "Forbidden: bot was blocked by the user"), 1, 0, 0).worth_a_warning);
  EXPECT_TRUE(judge(api_error(400, "Bad Request: can't parse entities"), 1, 0, 0).worth_a_warning);
}

}  // namespace
