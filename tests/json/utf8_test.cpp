#include "tgkit/json/utf8.hpp"

#include <gtest/gtest.h>

namespace {

using tgkit::json::is_valid_utf8;
using tgkit::json::with_valid_utf8;

TEST(Utf8, WhatIsValidStaysAsItIs) {
  for (const char* text : {"", "plain words, more than eight", "Привет, мир", "\xf0\x9f\x98\x80 smile", "\xed\x9f\xbf",
                           "\xee\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_valid_utf8(text)) << text;
    EXPECT_EQ(with_valid_utf8(text), text);
  }
}

TEST(Utf8, WhatIsNotIsReplacedAndItsNeighboursStay) {
  const std::string r = "\xef\xbf\xbd";
  const std::pair<std::string, std::string> cases[] = {
      {"a\xff"
       "b",
       "a" + r + "b"},
      {"\x80", r},
      {"twelve bytes\xc3", "twelve bytes" + r},
      {"\xe2\x82"
       "x",
       r + "x"},
      {"\xc0\xaf", r + r},
      {"\xed\xa0\x80", r + r + r},  // a surrogate
      {"\xf4\x90\x80\x80", r + r + r + r},
      {"\xe2\x82\xd0\x96", r + "Ж"},
      {"\xf8\x88\x80\x80\x80", r + r + r + r + r},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_FALSE(is_valid_utf8(text));
    EXPECT_EQ(with_valid_utf8(text), expected);
    EXPECT_TRUE(is_valid_utf8(with_valid_utf8(text)));
  }
}

TEST(Utf8, WhateverTheBytesTheResultIsValidAndAsciiIsKept) {
  std::srand(7);
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (int i = std::rand() % 24; i > 0; --i)
      text += static_cast<char>(std::rand() % 3 ? 0x70 + std::rand() % 0x90 : 'a');
    const std::string fixed = with_valid_utf8(text);
    ASSERT_TRUE(is_valid_utf8(fixed));
    ASSERT_EQ(std::count(text.begin(), text.end(), 'a'), std::count(fixed.begin(), fixed.end(), 'a'));
    if (is_valid_utf8(text)) {
      ASSERT_EQ(fixed, text);
    }
  }
}

}  // namespace
