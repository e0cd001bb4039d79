#include "dmarket/answer_report.hpp"
#include "dmarket/client_shared.hpp"
#include "dmarket/requests.hpp"

namespace dmarket {

using tgkit::Task;

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
  co_return co_await ask(endpoint, std::string(endpoint.path), std::move(body));
}

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
