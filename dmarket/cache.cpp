#include "dmarket/cache.hpp"

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

template <class T>
using ByGame = std::map<Game, Kept<T>>;

using PriceKey = std::pair<Game, std::string>;

template <class T>
std::optional<Cached<T>> kept(const ByGame<T>& all, Game game, tgkit::TimePoint now) {
  const auto found = all.find(game);
  if (found == all.end() || found->second.until <= now) return std::nullopt;
  return Cached<T>(found->second.value, found->second.taken);
}

// The list of fees changes with the day.
tgkit::Duration until_midnight(tgkit::WallTime now) {
  return std::chrono::floor<std::chrono::days>(now) + std::chrono::days(1) - now;
}

}  // namespace

struct Cache::Impl {
  Impl(const Client& client_, tgkit::Clock& clock_, CacheSettings settings_)
      : client(client_), clock(clock_), settings(settings_) {}

  // What was listed while a change was under way may be older than the change: it is given out once and not kept.
  template <class Item>
  Cached<std::vector<Item>> keep_list(ByGame<std::vector<Item>>& all, Game game, Listed<Item> listed,
                                      tgkit::WallTime taken, std::uint64_t asked_in) {
    auto value = std::make_shared<const std::vector<Item>>(std::move(listed.items));
    if (listed.complete() && asked_in == generation)
      all[game] = Kept<std::vector<Item>>{value, taken, clock.now() + settings.own_lists};
    return Cached<std::vector<Item>>(std::move(value), taken);
  }

  void forget_own_lists() {
    ++generation;
    targets.clear();
    offers.clear();
    inventory.clear();
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
  ByGame<CustomizedFees> fees;
  ByGame<std::vector<Target>> targets;
  ByGame<std::vector<Offer>> offers;
  ByGame<std::vector<InventoryItem>> inventory;
  std::map<PriceKey, Kept<AggregatedPrice>> prices;  // a null value: the exchange does not know the title
};

Cache::Cache(const Client& client, tgkit::Clock& clock, CacheSettings settings)
    : impl_(std::make_shared<Impl>(client, clock, settings)) {
  impl_->client.on_change([weak = std::weak_ptr<Impl>(impl_)] {
    if (const auto impl = weak.lock()) impl->forget_own_lists();
  });
}

Cache::~Cache() { impl_->client.on_change({}); }

Task<Cached<CustomizedFees>> Cache::fees(Game game) {
  const auto impl = impl_;
  const auto now = impl->clock.wall();
  if (const auto found = kept(impl->fees, game, impl->clock.now())) co_return *found;
  CustomizedFees all = co_await impl->client.all_fees(game);
  auto value = std::make_shared<const CustomizedFees>(std::move(all));
  impl->fees[game] = Kept<CustomizedFees>{value, now, impl->clock.now() + until_midnight(now)};
  co_return Cached<CustomizedFees>(std::move(value), now);
}

Task<Cached<std::vector<Target>>> Cache::targets(Game game) {
  const auto impl = impl_;
  if (const auto found = kept(impl->targets, game, impl->clock.now())) co_return *found;
  const auto now = impl->clock.wall();
  const auto generation = impl->generation;
  auto listing = impl->client.all_user_targets(TargetsQuery(game));
  auto listed = co_await listing.rest();
  co_return impl->keep_list(impl->targets, game, std::move(listed), now, generation);
}

Task<Cached<std::vector<Offer>>> Cache::offers(Game game) {
  const auto impl = impl_;
  if (const auto found = kept(impl->offers, game, impl->clock.now())) co_return *found;
  const auto now = impl->clock.wall();
  const auto generation = impl->generation;
  auto listing = impl->client.all_user_offers(OffersQuery(game));
  auto listed = co_await listing.rest();
  co_return impl->keep_list(impl->offers, game, std::move(listed), now, generation);
}

Task<Cached<std::vector<InventoryItem>>> Cache::inventory(Game game) {
  const auto impl = impl_;
  if (const auto found = kept(impl->inventory, game, impl->clock.now())) co_return *found;
  const auto now = impl->clock.wall();
  const auto generation = impl->generation;
  auto listing = impl->client.all_inventory(InventoryQuery(game));
  auto listed = co_await listing.rest();
  co_return impl->keep_list(impl->inventory, game, std::move(listed), now, generation);
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
  impl_->fees.clear();
  impl_->prices.clear();
}

}  // namespace dmarket
