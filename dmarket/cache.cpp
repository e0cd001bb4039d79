#include "dmarket/cache.hpp"

#include "tgkit/async/event.hpp"

#include <algorithm>
#include <optional>

namespace dmarket {

using tgkit::Task;

namespace {

template <class T>
struct Kept {
  std::shared_ptr<const T> value;
  tgkit::WallTime taken;
  tgkit::TimePoint until;
};

// Answers by game. Whoever asks while the answer is under way waits for it.
template <class T>
struct Shelf {
  std::map<Game, Kept<T>> kept;
  std::map<Game, std::shared_ptr<tgkit::Event>> under_way;

  std::optional<Cached<T>> find(Game game, tgkit::TimePoint now) const {
    const auto found = kept.find(game);
    if (found == kept.end() || found->second.until <= now) return std::nullopt;
    return Cached<T>(found->second.value, found->second.taken);
  }
};

// Wakes those who wait, however the question ends.
template <class T>
class UnderWay {
 public:
  UnderWay(Shelf<T>& shelf, Game game) : shelf_(shelf), game_(game) {
    shelf_.under_way[game_] = std::make_shared<tgkit::Event>();
  }
  ~UnderWay() {
    const auto event = shelf_.under_way[game_];
    shelf_.under_way.erase(game_);
    event->set();
  }
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;

 private:
  Shelf<T>& shelf_;
  Game game_;
};

using PriceKey = std::pair<Game, std::string>;

// The list of fees changes with the day.
tgkit::Duration until_midnight(tgkit::WallTime now) {
  return std::chrono::floor<std::chrono::days>(now) + std::chrono::days(1) - now;
}

}  // namespace

struct Cache::Impl {
  Impl(const Client& client_, tgkit::Clock& clock_, CacheSettings settings_)
      : client(client_), clock(clock_), settings(settings_) {}

  template <class Item>
  static Task<Cached<std::vector<Item>>> list(std::shared_ptr<Impl> impl, Shelf<std::vector<Item>>& shelf,
                                              Listing<Item> listing, Game game);

  void forget_own_lists() {
    ++generation;
    targets.kept.clear();
    offers.kept.clear();
    inventory.kept.clear();
  }

  void drop_old_prices() {
    const auto now = clock.now();
    std::erase_if(prices, [&](const auto& entry) { return entry.second.until <= now; });
    if (prices.size() > settings.most_prices) prices.clear();
  }

