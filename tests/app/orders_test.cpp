#include "app/commands/orders.hpp"

#include <gmock/gmock.h>

namespace app {
namespace {

using dmarket::Money;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

const tgkit::WallTime now{seconds(1'790'000'000)};

OrderLine target(const std::string& title, std::int64_t cents) {
  return OrderLine(OrderKind::target, title, Money::cents(cents));
}

OrderList list_of(std::size_t count) {
  OrderList list;
  list.read = now - seconds(20);
  for (std::size_t i = 1; i <= count; ++i) list.lines.push_back(target("Title " + std::to_string(i), 100));
  return list;
}

std::string english(const OrderList& list) { return orders_text(list, now, Texts::of("en")); }

TEST(Orders, SaysWhatIsTrueOfEachOrder) {
  OrderList list = list_of(0);
  list.items = 7;
  list.lines.push_back(target("AK-47 | Redline (Field-Tested)", 950));
  list.lines.back().amount = 3;
  list.lines.back().best = Money::cents(960);
  list.lines.back().made_by = OrderMaker::bot;
  list.lines.emplace_back(OrderKind::offer, "AWP | Asiimov (Field-Tested)", Money::cents(10'000));
  list.lines.back().net = Money::cents(9'800);
  list.lines.back().best = Money::cents(9'999);
  EXPECT_EQ(
      english(list),
      "<b>Orders</b>\n\n<b>CS2: targets</b>\nAK-47 | Redline (Field-Tested)\n   $9.50 \u00d7 3, highest bid $9.60 "
      "(the bot's)\n\n<b>CS2: offers</b>\nAWP | Asiimov (Field-Tested)\n   $100.00, after the fee $98.00, lowest "
      "offer $99.99\n\nItems on DMarket that are not on offer: 7\nRead 20 s ago; asked again after a minute or a "
      "change of the bot.");
}

TEST(Orders, NamesWhatIsMissingInactiveOrSimulated) {
  OrderList list = list_of(1);
  list.lines[0].price.reset();
  list.lines[0].active = false;
  list.lines[0].made_by = OrderMaker::simulation;
  EXPECT_THAT(english(list), HasSubstr("Title 1\n   unknown, inactive (simulated)"));
  EXPECT_THAT(english(list_of(0)), HasSubstr("Nothing of yours stands on DMarket."));
}

TEST(Orders, TurnsPagesAndStaysInside) {
  OrderList list = list_of(25);
  EXPECT_EQ(list.pages(), 3u);
  EXPECT_THAT(english(list),
              testing::AllOf(HasSubstr("page 1 of 3"), HasSubstr("Title 12\n"), Not(HasSubstr("Title 13"))));
  list.turn_to(2);
  EXPECT_THAT(english(list),
              testing::AllOf(HasSubstr("page 3 of 3"), HasSubstr("Title 25\n"), Not(HasSubstr("Title 24"))));
  list.turn_to(4'000'000'000);
  EXPECT_EQ(list.page, 2u);
  OrderList one_page = list_of(12);
  one_page.turn_to(1);
  EXPECT_EQ(one_page.page, 0u);
  EXPECT_THAT(english(one_page), Not(HasSubstr("page")));
}

TEST(Orders, AFullPageFitsIntoAMessageAndTitlesAreEscapedAndCutBetweenCharacters) {
  OrderList list = list_of(0);
  std::string title = "<b>";
  while (title.size() < 500) title += "\u2122\u2605";
  for (int i = 0; i < 12; ++i) {
    list.lines.push_back(target(title, 99'999'999));
    list.lines.back().best = Money::cents(99'999'999);
    list.lines.back().made_by = OrderMaker::simulation;
    list.lines.back().game = dmarket::all_games[static_cast<std::size_t>(i) % 4];
  }
  const std::string text = english(list);
  EXPECT_LT(text.size(), 4096u);
  EXPECT_THAT(text, HasSubstr("&lt;b&gt;\u2122"));
  EXPECT_THAT(text, Not(HasSubstr("<b>\u2122")));
  EXPECT_THAT(text, testing::AnyOf(HasSubstr("\u2122\u2026\n"), HasSubstr("\u2605\u2026\n")));
}

}  // namespace
}  // namespace app
