#pragma once
// Keeps targets and offers as the user's rules want them: reads the account and the market, settles what is open,
// decides (decide.hpp), and gives orders (orders.hpp), or in dry run simulates them on the real market.
//
// Live needs two switches: the configuration allows changes, and an admin has said so; the second is kept in the
// ledger, as is a pause. Orders that the bot did not make are left alone, unless a rule names the item.
#include "app/ledger/ledger.hpp"
#include "app/trader/decide.hpp"
#include "app/trader/exchange.hpp"
#include "app/trader/orders.hpp"
#include "app/trader/rules.hpp"
#include "app/trader/settle.hpp"
#include "app/trader/stops.hpp"
#include "dmarket/error.hpp"
#include "tgkit/async/clock.hpp"
#include "tgkit/async/task_group.hpp"
#include "tgkit/ops/health_state.hpp"
#include "tgkit/ops/log.hpp"
#include "tgkit/ops/metrics.hpp"
#include "tgkit/ops/service.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace app::trader {

struct TraderSettings {
  tgkit::Duration interval = std::chrono::seconds(60);  // from the end of a round to the next
  std::int64_t reconcile_every = 600;                   // seconds by the exchange's clock
};

struct PanicLine {
  std::string what;  // "AK-47 | Redline (Field-Tested) at $9.50"
  bool done = false;
  std::string why;                // it failed
  std::int64_t locked_until = 0;  // the exchange allows it from then on, Unix seconds by its clock; 0: not locked
};

struct PanicReport {
  std::vector<PanicLine> targets;  // of the bot, deleted or not
  std::size_t simulated = 0;       // targets of the dry run that were dropped
  std::size_t unknown = 0;         // orders whose fate is looked up now
  std::size_t offers = 0;          // sell offers of the bot that stay
  bool written = true;             // the pause is in the ledger; false: it lasts until the next start only
};

// What people are shown.
struct TraderView {
  bool configured_live = false, live = false, paused = false, panicked = false;
  bool has_rules = false, has_keys = false;
  std::size_t targets = 0, offers = 0, open_intents = 0;  // of the mode
  Money reserved, committed_today;
  std::optional<std::int64_t> reconciled_ago;                   // seconds
  std::string problem;                                          // of the last round; empty: none
  std::vector<dmarket::trading::RefusalCounts::Line> refusals;  // of the last round
  std::vector<Note> notes;
  dmarket::trading::GuardReport guards{};
  Stops stops;  // why orders do not leave
};

// Not thread-safe: used on the loop's thread only.
class Trader final : public tgkit::ops::Service {
 public:
  Trader(tgkit::Executor executor, tgkit::Clock& clock, tgkit::ops::Log& log, tgkit::ops::Metrics& metrics,
         ledger::Ledger& ledger, Exchange& exchange, Rules rules, TraderSettings settings);
  ~Trader() override;

  std::string_view name() const override { return "trader"; }
  tgkit::Task<> start() override;
  tgkit::Task<> stop() override;  // an order under way is broken off, and settled after the next start

  // One round, now. Throws dmarket::Error when the account cannot be read, storage::StorageError.
  tgkit::Task<> round();

  bool live() const { return exchange_.may_be_changed() && ledger_.real().live(); }
  // Every reason that keeps orders from leaving at this very moment.
  Stops stops() const;
  // What the trader cannot know by itself: stepped_down, settling_in, telegram_unreachable. Holds until it is said that
  // it does not; a restart begins without.
  void hold(Stop why, bool holds) { outside_.set(why, holds); }
  // Whether an order may leave at this very moment; for the transport.
  bool may_leave(dmarket::Risk risk) const {
    return (panicking_ && risk == dmarket::Risk::reduces) || stops().allows(risk);
  }

  // Each throws storage::StorageError. Setting what is set changes nothing.
  tgkit::Task<> set(ledger::Switched what, std::int64_t user, std::string why = {});
  // No order leaves any more from this moment on; then deletes the bot's own targets. Never throws but when cancelled.
  tgkit::Task<PanicReport> panic(std::int64_t user);

  TraderView view() const;
  const ledger::Ledger& ledger() const noexcept { return ledger_; }
  ledger::Ledger& ledger() noexcept { return ledger_; }

 private:
  struct KnownFees {
    std::optional<dmarket::trading::FeeTable> table;
    std::int64_t day = 0;  // they change daily
  };

  tgkit::Task<> run();
  tgkit::Task<> guarded_round();
  void report(const std::string& problem, bool is_ours);
  tgkit::Task<> read_account(Snapshot& snapshot);
  tgkit::Task<AccountLists> read_own_lists();
  tgkit::Task<std::optional<dmarket::Error>> read_game(AccountLists& lists, dmarket::Game game);
  void tell_unread(const std::map<dmarket::Game, std::string>& unread);
  tgkit::Task<> read_closed(AccountLists& lists, bool everything);
  tgkit::Task<> enter_trades(const AccountLists& lists, bool everything);
  tgkit::Task<> settle_now();
  tgkit::Task<> watch_balance(std::optional<Money> balance);
  tgkit::Task<> read_market(Snapshot& snapshot);
  tgkit::Task<> read_fees(dmarket::Game game, KnownFees& known);
  tgkit::Task<> read_title(Snapshot& snapshot, TitleKey key);
  OwnMarks own_marks(const OwnLists& lists) const;
  tgkit::Task<> trade(Snapshot& snapshot);
  tgkit::Task<> pretend(Snapshot& snapshot);
  tgkit::Task<> delete_standing(PanicReport& report, bool again);
  tgkit::Task<> drop_simulated(PanicReport& report);
  bool looks_traded(const AccountLists& lists) const;
  std::set<dmarket::Game> games() const;
  dmarket::trading::GuardState guards(const ledger::Books& books) const;
  void keep(Plan& plan);
  void measure();
  void begin();

  tgkit::Executor executor_;
  tgkit::Clock& clock_;
  tgkit::ops::Log& log_;
  tgkit::ops::Metrics& metrics_;
  ledger::Ledger& ledger_;
  Exchange& exchange_;
  Rules rules_;
  TraderSettings settings_;
  Orders orders_;
  tgkit::TaskGroup group_;
  bool started_ = false, stopping_ = false;
  Stops outside_;                   // said by others
  bool halted_ = false;             // panic: until it is in the ledger, or for this run when it cannot be written
  bool panicking_ = false;          // its deletions are under way
  std::int64_t reconciled_at_ = 0;  // 0: not in this run
  std::map<dmarket::Game, KnownFees> fees_;
  std::map<dmarket::Game, std::string> unread_;  // of the last round, as it was told
  std::string problem_;
  std::optional<Money> balance_, explained_;  // last seen; what trades had changed by then
  int unexplained_ = 0;                       // rounds in a row
  std::optional<Money> seen_balance_;
  dmarket::trading::RefusalCounts refused_;  // of the last round
  std::vector<Note> notes_;
};

}  // namespace app::trader
