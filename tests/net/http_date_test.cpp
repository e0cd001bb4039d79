#include "tgkit/net/http_date.hpp"

#include <gtest/gtest.h>

namespace tgkit::net {
namespace {

using std::chrono::seconds;

constexpr WallTime moment{seconds(784111777)};
constexpr const char* moment_text = "Sun, 06 Nov 1994 08:49:37 GMT";

Headers with(std::initializer_list<std::pair<const char*, const char*>> headers) {
  Headers all;
  for (const auto& [name, value] : headers) all.add(name, value);
  return all;
}

TEST(HttpDate, OnlyTheStandardFormIsRead) {
  EXPECT_EQ(parse_http_date(moment_text), moment);
  for (const char* text :
       {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 31 Feb 2026 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
        "Sun, 06 Xyz 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, -6 Nov 1994 08:49:37 GMT"}) {
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
  }
}

TEST(RetryAfter, IsANumberOfSecondsOrADate) {
  EXPECT_EQ(retry_after(with({{"Retry-After", "7"}}), std::nullopt), seconds(7));
  EXPECT_EQ(retry_after(with({{"Retry-After", moment_text}}), moment - seconds(90)), seconds(90));
  EXPECT_EQ(retry_after(with({{"Retry-After", "0"}}), std::nullopt), seconds(0));
}

TEST(RetryAfter, ADateIsMeasuredFromTheClockThatWroteIt) {
  const Headers headers = with({{"Retry-After", moment_text}, {"Date", "Sun, 06 Nov 1994 08:49:07 GMT"}});
  EXPECT_EQ(retry_after(headers, moment + std::chrono::hours(5)), seconds(30)) << "our clock is five hours ahead";
}

TEST(RetryAfter, ADateThatHasPassedAsksForNoWait) {
  EXPECT_EQ(retry_after(with({{"Retry-After", moment_text}}), moment + seconds(5)), seconds(0));
}

TEST(RetryAfter, WhatCannotBeReadIsNotAsked) {
  for (const char* text : {"", "-1", "7s", "soon", "1e3"})
    EXPECT_EQ(retry_after(with({{"Retry-After", text}}), moment), std::nullopt) << text;
  EXPECT_EQ(retry_after(with({}), moment), std::nullopt);
  EXPECT_EQ(retry_after(with({{"Retry-After", moment_text}}), std::nullopt), std::nullopt) << "from when?";
}

}  // namespace
}  // namespace tgkit::net
