#include "dmarket/client.hpp"

#include "dmarket/answer_report.hpp"
#include "dmarket/client_shared.hpp"
#include "dmarket/requests.hpp"
#include "dmarket/sieves.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_set>

namespace dmarket {

using tgkit::Task;

namespace {

constexpr std::size_t titles_per_call = 100;

std::string path_of(const Endpoint& endpoint) { return std::string(endpoint.path); }

// Where a list goes on that counts its entries: nowhere when the page was not full.
std::string offset_cursor(std::size_t got, int limit, int offset) {
  return got < static_cast<std::size_t>(limit) ? std::string() : std::to_string(offset + limit);
}

int offset_of(const std::string& cursor, int first) { return cursor.empty() ? first : std::stoi(cursor); }

// Of a reduced fee; empty: not said.
std::string bound_text(const std::optional<Money>& bound) { return bound ? to_cents_text(*bound) : std::string(); }

}  // namespace

Client::Client(Transport& transport) : transport_(&transport), shared_(std::make_shared<Shared>()) {}

Client Client::within(tgkit::Duration deadline) const {
  Client other = *this;
  other.deadline_ = deadline;
  return other;
}

void Client::on_change(std::function<void()> callback) { shared_->on_change = std::move(callback); }

Task<std::string> Client::ask(const Endpoint& endpoint, std::string target, std::string body) const {
  std::string method(endpoint.method);
  co_return co_await transport_->call(std::move(method), std::move(target), std::move(body), deadline_);
}

template <class Item>
Listing<Item> Client::listing(const Endpoint& endpoint, typename Listing<Item>::Fetch fetch,
                              typename Listing<Item>::Sieve sieve) const {
  Transport* const transport = transport_;
  const Endpoint* const name = &endpoint;
  return Listing<Item>(std::move(fetch), std::move(sieve),
                       [transport, name](ListEnd end) { transport->notice(*name, to_text(end)); });
}

// --- the account

Task<Balance> Client::balance() const {
  const std::string body = co_await ask(endpoints::balance, path_of(endpoints::balance));
  co_return read_reported(*transport_, endpoints::balance, [&](Oddities&) { return read_balance(body); });
}

Task<UserProfile> Client::user() const {
  const std::string body = co_await ask(endpoints::user, path_of(endpoints::user));
  co_return read_reported(*transport_, endpoints::user, [&](Oddities&) { return read_user_profile(body); });
}

// --- the market

Task<Page<Offer>> Client::market_offers(OffersQuery query) const {
  const Endpoint& endpoint = endpoints::market_offers;
  const std::string body = co_await ask(endpoint, requests::market_offers(query));
  co_return read_reported(*transport_, endpoint, [&](Oddities& odd) { return read_market_offers(body, odd); });
}

Listing<Offer> Client::all_market_offers(OffersQuery query) const {
  const auto fetch = [client = *this, query](std::string cursor) mutable {
    query.cursor = std::move(cursor);
    return client.market_offers(query);
  };
  return listing<Offer>(endpoints::market_offers, fetch, sieves::offers());
}

Task<std::vector<TargetOrder>> Client::targets_by_title(Game game, std::string title) const {
  const Endpoint& endpoint = endpoints::targets_by_title;
  const std::string body = co_await ask(endpoint, requests::targets_by_title(game, title));
  co_return read_reported(*transport_, endpoint, [&](Oddities& odd) { return read_targets_by_title(body, odd); });
}

Task<Page<AggregatedPrice>> Client::aggregated_prices(AggregatedPricesQuery query) const {
  const Endpoint& endpoint = endpoints::aggregated_prices;
  const std::string body = co_await ask(endpoint, path_of(endpoint), requests::aggregated_prices_body(query));
  co_return read_reported(*transport_, endpoint, [&](Oddities& odd) { return read_aggregated_prices(body, odd); });
}

Listing<AggregatedPrice> Client::all_aggregated_prices(Game game, int page_size) const {
  AggregatedPricesQuery query(game);
  query.limit = page_size;
  const auto fetch = [client = *this, query](std::string cursor) mutable {
    query.cursor = std::move(cursor);
    return client.aggregated_prices(query);
  };
  return listing<AggregatedPrice>(endpoints::aggregated_prices, fetch, sieves::aggregated_prices());
}

Task<std::vector<AggregatedPrice>> Client::aggregated_prices_of(Game game, std::vector<std::string> titles) const {
  std::vector<AggregatedPrice> all;
  for (std::size_t begin = 0; begin < titles.size(); begin += titles_per_call) {
    AggregatedPricesQuery query(game);
    const auto end = std::min(begin + titles_per_call, titles.size());
    query.titles.assign(titles.begin() + static_cast<std::ptrdiff_t>(begin),
                        titles.begin() + static_cast<std::ptrdiff_t>(end));
    CursorWalk walk;
    while (walk.end() == ListEnd::open) {
      query.cursor = walk.cursor();
      Page<AggregatedPrice> page = co_await aggregated_prices(query);
      walk.took(page.items.size(), page.cursor);
      std::move(page.items.begin(), page.items.end(), std::back_inserter(all));
    }
  }
  co_return all;
}

Task<Page<Sale>> Client::last_sales(LastSalesQuery query) const {
  const Endpoint& endpoint = endpoints::last_sales;
  const std::string body = co_await ask(endpoint, requests::last_sales(query));
  Page<Sale> page;
  page.items = read_reported(*transport_, endpoint, [&](Oddities& odd) { return read_last_sales(body, odd); });
  page.cursor = offset_cursor(page.items.size(), query.limit, query.offset);
  co_return page;
}

Listing<Sale> Client::all_last_sales(LastSalesQuery query) const {
  const auto fetch = [client = *this, query](std::string cursor) {
    LastSalesQuery next = query;
    next.offset = offset_of(cursor, query.offset);
    return client.last_sales(std::move(next));
  };
  return listing<Sale>(endpoints::last_sales, fetch, sieves::sales());
}

Task<CustomizedFees> Client::customized_fees(FeesQuery query) const {
  const Endpoint& endpoint = endpoints::customized_fees;
  const std::string body = co_await ask(endpoint, requests::customized_fees(query));
  co_return read_reported(*transport_, endpoint, [&](Oddities& odd) { return read_customized_fees(body, odd); });
}

// The list changes once a day: a page that brings nothing new ends it, should the offset be passed over.
Task<CustomizedFees> Client::all_fees(Game game) const {
  FeesQuery query(game);
  query.limit = 10'000;
  CustomizedFees all;
  std::unordered_set<std::string> seen;
  while (true) {
    CustomizedFees page = co_await customized_fees(query);
    all.default_fee = page.default_fee;
    const std::size_t got = page.reduced.size(), before = all.reduced.size();
    for (ReducedFee& fee : page.reduced) {
      const std::string key = fee.title + '\n' + bound_text(fee.min_price) + '\n' + bound_text(fee.max_price);
      if (seen.insert(key).second) all.reduced.push_back(std::move(fee));
    }
    if (got == 0 || all.reduced.size() == before) break;
    query.offset += static_cast<int>(got);
  }
  co_return all;
}

Task<MarketDepth> Client::market_depth(Game game, std::string title) const {
  const Endpoint& endpoint = endpoints::market_depth;
  const std::string body = co_await ask(endpoint, requests::market_depth(game, title));
  co_return read_reported(*transport_, endpoint, [&](Oddities& odd) { return read_market_depth(body, odd); });
}

Task<Page<BlockedTitle>> Client::deposit_blocked_titles(Game game, std::string cursor) const {
  const Endpoint& endpoint = endpoints::deposit_blocked_titles;
  const std::string body = co_await ask(endpoint, requests::deposit_blocked_titles(game, cursor));
  co_return read_reported(*transport_, endpoint, [&](Oddities& odd) { return read_deposit_blocked_titles(body, odd); });
}

Listing<BlockedTitle> Client::all_deposit_blocked_titles(Game game) const {
  const auto fetch = [client = *this, game](std::string cursor) {
    return client.deposit_blocked_titles(game, std::move(cursor));
  };
  return listing<BlockedTitle>(endpoints::deposit_blocked_titles, fetch, sieves::blocked_titles());
}

// --- what we own, have on order and have traded

Task<Page<InventoryItem>> Client::inventory(InventoryQuery query) const {
  const Endpoint& endpoint = endpoints::user_inventory;
  const std::string body = co_await ask(endpoint, requests::inventory(query));
  co_return read_reported(*transport_, endpoint, [&](Oddities& odd) { return read_inventory(body, odd); });
}

Listing<InventoryItem> Client::all_inventory(InventoryQuery query) const {
  const auto fetch = [client = *this, query](std::string cursor) mutable {
    query.cursor = std::move(cursor);
    return client.inventory(query);
  };
  return listing<InventoryItem>(endpoints::user_inventory, fetch, sieves::inventory());
}

Task<Page<Offer>> Client::user_offers(OffersQuery query) const {
  const Endpoint& endpoint = endpoints::user_offers;
  const std::string body = co_await ask(endpoint, requests::user_offers(query));
  co_return read_reported(*transport_, endpoint, [&](Oddities& odd) { return read_user_offers(body, odd); });
}

Listing<Offer> Client::all_user_offers(OffersQuery query) const {
  const auto fetch = [client = *this, query](std::string cursor) mutable {
    query.cursor = std::move(cursor);
    return client.user_offers(query);
  };
  return listing<Offer>(endpoints::user_offers, fetch, sieves::offers());
}

Task<Page<Target>> Client::user_targets(TargetsQuery query) const {
  const Endpoint& endpoint = endpoints::user_targets;
  const std::string body = co_await ask(endpoint, requests::user_targets(query));
  co_return read_reported(*transport_, endpoint, [&](Oddities& odd) { return read_user_targets(body, odd); });
}

Listing<Target> Client::all_user_targets(TargetsQuery query) const {
  const auto fetch = [client = *this, query](std::string cursor) mutable {
    query.cursor = std::move(cursor);
    return client.user_targets(query);
  };
  return listing<Target>(endpoints::user_targets, fetch, sieves::targets());
}

Task<Page<ClosedOffer>> Client::closed_offers(ClosedQuery query) const {
  const Endpoint& endpoint = endpoints::closed_offers;
  const std::string body = co_await ask(endpoint, requests::closed_offers(query));
  co_return read_reported(*transport_, endpoint, [&](Oddities& odd) { return read_closed_offers(body, odd); });
}

Listing<ClosedOffer> Client::all_closed_offers(ClosedQuery query) const {
  const auto fetch = [client = *this, query](std::string cursor) mutable {
    query.cursor = std::move(cursor);
    return client.closed_offers(query);
  };
  return listing<ClosedOffer>(endpoints::closed_offers, fetch, sieves::closed_offers());
}

Task<Page<ClosedTarget>> Client::closed_targets(ClosedQuery query) const {
  const Endpoint& endpoint = endpoints::closed_targets;
  const std::string body = co_await ask(endpoint, requests::closed_targets(query));
  co_return read_reported(*transport_, endpoint, [&](Oddities& odd) { return read_closed_targets(body, odd); });
}

Listing<ClosedTarget> Client::all_closed_targets(ClosedQuery query) const {
  const auto fetch = [client = *this, query](std::string cursor) mutable {
    query.cursor = std::move(cursor);
    return client.closed_targets(query);
  };
  return listing<ClosedTarget>(endpoints::closed_targets, fetch, sieves::closed_targets());
}

Task<DepositStatus> Client::deposit_status(DepositId deposit) const {
  const Endpoint& endpoint = endpoints::deposit_status;
  const std::string body = co_await ask(endpoint, requests::deposit_status(deposit));
  co_return read_reported(*transport_, endpoint, [&](Oddities& odd) { return read_deposit_status(body, odd); });
}

}  // namespace dmarket
