#include "sandbox/market/book.hpp"

#include <algorithm>

namespace sandbox::market {
namespace {

constexpr std::size_t kept_sales = 1'000;

bool before(const BookOffer& a, const BookOffer& b) {
  return a.price != b.price ? a.price < b.price : a.serial < b.serial;
}
bool better(const BookTarget& a, const BookTarget& b) {
  return a.price != b.price ? a.price > b.price : a.serial < b.serial;
}

template <class Orders>
auto* find(Orders& orders, std::uint32_t serial) {
  const auto found = std::find_if(orders.begin(), orders.end(), [&](const auto& one) { return one.serial == serial; });
  return found == orders.end() ? nullptr : &*found;
}

template <class Orders>
bool remove(Orders& orders, std::uint32_t serial) {
  const auto* found = find(orders, serial);
  if (found) orders.erase(orders.begin() + (found - orders.data()));
  return found != nullptr;
}

}  // namespace

Copy copy_of(const BookOffer& offer, std::uint16_t paint_index) {
  return Copy{offer.float_value, offer.paint_seed, paint_index, offer.phase, offer.unlock};
}

void set_copy(BookOffer& offer, const Copy& copy) {
  offer.float_value = copy.float_value;
  offer.paint_seed = copy.paint_seed;
  offer.phase = copy.phase;
  offer.unlock = static_cast<std::uint32_t>(copy.unlock_at);
}

bool fits(const BookOffer& offer, const BookTarget& target) { return satisfies(copy_of(offer, 0), target.demand()); }

BookOffer& Book::insert(BookOffer offer) {
  return *offers_.insert(std::lower_bound(offers_.begin(), offers_.end(), offer, before), offer);
}
BookTarget& Book::insert(BookTarget target) {
  return *targets_.insert(std::lower_bound(targets_.begin(), targets_.end(), target, better), target);
}
BookOffer* Book::find_offer(std::uint32_t serial) { return find(offers_, serial); }
BookTarget* Book::find_target(std::uint32_t serial) { return find(targets_, serial); }
bool Book::erase_offer(std::uint32_t serial) { return remove(offers_, serial); }
bool Book::erase_target(std::uint32_t serial) { return remove(targets_, serial); }

void Book::take_one(BookTarget& target) {
  if (--target.amount == 0) erase_target(target.serial);
}

void Book::record(const BookOffer& sold, std::int64_t price, Time at, SaleBy by, const Demand& demand) {
  if (sales_.size() >= 2 * kept_sales) sales_.erase(sales_.begin(), sales_.end() - kept_sales);
  sales_.push_back(SaleRecord{static_cast<std::uint32_t>(price), static_cast<std::uint32_t>(at), sold.float_value,
                              sold.paint_seed, demand.paint_seed, sold.phase, demand.phase, demand.float_part, by});
}

void Book::sort() {
  std::sort(offers_.begin(), offers_.end(), before);
  std::sort(targets_.begin(), targets_.end(), better);
}

const BookOffer* Book::cheapest() const {
  for (const BookOffer& offer : offers_) {
    if (!offer.mine && !offer.reserved) return &offer;
  }
  return nullptr;
}

const BookTarget* Book::dearest() const {
  for (const BookTarget& target : targets_) {
    if (!target.uncovered) return &target;
  }
  return nullptr;
}

}  // namespace sandbox::market
