#include "tests/sandbox/market/scene.hpp"

#include <map>
#include <set>

namespace sandbox::market {
namespace {

class MarketLists : public testing::Test {
 protected:
  Exchange exchange{MarketOptions{}, calm(), start};

  std::vector<Offer> all(const Filter& filter, Paging paging = {}) {
    std::vector<Offer> rows;
    std::set<Uuid> seen;
    do {
      const auto page = exchange.offers(filter, paging);
      EXPECT_TRUE(page);
      if (!page) return rows;
      for (const Offer& row : page->items) {
        EXPECT_TRUE(seen.insert(row.offer_id).second);
        rows.push_back(row);
      }
      paging.cursor = page->cursor;
      if (paging.cursor.empty()) {
        EXPECT_EQ(page->total, static_cast<std::int64_t>(rows.size()));
      }
    } while (!paging.cursor.empty());
    return rows;
  }
};

TEST_F(MarketLists, every_offer_comes_once_whatever_the_order_and_the_page) {
  std::size_t total = 0;
  for (const Game game : all_games) {
    Filter filter;
    filter.game = game;
    const std::size_t plain = all(filter).size();
    total += plain;
    Paging paging;
    paging.limit = 37;
    for (const OrderBy by : {OrderBy::price, OrderBy::title, OrderBy::created_at, OrderBy::float_value}) {
      for (const bool descending : {false, true}) {
        paging.order_by = by;
        paging.descending = descending;
        const auto rows = all(filter, paging);
        EXPECT_EQ(rows.size(), plain);
        const auto before = [&](const Offer& a, const Offer& b) {
          switch (by) {
            case OrderBy::price:
              return a.price < b.price;
            case OrderBy::created_at:
              return a.created_at < b.created_at;
            case OrderBy::float_value:
              return a.copy.float_value < b.copy.float_value;
            default:
              return a.title->title < b.title->title && a.title->name < b.title->name;
          }
        };
        if (by == OrderBy::title) continue;
        EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end(), [&](const Offer& a, const Offer& b) {
          return descending ? before(b, a) : before(a, b);
        }));
      }
    }
  }
  EXPECT_EQ(total, 8'000u);
}

TEST_F(MarketLists, filters_let_through_exactly_what_they_name) {
  const auto everything = all(Filter{});
  const struct {
    const char* name;
    Filter filter;
    std::function<bool(const Offer&)> holds;
  } cases[] = {
      {"exterior",
       {.exterior = {{Exterior::factory_new, Exterior::well_worn}, false}},
       [](const Offer& o) {
         return o.title->exterior == Exterior::factory_new || o.title->exterior == Exterior::well_worn;
       }},
      {"not exterior",
       {.exterior = {{Exterior::field_tested}, true}},
       [](const Offer& o) { return o.title->exterior != Exterior::field_tested; }},
      {"float part",
       {.float_part = {{FloatPart{13}}, false}},
       [](const Offer& o) { return to_text(o.copy.float_part()) == "FT-0"; }},
      {"not float part",
       {.float_part = {{FloatPart{13}}, true}},
       [](const Offer& o) { return to_text(o.copy.float_part()) != "FT-0"; }},
      {"phase",
       {.phase = {{Phase::phase_2, Phase::ruby}, false}},
       [](const Offer& o) { return o.copy.phase == Phase::phase_2 || o.copy.phase == Phase::ruby; }},
      {"category",
       {.category = {{Category::stattrak}, false}},
       [](const Offer& o) { return o.title->category == Category::stattrak; }},
      {"paint seed",
       {.paint_seed = {{7, 8, 9}, false}},
       [](const Offer& o) { return o.copy.paint_seed >= 7 && o.copy.paint_seed <= 9; }},
      {"type", {.type = {{"rifle"}, false}}, [](const Offer& o) { return o.title->type == "rifle"; }},
      {"path", {.category_path = "rifle/ak"}, [](const Offer& o) { return o.title->category_path == "rifle/ak-47"; }},
      {"lock",
       {.lock_days_from = 2, .lock_days_to = 4},
       [](const Offer& o) { return o.copy.unlock_at > start + day && o.copy.unlock_at <= start + 3 * day; }},
      {"unlocked", {.lock_days_to = 1}, [](const Offer& o) { return o.copy.unlock_at <= start; }},
      {"price",
       {.price_from = cents(100), .price_to = cents(200)},
       [](const Offer& o) { return o.price >= cents(100) && o.price <= cents(200); }},
      {"price and float",
       {.price_from = cents(100), .price_to = cents(900), .float_part = {{FloatPart{8}}, false}},
       [](const Offer& o) {
         return o.price >= cents(100) && o.price <= cents(900) && to_text(o.copy.float_part()) == "MW-0";
       }},
      {"empty price", {.price_from = cents(200), .price_to = cents(100)}, [](const Offer&) { return false; }},
  };
  for (const auto& one : cases) {
    const auto expected = std::count_if(everything.begin(), everything.end(), one.holds);
    const auto rows = all(one.filter);
    EXPECT_EQ(static_cast<std::int64_t>(rows.size()), expected) << one.name;
    EXPECT_TRUE(std::all_of(rows.begin(), rows.end(), one.holds)) << one.name;
    if (std::string(one.name) != "empty price") {
      EXPECT_GT(expected, 0) << one.name;
    }
    Paging by_price;
    by_price.order_by = OrderBy::price;
    EXPECT_EQ(static_cast<std::int64_t>(all(one.filter, by_price).size()), expected) << one.name;
  }
}

TEST_F(MarketLists, a_title_is_a_prefix_whatever_its_case) {
  Filter filter;
  filter.title_prefix = "ak-47 | RED";
  const auto rows = all(filter);
  ASSERT_FALSE(rows.empty());
  for (const Offer& row : rows) EXPECT_TRUE(row.title->title.starts_with("AK-47 | Red")) << row.title->title;
  filter.title_prefix = "AK-47 | Redline (Field-Tested) ";
  EXPECT_TRUE(all(filter).empty());
  filter.title_prefix = "★ StatTrak™ Karambit";
  EXPECT_FALSE(all(filter).empty());
}

TEST_F(MarketLists, a_page_and_a_cursor_have_limits) {
  for (const int limit : {0, -1, 101}) {
    Paging paging;
    paging.limit = limit;
    EXPECT_EQ(code(exchange.offers({}, paging)), "InvalidArgument");
    EXPECT_EQ(code(exchange.user_offers({}, paging)), "InvalidArgument");
    EXPECT_EQ(code(exchange.user_targets({}, paging)), "InvalidArgument");
    EXPECT_EQ(code(exchange.inventory({}, paging)), "InvalidArgument");
  }
  for (const char* cursor : {"x", "1.2", "1.2.3.4", "1..3", "-1.2.3", "1.2.99999999999"}) {
    Paging paging;
    paging.cursor = cursor;
    EXPECT_EQ(code(exchange.offers({}, paging)), "InvalidArgument") << cursor;
  }
}

TEST_F(MarketLists, a_cursor_survives_what_happens_between_two_pages) {
  Paging paging;
  paging.order_by = OrderBy::price;
  const auto first = exchange.offers({}, paging);
  paging.cursor = first->cursor;
  exchange.advance(start + 3 * hour);
  const auto second = exchange.offers({}, paging);
  ASSERT_FALSE(second->items.empty());
  EXPECT_GE(second->items.front().price, first->items.back().price);
  std::set<Uuid> seen;
  for (const Offer& row : first->items) seen.insert(row.offer_id);
  for (const Offer& row : second->items) EXPECT_TRUE(seen.insert(row.offer_id).second);
}

TEST_F(MarketLists, aggregated_prices_are_those_of_the_book) {
  for (const Game game : all_games) {
    std::string cursor;
    std::size_t rows = 0;
    do {
      const auto page = exchange.aggregated_prices(game, {}, 7, cursor);
      for (const AggregatedPrice& row : page->items) {
        const Depth book = exchange.depth(game, row.title->title);
        EXPECT_EQ(row.offer_count, static_cast<std::int64_t>(book.offers.size()));
        ASSERT_EQ(row.offer_best.has_value(), !book.offers.empty());
        if (row.offer_best) {
          EXPECT_EQ(*row.offer_best, book.offers[0].price);
        }
        if (row.order_best) {
          EXPECT_EQ(*row.order_best, book.orders.at(0).price);
        }
      }
      rows += page->items.size();
      cursor = page->cursor;
      if (cursor.empty()) {
        EXPECT_EQ(page->total, static_cast<std::int64_t>(rows));
      }
    } while (!cursor.empty());
    const auto& titles = exchange.titles();
    EXPECT_EQ(static_cast<std::int64_t>(rows),
              std::count_if(titles.begin(), titles.end(), [&](const TitleInfo& one) { return one.game == game; }));
  }
  const std::string asked[] = {"AK-47 | Redline (Field-Tested)", "No such thing"};
  const auto some = exchange.aggregated_prices(Game::cs2, asked, 100, "");
  ASSERT_EQ(some->items.size(), 1u);
  EXPECT_EQ(some->items[0].title->title, asked[0]);
}

TEST_F(MarketLists, the_best_order_may_be_one_without_cover_by_rule) {
  const auto sum = [&] {
    Money total;
    for (const Game game : all_games) {
      const auto prices = exchange.aggregated_prices(game, {}, 1'000, "");
      for (const auto& row : prices->items) total += row.order_best.value_or(Money());
    }
    return total;
  };
  const Money with = sum();
  exchange.rules().aggregated_counts_uncovered = false;
  EXPECT_LT(sum(), with);
}

TEST_F(MarketLists, last_sales_are_newest_first_in_pages_and_at_most_a_year_old) {
  exchange.advance(start + 10 * day);
  int titles_with_both = 0;
  for (const TitleInfo& title : exchange.titles()) {
    SalesQuery query{title.game, title.title, {}, {}, {}, {}, 1'000'000, 0};
    const auto sales = exchange.last_sales(query);
    EXPECT_TRUE(std::is_sorted(sales.begin(), sales.end(), [](auto& a, auto& b) { return a.at > b.at; }));
    if (sales.empty()) continue;
    EXPECT_LE(sales.front().at, start + 10 * day);
    EXPECT_GE(sales.back().at, start - 355 * day);
    if (sales.front().at > start && sales.back().at < start) ++titles_with_both;
    query.limit = 20;
    query.offset = 5;
    const auto page = exchange.last_sales(query);
    ASSERT_EQ(page.size(), std::min<std::size_t>(20, sales.size() - std::min<std::size_t>(5, sales.size())));
    for (std::size_t i = 0; i < page.size(); ++i) EXPECT_EQ(page[i].at, sales[i + 5].at);
    query.by.any_of = {SaleBy::target};
    for (const Sale& sale : exchange.last_sales(query)) EXPECT_EQ(sale.by, SaleBy::target);
  }
  EXPECT_GT(titles_with_both, 200);
}

TEST_F(MarketLists, the_market_looks_like_one) {
  std::set<std::pair<Game, std::string>> names;
  int thin = 0, liquid = 0, sound = 0, pumped = 0, titles = 0;
  for (const TitleInfo& title : exchange.titles()) {
    EXPECT_TRUE(names.emplace(title.game, title.title).second) << title.title;
    const auto sales = exchange.last_sales({title.game, title.title, {}, {}, {}, {}, 100'000, 0});
    std::int64_t recent = 0, older = 0, week = 0, before = 0;
    for (const Sale& sale : sales) {
      const bool new_one = sale.at > start - 3 * day;
      if (new_one)
        recent += sale.price.in_cents(), ++week;
      else if (sale.at > start - 60 * day && sale.at < start - 15 * day)
        older += sale.price.in_cents(), ++before;
    }
    thin += sales.size() < 60 ? 1 : 0;
    liquid += sales.size() > 1'000 ? 1 : 0;
    if (week >= 3 && before >= 10) pumped += recent * before * 10 > older * week * 14 ? 1 : 0;
    const Depth book = exchange.depth(title.game, title.title);
    ++titles;
    const bool has_both = !book.offers.empty() && !book.orders.empty();
    if (has_both) sound += book.orders[0].price < book.offers[0].price ? 1 : 0;
  }
  EXPECT_GT(thin, titles / 10);
  EXPECT_GT(liquid, titles / 12);
  EXPECT_GT(pumped, 1);
  EXPECT_LT(pumped, titles / 10);
  EXPECT_GT(sound, titles * 7 / 10);  // some best orders are boasts without cover
}

TEST_F(MarketLists, other_traders_undercut_and_outbid_each_other_by_little) {
  std::map<const TitleInfo*, Depth> before;
  for (const TitleInfo& title : exchange.titles()) before[&title] = exchange.depth(title.game, title.title);
  int undercut = 0, outbid = 0;
  for (Time at = start + 10 * minute; at < start + day; at += 10 * minute) {
    exchange.advance(at);
    for (const TitleInfo& title : exchange.titles()) {
      Depth now = exchange.depth(title.game, title.title);
      Depth& then = before[&title];
      if (!now.offers.empty() && !then.offers.empty() && !now.orders.empty() && !then.orders.empty()) {
        const Money low = then.offers[0].price, high = then.orders[0].price;
        const Money step = low - now.offers[0].price;
        undercut += step > Money() && step <= cents(1 + low.in_cents() / 100) ? 1 : 0;
        outbid += now.orders[0].price == high + cents(1) ? 1 : 0;
      }
      then = std::move(now);
    }
  }
  EXPECT_GT(undercut, 100);
  EXPECT_GT(outbid, 100);
}

}  // namespace
}  // namespace sandbox::market
