#include "sandbox/dmarket/list_query.hpp"

#include "sandbox/dmarket/json_writer.hpp"
#include "sandbox/dmarket/refusal.hpp"
#include "sandbox/json.hpp"

#include <gtest/gtest.h>

namespace sandbox {
namespace {

TEST(TreeFilters, pairs_lists_and_negations_are_told_apart) {
  const auto filters = read_tree_filters("exterior[]=factory new,exterior[]=minimal wear,not_phase=ruby,x,paintSeed=7");
  ASSERT_EQ(filters.size(), 3u);
  EXPECT_EQ(filters[0].key, "exterior");
  EXPECT_EQ(filters[0].values, (std::vector<std::string>{"factory new", "minimal wear"}));
  EXPECT_EQ(filters[1].key, "phase");
  EXPECT_TRUE(filters[1].negated);
  EXPECT_EQ(filters[2].values.at(0), "7");
}

ListQuery read(const std::string& query) { return read_list_query(tgkit::net::parse_query(query), {"price", "float"}); }

TEST(ListQueries, a_whole_query_becomes_a_filter_and_a_paging) {
  const ListQuery asked = read(
      "gameId=a8db&limit=50&title=ak&orderBy=price&orderDir=desc&priceFrom=100&priceTo=200&cursor=abc&treeFilters="
      "exterior%5B%5D%3Dfactory%20new%2CfloatPart%3DFT-4%2Cphase%3Dblack-pearl%2Ccategory%3Dstattrak_tm%2CpaintSeed%"
      "3D42%2C"
      "tradeLockFrom%3D0%2CtradeLockTo%3D3%2CinMarket%3Dtrue");
  EXPECT_EQ(asked.filter.game, market::Game::cs2);
  EXPECT_EQ(asked.filter.title_prefix, "ak");
  EXPECT_EQ(asked.filter.price_from, market::Money::cents(100));
  EXPECT_EQ(asked.filter.price_to, market::Money::cents(200));
  EXPECT_EQ(asked.filter.exterior.any_of, std::vector{market::Exterior::factory_new});
  EXPECT_EQ(asked.filter.float_part.any_of.at(0), market::float_part_of("FT-4"));
  EXPECT_EQ(asked.filter.phase.any_of, std::vector{market::Phase::black_pearl});
  EXPECT_EQ(asked.filter.category.any_of, std::vector{market::Category::stattrak});
  EXPECT_EQ(asked.filter.paint_seed.any_of, std::vector<std::int64_t>{42});
  EXPECT_EQ(asked.filter.lock_days_from, 0);
  EXPECT_EQ(asked.filter.lock_days_to, 3);
  EXPECT_EQ(asked.filter.in_market, true);
  EXPECT_EQ(asked.paging.limit, 50);
  EXPECT_EQ(asked.paging.cursor, "abc");
  EXPECT_EQ(asked.paging.order_by, market::OrderBy::price);
  EXPECT_TRUE(asked.paging.descending);
}

TEST(ListQueries, a_cursor_has_at_most_500_characters) {
  EXPECT_NO_THROW(read("gameId=a8db&limit=1&cursor=" + std::string(500, 'a')));
  EXPECT_THROW(read("gameId=a8db&limit=1&cursor=" + std::string(501, 'a')), ApiRefusal);
}

TEST(ClosedQueries, only_names_in_capitals_count) {
  const auto query = tgkit::net::parse_query(
      "Limit=5&limit=7&Status=successful&Status=reverted&OrderDir=asc&OfferClosed.From=10&Finalization.To=20&cursor=x");
  const market::ClosedQuery asked = read_closed_query(query, "Offer");
  EXPECT_EQ(asked.limit, 5);
  EXPECT_TRUE(asked.ascending);
  EXPECT_EQ(asked.status.any_of, (std::vector{market::TradeState::successful, market::TradeState::reverted}));
  EXPECT_EQ(asked.closed_from, 10);
  EXPECT_EQ(asked.finalized_to, 20);
  EXPECT_EQ(asked.cursor, "");
  EXPECT_THROW(read_closed_query(tgkit::net::parse_query("Status=open"), "Offer"), ApiRefusal);
}

TEST(JsonWriting, a_document_read_and_written_again_keeps_its_fractions_in_decimals) {
  const std::string text = R"({"a":[19.9,-0.05,100000000.25,1],"b":{"c":null,"d":"★ \" x"},"e":{},"f":[]})";
  EXPECT_EQ(to_plain_json(*parse_json(text)), text);
}

TEST(JsonWriting, dollars_are_written_from_cents_without_rounding) {
  EXPECT_EQ(dollars_text(1599), "15.99");
  EXPECT_EQ(dollars_text(5), "0.05");
  EXPECT_EQ(dollars_text(-105), "-1.05");
  EXPECT_EQ(dollars_float(1590), "15.9");
  EXPECT_EQ(dollars_float(1500), "15");
  EXPECT_EQ(dollars_float(29), "0.29");
  EXPECT_EQ(dollars_float(0), "0");
  EXPECT_EQ(iso_time(1'790'000'000), "2026-09-21T14:13:20Z");
}

}  // namespace
}  // namespace sandbox
