#include "dmarket/client.hpp"

#include "dmarket/answers.hpp"
#include "dmarket/requests.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_set>

namespace dmarket {

using tgkit::Task;

struct Client::Shared {
  std::function<void()> on_change;
};

namespace {

constexpr std::size_t titles_per_call = 100;

std::string path_of(const Endpoint& endpoint) { return std::string(endpoint.path); }

// Reads an answer and reports what was odd about it; a clean one takes a former alarm back.
template <class Read>
auto read_reported(Transport& transport, const Endpoint& endpoint, Read&& read) {
  Oddities oddities;
  try {
    auto answer = read(oddities);
    if (oddities.count == 0) {
      transport.shape_is_known(endpoint);
    } else {
      transport.shape_changed(
          endpoint, std::to_string(oddities.count) + " fields of another shape, the first: " + oddities.first);
    }
    return answer;
  } catch (const Error& error) {
    transport.shape_changed(endpoint, error.what());
    throw;
  }
}

// The answer to a change came with status 200 and cannot be read: the change has probably been made.
template <class Read>
auto read_change(Transport& transport, const Endpoint& endpoint, Read&& read) {
  try {
    return read_reported(transport, endpoint, read);
  } catch (const Error& error) {
    throw Error(ErrorKind::unknown_outcome, name_of(endpoint), 200, "",
                std::string("it was answered, but the answer cannot be read: ") + error.what());
  }
}

// Drops what had the same key on an earlier page, or on this one. An empty key is none: its item is kept.
template <class Item, class Key>
typename Listing<Item>::Sieve drop_doubles(Key key) {
  return [key, seen = std::unordered_set<std::string>()](std::vector<Item>& page) mutable {
    std::erase_if(page, [&](const Item& item) {
      std::string name = key(item);
      return !name.empty() && !seen.insert(std::move(name)).second;
    });
  };
}

template <class Kind>
std::string text_of(const std::optional<Id<Kind>>& id) {
  return id ? id->text() : std::string();
}

std::string offer_key(const Offer& offer) { return text_of(offer.offer_id); }
std::string target_key(const Target& target) { return text_of(target.target_id); }
std::string inventory_key(const InventoryItem& item) { return text_of(item.attributes.id); }
std::string title_key(const AggregatedPrice& price) { return price.title; }
std::string blocked_key(const BlockedTitle& blocked) { return blocked.title; }

// One trade has one offer and one asset; a target of several pieces is closed piece by piece. The status is left out:
// the same trade in another state is the same trade.
template <class Trade>
std::string trade_key(const Trade& trade) {
  const std::string offer = text_of(trade.offer_id), target = text_of(trade.target_id), asset = text_of(trade.asset_id);
  if (asset.empty() || (offer.empty() && target.empty())) return {};
  return offer + ' ' + target + ' ' + asset;
}

// Sales have no ids, and two of them may be alike. Lists that begin with the newest move on by what was sold between
// two pages: then a page begins with what the one before it ended with.
Listing<Sale>::Sieve drop_overlap() {
  return [last = std::vector<Sale>()](std::vector<Sale>& page) mutable {
    std::vector<Sale> whole = page;
    for (std::size_t length = std::min(last.size(), page.size()); length > 0; --length) {
      const auto tail = last.end() - static_cast<std::ptrdiff_t>(length);
      const auto head_end = page.begin() + static_cast<std::ptrdiff_t>(length);
      if (!std::equal(tail, last.end(), page.begin(), head_end)) continue;
      page.erase(page.begin(), head_end);
      break;
    }
    last = std::move(whole);
  };
}

// Where a list goes on that counts its entries: nowhere when the page was not full.
std::string offset_cursor(std::size_t got, int limit, int offset) {
  return got < static_cast<std::size_t>(limit) ? std::string() : std::to_string(offset + limit);
}

int offset_of(const std::string& cursor, int first) { return cursor.empty() ? first : std::stoi(cursor); }

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

Task<std::string> Client::change(const Endpoint& endpoint, std::string body) const {
  // Before and after: what is listed while a change is under way may show either state.
  struct Telling {
    explicit Telling(std::shared_ptr<Shared> shared_) : shared(std::move(shared_)) { tell(); }
    ~Telling() { tell(); }
    void tell() const {
      if (shared->on_change) shared->on_change();
    }
    std::shared_ptr<Shared> shared;
  };
  const Telling telling(shared_);
  co_return co_await ask(endpoint, path_of(endpoint), std::move(body));
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
  return listing<Offer>(endpoints::market_offers, fetch, drop_doubles<Offer>(offer_key));
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
  return listing<AggregatedPrice>(endpoints::aggregated_prices, fetch, drop_doubles<AggregatedPrice>(title_key));
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
  return listing<Sale>(endpoints::last_sales, fetch, drop_overlap());
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
      const std::string key = fee.title + '\n' + to_cents_text(fee.min_price.value_or(Money())) + '\n' +
                              to_cents_text(fee.max_price.value_or(Money()));
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
  return listing<BlockedTitle>(endpoints::deposit_blocked_titles, fetch, drop_doubles<BlockedTitle>(blocked_key));
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
  return listing<InventoryItem>(endpoints::user_inventory, fetch, drop_doubles<InventoryItem>(inventory_key));
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
  return listing<Offer>(endpoints::user_offers, fetch, drop_doubles<Offer>(offer_key));
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
  return listing<Target>(endpoints::user_targets, fetch, drop_doubles<Target>(target_key));
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
  return listing<ClosedOffer>(endpoints::closed_offers, fetch, drop_doubles<ClosedOffer>(trade_key<ClosedOffer>));
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
  return listing<ClosedTarget>(endpoints::closed_targets, fetch, drop_doubles<ClosedTarget>(trade_key<ClosedTarget>));
}

Task<DepositStatus> Client::deposit_status(DepositId deposit) const {
  const Endpoint& endpoint = endpoints::deposit_status;
  const std::string body = co_await ask(endpoint, requests::deposit_status(deposit));
  co_return read_reported(*transport_, endpoint, [&](Oddities& odd) { return read_deposit_status(body, odd); });
}

// --- changes

Task<std::vector<OfferOutcome>> Client::create_offers(std::vector<OfferDraft> offers) const {
  const Endpoint& endpoint = endpoints::offers_batch_create;
  const std::string body = co_await change(endpoint, requests::create_offers_body(offers));
  co_return read_change(*transport_, endpoint, [&](Oddities& odd) { return read_offers_created(body, offers, odd); });
}

Task<std::vector<OfferOutcome>> Client::update_offers(std::vector<OfferChange> offers) const {
  const Endpoint& endpoint = endpoints::offers_batch_update;
  const std::string body = co_await change(endpoint, requests::update_offers_body(offers));
  co_return read_change(*transport_, endpoint, [&](Oddities& odd) { return read_offers_updated(body, offers, odd); });
}

Task<std::vector<OfferOutcome>> Client::delete_offers(std::vector<OfferRemoval> offers) const {
  const Endpoint& endpoint = endpoints::offers_batch_delete;
  const std::string body = co_await change(endpoint, requests::delete_offers_body(offers));
  co_return read_change(*transport_, endpoint, [&](Oddities& odd) { return read_offers_deleted(body, offers, odd); });
}

Task<std::vector<TargetOutcome>> Client::create_targets(Game game, std::vector<TargetDraft> targets) const {
  const Endpoint& endpoint = endpoints::targets_create;
  const std::string body = co_await change(endpoint, requests::create_targets_body(game, targets));
  co_return read_change(*transport_, endpoint, [&](Oddities& odd) { return read_targets_created(body, targets, odd); });
}

Task<std::vector<TargetOutcome>> Client::delete_targets(std::vector<TargetId> targets) const {
  const Endpoint& endpoint = endpoints::targets_delete;
  const std::string body = co_await change(endpoint, requests::delete_targets_body(targets));
  co_return read_change(*transport_, endpoint, [&](Oddities& odd) { return read_targets_deleted(body, targets, odd); });
}

Task<BuyAnswer> Client::buy_offers(std::vector<Purchase> purchases) const {
  const Endpoint& endpoint = endpoints::offers_buy;
  const std::string body = co_await change(endpoint, requests::buy_offers_body(purchases));
  co_return read_change(*transport_, endpoint, [&](Oddities& odd) { return read_buy_answer(body, odd); });
}

Task<> Client::sync_inventory(Game game) const {
  co_await change(endpoints::inventory_sync, requests::sync_inventory_body(game));
}

Task<DepositId> Client::deposit(std::vector<AssetId> assets) const {
  const Endpoint& endpoint = endpoints::deposit_assets;
  const std::string body = co_await change(endpoint, requests::deposit_body(assets));
  co_return read_change(*transport_, endpoint, [&](Oddities&) { return read_deposit_id(body); });
}

Task<TransferId> Client::withdraw(std::vector<Withdrawal> assets, std::string request_id) const {
  const Endpoint& endpoint = endpoints::withdraw_assets;
  const std::string body = co_await change(endpoint, requests::withdraw_body(assets, request_id));
  co_return read_change(*transport_, endpoint, [&](Oddities&) { return read_transfer_id(body); });
}

}  // namespace dmarket
