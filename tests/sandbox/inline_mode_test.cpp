#include "tests/sandbox/scene.hpp"

#include <fmt/format.h>

namespace sandbox {
namespace {

class InlineMode : public Scene {
 protected:
  void SetUp() override {
    begin_chat();
    control("bots", R"({"id":42,"supports_inline_queries":true})");
    id = member_text(control("inline", R"({"user":"anna","query":"ak"})"), "inline_query_id");
  }
  std::string answer(const std::string& results) {
    return fmt::format(R"({{"inline_query_id":"{}","results":{}}})", id, results);
  }
  static constexpr char article[] =
      R"([{"type":"article","id":"1","title":"AK","input_message_content":{"message_text":"AK-47: $12"}}])";
  std::string id;
};

TEST_F(InlineMode, a_query_is_answered_and_a_result_taken_into_a_chat) {
  const json::value query = updates().back().at("inline_query");
  EXPECT_EQ(query.at("id").as_string(), id);
  EXPECT_EQ(query.at("query").as_string(), "ak");
  result("answerInlineQuery", answer(article));
  const json::object state = look("inline-state?inline_query_id=" + id);
  EXPECT_TRUE(state.at("answered").as_bool());
  EXPECT_EQ(state.at("results").at(0).at("title").as_string(), "AK");
  const json::object chosen = control("choose", fmt::format(R"({{"inline_query_id":"{}","result_id":"1"}})", id));
  EXPECT_EQ(chosen.at("message").at("text").as_string(), "AK-47: $12");
  EXPECT_EQ(chosen.at("message").at("via_bot").at("id").as_int64(), 42);
  advance(std::chrono::seconds{4});
  EXPECT_EQ(updates().back().at("chosen_inline_result").at("result_id").as_string(), "1");
}

TEST_F(InlineMode, an_answer_comes_once_and_within_thirty_seconds) {
  const char* late = "Bad Request: query is too old and response timeout expired or query ID is invalid";
  result("answerInlineQuery", answer("[]"));
  EXPECT_EQ(refusal("answerInlineQuery", answer("[]")), late);
  id = member_text(control("inline", R"({"user":"anna","query":"x"})"), "inline_query_id");
  advance(std::chrono::seconds{31});
  EXPECT_EQ(refusal("answerInlineQuery", answer("[]")), late);
}

TEST_F(InlineMode, results_are_checked) {
  EXPECT_EQ(refusal("answerInlineQuery", answer(R"([{"type":"article","id":""}])")), "Bad Request: RESULT_ID_INVALID");
  std::string twice = article;
  twice.insert(twice.size() - 1, "," + twice.substr(1, twice.size() - 2));
  EXPECT_EQ(refusal("answerInlineQuery", answer(twice)), "Bad Request: RESULT_ID_DUPLICATE");
  std::string many = "[{}";
  for (int i = 0; i < 50; ++i) many += ",{}";
  EXPECT_EQ(refusal("answerInlineQuery", answer(many + "]")), "Bad Request: RESULTS_TOO_MUCH");
}

TEST_F(InlineMode, a_bot_without_it_is_not_asked) {
  control("bots", R"({"id":42,"supports_inline_queries":false})");
  EXPECT_FALSE(result("getMe").at("supports_inline_queries").as_bool());
  EXPECT_EQ(ask(request("POST", "/control/inline", R"({"user":"anna","query":"ak"})", "application/json")).status, 400);
}

}  // namespace
}  // namespace sandbox
