#include "tgkit/bot/send_queue.hpp"

#include <deque>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace {

using namespace tgkit;
using namespace tgkit::bot;
using namespace std::chrono_literals;

const TimePoint start{1h};

class Sending : public ::testing::Test {
 protected:
  void push(std::int64_t chat, std::int64_t id, SendLane lane = SendLane::reply) { push(queue, chat, id, lane); }
  static void push(SendQueue& queue, std::int64_t chat, std::int64_t id, SendLane lane = SendLane::reply,
                   const std::string& method = "sendMessage", std::int64_t edited = 0) {
    auto message = std::make_unique<Outgoing>();
    message->message.id = id;
    message->message.chat_id = chat;
    message->message.method = method;
    message->message.body = "{}";
    message->lane = lane;
    message->edit = edit_kind(method);
    message->edited = edited;
    if (message->edit != EditKind::none) {
      while (auto older = queue.take_superseded(*message)) superseded().push_back(older->message.id);
    }
    queue.push(std::move(message));
  }
  static std::vector<std::int64_t>& superseded() {
    static std::vector<std::int64_t> ids;
    return ids;
  }
  void SetUp() override { superseded().clear(); }

  // Takes all that may leave now, without finishing any.
  std::vector<std::int64_t> take(TimePoint now = start) {
    std::vector<std::int64_t> ids;
    while (queue.has_ready(now)) {
      out.push_back(queue.next(now));
      ids.push_back(out.back()->message.id);
    }
    return ids;
  }
  // Sends all, one after the other.
  static std::vector<std::int64_t> drain(SendQueue& queue, TimePoint now = start) {
    std::vector<std::int64_t> ids;
    while (queue.has_ready(now)) {
      const auto message = queue.next(now);
      ids.push_back(message->message.id);
      if (is_ordered(*message)) queue.finished(message->message.chat_id);
    }
    return ids;
  }
  using Ids = std::vector<std::int64_t>;

  SendQueue queue{std::nullopt};
  std::vector<std::unique_ptr<Outgoing>> out;
};

TEST_F(Sending, OneMessageOfAChatIsOnItsWayAtATime) {
  push(1, 10);
  push(1, 11);
  push(2, 20);
  EXPECT_EQ(take(), (Ids{10, 20}));
  queue.finished(1);
  EXPECT_EQ(take(), (Ids{11}));
}

TEST_F(Sending, LanesGoBeforeEachOther) {
  push(1, 13, SendLane::broadcast);
  push(2, 12, SendLane::alert);
  push(3, 11, SendLane::reply);
  push(4, 10, SendLane::answer);
  EXPECT_EQ(take(), (Ids{10, 11, 12, 13}));
}

TEST_F(Sending, AReplyOvertakesTheAlertsOfItsChatThatWait) {
  push(1, 10, SendLane::alert);
  push(1, 11, SendLane::alert);
  push(1, 12, SendLane::reply);
  EXPECT_EQ(drain(queue), (Ids{12, 10, 11}));
}

TEST_F(Sending, AnswersWaitForNothingOfTheirChat) {
  push(1, 10);
  EXPECT_EQ(take(), (Ids{10}));
  push(1, 11, SendLane::answer);
  push(1, 12, SendLane::answer);
  EXPECT_EQ(take(), (Ids{11, 12}));
}

TEST_F(Sending, ChatsTakeTurnsSoThatOneFloodDelaysNobody) {
  for (std::int64_t id = 100; id < 200; ++id) push(1, id);
  push(2, 20);
  push(3, 30);
  push(2, 21);
  const Ids all = drain(queue);
  EXPECT_EQ(Ids(all.begin(), all.begin() + 6), (Ids{100, 20, 30, 101, 21, 102}));
}

TEST_F(Sending, AnswersOfChatsTakeTurnsToo) {
  for (std::int64_t id = 100; id < 110; ++id) push(1, id, SendLane::answer);
  push(2, 20, SendLane::answer);
  EXPECT_EQ(take()[1], 20);
}

TEST_F(Sending, AMessagePutBackLeavesBeforeThoseBehindIt) {
  push(1, 10);
  push(1, 11);
  auto message = queue.next(start);
  queue.put_back(std::move(message));
  EXPECT_EQ(drain(queue), (Ids{10, 11}));
}

