// The player's targets: placed and removed; there is no way to change one.

#include "sandbox/market/copies.hpp"
#include "sandbox/market/state.hpp"

#include <algorithm>

namespace sandbox::market {
namespace {

constexpr int most_copies = 60'000;  // that a book holds in one target, whatever the rules

}  // namespace

Result<std::vector<Result<Uuid>>> Exchange::create_targets(Game game, std::span<const TargetRequest> requests) {
  if (const auto refusal = batch_refusal(requests.size(), state_->rules.batch_limit)) return std::unexpected(*refusal);
  std::vector<Result<Uuid>> results;
  for (const TargetRequest& request : requests) {
    results.push_back(state_->create_target(game, request));
    state_->look_at_cover();
  }
  return results;
}

Result<std::vector<Result<Uuid>>> Exchange::delete_targets(std::span<const Uuid> targets) {
  if (const auto refusal = batch_refusal(targets.size(), state_->rules.batch_limit)) return std::unexpected(*refusal);
  std::vector<Result<Uuid>> results;
  for (const Uuid& id : targets) results.push_back(state_->delete_target(id));
  state_->look_at_cover();
  return results;
}

std::optional<OrderKey> Exchange::State::own_target(const Uuid& id) const {
  const auto parts = market.ids().read(id, IdKind::target);
  if (!parts || !targets.contains(OrderKey{parts->title, parts->serial})) return std::nullopt;
  return OrderKey{parts->title, parts->serial};
}

// Why it cannot stand, whatever else stands.
std::optional<Refusal> Exchange::State::refusal(std::optional<std::uint32_t> title,
                                                const TargetRequest& request) const {
  if (request.title.empty()) return Refusal{"TitleRequired", "a target needs a title"};
  if (!title) return Refusal{"TitleNotFound", "no title \"" + request.title + "\" in this game"};
  if (!valid_price(request.price)) {
    return Refusal{"InvalidPrice", "a price is between 1 cent and " + money_text(Money::cents(most_price))};
  }
  const int most = std::min(rules.target_amount_limit, most_copies);
  if (request.amount < 1 || request.amount > most) {
    return Refusal{"InvalidAmount", "an amount is between 1 and " + std::to_string(most)};
  }
  if (!possible(info(*title), request.demand)) {
    return Refusal{"InvalidAttributes", "no copy of " + request.title + " has these attributes"};
  }
  if (rules.target_needs_cover && request.price > wallet.usd) {
    return Refusal{"NotEnoughBalance", "the balance is below the target's price"};
  }
  return std::nullopt;
}

Result<Uuid> Exchange::State::create_target(Game game, const TargetRequest& request) {
  const auto title = title_of(game, request.title);
  if (const auto why = refusal(title, request)) return std::unexpected(*why);
  int open_ones = 0;
  for (const auto& [key, own] : targets) {
    open_ones += info(key.title).game == game ? 1 : 0;
    if (rules.equal_target == EqualTarget::doubled || key.title != *title) continue;
    const BookTarget& other = *book(key.title).find_target(key.serial);
    if (other.demand() == request.demand) {
      return std::unexpected(
          Refusal{"TargetAlreadyExists", "a target with this title and these attributes stands already"});
    }
  }
  if (open_ones >= rules.targets_limit) {
    return std::unexpected(
        Refusal{"TargetsLimitExceeded", "at most " + std::to_string(rules.targets_limit) + " targets in a game"});
  }
  return place(*title, request);
}

Uuid Exchange::State::place(std::uint32_t title, const TargetRequest& request) {
  hold(title);
  BookTarget target;
  target.price = static_cast<std::uint32_t>(request.price.in_cents());
  target.serial = book(title).next_serial();
  target.created = static_cast<std::uint32_t>(now);
  target.amount = static_cast<std::uint16_t>(request.amount);
  target.paint_seed = request.demand.paint_seed;
  target.float_part = request.demand.float_part;
  target.phase = request.demand.phase;
  target.mine = true;
  target.uncovered = !has_cover(target);
  book(title).insert(target);
  const OrderKey key{title, target.serial};
  targets[key] = OwnTarget{now, now, after(rules.target_lock_from, rules.target_lock_to), false};
  cover_changed = true;
  look_at_cover();
  watch(title);
  if (random.chance(rules.reaction_share)) {
    plan(after(rules.reaction_delay_from, rules.reaction_delay_to), What::target_answered, key);
  }
  return market.ids().make(IdKind::target, title, key.serial);
}

Result<Uuid> Exchange::State::delete_target(const Uuid& id) {
  const auto key = own_target(id);
  if (!key) return std::unexpected(Refusal{"TargetNotFound", "no such target of yours"});
  const auto locked = locked_until(targets.at(*key).change_at, now);
  if (locked && rules.target_lock_refuses_delete) return std::unexpected(Refusal{"TargetTimeLocked", locked->message});
  drop_target(*key);
  return id;
}

}  // namespace sandbox::market
