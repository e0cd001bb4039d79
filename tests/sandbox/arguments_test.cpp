#include "sandbox/bot_api/arguments.hpp"

#include "tests/sandbox/scene.hpp"

#include <gtest/gtest.h>

namespace sandbox {
namespace {

Arguments read(ServerRequest made) {
  auto arguments = read_arguments(made);
  EXPECT_TRUE(arguments);
  return arguments ? *arguments : Arguments();
}

TEST(Arguments, four_ways_of_passing_parameters_are_equal) {
  const std::string part = "--B\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\na b\r\n--B--\r\n";
  EXPECT_EQ(read(request("GET", "/x?text=a+b")).text("text"), "a b");
  EXPECT_EQ(read(request("POST", "/x", "text=a%20b", "application/x-www-form-urlencoded")).text("text"), "a b");
  EXPECT_EQ(read(request("POST", "/x", R"({"text":"a b"})", "application/json; charset=utf-8")).text("text"), "a b");
  EXPECT_EQ(read(request("POST", "/x", part, "multipart/form-data; boundary=B")).text("text"), "a b");
}

TEST(Arguments, the_first_value_wins_and_the_query_comes_before_the_body) {
  EXPECT_EQ(read(request("POST", "/x?text=query&text=again", R"({"text":"body"})", "application/json")).text("text"),
            "query");
}

TEST(Arguments, a_json_value_that_is_no_text_is_kept_as_its_json) {
  const Arguments arguments =
      read(request("POST", "/x", R"({"a": {"b" : [1, "}"]} ,"n":null,"t":true,"i":-5})", "application/json"));
  EXPECT_EQ(arguments.text("a"), R"({"b" : [1, "}"]})");
  EXPECT_EQ(arguments.text("n"), "null");
  EXPECT_TRUE(arguments.flag("t"));
  EXPECT_EQ(arguments.integer("i", 0, -10, 10), -5);
}

TEST(Arguments, what_stands_before_an_error_in_json_counts) {
  const Arguments arguments = read(request("POST", "/x", R"({"chat_id":1,"text":"a","broken)", "application/json"));
  EXPECT_EQ(arguments.text("chat_id"), "1");
  EXPECT_EQ(arguments.text("text"), "a");
}

TEST(Arguments, integers_are_read_leniently_and_clamped) {
  Arguments arguments;
  arguments.add("garbage", "abc");
  arguments.add("tail", "12abc");
  arguments.add("large", "1000");
  EXPECT_EQ(arguments.integer("garbage", 5, 0, 100), 0);
  EXPECT_EQ(arguments.integer("tail", 5, 0, 100), 12);
  EXPECT_EQ(arguments.integer("large", 5, 0, 100), 100);
  EXPECT_EQ(arguments.integer("missing", 5, 0, 100), 5);
}

TEST(Arguments, true_yes_and_1_are_true_in_any_case) {
  for (const char* text : {"true", "TRUE", "yes", "Yes", "1"}) EXPECT_TRUE(lenient_flag(text)) << text;
  for (const char* text : {"", "false", "0", "2", "on"}) EXPECT_FALSE(lenient_flag(text)) << text;
}

TEST(Arguments, a_part_with_a_file_name_is_a_file) {
  const std::string body =
      "--B\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n"
      "\x89PNG\r\n--\r\n--B--\r\n";
  const Arguments arguments = read(request("POST", "/x", body, "multipart/form-data; boundary=B"));
  const UploadedFile* file = arguments.file("photo");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->name, "a.png");
  EXPECT_EQ(file->content, "\x89PNG\r\n--");
}

TEST(Arguments, more_than_a_mebibyte_of_parameters_is_413) {
  const auto refused =
      read_arguments(request("POST", "/x", "text=" + std::string(1u << 20, 'a'), "application/x-www-form-urlencoded"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), 413);
}

TEST(Arguments, an_unknown_content_encoding_is_415) {
  ServerRequest made = request("POST", "/x", "abc", "application/json");
  made.headers.add("Content-Encoding", "br");
  const auto refused = read_arguments(made);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), 415);
}

}  // namespace
}  // namespace sandbox
