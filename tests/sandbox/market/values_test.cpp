#include "sandbox/market/fees.hpp"
#include "sandbox/market/ids.hpp"
#include "tests/sandbox/market/scene.hpp"

#include <set>

namespace sandbox::market {
namespace {

TEST(MarketIds, a_uuid_is_read_back_as_what_it_names_and_as_nothing_else) {
  const Ids ids(42);
  std::set<Uuid> seen;
  for (std::uint32_t title = 0; title < 50; ++title) {
    for (const std::uint32_t serial : {0u, 1u, 2u, 77u, 4'000'000'000u}) {
      const Uuid id = ids.make(IdKind::offer, title, serial);
      EXPECT_TRUE(seen.insert(id).second);
      const std::string text = to_text(id);
      ASSERT_EQ(text.size(), 36u);
      EXPECT_EQ(text[14], '4');
      EXPECT_NE(std::string("89ab").find(text[19]), std::string::npos) << text;
      EXPECT_EQ(parse_uuid(text), id);
      EXPECT_EQ(ids.read(id, IdKind::offer), (IdParts{IdKind::offer, title, serial}));
      EXPECT_FALSE(ids.read(id, IdKind::target));
      EXPECT_FALSE(Ids(43).read(id, IdKind::offer));
      EXPECT_FALSE(ids.read(Uuid{id.high, id.low ^ 1}, IdKind::offer));
    }
  }
}

TEST(MarketIds, a_text_that_is_no_uuid_is_refused) {
  EXPECT_TRUE(parse_uuid("c3d4e5f6-a7b8-9012-cdef-345678901234"));
  EXPECT_EQ(parse_uuid("C3D4E5F6-A7B8-9012-CDEF-345678901234"), parse_uuid("c3d4e5f6-a7b8-9012-cdef-345678901234"));
  for (const char* text :
       {"", "c3d4e5f6", "c3d4e5f6-a7b8-9012-cdef-34567890123", "c3d4e5f6-a7b8-9012-cdef-3456789012345",
        "c3d4e5f6+a7b8-9012-cdef-345678901234", "g3d4e5f6-a7b8-9012-cdef-345678901234"}) {
    EXPECT_FALSE(parse_uuid(text)) << text;
  }
}

TEST(MarketTypes, float_parts_begin_inclusive_and_end_exclusive) {
  const struct {
    std::int32_t hundred_thousandths;
    const char* part;
  } cases[] = {{0, "FN-0"},      {999, "FN-0"},    {1'000, "FN-1"},  {6'999, "FN-6"},  {7'000, "MW-0"},
               {10'999, "MW-3"}, {11'000, "MW-4"}, {14'999, "MW-4"}, {15'000, "FT-0"}, {18'000, "FT-1"},
               {24'000, "FT-3"}, {34'403, "FT-4"}, {37'999, "FT-4"}, {38'000, "WW-0"}, {42'000, "WW-4"},
               {44'999, "WW-4"}, {45'000, "BS-0"}, {50'000, "BS-1"}, {63'000, "BS-2"}, {76'000, "BS-3"},
               {79'999, "BS-3"}, {80'000, "BS-4"}, {99'999, "BS-4"}};
  for (const auto& one : cases) {
    EXPECT_EQ(to_text(float_part_at(one.hundred_thousandths * 10'000)), one.part) << one.hundred_thousandths;
  }
  EXPECT_EQ(to_text(float_part_at(-1)), "");
  for (std::uint8_t number = 1; number <= float_parts; ++number) {
    const FloatPart part{number};
    EXPECT_EQ(float_part_of(to_text(part)), part);
    EXPECT_EQ(float_part_at(float_part_from(part)), part);
    EXPECT_EQ(float_part_at(float_part_to(part) - 1), part);
  }
  EXPECT_EQ(float_text(344'037'026), "0.344037026");
  EXPECT_EQ(float_text(-1), "");
}

TEST(MarketTypes, words_are_read_back) {
  for (const Game game : all_games) {
    EXPECT_EQ(game_by_id(game_id(game)), game);
    EXPECT_EQ(game_by_sync_name(sync_name(game)), game);
  }
  EXPECT_EQ(game_by_id("csgo"), std::nullopt);
  EXPECT_EQ(exterior_of("field-tested"), Exterior::field_tested);
  EXPECT_EQ(phase_of("black-pearl"), Phase::black_pearl);
  EXPECT_EQ(phase_of("phase-5"), std::nullopt);
  EXPECT_EQ(category_of("stattrak_tm"), Category::stattrak);
  EXPECT_EQ(to_text(Fraction{20'000}), "0.02");
  EXPECT_EQ(to_text(Fraction{100'000}), "0.1");
  EXPECT_EQ(to_text(Fraction{0}), "0");
}

TEST(MarketFees, the_rounding_is_a_rule) {
  MarketRules rules;
  rules.minimum_fee = cents(0);
  const struct {
    std::int64_t price, millionths, ceil, half_up, floor;
  } cases[] = {
      {100, 20'000, 2, 2, 2}, {101, 20'000, 3, 2, 2},      {125, 20'000, 3, 3, 2},
      {124, 20'000, 3, 2, 2}, {1'599, 15'000, 24, 24, 23}, {1, 100'000, 1, 0, 0},
      {5, 100'000, 1, 1, 0},  {0, 100'000, 0, 0, 0},       {99'999'999, 100'000, 10'000'000, 10'000'000, 9'999'999}};
  for (const auto& one : cases) {
    rules.default_fee = Fraction{one.millionths};
    rules.fee_rounding = FeeRounding::ceil;
    EXPECT_EQ(charge(cents(one.price), {}, rules, start).fee, cents(one.ceil)) << one.price;
    rules.fee_rounding = FeeRounding::half_up;
    EXPECT_EQ(charge(cents(one.price), {}, rules, start).fee, cents(one.half_up)) << one.price;
    rules.fee_rounding = FeeRounding::floor;
    EXPECT_EQ(charge(cents(one.price), {}, rules, start).fee, cents(one.floor)) << one.price;
  }
}

TEST(MarketFees, a_reduced_fee_holds_within_its_window_until_it_expires) {
  MarketRules rules;
  const ReducedFee reduced{nullptr, Fraction{20'000}, cents(100), cents(200), start + day};
  EXPECT_EQ(charge(cents(99), reduced, rules, start).fee, cents(10));
  EXPECT_EQ(charge(cents(100), reduced, rules, start).fee, cents(2));
  EXPECT_EQ(charge(cents(200), reduced, rules, start).fee, cents(4));
  EXPECT_EQ(charge(cents(201), reduced, rules, start).fee, cents(21));
  EXPECT_EQ(charge(cents(200), reduced, rules, start + day - 1).fee, cents(4));
  EXPECT_EQ(charge(cents(200), reduced, rules, start + day).fee, cents(20));
  ReducedFee open_ended = reduced;
  open_ended.max_price = Money();
  EXPECT_EQ(charge(cents(50'000), open_ended, rules, start).fee, cents(1'000));
}

TEST(MarketFees, the_least_fee_binds_the_default_and_by_rule_the_reduced_ones_and_never_exceeds_the_price) {
  MarketRules rules;
  const ReducedFee reduced{nullptr, Fraction{20'000}, cents(1), {}, start + day};
  EXPECT_EQ(charge(cents(10), {}, rules, start).fee, cents(2));
  EXPECT_EQ(charge(cents(1), {}, rules, start).fee, cents(1));
  EXPECT_EQ(charge(cents(10), reduced, rules, start).fee, cents(1));
  rules.minimum_binds_reduced_fees = true;
  EXPECT_EQ(charge(cents(10), reduced, rules, start).fee, cents(2));
}

TEST(MarketFees, about_half_of_the_titles_are_reduced_for_a_time_and_the_list_agrees_with_the_fee) {
  Exchange exchange({.titles = 2'000, .offers = 0}, {}, start);
  std::int64_t reduced = 0;
  for (const Game game : all_games) {
    const FeeList list = exchange.fees(game, 100'000, 0);
    EXPECT_EQ(list.total_reduced, static_cast<std::int64_t>(list.reduced.size()));
    reduced += list.total_reduced;
    for (const ReducedFee& one : list.reduced) {
      EXPECT_GT(one.expires_at, start);
      EXPECT_LT(one.expires_at, start + 22 * day);
      const Charge expected = charge(one.min_price, one, exchange.rules(), start);
      EXPECT_EQ(expected.fraction, one.fraction);
      EXPECT_EQ(exchange.fee(*one.title, one.min_price), expected.fee);
    }
    const FeeList page = exchange.fees(game, 3, 2);
    ASSERT_EQ(page.reduced.size(), 3u);
    EXPECT_EQ(page.reduced[0].title, list.reduced[2].title);
    EXPECT_EQ(page.total_reduced, list.total_reduced);
  }
  EXPECT_GT(reduced, 850);
  EXPECT_LT(reduced, 1'150);
  const auto before = exchange.fees(Game::cs2, 100'000, 0).reduced.size();
  exchange.advance(start + 30 * day);
  const FeeList later = exchange.fees(Game::cs2, 100'000, 0);
  EXPECT_GT(later.reduced.size(), before / 2);
  for (const ReducedFee& one : later.reduced) EXPECT_GT(one.expires_at, start + 30 * day);
}

}  // namespace
}  // namespace sandbox::market
