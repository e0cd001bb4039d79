#pragma once
// The exchange itself, asked through dmarket::Client. Nothing is kept: whoever spends money asks.
#include "app/trader/exchange.hpp"
#include "dmarket/client.hpp"

namespace app::trader {

// Both must outlive it. `permits`: those of the client's transport; null: there are none.
class ClientExchange final : public Exchange {
 public:
  explicit ClientExchange(const dmarket::Client& client, dmarket::RemovalPermits* permits = nullptr)
      : client_(client), permits_(permits) {}

  std::int64_t now() const override { return client_.transport().server_clock().unix_seconds(); }
  bool has_keys() const override { return client_.transport().has_keys(); }
  bool may_be_changed() const override { return !client_.transport().dry_run(); }

  void permit(const dmarket::TargetId& target) override {
    if (permits_ != nullptr) permits_->permit(target);
  }
  void permit(const dmarket::OfferId& offer) override {
    if (permits_ != nullptr) permits_->permit(offer);
  }
  void withdraw_permits() override {
    if (permits_ != nullptr) permits_->clear();
  }

  tgkit::Task<dmarket::Balance> balance() override { return client_.balance(); }
  tgkit::Task<dmarket::Listed<dmarket::Target>> targets(dmarket::Game game) override;
  tgkit::Task<dmarket::Listed<dmarket::Offer>> offers(dmarket::Game game) override;
  tgkit::Task<dmarket::Listed<dmarket::InventoryItem>> inventory(dmarket::Game game) override;
  tgkit::Task<dmarket::Listed<dmarket::ClosedOffer>> closed_offers(std::int64_t from) override;
  tgkit::Task<dmarket::Listed<dmarket::ClosedTarget>> closed_targets(std::int64_t from) override;
  tgkit::Task<dmarket::Listed<dmarket::Offer>> cheapest_offers(dmarket::Game game, std::string title,
                                                               Enough enough) override;
  tgkit::Task<dmarket::Listed<dmarket::Offer>> market_offers(dmarket::Game game, std::string title) override;
  tgkit::Task<std::vector<dmarket::TargetOrder>> targets_of(dmarket::Game game, std::string title) override;
  tgkit::Task<std::vector<dmarket::Sale>> last_sales(dmarket::Game game, std::string title) override;
  tgkit::Task<dmarket::CustomizedFees> fees(dmarket::Game game) override { return client_.all_fees(game); }
  tgkit::Task<dmarket::TargetOutcome> create_target(dmarket::Game game, dmarket::TargetDraft draft) override;
  tgkit::Task<std::vector<dmarket::TargetOutcome>> delete_targets(std::vector<dmarket::TargetId> targets) override;
  tgkit::Task<dmarket::OfferOutcome> create_offer(dmarket::OfferDraft draft) override;
  tgkit::Task<dmarket::OfferOutcome> change_offer(dmarket::OfferChange change) override;
  tgkit::Task<dmarket::OfferOutcome> delete_offer(dmarket::OfferRemoval removal) override;
  tgkit::Task<dmarket::BuyAnswer> buy_offer(dmarket::Purchase purchase) override;

 private:
  const dmarket::Client& client_;
  dmarket::RemovalPermits* permits_;
};

}  // namespace app::trader
