#include "app/trader/client_exchange.hpp"

namespace app::trader {
namespace {

using tgkit::Task;
template <class T>
using Listed = dmarket::Listed<T>;

constexpr std::size_t offers_per_page = 100;
constexpr std::size_t most_offers = 3'000;  // beyond them a title costs too many requests in every round

dmarket::ClosedQuery closed_since(std::int64_t from) {
  dmarket::ClosedQuery query;
  if (from > 0) query.closed_from = tgkit::WallTime(std::chrono::seconds(from));
  return query;
}

// The answer of a batch of one; what says nothing about it leaves its fate open.
template <class Outcome>
Outcome only(std::vector<Outcome> answers) {
  return answers.empty() ? Outcome() : std::move(answers.front());
}

}  // namespace

Task<Listed<dmarket::Target>> ClientExchange::targets(dmarket::Game game) {
  auto listing = client_.all_user_targets(dmarket::TargetsQuery(game));
  co_return co_await listing.rest();
}

Task<Listed<dmarket::Offer>> ClientExchange::offers(dmarket::Game game) {
  auto listing = client_.all_user_offers(dmarket::OffersQuery(game));
  co_return co_await listing.rest();
}

Task<Listed<dmarket::InventoryItem>> ClientExchange::inventory(dmarket::Game game) {
  auto listing = client_.all_inventory(dmarket::InventoryQuery(game));
  co_return co_await listing.rest();
}

Task<Listed<dmarket::ClosedOffer>> ClientExchange::closed_offers(std::int64_t from) {
  auto listing = client_.all_closed_offers(closed_since(from));
  co_return co_await listing.rest();
}

Task<Listed<dmarket::ClosedTarget>> ClientExchange::closed_targets(std::int64_t from) {
  auto listing = client_.all_closed_targets(closed_since(from));
  co_return co_await listing.rest();
}

Task<Listed<dmarket::Offer>> ClientExchange::cheapest_offers(dmarket::Game game, std::string title, Enough enough) {
  dmarket::OffersQuery query(game);
  query.title = std::move(title);
  query.order_by = "price";
  auto listing = client_.all_market_offers(std::move(query));
  Listed<dmarket::Offer> read;
  for (;;) {
    std::optional<dmarket::Offer> offer = co_await listing.next();
    if (!offer) break;
    read.items.push_back(std::move(*offer));
    if (read.items.size() % offers_per_page != 0) continue;
    if (enough(read.items)) co_return read;
    if (read.items.size() < most_offers) continue;
    read.end = dmarket::ListEnd::too_many_pages;
    co_return read;
  }
  read.end = listing.end();
  co_return read;
}

Task<Listed<dmarket::Offer>> ClientExchange::market_offers(dmarket::Game game, std::string title) {
  dmarket::OffersQuery query(game);
  query.title = std::move(title);
  query.order_by = "price";
  auto listing = client_.all_market_offers(std::move(query));
  co_return co_await listing.rest();
}

Task<std::vector<dmarket::TargetOrder>> ClientExchange::targets_of(dmarket::Game game, std::string title) {
  return client_.targets_by_title(game, std::move(title));
}

Task<std::vector<dmarket::Sale>> ClientExchange::last_sales(dmarket::Game game, std::string title) {
  dmarket::LastSalesQuery query(game, std::move(title));
  dmarket::Page<dmarket::Sale> page = co_await client_.last_sales(std::move(query));
  co_return std::move(page.items);
}

Task<dmarket::TargetOutcome> ClientExchange::create_target(dmarket::Game game, dmarket::TargetDraft draft) {
  std::vector<dmarket::TargetDraft> one(1, std::move(draft));
  std::vector<dmarket::TargetOutcome> answers = co_await client_.create_targets(game, std::move(one));
  co_return only(std::move(answers));
}

Task<std::vector<dmarket::TargetOutcome>> ClientExchange::delete_targets(std::vector<dmarket::TargetId> targets) {
  return client_.delete_targets(std::move(targets));
}

Task<dmarket::OfferOutcome> ClientExchange::create_offer(dmarket::OfferDraft draft) {
  std::vector<dmarket::OfferDraft> one(1, std::move(draft));
  std::vector<dmarket::OfferOutcome> answers = co_await client_.create_offers(std::move(one));
  co_return only(std::move(answers));
}

Task<dmarket::OfferOutcome> ClientExchange::change_offer(dmarket::OfferChange change) {
  std::vector<dmarket::OfferChange> one(1, std::move(change));
  std::vector<dmarket::OfferOutcome> answers = co_await client_.update_offers(std::move(one));
  co_return only(std::move(answers));
}

Task<dmarket::OfferOutcome> ClientExchange::delete_offer(dmarket::OfferRemoval removal) {
  std::vector<dmarket::OfferRemoval> one(1, std::move(removal));
  std::vector<dmarket::OfferOutcome> answers = co_await client_.delete_offers(std::move(one));
  co_return only(std::move(answers));
}

Task<dmarket::BuyAnswer> ClientExchange::buy_offer(dmarket::Purchase purchase) {
  std::vector<dmarket::Purchase> one(1, std::move(purchase));
  return client_.buy_offers(std::move(one));
}

}  // namespace app::trader
