#include "sandbox/market/traders.hpp"

#include "sandbox/market/copies.hpp"

#include <algorithm>

namespace sandbox::market {
namespace {

constexpr std::int64_t one = 1'000'000;
constexpr Time year = 365 * 86'400, competitor_lock = 900;
constexpr std::int64_t moves_per_sale = 6;

class Traders {
 public:
  Traders(TitleState& title, const Traits& traits, const TitleInfo& info, Time now)
      : title_(title), book_(title.book), random_(title.random), traits_(traits), info_(info), now_(now) {}

  Meeting move() {
    const std::int64_t draw = random_.below(100);
    if (draw < 25) return supply(), Meeting{};
    if (draw < 41) return buy();
    if (draw < 51) return sell();
    if (draw < 73) return demand(), Meeting{};
    return reprice(), Meeting{};
  }

  void add_first_offer() {
    const Copy copy = random_copy(info_, random_, now_);
    const std::int64_t far = random_.below(1'000);
    const std::int64_t factor = one + far * far * 450'000 / 1'000'000 + random_.between(-5'000, 15'000);
    add_offer(copy, priced(copy, factor), now_ - random_.between(1'000, 30 * 86'400));
  }
  void add_target(Time created) {
    BookTarget target;
    const Demand demand = random_demand(info_, random_);
    target.float_part = demand.float_part;
    target.phase = demand.phase;
    target.paint_seed = demand.paint_seed;
    target.uncovered = random_.chance(80'000);
    target.price = bid(demand, target.uncovered && random_.chance(120'000));
    target.serial = book_.next_serial();
    target.created = static_cast<std::uint32_t>(created);
    target.amount = static_cast<std::uint16_t>(random_.chance(800'000) ? 1 : random_.between(2, 20));
    book_.insert(target);
  }
  void plan() {
    const Time mean = std::max<Time>(30, year / (traits_.sales_per_year * moves_per_sale));
    title_.next_at = now_ + 1 + random_.below(2 * mean);
  }

 private:
  std::int64_t worth() const { return title_.worth.now(); }
  static std::uint32_t in_range(std::int64_t cents) {
    return static_cast<std::uint32_t>(std::clamp(cents, least_price, most_price));
  }
  std::uint32_t priced(const Copy& copy, std::int64_t factor) const {
    return in_range((scaled(scaled(worth(), premium(info_, copy)), factor) + 500) / 1'000);
  }

  void add_offer(const Copy& copy, std::uint32_t price, Time created, std::uint32_t asset = 0) {
    BookOffer offer;
    set_copy(offer, copy);
    offer.price = price;
    offer.serial = book_.next_serial();
    offer.asset = asset != 0 ? asset : offer.serial;
    offer.created = static_cast<std::uint32_t>(created);
    book_.insert(offer);
  }

  // Undercuts the cheapest by a little where that still makes sense, else asks for more.
  std::uint32_t asked(const Copy& copy, std::int64_t eagerness) {
    const bool has_any = !book_.offers().empty();
    if (has_any && random_.chance(eagerness)) {
      const std::uint32_t top = book_.offers().front().price;
      const std::uint32_t step = 1 + static_cast<std::uint32_t>(random_.below(1 + top / 400));
      if (top > step && top - step >= priced(copy, 940'000)) return in_range(top - step);
    }
    return priced(
        copy, random_.chance(700'000) ? random_.between(995'000, 1'080'000) : random_.between(1'080'000, 1'500'000));
  }

  void supply() {
    const std::size_t size = book_.offers().size(), goal = title_.offer_goal;
    const bool grow = size * 100 < goal * 95 || (size * 100 < goal * 130 && random_.chance(650'000));
    if (!grow) return drop_offer();
    const Copy copy = random_copy(info_, random_, now_);
    add_offer(copy, asked(copy, 450'000), now_);
  }

  void drop_offer() {
    auto& offers = book_.offers();
    if (offers.empty()) return;
    const auto size = static_cast<std::int64_t>(offers.size());
    const BookOffer& one_of = offers[static_cast<std::size_t>(std::max(random_.below(size), random_.below(size)))];
    if (!one_of.mine && !one_of.reserved) book_.erase_offer(one_of.serial);
  }

  void reprice() {
    auto& offers = book_.offers();
    if (offers.empty()) return;
    const auto size = static_cast<std::int64_t>(offers.size());
    const BookOffer old = offers[static_cast<std::size_t>(std::min(random_.below(size), random_.below(size)))];
    if (old.mine || old.reserved || old.created + competitor_lock > now_) return;
    book_.erase_offer(old.serial);
    const Copy copy = copy_of(old, 0);
    add_offer(copy, asked(copy, 600'000), now_, old.asset);
  }

  Meeting buy() {
    const std::int64_t will = random_.between(985'000, 1'120'000);
    const bool picky = random_.chance(120'000);
    const BookOffer* chosen = nullptr;
    for (const BookOffer& offer : book_.offers()) {
      if (offer.reserved) continue;
      const Copy copy = copy_of(offer, 0);
      if (picky && (copy.float_value < 0 || premium(info_, copy) <= one)) continue;
      if (offer.price > priced(copy, will)) {
        if (copy.float_value < 0) break;  // all copies are alike: dearer ones are no better
        continue;
      }
      chosen = &offer;
      break;
    }
    if (!chosen) return {};
    if (chosen->mine) return Meeting{Meeting::Kind::buys_offer, chosen->serial, {}};
    const BookOffer sold = *chosen;
    book_.erase_offer(sold.serial);
    book_.record(sold, sold.price, now_, SaleBy::offer, {});
    return {};
  }

  Meeting sell() {
    BookOffer brought;
    set_copy(brought, random_copy(info_, random_, now_));
    const std::int64_t least = priced({}, one - random_.between(traits_.spread / 4, traits_.spread * 2));
    for (BookTarget& target : book_.targets()) {
      if (target.price < least) break;
      if (target.uncovered || !fits(brought, target)) continue;
      if (target.mine) return Meeting{Meeting::Kind::sells_to_target, target.serial, brought};
      book_.record(brought, target.price, now_, SaleBy::target, target.demand());
      book_.take_one(target);
      break;
    }
    return {};
  }

  std::uint32_t bid(const Demand& demand, bool boast) {
    const std::int64_t full = scaled(worth(), premium(info_, demand));
    if (boast) return in_range(scaled(full, random_.between(1'000'000, 1'200'000)) / 1'000);
    const auto cap = in_range(scaled(full, one - random_.between(traits_.spread / 2, traits_.spread * 3)) / 1'000);
    const BookTarget* best = book_.dearest();
    if (best && best->price < cap && random_.chance(500'000)) return best->price + 1;
    return in_range(scaled(cap, random_.between(880'000, 1'000'000)));
  }

  void demand() {
    auto& targets = book_.targets();
    const std::size_t size = targets.size(), goal = title_.target_goal;
    if (size < goal || (size < goal + 2 && random_.chance(600'000))) return add_target(now_);
    // The dearest is taken back when it has become foolish, else any.
    const bool foolish = targets.front().price > priced({}, one - traits_.spread / 4);
    const BookTarget& out =
        targets[foolish ? 0 : static_cast<std::size_t>(random_.below(static_cast<std::int64_t>(size)))];
    if (!out.mine) book_.erase_target(out.serial);
  }

  TitleState& title_;
  Book& book_;
  Random& random_;
  const Traits& traits_;
  const TitleInfo& info_;
  Time now_;
};

}  // namespace

void open_book(TitleState& title, const Traits& traits, const TitleInfo& info, Time now) {
  Traders traders(title, traits, info, now);
  title.book.offers().reserve(title.offer_goal + 2);
  title.book.targets().reserve(title.target_goal + 2);
  for (int i = 0; i < title.offer_goal; ++i) traders.add_first_offer();
  for (int i = 0; i < title.target_goal; ++i) traders.add_target(now - 1'000 - (title.target_goal - i) * 5'000);
  traders.plan();
}

Meeting next_move(TitleState& title, const Traits& traits, const TitleInfo& info, Time world_start) {
  const Time now = title.next_at;
  title.worth.advance(traits, (now - world_start) / 3'600);
  Traders traders(title, traits, info, now);
  const Meeting meeting = traders.move();
  traders.plan();
  return meeting;
}

bool undercut(TitleState& title, const TitleInfo& info, std::uint32_t serial, Time now, Random& random) {
  Book& book = title.book;
  const BookOffer* mine = book.find_offer(serial);
  if (!mine || book.offers().front().serial != serial || mine->price <= least_price) return false;
  std::vector<BookOffer> rivals;
  for (const BookOffer& offer : book.offers()) {
    const bool free = !offer.mine && !offer.reserved && offer.created + competitor_lock <= now;
    const std::int64_t floor = scaled(scaled(title.worth.now(), premium(info, copy_of(offer, 0))), 930'000) / 1'000;
    if (free && mine->price - 1 >= floor) rivals.push_back(offer);
  }
  if (rivals.empty()) return false;
  BookOffer rival = rivals[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(rivals.size())))];
  const std::uint32_t price = mine->price - 1;
  book.erase_offer(rival.serial);
  rival.serial = book.next_serial();
  rival.price = price;
  rival.created = static_cast<std::uint32_t>(now);
  book.insert(rival);
  return true;
}

bool outbid(TitleState& title, const Traits& traits, const TitleInfo& info, std::uint32_t serial, Time now) {
  Book& book = title.book;
  const BookTarget* mine = book.find_target(serial);
  if (!mine) return false;
  for (const BookTarget& target : book.targets()) {
    if (target.serial == serial) break;
    if (!target.mine && target.demand() == mine->demand() && target.price > mine->price) return false;
  }
  const std::int64_t full = scaled(title.worth.now(), premium(info, mine->demand()));
  if (mine->price + 1 > scaled(full, one - traits.spread / 2) / 1'000) return false;
  BookTarget rival = *mine;
  rival.mine = rival.uncovered = false;
  rival.price = mine->price + 1;
  rival.amount = 1;
  rival.serial = book.next_serial();
  rival.created = static_cast<std::uint32_t>(now);
  book.insert(rival);
  return true;
}

}  // namespace sandbox::market