TEST_F(Sending, AHeldChatHoldsNoOther) {
  push(1, 10);
  push(2, 20);
  push(1, 11, SendLane::answer);
  queue.hold(1, start + 5s, false, false);
  EXPECT_EQ(take(), (Ids{11, 20}));
  EXPECT_EQ(queue.next_due(), start + 5s);
  queue.release_due(start + 4s);
  EXPECT_EQ(take(), Ids{});
  queue.release_due(start + 5s);
  EXPECT_EQ(take(), (Ids{10}));
  EXPECT_FALSE(queue.next_due());
}

TEST_F(Sending, HoldingAllLetsAnswersPass) {
  push(1, 10, SendLane::answer);
  push(1, 11);
  queue.hold_all(start + 5s, false);
  EXPECT_EQ(take(), (Ids{10}));
  EXPECT_EQ(queue.next_due(), start + 5s);
  queue.release_due(start + 5s);
  EXPECT_EQ(take(), (Ids{11}));
}

TEST_F(Sending, HoldingAllHoldsAnswersTooIfWanted) {
  push(1, 10, SendLane::answer);
  queue.hold_all(start + 5s, true);
  EXPECT_EQ(take(), Ids{});
  EXPECT_EQ(queue.next_due(), start + 5s);
  queue.release_due(start + 5s);
  EXPECT_EQ(take(), (Ids{10}));
}

TEST_F(Sending, MessagesOfAParkedChatAreCountedApartUntilItIsReleased) {
  push(1, 10);
  queue.hold(1, start + 1h, true, true);
  push(1, 11);
  push(2, 20);
  EXPECT_EQ(queue.parked(), 2U);
  queue.release_due(start + 1h);
  EXPECT_EQ(queue.parked(), 0U);
  EXPECT_EQ(drain(queue, start + 1h), (Ids{20, 10, 11}));
}

TEST_F(Sending, ANewerEditReplacesTheWaitingOnesItCovers) {
  push(queue, 1, 10, SendLane::reply, "editMessageText", 5);
  push(queue, 1, 11, SendLane::reply, "sendMessage");
  push(queue, 1, 12, SendLane::reply, "editMessageReplyMarkup", 5);
  push(queue, 1, 13, SendLane::reply, "editMessageText", 6);
  push(queue, 2, 14, SendLane::reply, "editMessageText", 5);
  push(queue, 1, 15, SendLane::reply, "editMessageText", 5);
  EXPECT_EQ(superseded(), (Ids{10, 12}));
  EXPECT_EQ(drain(queue), (Ids{11, 14, 13, 15}));
}

TEST_F(Sending, AnEditOnItsWayIsNotReplaced) {
  push(queue, 1, 10, SendLane::reply, "editMessageText", 5);
  EXPECT_EQ(take(), (Ids{10}));
  push(queue, 1, 11, SendLane::reply, "editMessageText", 5);
  EXPECT_EQ(superseded(), Ids{});
}

TEST(Edits, TableOfWhatReplacesWhat) {
  using enum EditKind;
  struct Case {
    EditKind newer, older;
    bool replaces;
  };
  for (const Case& c : std::vector<Case>{{text, text, true},
                                         {text, markup, true},
                                         {text, media, false},
                                         {markup, text, false},
                                         {markup, markup, true},
                                         {caption, caption, true},
                                         {caption, media, false},
                                         {media, caption, true},
                                         {media, media, true},
                                         {location, location, true},
                                         {text, none, false},
                                         {none, text, false}})
    EXPECT_EQ(supersedes(c.newer, c.older), c.replaces) << static_cast<int>(c.newer) << static_cast<int>(c.older);
  EXPECT_EQ(edit_kind("editMessageMedia"), media);
  EXPECT_EQ(edit_kind("editForumTopic"), none);
  EXPECT_EQ(edited_message(R"({"chat_id":1,"message_id":77,"text":"x"})"), 77);
}

TEST_F(Sending, WaitingMessagesOfAChatCanBeTakenFromALaneOn) {
  push(1, 10, SendLane::reply);
  push(1, 11, SendLane::broadcast);
  push(1, 12, SendLane::alert);
  EXPECT_EQ(queue.take_waiting(1, SendLane::alert)->message.id, 12);
  EXPECT_EQ(queue.take_waiting(1, SendLane::alert)->message.id, 11);
  EXPECT_EQ(queue.take_waiting(1, SendLane::alert), nullptr);
  EXPECT_EQ(drain(queue), (Ids{10}));
}

TEST_F(Sending, APacedChatWaitsForItsTokenAndNobodyWaitsForIt) {
  SendQueue paced{PacingSettings{}};
  for (std::int64_t id = 10; id < 15; ++id) push(paced, 1, id);
  push(paced, 2, 20);
  EXPECT_EQ(drain(paced), (Ids{10, 20, 11, 12}));
  EXPECT_EQ(paced.next_due(), start + 1s);
  EXPECT_EQ(paced.next_paced(), start + 1s);
  paced.release_due(start + 1s);
  EXPECT_EQ(drain(paced, start + 1s), (Ids{13}));
}

