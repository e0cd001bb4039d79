#pragma once
// What trading asks of the exchange and does on it. One implementation speaks to DMarket (client_exchange.hpp); tests
// script another.
#include "dmarket/account.hpp"
#include "dmarket/fees.hpp"
#include "dmarket/listing.hpp"
#include "dmarket/market.hpp"
#include "dmarket/orders.hpp"
#include "tgkit/async/task.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace app::trader {

// Everything throws dmarket::Error.
class Exchange {
 public:
  virtual ~Exchange() = default;

  virtual std::int64_t now() const = 0;     // Unix seconds by the exchange's clock
  virtual bool has_keys() const = 0;        // without, nothing can be asked
  virtual bool may_be_changed() const = 0;  // the configuration allows changes at all

  // --- the account
  virtual tgkit::Task<dmarket::Balance> balance() = 0;
  virtual tgkit::Task<dmarket::Listed<dmarket::Target>> targets(dmarket::Game game) = 0;
  virtual tgkit::Task<dmarket::Listed<dmarket::Offer>> offers(dmarket::Game game) = 0;
  virtual tgkit::Task<dmarket::Listed<dmarket::InventoryItem>> inventory(dmarket::Game game) = 0;
  // To their ends; `from`: trades closed since, Unix seconds; 0: all.
  virtual tgkit::Task<dmarket::Listed<dmarket::ClosedOffer>> closed_offers(std::int64_t from) = 0;
  virtual tgkit::Task<dmarket::Listed<dmarket::ClosedTarget>> closed_targets(std::int64_t from) = 0;

  // --- the market
  // Of all titles that begin as this one does, the cheapest first, until `enough` says of those read that it is; then
  // the end is `open`.
  using Enough = std::function<bool(const std::vector<dmarket::Offer>& read)>;
  virtual tgkit::Task<dmarket::Listed<dmarket::Offer>> cheapest_offers(dmarket::Game game, std::string title,
                                                                       Enough enough) = 0;
  virtual tgkit::Task<dmarket::Listed<dmarket::Offer>> market_offers(dmarket::Game game, std::string title) = 0;  // all
  virtual tgkit::Task<std::vector<dmarket::TargetOrder>> targets_of(dmarket::Game game, std::string title) = 0;
  virtual tgkit::Task<std::vector<dmarket::Sale>> last_sales(dmarket::Game game, std::string title) = 0;
  virtual tgkit::Task<dmarket::CustomizedFees> fees(dmarket::Game game) = 0;

  // --- in dry run: the deletion of this order of ours may leave, once, since a person has said so
  virtual void permit(const dmarket::TargetId& /*target*/) {}
  virtual void permit(const dmarket::OfferId& /*offer*/) {}
  virtual void withdraw_permits() {}

  // --- changes
  virtual tgkit::Task<dmarket::TargetOutcome> create_target(dmarket::Game game, dmarket::TargetDraft draft) = 0;
  virtual tgkit::Task<std::vector<dmarket::TargetOutcome>> delete_targets(std::vector<dmarket::TargetId> targets) = 0;
  virtual tgkit::Task<dmarket::OfferOutcome> create_offer(dmarket::OfferDraft draft) = 0;
  virtual tgkit::Task<dmarket::OfferOutcome> change_offer(dmarket::OfferChange change) = 0;
  virtual tgkit::Task<dmarket::OfferOutcome> delete_offer(dmarket::OfferRemoval removal) = 0;
  virtual tgkit::Task<dmarket::BuyAnswer> buy_offer(dmarket::Purchase purchase) = 0;
};

}  // namespace app::trader
