#pragma once
// How the exchange behaves where nobody knows how the real one does, and how large the world is.
#include "sandbox/market/types.hpp"

#include <array>

namespace sandbox::market {

enum class FeeRounding : std::uint8_t { ceil, half_up, floor };
enum class EqualTarget : std::uint8_t { doubled, refused };
// Whose price a match of an offer with a target is made at.
enum class MatchPrice : std::uint8_t { resting, offer, target };

// May be changed at any moment; what has been decided stays.
struct MarketRules {
  FeeRounding fee_rounding = FeeRounding::ceil;
  bool minimum_binds_reduced_fees = false;
  EqualTarget equal_target = EqualTarget::doubled;  // same title and demand, whatever the price
  bool request_id_idempotent = true;        // a withdrawal with a requestId seen before answers the first transfer
  bool shows_inactive = true;               // targets without cover: INACTIVE in user/targets; else ACTIVE
  bool target_needs_cover = false;          // a target above the balance is refused when it is created
  bool sum_of_targets_needs_cover = false;  // else each target alone
  bool aggregated_counts_uncovered = true;  // orderBestPrice may be a target that cannot execute
  bool targets_take_resting_offers = true;  // a new target at or above an offer's price is matched with it
  MatchPrice match_price = MatchPrice::resting;

  int batch_limit = 100;          // offers in one batchCreate/Update/Delete, targets in one create/delete
  int target_amount_limit = 100;  // copies of one target
  int targets_limit = 2000;       // open targets per game

  int offer_lock = 900;              // seconds after creation or change in which an offer refuses the next change
  bool lock_after_delete = true;     // a copy that was taken down cannot be offered again within the lock
  bool lock_refuses_delete = false;  // the lock refuses batchDelete too
  int target_lock_from = 660, target_lock_to = 900;  // seconds; each target has one of its own
  bool target_lock_refuses_delete = true;

  int match_delay_from = 5, match_delay_to = 180;          // seconds between an order and its match
  int reaction_delay_from = 60, reaction_delay_to = 1200;  // until a competitor answers an order of the player
  int reaction_share = 700'000;                            // millionths of orders that get such an answer

  std::array<int, 4> protection_days{7, 7, 7, 7};  // by game; 0: successful at once
  int release_hour = 8;                            // the hour (UTC) at which protected sales are released
  int revert_share = 10'000;                       // millionths of protected sales of the player that are reverted
  int purchase_revert_share = 3'000;               // of protected purchases
  bool bought_items_locked = true;                 // bought copies carry Steam's lock for the protection's days

  int pending_share = 30'000;                             // millionths of purchases that begin as TxPending
  int pending_fail_share = 300'000;                       // of those, how many fail in the end
  int pending_from = 20, pending_to = 300;                // seconds
  int sync_from = 5, sync_to = 90;                        // seconds until an inventory sync shows what is new
  int deposit_created_from = 5, deposit_created_to = 30;  // Pending -> Created
  int deposit_accept_from = 20, deposit_accept_to = 240;  // Created -> Success: the person accepts in Steam
  bool deposits_accept_themselves = true;                 // else accept_deposit() does it
  int withdraw_from = 20, withdraw_to = 240;

  Fraction default_fee{100'000};
  Money minimum_fee = Money::cents(2);
  int reduced_fee_share = 500'000;  // millionths of titles
};

struct MarketOptions {
  std::uint64_t seed = 1;
  int titles = 400;    // at least 4
  int offers = 8'000;  // of other traders, at the start
  Money usd = Money::cents(12'345);
  Money usd_to_withdraw = Money::cents(12'345);
  Money usd_protected;      // of sales before the world began; stays
  int items_in_market = 0;  // the player's, not offered
  int items_in_steam = 0;
};

}  // namespace sandbox::market
