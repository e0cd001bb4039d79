#pragma once
// The figures a decision was made on, kept with it for the journal and for people. No allocation: a market has tens of
// thousands of titles.
#include "dmarket/money.hpp"
#include "dmarket/trading/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace dmarket::trading {

enum class Figure : std::uint8_t {
  // amounts of money
  price,
  best_offer,
  lone_offer,
  best_target,
  median_sale,
  average_of_week,
  recent_median,
  earlier_median,
  buy,
  sell,
  fee,
  net,
  profit,
  least_profit,
  cost,
  floor,
  ceiling,
  cap,
  old_price,
  wanted_price,
  step_limit,
  balance,
  usable,
  reserve,
  committed,
  most_per_item,
  daily_budget,
  spent_today,
  expected_balance,
  // counts
  sales,
  offers,
  targets,
  copies,
  most_copies,
  errors,
  liquidity,
  least_liquidity,
  least_sales,
  // rates, in basis points
  percent,
  least_percent,
  balance_change,
  most_balance_change,
  // seconds
  age,
  most_age,
  // moments
  next_change,
  stopped_until,
  sale_expected,
};

enum class Unit : std::uint8_t { money, count, basis_points, seconds, moment };

Unit unit_of(Figure figure);
std::string_view name_of(Figure figure);  // "best_offer": for journals; a stable name

struct FigureValue {
  Figure figure{};
  std::int64_t value = 0;  // in the figure's unit: cents, count, basis points, seconds, Unix seconds
  friend bool operator==(const FigureValue&, const FigureValue&) = default;
};

class Figures {
 public:
  static constexpr std::size_t most = 12;  // what comes after them is dropped

  Figures& add(Figure figure, Money amount) { return put(figure, amount.in_cents()); }
  Figures& add(Figure figure, BasisPoints rate) { return put(figure, rate.value()); }
  Figures& add(Figure figure, Seconds duration) { return put(figure, duration.count()); }
  Figures& add(Figure figure, Time moment) { return put(figure, unix_seconds(moment)); }
  Figures& add_count(Figure figure, std::int64_t count) { return put(figure, count); }

  std::span<const FigureValue> all() const { return {values_.data(), size_}; }
  std::optional<std::int64_t> find(Figure figure) const;
  std::optional<Money> money(Figure figure) const;

 private:
  Figures& put(Figure figure, std::int64_t value) {
    if (size_ < most) values_[size_++] = {figure, value};
    return *this;
  }
  std::array<FigureValue, most> values_;
  std::uint8_t size_ = 0;
};

std::string words_of(Figure figure);          // "best offer"
std::string amount_text(FigureValue figure);  // "$10.00", "2.5%", "90 s", "2026-11-23 19:00:00 UTC"
std::string to_text(FigureValue figure);      // "best offer $10.00"
std::string to_text(const Figures& figures);  // "best offer $10.00, sales 12"

}  // namespace dmarket::trading
