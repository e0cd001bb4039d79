#include "sandbox/market/market.hpp"

#include <algorithm>

namespace sandbox::market {
namespace {

std::int64_t root(std::int64_t n) {
  std::int64_t r = 0;
  while ((r + 1) * (r + 1) <= n) ++r;
  return r;
}

// Liquid titles have many offers.
std::vector<std::uint16_t> goals(const std::vector<Traits>& traits, std::int64_t offers) {
  std::vector<std::int64_t> weights;
  std::int64_t sum = 0;
  for (const Traits& one : traits) {
    weights.push_back(4 + root(one.sales_per_year));
    sum += weights.back();
  }
  std::vector<std::uint16_t> result;
  std::int64_t so_far = 0, given = 0;  // rounding does not lose any
  for (const std::int64_t weight : weights) {
    so_far += weight;
    const std::int64_t due = offers * so_far / sum;
    result.push_back(static_cast<std::uint16_t>(std::clamp<std::int64_t>(due - given, 0, 60'000)));
    given = due;
  }
  return result;
}

}  // namespace

Market::Market(const MarketOptions& options, Time start)
    : start_(start), catalogue_(options.seed, options.titles), ids_(options.seed) {
  traits_.reserve(catalogue_.titles().size());
  titles_.reserve(catalogue_.titles().size());
  for (std::uint32_t i = 0; i < catalogue_.titles().size(); ++i) {
    traits_.push_back(traits_of(options.seed, i, catalogue_.first_worth(i)));
  }
  const auto wanted = goals(traits_, options.offers);
  for (std::uint32_t i = 0; i < traits_.size(); ++i) {
    TitleState& title = titles_.emplace_back(
        TitleState{.book = {}, .worth = Worth(traits_[i]), .random = Random(mixed(traits_[i].seed, 0x40e5))});
    title.offer_goal = wanted[i];
    title.target_goal = static_cast<std::uint16_t>(std::min(2 + wanted[i] / 3, 40));
    open_book(title, traits_[i], info(i), start);
  }
}

TitleState& Market::look(std::uint32_t title, Time now) {
  TitleState& state = titles_[title];
  // The moves in a title with the player's orders stand in the queue of events: those until now have been made.
  while (state.player_orders == 0 && state.next_at <= now) move(title);
  state.worth.advance(traits_[title], (now - start_) / 3'600);
  return state;
}

Meeting Market::move(std::uint32_t title) { return next_move(titles_[title], traits_[title], info(title), start_); }

Money Market::worth(std::uint32_t title, Time now) {
  return Money::cents(std::max<std::int64_t>(1, (look(title, now).worth.now() + 500) / 1'000));
}

void Market::scale(std::uint32_t title, std::int64_t millionths) {
  const auto moved = [&](std::uint32_t price) {
    return static_cast<std::uint32_t>(std::clamp(scaled(price, millionths), least_price, most_price));
  };
  TitleState& state = titles_[title];
  state.worth.scale(millionths);
  for (BookOffer& offer : state.book.offers()) {
    if (!offer.mine && !offer.reserved) offer.price = moved(offer.price);
  }
  for (BookTarget& target : state.book.targets()) {
    if (!target.mine) target.price = moved(target.price);
  }
  state.book.sort();
}

std::optional<ReducedFee> Market::reduced(std::uint32_t title, const MarketRules& rules, Time at) const {
  return reduced_fee(traits_[title].seed, traits_[title].first_worth, rules, info(title), at);
}

}  // namespace sandbox::market
