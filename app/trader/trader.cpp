#include "app/trader/trader.hpp"

#include "app/trader/simulate.hpp"
#include "app/trader/trade_metrics.hpp"

#include <algorithm>

namespace app::trader {
namespace {

namespace trading = dmarket::trading;
using ledger::Books;
using ledger::Entry;
using ledger::Intent;
using ledger::Switched;
using tgkit::Task;
using tgkit::ops::Field;

// Longer than the two entries of a paper order can lie apart in a process that lives.
constexpr std::int64_t longest_paper_order = 120;

// Orders that belong together leave together or not at all: taking away what is to be replaced adds risk, too.
dmarket::Risk risk_of(const Chain& chain) {
  const auto adds = [](const Intent& intent) { return ledger::risk_of(intent.action) == dmarket::Risk::adds; };
  return std::ranges::any_of(chain, adds) ? dmarket::Risk::adds : dmarket::Risk::reduces;
}

// What reduces risk waits for nobody.
std::vector<Chain> in_order_of_risk(std::vector<Chain> chains) {
  std::vector<Chain> ordered;
  for (const auto risk : {dmarket::Risk::reduces, dmarket::Risk::adds}) {
    for (Chain& chain : chains)
      if (!chain.empty() && risk_of(chain) == risk) ordered.push_back(std::move(chain));
  }
  return ordered;
}

}  // namespace

Trader::Trader(tgkit::Executor executor, tgkit::Clock& clock, tgkit::ops::Log& log, tgkit::ops::Metrics& metrics,
               ledger::Ledger& ledger, Exchange& exchange, Rules rules, TraderSettings settings)
    : executor_(executor),
      clock_(clock),
      log_(log),
      metrics_(metrics),
      ledger_(ledger),
      exchange_(exchange),
      rules_(std::move(rules)),
      settings_(settings),
      orders_(ledger, exchange, log, metrics),
      group_(executor, [this](const std::exception_ptr&) { log_.error("trading has ended unexpectedly"); }),
      takedowns_(executor,
                 [this](const std::exception_ptr&) { log_.error("taking orders down has ended unexpectedly"); }) {
  declare_trade_metrics(metrics);
  metrics.before_scrape([this] { measure(); });
}

Trader::~Trader() = default;

Task<> Trader::start() {
  started_ = true;
  begin();
  co_return;
}

void Trader::begin() {
  stopping_ = false;
  if (exchange_.has_keys()) group_.spawn(run());
}

Task<> Trader::stop() {
  started_ = false;
  stopping_ = true;
  takedowns_.cancel();
  group_.cancel();
  co_await takedowns_.join();
  co_await group_.join();
}

Task<> Trader::run() {
  for (;;) {
    co_await guarded_round();
    co_await clock_.sleep_for(settings_.interval);
  }
}

Task<> Trader::guarded_round() {
  std::string problem;
  bool is_ours = false;
  try {
    co_await round();
  } catch (const dmarket::Error& error) {
    if (stopping_) co_return;  // a stop of ours is no failure of the round
    problem = error.what();
  } catch (const std::exception& error) {
    if (stopping_) throw;  // cancelled
    problem = error.what();
    is_ours = true;
  }
  report(problem, is_ours);
}

// Said once when it begins and once when it has passed.
void Trader::report(const std::string& problem, bool is_ours) {
  metrics_.counter(trade_rounds.name, tgkit::ops::Labels("outcome", problem.empty() ? "ok" : "failed")).increment();
  if (problem == problem_) return;
  if (problem.empty())
    log_.info("trading goes on");
  else
    log_.write(is_ours ? tgkit::ops::Level::error : tgkit::ops::Level::warn, "a round of trading failed",
               Field("reason", problem));
  problem_ = problem;
}

Task<> Trader::round() {
  if (halted_by_ && !ledger_.real().panicked()) co_await enter_panic(*halted_by_);
  co_await take_down(false);  // before anything is asked: that may fail
  Snapshot snapshot;
  co_await read_account(snapshot);
  co_await take_down(false);
  if (nothing_to_watch() || stops().has(Stop::panic)) co_return;
  co_await read_market(snapshot);
  watch_real_orders(snapshot);
  if (live())
    co_await trade(snapshot);
  else
    co_await pretend(snapshot);
}

// Orders that stand are withdrawn when the last rule is gone, too.
bool Trader::nothing_to_watch() const {
  const Books& real = ledger_.real();
  return rules_.empty() && real.targets().empty() && ledger_.simulated().targets().empty();
}

// --- orders

Stops Trader::outside() const { return ask_outside_ ? ask_outside_() : Stops(); }

Stops Trader::stops() const {
  const Books& books = ledger_.real();
  const bool panicked = halted_by_ || books.panicked();
  Stops stops = outside();
  stops.set(Stop::configured_dry_run, !exchange_.may_be_changed());
  stops.set(Stop::switched_dry_run, !books.live());
  stops.set(Stop::panic, panicked);
  stops.set(Stop::paused, books.paused_by_person() && !panicked);
  stops.set(Stop::paused_by_balance, books.balance_stop().has_value());
  stops.set(Stop::errors, trading::stopped(books.errors(), trading::time_of(exchange_.now())));
  return stops;
}

trading::GuardState Trader::guards(const Books& books) const {
  trading::GuardState state;
  const Books& real = ledger_.real();
  state.paused = halted_by_ || real.panicked() || real.paused_by_person();
  state.stopped_by_balance = real.balance_stop() || unexplained_ > 0;  // what is looked at again is not spent meanwhile
  state.errors = books.errors();
  state.held_back = &books == &real && !outside().none();  // on paper nobody is in anybody's way
  return state;
}

// In dry run nothing takes back what stands for real: it is named, and a person decides.
void Trader::watch_real_orders(const Snapshot& snapshot) {
  bad_orders_.clear();
  const Books& real = ledger_.real();
  if (stops().reduces() || (real.targets().empty() && real.offers().empty())) return;
  trading::GuardState reducing = guards(real);
  reducing.held_back = true;
  const Plan plan = decide(rules_, snapshot, real, reducing);
  for (const Chain& chain : plan.chains) bad_orders_.insert(bad_orders_.end(), chain.begin(), chain.end());
  std::set<std::string> told;
  for (const Intent& order : bad_orders_) {
    const std::string& id = order.target_id.empty() ? order.offer_id : order.target_id;
    told.insert(id);
    if (!told_bad_.contains(id))
      log_.warn("a real order has become bad and stays, since this is a dry run", Field("title", order.item.title),
                Field("price", dmarket::to_text(order.price)), Field("order", id), Field("why", order.reason.why));
  }
  told_bad_ = std::move(told);
}

void Trader::keep(Plan& plan) {
  for (const auto& line : plan.refused.lines())
    metrics_.counter(trade_refusals.name, tgkit::ops::Labels("reason", std::string(trading::name_of(line.refusal))))
        .increment(static_cast<double>(line.count));
  refused_ = plan.refused;
  notes_ = std::move(plan.notes);
}

Task<> Trader::trade(Snapshot& snapshot) {
  Plan plan = decide(rules_, snapshot, ledger_.real(), guards(ledger_.real()));
  keep(plan);
  const std::vector<Chain> chains = in_order_of_risk(std::move(plan.chains));
  bool lost = false;
  for (const Chain& chain : chains) {
    const dmarket::Risk risk = risk_of(chain);
    // What adds risk was decided before it was known that an outcome is unknown.
    if (!may_leave(risk) || (lost && risk == dmarket::Risk::adds)) continue;
    const bool lost_now = co_await give(chain);
    lost = lost || lost_now;
  }
  if (lost) co_await settle_now();  // behind all withdrawals: it may fail
}

// Whether an answer was lost.
Task<bool> Trader::give(const Chain& chain) {
  const dmarket::Risk risk = risk_of(chain);
  for (const Intent& intent : chain) {
    if (!may_leave(risk)) break;
    Intent order = intent;
    const std::function<bool()> leaves = [this, risk] { return may_leave(risk); };
    const Given given = co_await orders_.give(std::move(order), leaves);
    tell_refusal(intent, given.outcome);
    if (given.outcome.result == ledger::Result::unknown) co_return true;
    if (given.outcome.result != ledger::Result::done) break;
  }
  co_return false;
}

void Trader::tell_refusal(const Intent& order, const ledger::Outcome& outcome) {
  if (ledger::blame_of(order, outcome) != ledger::Blame::item) return;
  const ledger::SetAside* aside = ledger_.real().refusals().find(ledger::subject_of(order));
  if (aside == nullptr) return;
  log_.warn("DMarket refuses this one: it is left alone for a while, everything else goes on",
            Field("action", ledger::to_text(order.action)), Field("title", order.item.title),
            Field("asset", order.asset_id), Field("code", outcome.code), Field("reason", outcome.message),
            Field("refusals", aside->refusals), Field("for_seconds", aside->until - exchange_.now()));
}

// A process that ended between the two entries of a paper order left one whose end nobody will tell.
std::vector<Entry> Trader::cut_off_on_paper() const {
  std::vector<Entry> ends;
  const std::int64_t now = exchange_.now();
  for (const auto& [number, open] : ledger_.simulated().open_intents()) {
    if (open.at + longest_paper_order > now) continue;
    ledger::Outcome outcome;
    outcome.intent = number;
    outcome.result = ledger::Result::failed;
    outcome.code = "stopped";
    outcome.reconciled = true;
    ends.emplace_back(now, true, std::move(outcome));
  }
  return ends;
}

Task<> Trader::pretend(Snapshot& snapshot) {
  const Books& books = ledger_.simulated();
  std::vector<Entry> cut_off = cut_off_on_paper();
  co_await ledger_.append(std::move(cut_off));
  std::vector<Entry> trades = simulated_trades(books, snapshot, rules_.paper, paper_queue_);
  co_await ledger_.append(std::move(trades));
  forget_taken(books, snapshot);
  stand_among(books, snapshot);
  snapshot.own = simulated_lists(books);
  if (snapshot.balance) *snapshot.balance += books.cash_flow();
  Plan plan = decide(rules_, snapshot, books, guards(books));
  keep(plan);
  for (Chain& chain : plan.chains) co_await orders_.simulate(std::move(chain));
}

// --- switches

Task<> Trader::set(Switched what, std::int64_t user, std::string why) {
  const Books& books = ledger_.real();
  const bool is_so = (what == Switched::live && books.live()) || (what == Switched::dry_run && !books.live()) ||
                     (what == Switched::pause && (books.paused_by_person() || books.panicked())) ||
                     (what == Switched::resume && !books.paused() && !halted_by_);
  if (is_so) co_return;
  ledger::SwitchSet change;
  change.what = what;
  change.user = user;
  change.why = std::move(why);
  log_.warn("trading is switched", Field("to", ledger::to_text(what)), Field("user", user), Field("why", change.why));
  std::vector<Entry> entries;
  entries.emplace_back(exchange_.now(), false, std::move(change));
  const std::uint64_t panics = panics_;
  co_await ledger_.append(std::move(entries));
  if (what == Switched::live) {
    released_.clear();
    exchange_.withdraw_permits();
  }
  if (what == Switched::resume && panics == panics_) {  // a panic that came meanwhile is the later word
    halted_by_.reset();
    if (released_.empty()) takedown_.forget();
  }
}

// --- looking

void Trader::measure() {
  const auto set = [this](const tgkit::ops::MetricName& name, double value, const tgkit::ops::Labels& labels = {}) {
    metrics_.gauge(name.name, labels).set(value);
  };
  const auto dollars = [](Money money) { return static_cast<double>(money.in_cents()) / 100; };
  set(trade_reserved, dollars(ledger_.real().reserved()), tgkit::ops::Labels("mode", "real"));
  set(trade_reserved, dollars(ledger_.simulated().reserved()), tgkit::ops::Labels("mode", "simulated"));
  set(trade_open_intents, static_cast<double>(ledger_.real().open_intents().size()));
  set(trade_reconciled_age, reconciled_at_ == 0 ? -1 : static_cast<double>(exchange_.now() - reconciled_at_));
  set(trade_set_aside, static_cast<double>(ledger_.real().refusals().aside(exchange_.now()).size()));
  set(trade_bad_orders, static_cast<double>(bad_orders_.size()));
  set(trade_live, live() ? 1 : 0);
  set(trade_may_add, stops().adds() ? 1 : 0);
  set(trade_paused, halted_by_ || ledger_.real().paused() ? 1 : 0);
}

TraderView Trader::view() const {
  const Books& books = ledger_.books(!live());
  TraderView view;
  view.configured_live = exchange_.may_be_changed();
  view.live = live();
  view.paused = halted_by_ || ledger_.real().paused();
  view.panicked = halted_by_ || ledger_.real().panicked();
  view.has_rules = !rules_.empty();
  view.has_keys = exchange_.has_keys();
  view.targets = books.targets().size();
  view.offers = books.offers().size();
  view.open_intents = ledger_.real().open_intents().size();
  view.reserved = books.reserved();
  const std::int64_t now = exchange_.now();
  view.committed_today = books.committed(ledger::day_of(now));
  if (live()) {
    for (const Stray& stray : strays_) {
      view.reserved += stray.price * stray.amount;
      view.committed_today += stray.price * stray.amount;
    }
  }
  if (reconciled_at_ != 0) view.reconciled_ago = now - reconciled_at_;
  view.problem = problem_;
  view.now = now;
  view.stops = stops();
  view.set_aside = books.refusals().aside(now);
  view.bad_orders = bad_orders_;
  view.balance_stop = ledger_.real().balance_stop();
  view.refusals = refused_.lines();
  view.notes = notes_;
  Snapshot known;
  known.now = trading::time_of(now);
  known.balance = seen_balance_;
  known.balance_at = known.now;
  if (live()) known.own.strays = strays_;
  view.guards =
      trading::report(account_of(known, books), guards(books), rules_.money, trading::GuardRules(), known.now);
  return view;
}

}  // namespace app::trader
