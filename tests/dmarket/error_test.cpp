#include "dmarket/error.hpp"

#include <gtest/gtest.h>

namespace dmarket {
namespace {

TEST(ErrorBody, AllSpellingsAreRead) {
  struct Case {
    const char* body;
    const char* code;
    const char* message;
  };
  const Case cases[] = {
      {R"({"Code":"Unauthorized","Message":"Unauthorized"})", "Unauthorized", "Unauthorized"},
      {R"({"code":"NotEnoughBalance","message":"no money"})", "NotEnoughBalance", "no money"},
      {R"({"error":"bad","code":3,"message":"limit is required","details":[]})", "3", "limit is required"},
      {R"({"error":"just this"})", "", "just this"},
      {R"({"detail":"text"})", "", "text"},
      {R"({"code":null,"message":""})", "", ""},
      {R"({"code":"Rejected","message":"{\"code\":7,\"message\":\"the true reason\"}"})", "7", "the true reason"},
      {R"({"error":{"code":"X","message":"inside"}})", "X", "inside"},
      {R"({"description":"told"})", "", "told"},
      {R"({"message":{"deep":{"er":1}},"error":"plain"})", "", "plain"},
      {"{\"message\":\"two\\nlines\"}", "", "two lines"},
      {"<html>maintenance</html>", "", ""},
      {"", "", ""},
      {"[1,2]", "", ""},
      {"{\"code\":", "", ""},
  };
  for (const Case& c : cases) {
    const ErrorBody read = read_error_body(c.body);
    EXPECT_EQ(read.code, c.code) << c.body;
    EXPECT_EQ(read.message, c.message) << c.body;
  }
}

TEST(ErrorBody, AMissingThingIsToldFromAMissingEndpoint) {
  EXPECT_TRUE(names_missing_thing({"DepositTransferNotFound", ""}));
  EXPECT_TRUE(names_missing_thing({"5", "transfer not found"}));
  EXPECT_FALSE(names_missing_thing({"NotFound", "not found"}));
  EXPECT_FALSE(names_missing_thing({"5", "Not Found"}));
  EXPECT_FALSE(names_missing_thing({"5", ""}));
  EXPECT_FALSE(names_missing_thing({}));
}

TEST(ErrorKind, FollowsFromTheStatus) {
  EXPECT_EQ(kind_of_status(401), ErrorKind::unauthorized);
  EXPECT_EQ(kind_of_status(429), ErrorKind::rate_limited);
  EXPECT_EQ(kind_of_status(404), ErrorKind::api_changed);
  EXPECT_EQ(kind_of_status(410), ErrorKind::api_changed);
  EXPECT_EQ(kind_of_status(400), ErrorKind::rejected);
  EXPECT_EQ(kind_of_status(503), ErrorKind::unavailable);
  EXPECT_EQ(kind_of_status(408), ErrorKind::unavailable);
  EXPECT_EQ(kind_of_status(302), ErrorKind::rejected);
}

}  // namespace
}  // namespace dmarket