  Client client;
  tgkit::Clock& clock;
  CacheSettings settings;
  std::uint64_t generation = 0;  // of the own lists: counts what may have changed them
  Shelf<CustomizedFees> fees;
  Shelf<std::vector<Target>> targets;
  Shelf<std::vector<Offer>> offers;
  Shelf<std::vector<InventoryItem>> inventory;
  std::map<PriceKey, Kept<AggregatedPrice>> prices;  // a null value: the exchange does not know the title
};

namespace {

template <class T>
Task<std::optional<Cached<T>>> find_or_await(tgkit::Clock& clock, Shelf<T>& shelf, Game game) {
  while (true) {
    if (auto found = shelf.find(game, clock.now())) co_return found;
    const auto other = shelf.under_way.find(game);
    if (other == shelf.under_way.end()) break;
    const std::shared_ptr<tgkit::Event> event = other->second;
    co_await event->wait();
  }
  co_return std::nullopt;
}

}  // namespace

template <class Item>
Task<Cached<std::vector<Item>>> Cache::Impl::list(std::shared_ptr<Impl> impl, Shelf<std::vector<Item>>& shelf,
                                                  Listing<Item> listing, Game game) {
  const auto found = co_await find_or_await(impl->clock, shelf, game);
  if (found) co_return *found;
  const UnderWay<std::vector<Item>> under_way(shelf, game);
  const auto now = impl->clock.wall();
  const auto generation = impl->generation;
  Listed<Item> listed = co_await listing.rest();
  const auto value = std::make_shared<const std::vector<Item>>(std::move(listed.items));
  // What was listed while a change was under way may be older than the change: it is given out and not kept.
  if (listed.complete() && generation == impl->generation)
    shelf.kept[game] = Kept<std::vector<Item>>{value, now, impl->clock.now() + impl->settings.own_lists};
  co_return Cached<std::vector<Item>>(value, now);
}

Cache::Cache(const Client& client, tgkit::Clock& clock, CacheSettings settings)
    : impl_(std::make_shared<Impl>(client, clock, settings)) {
  impl_->client.on_change([weak = std::weak_ptr<Impl>(impl_)] {
    if (const auto impl = weak.lock()) impl->forget_own_lists();
  });
}

Cache::~Cache() { impl_->client.on_change({}); }

Task<Cached<CustomizedFees>> Cache::fees(Game game) {
  const auto impl = impl_;
  const auto found = co_await find_or_await(impl->clock, impl->fees, game);
  if (found) co_return *found;
  const UnderWay<CustomizedFees> under_way(impl->fees, game);
  const auto now = impl->clock.wall();
  CustomizedFees all = co_await impl->client.all_fees(game);
  const auto value = std::make_shared<const CustomizedFees>(std::move(all));
  impl->fees.kept[game] = Kept<CustomizedFees>{value, now, impl->clock.now() + until_midnight(now)};
  co_return Cached<CustomizedFees>(value, now);
}

Task<Cached<std::vector<Target>>> Cache::targets(Game game) {
  return Impl::list(impl_, impl_->targets, impl_->client.all_user_targets(TargetsQuery(game)), game);
}

Task<Cached<std::vector<Offer>>> Cache::offers(Game game) {
  return Impl::list(impl_, impl_->offers, impl_->client.all_user_offers(OffersQuery(game)), game);
}

Task<Cached<std::vector<InventoryItem>>> Cache::inventory(Game game) {
  return Impl::list(impl_, impl_->inventory, impl_->client.all_inventory(InventoryQuery(game)), game);
}

Task<Cached<std::vector<AggregatedPrice>>> Cache::aggregated_prices(Game game, std::vector<std::string> titles) {
  const auto impl = impl_;
  impl->drop_old_prices();
  std::vector<std::string> missing;
  for (const std::string& title : titles) {
    if (!impl->prices.contains({game, title})) missing.push_back(title);
  }
  std::sort(missing.begin(), missing.end());
  missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
  const auto now = impl->clock.wall();
  const auto until = impl->clock.now() + impl->settings.aggregated_prices;
  std::map<std::string, std::shared_ptr<const AggregatedPrice>> fresh;
  for (const std::string& title : missing) fresh[title] = nullptr;
  auto answers = co_await impl->client.aggregated_prices_of(game, std::move(missing));
  for (AggregatedPrice& price : answers) {
    const std::string title = price.title;
    fresh[title] = std::make_shared<const AggregatedPrice>(std::move(price));
  }
  std::vector<AggregatedPrice> result;
  auto oldest = now;
  for (const std::string& title : titles) {
    const auto asked = fresh.find(title);
    const auto before = impl->prices.find({game, title});
    std::shared_ptr<const AggregatedPrice> value;
    if (asked != fresh.end()) {
      value = asked->second;
    } else if (before != impl->prices.end()) {
      value = before->second.value;
      oldest = std::min(oldest, before->second.taken);
    }
    if (value) result.push_back(*value);
  }
  for (auto& [title, value] : fresh) impl->prices[{game, title}] = Kept<AggregatedPrice>{value, now, until};
  auto shared = std::make_shared<const std::vector<AggregatedPrice>>(std::move(result));
  co_return Cached<std::vector<AggregatedPrice>>(std::move(shared), oldest);
}

void Cache::forget_own_lists() { impl_->forget_own_lists(); }

void Cache::forget_everything() {
  impl_->forget_own_lists();
  impl_->fees.kept.clear();
  impl_->prices.clear();
}

}  // namespace dmarket
