#include "tgkit/bot/argument.hpp"

#include "tests/bot/support/updates.hpp"
#include "tgkit/bot/command.hpp"

#include <gtest/gtest.h>

namespace {

struct Item {
  std::string name;
};
struct Cents {
  std::int64_t value = 0;
};

}  // namespace

template <>
struct tgkit::bot::Argument<Item> {
  static constexpr std::string_view name = "item";
  static constexpr bool greedy = true;
  static std::expected<Item, std::string> parse(std::string_view words) { return Item{std::string(words)}; }
};
template <>
struct tgkit::bot::Argument<Cents> {
  static constexpr std::string_view name = "amount";
  static std::expected<Cents, std::string> parse(std::string_view word) {
    if (word.empty() || word.find_first_not_of("0123456789") != word.npos) return std::unexpected("not an amount");
    return Cents{std::stoll(std::string(word))};
  }
};

namespace {

using namespace tgkit::bot;

const Matching us{.username = "our_bot", .key = {}, .roles = {}};

template <class Filter>
auto extract(const Filter& filter, std::string_view text) {
  const Event event = tests::event(tests::message_json(1, text));
  EXPECT_TRUE(filter.accepts(us, event)) << text;
  return filter.extract(us, event);
}

TEST(Arguments, WordNumberAndRestAreCutInOrder) {
  const auto values = extract(command<"note", std::string, int, Rest>, "/note home 42  buy milk\nand bread ");
  ASSERT_TRUE(values);
  EXPECT_EQ(std::get<0>(*values), "home");
  EXPECT_EQ(std::get<1>(*values), 42);
  EXPECT_EQ(std::get<2>(*values).text, "buy milk\nand bread");
}

TEST(Arguments, QuotedPhraseIsOneWord) {
  const auto values = extract(command<"find", std::string, int>, "/find \"two words\" 3");
  ASSERT_TRUE(values);
  EXPECT_EQ(std::get<0>(*values), "two words");
}

TEST(Arguments, UnclosedQuoteIsAnOrdinaryCharacter) {
  const auto values = extract(command<"find", std::string>, "/find \"half");
  ASSERT_TRUE(values);
  EXPECT_EQ(std::get<0>(*values), "\"half");
}

TEST(Arguments, GreedyArgumentLeavesTheLastWordToAnOptionalThatCanReadIt) {
  const auto with = extract(command<"price", Item, std::optional<Cents>>, "/price AK-47 | Redline 1250");
  ASSERT_TRUE(with);
  EXPECT_EQ(std::get<0>(*with).name, "AK-47 | Redline");
  ASSERT_TRUE(std::get<1>(*with));
  EXPECT_EQ(std::get<1>(*with)->value, 1250);

  const auto without = extract(command<"price", Item, std::optional<Cents>>, "/price AK-47 | Redline");
  ASSERT_TRUE(without);
  EXPECT_EQ(std::get<0>(*without).name, "AK-47 | Redline");
  EXPECT_FALSE(std::get<1>(*without));
}

TEST(Arguments, GreedyArgumentKeepsItsOnlyWord) {
  const auto values = extract(command<"price", Item, std::optional<Cents>>, "/price 1250");
  ASSERT_TRUE(values);
  EXPECT_EQ(std::get<0>(*values).name, "1250");
  EXPECT_FALSE(std::get<1>(*values));
}

struct BadCase {
  std::string_view text;
  BadArgument::Problem problem;
  std::string_view argument;
};

TEST(Arguments, WhatCannotBeReadIsNamed) {
  const BadCase cases[] = {
      {"/buy", BadArgument::Problem::missing, "word"},
      {"/buy x", BadArgument::Problem::missing, "number"},
      {"/buy x y", BadArgument::Problem::unreadable, "number"},
      {"/buy x 12z", BadArgument::Problem::unreadable, "number"},
      {"/buy x 99999999999999999999", BadArgument::Problem::unreadable, "number"},
      {"/buy x 1 more", BadArgument::Problem::too_many, ""},
  };
  for (const BadCase& c : cases) {
    const auto values = extract(command<"buy", std::string, int>, c.text);
    ASSERT_FALSE(values) << c.text;
    EXPECT_EQ(values.error().problem, c.problem) << c.text;
    EXPECT_EQ(values.error().argument, c.argument) << c.text;
  }
}

TEST(Arguments, AWrongOptionalIsAnErrorAndNotSilentlyLeftOut) {
  const auto values = extract(command<"page", std::optional<int>>, "/page two");
  ASSERT_FALSE(values);
  EXPECT_EQ(values.error().problem, BadArgument::Problem::unreadable);
}

TEST(Arguments, CustomTypesReasonReachesThePerson) {
  const auto values = extract(command<"pay", Cents>, "/pay much");
  ASSERT_FALSE(values);
  EXPECT_EQ(values.error().reason, "not an amount");
}

TEST(Arguments, UsageLineIsMadeOfTheTypes) {
  EXPECT_EQ(info_of(command<"price", Item, std::optional<Cents>>).usage, "/price <item> [amount]");
  EXPECT_EQ(info_of(command<"note", std::string, Rest>).usage, "/note <word> [text]");
  EXPECT_EQ(info_of(command<"start">).usage, "/start");
}

TEST(Arguments, CommandWithoutArgumentsIgnoresWhatFollows) {
  EXPECT_TRUE(extract(command<"start">, "/start deep-link_payload"));
}

}  // namespace