TEST_F(Sending, TheNextOverallTokenGoesToTheBestLane) {
  PacingSettings settings;
  settings.overall = {1, 1s, 1};
  SendQueue paced{settings};
  push(paced, 1, 10, SendLane::broadcast);
  EXPECT_EQ(drain(paced), (Ids{10}));
  push(paced, 2, 20, SendLane::broadcast);
  EXPECT_EQ(drain(paced), Ids{});
  push(paced, 3, 30, SendLane::reply);
  EXPECT_EQ(paced.next_due(), start + 1s);
  EXPECT_EQ(drain(paced, start + 1s), (Ids{30}));
  EXPECT_EQ(drain(paced, start + 2s), (Ids{20}));
}

TEST_F(Sending, AnAnswerNeverWaitsForPacing) {
  PacingSettings settings;
  settings.overall = {1, 1h, 1};
  SendQueue paced{settings};
  push(paced, 1, 10);
  push(paced, 2, 20);
  push(paced, 3, 30, SendLane::answer, "answerCallbackQuery");
  EXPECT_EQ(drain(paced), (Ids{30, 10}));
}

TEST_F(Sending, AMessageInTheAnswerLaneDoesNotWaitForItsChatsPaceButIsCounted) {
  SendQueue paced{PacingSettings{}};
  for (std::int64_t id = 10; id < 15; ++id) push(paced, 1, id, SendLane::answer);
  EXPECT_EQ(drain(paced), (Ids{10, 11, 12, 13, 14}));
  push(paced, 1, 15);
  EXPECT_EQ(drain(paced, start + 1s), Ids{});
  EXPECT_EQ(paced.next_due(), start + 3s);
}

TEST_F(Sending, AChatWithNothingToSendTakesNoMemory) {
  for (std::int64_t chat = 1; chat <= 1000; ++chat) push(chat, chat);
  EXPECT_EQ(queue.chats(), 1000U);
  drain(queue);
  EXPECT_EQ(queue.chats(), 0U);
}

TEST_F(Sending, LongWaitingLinesAreDestroyedWithoutDeepRecursion) {
  for (std::int64_t id = 0; id < 300'000; ++id) push(1, id);
}

// Whatever is pushed, held and given back: nothing is lost, and order is kept within chat and lane.
RC_GTEST_PROP(SendingAnything, KeepsTheOrderOfEachChatAndLaneAndLosesNothing, ()) {
  SendQueue queue{std::nullopt};
  std::map<std::pair<std::int64_t, SendLane>, std::vector<std::int64_t>> expected, got;
  std::vector<std::unique_ptr<Outgoing>> out;
  TimePoint now = start;
  std::int64_t id = 0;
  const auto settle = [&](std::size_t which, bool again) {
    auto message = std::move(out[which]);
    out.erase(out.begin() + static_cast<std::ptrdiff_t>(which));
    const std::int64_t chat = message->message.chat_id;
    if (again) return queue.put_back(std::move(message));
    got[{chat, message->lane}].push_back(message->message.id);
    queue.finished(chat);
  };
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 1000));
  for (const int step : steps) {
    const std::int64_t chat = 1 + step / 10 % 4;
    if (step % 10 < 4) {
      auto message = std::make_unique<Outgoing>();
      message->message.id = ++id;
      message->message.chat_id = chat;
      message->lane = static_cast<SendLane>(1 + step / 40 % 3);
      expected[{chat, message->lane}].push_back(id);
      queue.push(std::move(message));
    } else if (step % 10 < 7) {
      if (queue.has_ready(now)) out.push_back(queue.next(now));
    } else if (step % 10 < 9) {
      if (!out.empty()) settle(static_cast<std::size_t>(step) % out.size(), step % 3 == 0);
    } else {
      queue.hold(chat, now + std::chrono::seconds(step % 7), false, step % 2 == 0);
      now += 1s;
      queue.release_due(now);
    }
  }
  queue.release_due(now + 1h);
  while (!out.empty() || queue.has_ready(now)) {
    if (!out.empty())
      settle(0, false);
    else
      out.push_back(queue.next(now));
  }
  RC_ASSERT(got == expected);
  RC_ASSERT(queue.chats() == 0U);
  RC_ASSERT(queue.parked() == 0U);
}

}  // namespace
