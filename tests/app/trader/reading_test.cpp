// What a round does with lists that fail, and with quotes that are old.
#include "tests/app/trader/trader_fixture.hpp"

namespace tests::trader {
namespace {

constexpr const char* two_games = R"(
[limits]
daily_budget = "50.00"
[[rule]]
name = "rust"
game = "rust"
title = "AK"
max_price = "9.50"
opening_price = "8.00"
[[rule]]
name = "cs2"
game = "cs2"
title = "AK"
max_price = "9.50"
opening_price = "8.00"
)";

class Reading : public TraderTest {
 protected:
  std::size_t noted(const std::string& rule, std::string_view why) const {
    const auto notes = trader->view().notes;
    return static_cast<std::size_t>(
        std::ranges::count_if(notes, [&](const Note& note) { return note.rule == rule && note.why == why; }));
  }
};

TEST_F(Reading, AGameWhoseListsFailDoesNotKeepAnotherFromBeingTraded) {
  restart(two_games);
  go_live();
  exchange.broken.insert(dmarket::Game::rust);
  round();
  EXPECT_EQ(written("create_target"), 1u);
  EXPECT_EQ(real().targets().begin()->second.made_by.reason.rule, "cs2");
  EXPECT_EQ(noted("rust", "the account's lists of the game could not be read"), 1u);
  exchange.broken.clear();
  round();
  EXPECT_EQ(written("create_target"), 2u);
}

TEST_F(Reading, WhatFailsForEveryGameIsAFailureOfTheRound) {
  restart(two_games);
  go_live();
  exchange.broken = {dmarket::Game::rust, dmarket::Game::cs2};
  EXPECT_THROW(round(), dmarket::Error);
  EXPECT_EQ(written("create_target"), 0u);
}

TEST_F(Reading, QuotesAreAsOldAsTheirQuestionAndOldOnesAreNotOrderedBy) {
  go_live();
  exchange.slow = 299;
  round();
  EXPECT_EQ(written("create_target"), 1u);
  restart();
  exchange.own_targets.clear();
  exchange.slow = 302;
  round(7200);
  EXPECT_EQ(written("create_target"), 1u);
  EXPECT_EQ(noted("redline", "the market of the title was read too long ago"), 1u);
}

}  // namespace
}  // namespace tests::trader
