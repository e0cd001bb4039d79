#include "tgkit/bot/keyed_queue.hpp"

#include <map>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace {

using namespace tgkit::bot;

struct Item {
  Item(int number_, OrderKey key_, bool urgent_ = false) : number(number_), key(key_), urgent(urgent_) {}
  int number;
  OrderKey key;
  bool urgent;
  bool suspect = false;
  std::unique_ptr<Item> next;
};
using Queue = KeyedQueue<Item>;

OrderKey chat(std::int64_t id) { return {id, 0}; }
void push(Queue& queue, int number, OrderKey key, bool urgent = false) {
  queue.push(std::make_unique<Item>(number, key, urgent));
}

TEST(KeyedQueue, SecondItemOfAKeyWaitsUntilTheFirstIsFinished) {
  Queue queue;
  push(queue, 1, chat(5));
  push(queue, 2, chat(5));
  EXPECT_EQ(queue.next()->number, 1);
  EXPECT_EQ(queue.next(), nullptr);
  queue.finished(Item(0, chat(5)));
  EXPECT_EQ(queue.next()->number, 2);
}

TEST(KeyedQueue, KeysRunSideBySide) {
  Queue queue;
  push(queue, 1, chat(5));
  push(queue, 2, chat(6));
  EXPECT_EQ(queue.next()->number, 1);
  EXPECT_EQ(queue.next()->number, 2);
}

TEST(KeyedQueue, ItemsWithoutAKeyNeverWait) {
  Queue queue;
  push(queue, 1, {});
  push(queue, 2, {});
  EXPECT_EQ(queue.next()->number, 1);
  EXPECT_EQ(queue.next()->number, 2);
}

TEST(KeyedQueue, UrgentItemsOvertakeOtherKeysButNotTheirOwn) {
  Queue queue;
  push(queue, 1, chat(5));
  push(queue, 2, chat(5), true);
  push(queue, 3, chat(6));
  push(queue, 4, chat(7), true);
  EXPECT_EQ(queue.next()->number, 4);
  EXPECT_EQ(queue.next()->number, 1);
  queue.finished(Item(0, chat(5)));
  EXPECT_EQ(queue.next()->number, 2);
  EXPECT_EQ(queue.next()->number, 3);
}

TEST(KeyedQueue, SuspectsComeFirstAndNeverTwoAtOnce) {
  Queue queue;
  push(queue, 1, chat(4));
  for (const int number : {2, 3}) {
    auto item = std::make_unique<Item>(number, chat(number));
    item->suspect = true;
    queue.push(std::move(item));
  }
  push(queue, 4, chat(3));
  const auto first = queue.next();
  EXPECT_EQ(first->number, 2);
  const auto other = queue.next();
  EXPECT_EQ(other->number, 1) << "others run beside it";
  EXPECT_EQ(queue.next(), nullptr);
  EXPECT_FALSE(queue.has_ready());
  queue.finished(*first);
  const auto second = queue.next();
  EXPECT_EQ(second->number, 3);
  EXPECT_EQ(queue.next(), nullptr) << "what stands behind a suspect of its key waits";
  queue.finished(*second);
  EXPECT_EQ(queue.next()->number, 4);
}

TEST(KeyedQueue, SizeCountsWhatHasNotComeOut) {
  Queue queue;
  push(queue, 1, chat(5));
  push(queue, 2, chat(5));
  EXPECT_EQ(queue.size(), 2U);
  queue.next();
  EXPECT_EQ(queue.size(), 1U);
  EXPECT_FALSE(queue.has_ready());
}

// Whatever the order of finishing, a key's items come out in order and one at a time, and nothing is lost.
TEST(KeyedQueue, EveryScheduleKeepsTheOrderOfEachKeyAndLosesNothing) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    Queue queue;
    std::map<std::int64_t, int> last;
    std::vector<std::unique_ptr<Item>> out;
    int pushed = 0, seen = 0;
    while (seen < 60) {
      if (pushed < 60 && random() % 2 == 0) {
        push(queue, pushed++, chat(1 + random() % 4), random() % 3 == 0);
      } else if (random() % 2 == 0 && !out.empty()) {
        const std::size_t i = random() % out.size();
        queue.finished(*out[i]);
        out.erase(out.begin() + static_cast<std::ptrdiff_t>(i));
      } else if (auto item = queue.next()) {
        for (const auto& other : out) ASSERT_FALSE(other->key == item->key) << "seed " << seed;
        const auto before = last.find(item->key.chat);
        if (before != last.end()) {
          ASSERT_LT(before->second, item->number) << "seed " << seed;
        }
        last[item->key.chat] = item->number;
        out.push_back(std::move(item));
        ++seen;
      }
    }
    EXPECT_EQ(queue.size(), 0U);
  }
}

TEST(KeyedQueue, LongWaitingLinesAreDestroyedWithoutDeepRecursion) {
  Queue queue;
  for (int i = 0; i < 200'000; ++i) push(queue, i, chat(5));
  EXPECT_EQ(queue.size(), 200'000U);
}

}  // namespace
