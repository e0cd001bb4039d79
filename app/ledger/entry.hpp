#pragma once
// The entries of the ledger: what was intended, ordered, answered and traded, in the order in which it became known.
// Entries are only added. What follows from them (positions, profit, what is reserved) is computed in books.hpp.
#include "dmarket/endpoints.hpp"
#include "dmarket/fault.hpp"
#include "dmarket/money.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace app::ledger {

using dmarket::Money;

enum class Action { create_target, delete_target, create_offer, change_offer, delete_offer, buy };
enum class Result { done, failed, unknown };  // unknown: the answer was lost; a later outcome says what it was
// A trade is pending while the exchange may still take it back.
enum class TradeState { pending, final, reverted };
enum class CostSource { target, instant, by_hand };
enum class Switched { live, dry_run, pause, resume, panic };

constexpr dmarket::Risk risk_of(Action action) {
  const bool takes_away = action == Action::delete_target || action == Action::delete_offer;
  return takes_away ? dmarket::Risk::reduces : dmarket::Risk::adds;
}
std::string_view to_text(Action action);
std::string_view to_text(Result result);
std::string_view to_text(TradeState state);
std::string_view to_text(CostSource source);
std::string_view to_text(Switched what);
std::string_view to_text(dmarket::Fault fault);

// What a copy is. Title, float and seed together survive a withdrawal and a new deposit, the asset's id does not.
struct Item {
  std::string game;  // "a8db"; empty: not known
  std::string title;
  std::string float_value;  // decimal text as the exchange gives it; empty: none
  std::int64_t paint_seed = 0;
  std::string phase;
  friend bool operator==(const Item&, const Item&) = default;
};

// Why something was done, with the figures it was decided on.
struct Reason {
  std::string rule;                                          // of the user's configuration; or who asked: "user 42"
  std::string why;                                           // "outbid"
  std::vector<std::pair<std::string, std::string>> figures;  // "best target" -> "$9.10"
  friend bool operator==(const Reason&, const Reason&) = default;
};

// Written, durably, before the request leaves. Its entry's number names it.
struct Intent {
  Action action = Action::create_target;
  Item item;    // of a target: what it demands, float_value empty
  Money price;  // per piece; of a deletion: the price it had
  std::int64_t amount = 1;
  Money reserve;                              // what it may cost; 0 unless it buys
  std::string float_part;                     // demanded by a target
  std::string target_id, offer_id, asset_id;  // what it is about; of a creation empty
  // What the account had of the title before: ids of its targets (create_target) or assets (buy). Whatever is there
  // afterwards and not among them can be ours.
  std::vector<std::string> known;
  Reason reason;
  friend bool operator==(const Intent&, const Intent&) = default;
};

// The code of an order that was stopped before it left.
inline constexpr std::string_view held_back_code = "stopped";

// What the exchange made of an intent. The last one of an intent counts.
struct Outcome {
  std::int64_t intent = 0;
  Result result = Result::unknown;
  std::string target_id, offer_id;  // what was made; after a change the offer's new id
  std::string code, message;
  std::int64_t locked_until = 0;  // Unix seconds; 0: not known
  bool reconciled = false;        // found out from the exchange's lists
  // Whose fault an error was; none: no error, or written by a version that did not tell them apart.
  std::optional<dmarket::Fault> fault;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

// An order of ours that the exchange does not list any more, and that was not filled.
struct OrderGone {
  std::string target_id, offer_id;
  std::string why;
  friend bool operator==(const OrderGone&, const OrderGone&) = default;
};

// Keyed by target (or offer, when instant) and asset; a later one of the same key replaces it. The exchange lists what
// targets have bought; of what was bought at once it lists only the copy (app/trader/instant.hpp).
// An amount that the exchange has not said, here and in a sale, is unknown, not zero; estimate.hpp reckons with it.
struct Purchase {
  CostSource source = CostSource::target;
  std::string target_id, offer_id, asset_id;
  Item item;
  std::optional<Money> price;
  TradeState state = TradeState::pending;
  std::int64_t at = 0;            // when it was made, Unix seconds
  std::int64_t finalized_at = 0;  // 0: not yet
  friend bool operator==(const Purchase&, const Purchase&) = default;
};

// Keyed by offer and asset; a later one of the same key replaces it.
struct Sale {
  std::string offer_id, asset_id, target_id;
  Item item;
  std::optional<Money> price, fee;  // as the exchange says them
  std::string fee_percent;
  bool personal_fee = false;
  TradeState state = TradeState::pending;
  std::int64_t at = 0, finalized_at = 0;
  friend bool operator==(const Sale&, const Sale&) = default;
};

// The copy that stands behind an asset's id.
struct Seen {
  std::string asset_id;
  Item item;
  friend bool operator==(const Seen&, const Seen&) = default;
};

// What an item has cost, entered by hand: of something deposited, whose cost nobody else knows.
struct Cost {
  std::string asset_id;
  Money price;
  friend bool operator==(const Cost&, const Cost&) = default;
};

struct SwitchSet {
  Switched what = Switched::pause;
  std::int64_t user = 0;  // Telegram's number; 0: the program itself
  std::string why;
  Money expected, seen;  // of a pause by the balance; older entries do not say
  friend bool operator==(const SwitchSet&, const SwitchSet&) = default;
};

// The closed lists were read to their ends.
struct Reconciled {
  std::int64_t from = 0;  // trades closed since; 0: all
  std::int64_t sales = 0, purchases = 0;
  friend bool operator==(const Reconciled&, const Reconciled&) = default;
};

// The usable money that was seen, and what trades had added to it by then: for telling a change that no trade explains,
// also one that was made while the bot was away. Entered when the difference of the two is another one.
struct BalanceSeen {
  Money balance, explained;
  friend bool operator==(const BalanceSeen&, const BalanceSeen&) = default;
};

using Body = std::variant<Intent, Outcome, OrderGone, Purchase, Sale, Seen, Cost, SwitchSet, Reconciled, BalanceSeen>;

struct Entry {
  Entry() = default;
  Entry(std::int64_t at_, bool simulated_, Body body_) : at(at_), simulated(simulated_), body(std::move(body_)) {}
  std::int64_t number = 0;  // given by the store, rising
  std::int64_t at = 0;      // when it was written, Unix seconds by the exchange's clock
  bool simulated = false;   // of a dry run: kept apart from what really happened
  Body body;
  friend bool operator==(const Entry&, const Entry&) = default;
};

// "intent", "sale": what the entry is, for people and columns.
std::string_view kind_of(const Entry& entry);

// As the store keeps it. decode throws std::runtime_error for what encode did not write; an entry of a newer version is
// such a thing.
std::string encode(const Entry& entry);
Entry decode(std::string_view text);

}  // namespace app::ledger
