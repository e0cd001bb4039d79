#include "tgkit/telegram/split_updates.hpp"
#include "tgkit/telegram/types/update.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tgkit::telegram {
namespace {

std::string answer(const std::string& elements) { return "{\"ok\":true,\"result\":[" + elements + "]}"; }

std::string ids(const SplitUpdates& split) {
  std::string text;
  for (const RawUpdate& update : split.updates) text += std::to_string(update.update_id) + " ";
  return text;
}

TEST(SplitUpdates, TheElementsOfAnAnswerComeInOrderWithTheirIds) {
  const std::string body =
      answer("{\"update_id\":5,\"message\":{\"text\":\"[{,}]\"}},\n {\"poll\":{},\"update_id\":6} ");
  const SplitUpdates split = split_updates(body);
  ASSERT_EQ(split.updates.size(), 2u);
  EXPECT_EQ(split.updates[0].update_id, 5);
  EXPECT_EQ(split.updates[0].json, "{\"update_id\":5,\"message\":{\"text\":\"[{,}]\"}}");
  EXPECT_EQ(split.updates[1].update_id, 6);
  EXPECT_EQ(split.updates[1].json, "{\"poll\":{},\"update_id\":6}");
  EXPECT_TRUE(split.bad.empty());
  EXPECT_FALSE(split.no_result);
}

TEST(SplitUpdates, AnEmptyAnswerHasNoUpdatesAndIsNotBad) {
  const SplitUpdates split = split_updates("{\"ok\":true, \"result\": [ ] }");
  EXPECT_TRUE(split.updates.empty());
  EXPECT_TRUE(split.bad.empty());
  EXPECT_FALSE(split.no_result);
}

TEST(SplitUpdates, AnElementThatIsNoUpdateIsSetAsideWithItsBytes) {
  const std::string body =
      answer("{\"update_id\":5},17,null,\"x\",{\"message\":{}},{\"update_id\":\"6\"},{\"update_id\":7}");
  const SplitUpdates split = split_updates(body);
  EXPECT_EQ(ids(split), "5 7 ");
  ASSERT_EQ(split.bad.size(), 5u);
  EXPECT_EQ(split.bad[0].bytes, "17");
  EXPECT_EQ(split.bad[0].reason, "not an object");
  EXPECT_EQ(split.bad[3].bytes, "{\"message\":{}}");
  EXPECT_EQ(split.bad[3].reason, "an object without update_id");
}

TEST(SplitUpdates, InvalidUtf8StaysWithItsElement) {
  const std::string body = answer("{\"update_id\":5,\"a\":\"\xff\xfe\"},{\"update_id\":6}");
  const SplitUpdates split = split_updates(body);
  EXPECT_EQ(ids(split), "5 6 ");
  EXPECT_EQ(split.updates[0].json, "{\"update_id\":5,\"a\":\"\xff\xfe\"}");
}

TEST(SplitUpdates, AMissingBracketCostsOneUpdate) {
  const std::string body =
      answer("{\"update_id\":5},{\"update_id\":6,\"message\":{\"a\":1},{\"update_id\":7},{\"update_id\":8}");
  const SplitUpdates split = split_updates(body);
  EXPECT_EQ(ids(split), "5 7 8 ");
  ASSERT_EQ(split.bad.size(), 1u);
  EXPECT_EQ(split.bad[0].bytes, "{\"update_id\":6,\"message\":{\"a\":1},");
}

TEST(SplitUpdates, ABracketTooManyCostsNothingBehindIt) {
  const std::string body = answer("{\"update_id\":5}},{\"update_id\":6}");
  const SplitUpdates split = split_updates(body);
  EXPECT_EQ(ids(split), "5 6 ");
  EXPECT_EQ(split.bad.size(), 1u);
}

TEST(SplitUpdates, AStringWithoutEndCostsOneUpdate) {
  const std::string body =
      answer("{\"update_id\":5,\"text\":\"never closed},{\"update_id\":6,\"text\":\"ok\"},{\"update_id\":7}");
  const SplitUpdates split = split_updates(body);
  EXPECT_EQ(ids(split), "6 7 ");
  ASSERT_EQ(split.bad.size(), 1u);
  EXPECT_EQ(split.bad[0].bytes, "{\"update_id\":5,\"text\":\"never closed},");
}

TEST(SplitUpdates, TwoBrokenUpdatesWhoseBracketsMatchByChanceDoNotHideAThird) {
  const std::string body = answer("{\"update_id\":5,\"a\":{\"b\":1,{\"update_id\":6}},{\"update_id\":7}");
  const SplitUpdates split = split_updates(body);
  EXPECT_NE(ids(split).find("7 "), std::string::npos);
  EXPECT_NE(ids(split).find("6 "), std::string::npos);
}

TEST(SplitUpdates, AnUpdateWhoseTextLooksLikeAnUpdateIsOne) {
  const std::string body = answer("{\"update_id\":5,\"message\":{\"text\":\"{\\\"update_id\\\":9}\"}}");
  EXPECT_EQ(ids(split_updates(body)), "5 ");
}

TEST(SplitUpdates, AnUpdateInsideAnUpdateOfTheFutureStaysInside) {
  const std::string body = answer("{\"update_id\":5,\"replayed\":{\"update_id\":3}},{\"update_id\":6}");
  EXPECT_EQ(ids(split_updates(body)), "5 6 ");
}

TEST(SplitUpdates, ACutOffBodyKeepsWhatIsWhole) {
  const SplitUpdates split = split_updates("{\"ok\":true,\"result\":[{\"update_id\":5},{\"update_id\":6,\"mess");
  EXPECT_EQ(ids(split), "5 ");
  ASSERT_EQ(split.bad.size(), 1u);
  EXPECT_EQ(split.bad[0].bytes, "{\"update_id\":6,\"mess");
}

TEST(SplitUpdates, ABodyWithoutAResultIsSaidToHaveNone) {
  for (const char* body : {"", "<html>502</html>", "{\"ok\":false}", "{\"ok\":true,\"result\":{}}", "[]", "{\"ok\":"}) {
    const SplitUpdates split = split_updates(body);
    EXPECT_TRUE(split.no_result) << body;
    EXPECT_TRUE(split.updates.empty());
    ASSERT_EQ(split.bad.size(), 1u);
    EXPECT_EQ(split.bad[0].bytes, body);
  }
}

TEST(SplitUpdates, AWebhookBodyTellsItsId) {
  std::int64_t id = 0;
  EXPECT_TRUE(read_update_id(" {\"message\":{\"update_id\":1},\"update_id\":874521} ", id));
  EXPECT_EQ(id, 874521);
  EXPECT_FALSE(read_update_id("{\"message\":{}}", id));
  EXPECT_FALSE(read_update_id("[1]", id));
  EXPECT_FALSE(read_update_id("", id));
}

}  // namespace
}  // namespace tgkit::telegram
