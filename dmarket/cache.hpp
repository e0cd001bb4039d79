#pragma once
// Answers that may be kept for a while, for pages, charts and the choice of what to look at. Nothing here decides a
// purchase: whoever spends money asks the Client. That is why a kept value must be taken out by name.
#include "dmarket/client.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace dmarket {

template <class T>
class Cached {
 public:
  Cached(std::shared_ptr<const T> value, tgkit::WallTime taken) : value_(std::move(value)), taken_(taken) {}
  const T& may_be_old() const noexcept { return *value_; }
  tgkit::WallTime taken() const noexcept { return taken_; }  // when the exchange was asked

 private:
  std::shared_ptr<const T> value_;
  tgkit::WallTime taken_;
};

struct CacheSettings {
  tgkit::Duration aggregated_prices = std::chrono::seconds{30};
  tgkit::Duration own_lists = std::chrono::minutes{1};  // a sale changes them without a change of ours
  std::size_t most_prices = 100'000;                    // titles kept; beyond, all are asked for anew
};

// Not thread-safe: used on the loop's thread only. The client must outlive it.
class Cache {
 public:
  Cache(const Client& client, tgkit::Clock& clock, CacheSettings settings = {});
  ~Cache();

  // Throw what the client throws. The fees count for the day (UTC); own lists until the next change of ours, and only
  // when they were complete.
  tgkit::Task<Cached<CustomizedFees>> fees(Game game);
  tgkit::Task<Cached<std::vector<Target>>> targets(Game game);
  tgkit::Task<Cached<std::vector<Offer>>> offers(Game game);
  tgkit::Task<Cached<std::vector<InventoryItem>>> inventory(Game game);
  // In the order of `titles`, unknown ones left out; taken(): when the oldest of them was asked for.
  tgkit::Task<Cached<std::vector<AggregatedPrice>>> aggregated_prices(Game game, std::vector<std::string> titles);

  void forget_own_lists();  // also called by every change through the client
  void forget_everything();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace dmarket
