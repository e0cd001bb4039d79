#pragma once
// Keeps targets and offers as the user's rules want them: reads the account and the market, settles what is open,
// decides (decide.hpp), and gives orders (orders.hpp), or in dry run simulates them on the real market.
//
// Live needs two switches: the configuration allows changes, and an admin has said so; the second is kept in the
// ledger, as is a pause. Orders that the bot did not make are left alone, unless a rule names the item.
#include "app/ledger/ledger.hpp"
#include "app/trader/decide.hpp"
#include "app/trader/doubts.hpp"
#include "app/trader/exchange.hpp"
#include "app/trader/orders.hpp"
#include "app/trader/paper_queue.hpp"
#include "app/trader/rules.hpp"
#include "app/trader/settle.hpp"
#include "app/trader/stops.hpp"
#include "app/trader/takedown.hpp"
#include "dmarket/error.hpp"
#include "tgkit/async/clock.hpp"
#include "tgkit/async/event.hpp"
#include "tgkit/async/task_group.hpp"
#include "tgkit/ops/health_state.hpp"
#include "tgkit/ops/log.hpp"
#include "tgkit/ops/metrics.hpp"
#include "tgkit/ops/service.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace app::trader {

struct TraderSettings {
  tgkit::Duration interval = std::chrono::seconds(60);  // from the end of a round to the next
  std::int64_t reconcile_every = 600;                   // seconds by the exchange's clock
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
  std::int64_t now = 0;                     // Unix seconds by the exchange's clock
  Stops stops;                              // why orders do not leave
  std::vector<ledger::SetAside> set_aside;  // copies and titles that DMarket refuses, left alone for now
  // In dry run: deletions of real orders that have become bad, with the reasons; nothing but a person gives them.
  std::vector<ledger::Intent> bad_orders;
  std::optional<ledger::BalanceStop> balance_stop;
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
  // Who knows what the trader cannot know by itself: stepped_down, settling_in, telegram_unreachable. Asked whenever
  // the reasons are, for they change with time. Must not throw.
  void ask_outside(std::function<Stops()> ask) { ask_outside_ = std::move(ask); }
  // Whether an order may leave at this very moment; for the transport.
  // In a dry run that was switched to, /panic still takes down what stands.
  bool may_leave(dmarket::Risk risk) const {
    return stops().allows(risk) || (risk == dmarket::Risk::reduces && takedown_wanted());
  }

  // Each throws storage::StorageError. Setting what is set changes nothing.
  tgkit::Task<> set(ledger::Switched what, std::int64_t user, std::string why = {});
  // Nothing that adds risk leaves any more from the moment of the call on, whatever the exchange does. Returns when
  // that is written down, or cannot be, or half a second has passed; what stands is taken down afterwards, in the
  // background, and by every round until the last one is gone. Never throws but when cancelled.
  tgkit::Task<> panic(std::int64_t user);
  // In dry run, on a person's word: each real order of ours that stands now may be deleted, once. What DMarket locks
  // waits for the end of its lock; a restart forgets what waits.
  void take_down_real(std::int64_t user);
  StandingOrders real_in_dry_run() const;  // none when live
  TakedownReport takedown() const;         // how far it is
  // Called whenever takedown() says something else. One listener; it must not throw.
  void on_takedown(std::function<void()> changed) { takedown_changed_ = std::move(changed); }
  tgkit::Task<> takedown_tried() { return takedowns_.join(); }  // what could be done now was done

  // What only a person can tell, as of the last round. The listener is called after every reading of the account; one
  // listener; it must not throw.
  std::vector<Question> questions() const;
  void on_questions(std::function<void()> asked) { questions_asked_ = std::move(asked); }
  // False: there is no such question any more. Throws storage::StorageError.
  tgkit::Task<bool> answer(std::string id, Answer answer, std::int64_t user);

  // Called for each purchase and sale of real money that is found in dry run, and when the balance has stopped trading.
  // They must not throw.
  void on_real_trade(std::function<void(const ledger::Body&)> told) { real_trade_ = std::move(told); }
  void on_balance_stop(std::function<void(const ledger::BalanceStop&)> told) { balance_stop_ = std::move(told); }

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
  tgkit::Task<> count_again(const AccountLists& lists);
  tgkit::Task<AccountLists> read_own_lists();
  tgkit::Task<> read_market_of_purchase(AccountLists& lists, TitleKey key);
  std::vector<ledger::Entry> cut_off_on_paper() const;
  Stops outside() const;  // what the trader cannot know by itself, now
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
  tgkit::Task<bool> give(const Chain& chain);
  bool nothing_to_watch() const;
  void tell_refusal(const ledger::Intent& order, const ledger::Outcome& outcome);
  void watch_real_orders(const Snapshot& snapshot);
  tgkit::Task<> pretend(Snapshot& snapshot);
  tgkit::Task<> enter_panic(std::int64_t user);
  tgkit::Task<> carry_out_panic(std::int64_t user, bool rounds_were_broken_off);
  bool takedown_wanted() const;
  bool is_to_go(const ledger::Intent& deletion) const;
  tgkit::Task<> take_down(bool despite_locks);
  tgkit::Task<> delete_targets(std::vector<ledger::Intent> deletions);
  tgkit::Task<> delete_offers(std::vector<ledger::Intent> deletions);
  tgkit::Task<> drop_simulated();
  void tell_takedown() const;
  void tell_real_trades(const std::vector<ledger::Entry>& found) const;
  tgkit::Task<> stop_by_balance(Money expected, Money seen);
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
  std::vector<Stray> strays_;  // as last seen
  ListSizes list_sizes_;       // likewise
  std::function<void()> questions_asked_;
  Absences absences_;  // a restart forgets them: then it takes two looks anew
  Orders orders_;
  tgkit::TaskGroup group_, takedowns_;
  bool started_ = false, stopping_ = false;
  std::function<Stops()> ask_outside_;
  std::uint64_t panics_ = 0;               // how often somebody has asked for one
  std::optional<std::int64_t> halted_by_;  // panic, by whom: no order leaves, even while the ledger cannot be written
  tgkit::Event panic_entered_;             // or it was found that it cannot be
  bool panic_written_ = true;
  bool taking_down_ = false;  // deletions are under way
  Takedown takedown_;
  std::set<std::string> released_;  // orders that a person has named in dry run; each until it is tried
  std::size_t dropped_ = 0;         // simulated targets
  std::function<void()> takedown_changed_;
  std::function<void(const ledger::Body&)> real_trade_;
  std::function<void(const ledger::BalanceStop&)> balance_stop_;
  std::int64_t reconciled_at_ = 0;  // 0: not in this run
  PaperQueue paper_queue_;
  std::map<dmarket::Game, KnownFees> fees_;
  std::map<dmarket::Game, std::string> unread_;  // of the last round, as it was told
  std::string problem_;
  int unexplained_ = 0;  // looks at the balance in a row
  std::optional<Money> seen_balance_;
  dmarket::trading::RefusalCounts refused_;  // of the last round
  std::vector<Note> notes_;
  std::vector<ledger::Intent> bad_orders_;  // of the last round
  std::set<std::string> told_bad_;          // their ids, as they were told
};

}  // namespace app::trader
