#include "sandbox/chat/update_queue.hpp"

#include "sandbox/json.hpp"

#include <gtest/gtest.h>

namespace sandbox {
namespace {

constexpr UnixSeconds now = 1'790'000'000;

std::int64_t push(UpdateQueue& queue, UnixSeconds lives = 1000) {
  return queue.push("message", "{}", now, now + lives);
}

std::int64_t id_of(const std::string& update) { return *member_int(json::parse(update).as_object(), "update_id"); }

std::vector<std::int64_t> ids(const std::vector<std::string>& updates) {
  std::vector<std::int64_t> out;
  for (const std::string& update : updates) out.push_back(id_of(update));
  return out;
}

TEST(UpdateQueue, numbers_begin_at_random_and_rise_by_one) {
  UpdateQueue one(1), two(2);
  const std::int64_t first = push(one);
  EXPECT_GE(first, 2'000'001);
  EXPECT_LE(first, 1'000'000'000);
  EXPECT_EQ(push(one), first + 1);
  EXPECT_NE(push(two), first);
}

TEST(UpdateQueue, an_offset_forgets_what_lies_below_it) {
  UpdateQueue queue(1);
  const std::int64_t first = push(queue);
  push(queue);
  push(queue);
  EXPECT_EQ(ids(queue.take(first + 1, 100, now)), (std::vector{first + 1, first + 2}));
  EXPECT_EQ(ids(queue.take(0, 100, now)), (std::vector{first + 1, first + 2}));
}

TEST(UpdateQueue, offset_zero_confirms_nothing_and_the_limit_cuts) {
  UpdateQueue queue(1);
  const std::int64_t first = push(queue);
  push(queue);
  EXPECT_EQ(ids(queue.take(0, 1, now)), std::vector{first});
  EXPECT_EQ(queue.size(now), 2u);
}

TEST(UpdateQueue, a_negative_offset_keeps_the_last_ones_only) {
  UpdateQueue queue(1);
  const std::int64_t first = push(queue);
  push(queue);
  push(queue);
  EXPECT_EQ(ids(queue.take(-1, 100, now)), std::vector{first + 2});
  EXPECT_EQ(queue.size(now), 1u);
  EXPECT_EQ(queue.take(-50, 100, now).size(), 1u);
}

TEST(UpdateQueue, an_offset_out_of_range_counts_as_none) {
  UpdateQueue queue(1);
  const std::int64_t first = push(queue);
  EXPECT_EQ(queue.take(first + 100, 100, now).size(), 1u);
  EXPECT_EQ(queue.take(first - 200'000, 100, now).size(), 1u);
  EXPECT_EQ(queue.take(first + 5, 100, now).size(), 0u);  // within ten of the end: confirms
  EXPECT_EQ(queue.size(now), 0u);
}

TEST(UpdateQueue, each_update_expires_at_its_own_time) {
  UpdateQueue queue(1);
  const std::int64_t message = push(queue, 86'400);
  push(queue, 150);
  EXPECT_EQ(queue.take(0, 100, now + 149).size(), 2u);
  EXPECT_EQ(ids(queue.take(0, 100, now + 150)), std::vector{message});
}

TEST(UpdateQueue, after_a_week_without_updates_the_numbers_begin_anew) {
  UpdateQueue queue(1);
  const std::int64_t first = push(queue);
  queue.clear();
  const std::int64_t later = queue.push("message", "{}", now + 8 * 86'400, now + 9 * 86'400);
  EXPECT_NE(later, first + 1);
}

TEST(UpdateQueue, what_is_too_large_or_too_much_is_lost) {
  UpdateQueue queue(1);
  EXPECT_EQ(queue.push("message", std::string(600'000, ' '), now, now + 10), 0);
  for (int i = 0; i < 100'000; ++i) push(queue);
  EXPECT_EQ(push(queue), 0);
  EXPECT_EQ(queue.size(now), 100'000u);
}

TEST(UpdateQueue, an_answer_ends_before_four_mebibytes) {
  UpdateQueue queue(1);
  for (int i = 0; i < 20; ++i) queue.push("message", '"' + std::string(500'000, 'x') + '"', now, now + 10);
  EXPECT_EQ(queue.take(0, 100, now).size(), 8u);
}

TEST(UpdateQueue, raw_text_goes_out_byte_for_byte_with_its_number) {
  UpdateQueue queue(1);
  const std::int64_t id = queue.push_raw("{\"update_id\":{id},\"x\":\xff", now, now + 10);
  EXPECT_EQ(queue.take(0, 1, now).front(), "{\"update_id\":" + std::to_string(id) + ",\"x\":\xff");
}

}  // namespace
}  // namespace sandbox
