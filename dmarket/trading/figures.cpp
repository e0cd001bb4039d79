#include "dmarket/trading/figures.hpp"

#include <algorithm>
#include <cstdlib>

namespace dmarket::trading {
namespace {

struct Described {
  Figure figure;
  std::string_view name;
  Unit unit;
};

constexpr std::array all_figures{
    Described{Figure::price, "price", Unit::money},
    Described{Figure::best_offer, "best_offer", Unit::money},
    Described{Figure::lone_offer, "lone_offer", Unit::money},
    Described{Figure::best_target, "best_target", Unit::money},
    Described{Figure::median_sale, "median_sale", Unit::money},
    Described{Figure::average_of_week, "average_of_week", Unit::money},
    Described{Figure::recent_median, "recent_median", Unit::money},
    Described{Figure::earlier_median, "earlier_median", Unit::money},
    Described{Figure::buy, "buy", Unit::money},
    Described{Figure::sell, "sell", Unit::money},
    Described{Figure::fee, "fee", Unit::money},
    Described{Figure::net, "net", Unit::money},
    Described{Figure::profit, "profit", Unit::money},
    Described{Figure::least_profit, "least_profit", Unit::money},
    Described{Figure::cost, "cost", Unit::money},
    Described{Figure::floor, "floor", Unit::money},
    Described{Figure::ceiling, "ceiling", Unit::money},
    Described{Figure::cap, "cap", Unit::money},
    Described{Figure::old_price, "old_price", Unit::money},
    Described{Figure::wanted_price, "wanted_price", Unit::money},
    Described{Figure::step_limit, "step_limit", Unit::money},
    Described{Figure::balance, "balance", Unit::money},
    Described{Figure::usable, "usable", Unit::money},
    Described{Figure::reserve, "reserve", Unit::money},
    Described{Figure::committed, "committed", Unit::money},
    Described{Figure::most_per_item, "most_per_item", Unit::money},
    Described{Figure::daily_budget, "daily_budget", Unit::money},
    Described{Figure::spent_today, "spent_today", Unit::money},
    Described{Figure::expected_balance, "expected_balance", Unit::money},
    Described{Figure::sales, "sales", Unit::count},
    Described{Figure::offers, "offers", Unit::count},
    Described{Figure::targets, "targets", Unit::count},
    Described{Figure::copies, "copies", Unit::count},
    Described{Figure::most_copies, "most_copies", Unit::count},
    Described{Figure::errors, "errors", Unit::count},
    Described{Figure::liquidity, "liquidity", Unit::count},
    Described{Figure::least_liquidity, "least_liquidity", Unit::count},
    Described{Figure::least_sales, "least_sales", Unit::count},
    Described{Figure::percent, "percent", Unit::basis_points},
    Described{Figure::least_percent, "least_percent", Unit::basis_points},
    Described{Figure::balance_change, "balance_change", Unit::basis_points},
    Described{Figure::most_balance_change, "most_balance_change", Unit::basis_points},
    Described{Figure::age, "age", Unit::seconds},
    Described{Figure::most_age, "most_age", Unit::seconds},
    Described{Figure::next_change, "next_change", Unit::moment},
    Described{Figure::stopped_until, "stopped_until", Unit::moment},
    Described{Figure::sale_expected, "sale_expected", Unit::moment},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < all_figures.size(); ++i) {
    if (static_cast<std::size_t>(all_figures[i].figure) != i) return false;
  }
  return all_figures.size() == static_cast<std::size_t>(Figure::sale_expected) + 1;
}
static_assert(in_order(), "a figure has no name, or stands in the wrong place");

std::string two_digits(unsigned value) { return (value < 10 ? "0" : "") + std::to_string(value); }

std::string moment_text(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const auto seconds = (time - day).count();
  return std::to_string(static_cast<int>(date.year())) + "-" + two_digits(static_cast<unsigned>(date.month())) + "-" +
         two_digits(static_cast<unsigned>(date.day())) + " " + two_digits(static_cast<unsigned>(seconds / 3'600)) +
         ":" + two_digits(static_cast<unsigned>(seconds / 60 % 60)) + ":" +
         two_digits(static_cast<unsigned>(seconds % 60)) + " UTC";
}

}  // namespace

Unit unit_of(Figure figure) { return all_figures[static_cast<std::size_t>(figure)].unit; }

std::string_view name_of(Figure figure) { return all_figures[static_cast<std::size_t>(figure)].name; }

std::optional<std::int64_t> Figures::find(Figure figure) const {
  for (const auto& value : all()) {
    if (value.figure == figure) return value.value;
  }
  return std::nullopt;
}

std::optional<Money> Figures::money(Figure figure) const {
  const auto found = find(figure);
  if (!found) return std::nullopt;
  return Money::cents(*found);
}

std::string words_of(Figure figure) {
  std::string text(name_of(figure));
  std::ranges::replace(text, '_', ' ');
  return text;
}

std::string amount_text(FigureValue figure) {
  switch (unit_of(figure.figure)) {
    case Unit::money:
      return to_text(Money::cents(figure.value));
    case Unit::count:
      return std::to_string(figure.value);
    case Unit::basis_points:
      return to_text(BasisPoints(figure.value));
    case Unit::seconds:
      return std::to_string(figure.value) + " s";
    case Unit::moment:
      break;
  }
  // The calendar of the library ends with the year 32767.
  constexpr std::int64_t last = 900'000'000'000;
  if (figure.value < -last / 20 || figure.value > last) return std::to_string(figure.value);
  return moment_text(time_of(figure.value));
}

std::string to_text(FigureValue figure) { return words_of(figure.figure) + ' ' + amount_text(figure); }

std::string to_text(const Figures& figures) {
  std::string text;
  for (const auto& figure : figures.all()) {
    if (!text.empty()) text += ", ";
    text += to_text(figure);
  }
  return text;
}

}  // namespace dmarket::trading
