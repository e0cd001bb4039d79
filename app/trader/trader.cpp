#include "app/trader/trader.hpp"

#include "app/ledger/closed_trades.hpp"
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

constexpr std::int64_t freshness = 60;  // an older balance is read again before it is spent
constexpr std::size_t targets_per_call = 100;

std::string what_of(const ledger::OwnTarget& target) {
  return target.made_by.item.title + " at " + dmarket::to_text(target.made_by.price);
}

Intent removal_of(const std::string& id, const ledger::OwnTarget& target, std::string why) {
  Intent intent = target.made_by;
  intent.action = ledger::Action::delete_target;
  intent.amount = target.left();
  intent.reserve = Money();
  intent.target_id = id;
  intent.known.clear();
  intent.reason = ledger::Reason();
  intent.reason.rule = target.made_by.reason.rule;
  intent.reason.why = std::move(why);
  return intent;
}

// What trades have added to the usable money, or taken from it.
Money explained_by(const Books& books) {
  const ledger::Totals totals = books.totals();
  return totals.gross_final - totals.fees_final - totals.spent;
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
      group_(executor, [this](const std::exception_ptr&) { log_.error("trading has ended unexpectedly"); }) {
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
  group_.cancel();
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
  Snapshot snapshot;
  co_await read_account(snapshot);
  if (ledger_.real().panicked() && exchange_.may_be_changed()) {
    PanicReport later;
    co_await delete_standing(later, true);
  }
  if (rules_.empty() || halted_ || ledger_.real().paused()) co_return;
  co_await read_market(snapshot);
  if (live())
    co_await trade(snapshot);
  else
    co_await pretend(snapshot);
}

// --- the account

std::set<dmarket::Game> Trader::games() const {
  std::set<dmarket::Game> all;
  const auto add = [&all](const std::string& id) {
    if (const auto game = dmarket::game_of_id(id)) all.insert(*game);
  };
  for (const Rule& rule : rules_.rules) all.insert(rule.game);
  const Books& books = ledger_.real();
  for (const auto& [id, target] : books.targets()) add(target.made_by.item.game);
  for (const auto& [id, offer] : books.offers()) add(offer.item.game);
  for (const auto& [number, open] : books.open_intents()) add(open.intent.item.game);
  return all;
}

Task<> Trader::read_account(Snapshot& snapshot) {
  const dmarket::Balance balance = co_await exchange_.balance();
  snapshot.balance = balance.usd;
  snapshot.balance_at = trading::time_of(exchange_.now());
  AccountLists lists = co_await read_own_lists();
  const bool everything = reconciled_at_ == 0;
  const bool due = exchange_.now() - reconciled_at_ >= settings_.reconcile_every;
  const bool moved = balance.usd != seen_balance_;
  if (everything || due || moved || looks_traded(lists) || settling_needs(ledger_.real())) {
    co_await read_closed(lists, everything);
    co_await enter_trades(lists, everything);
  }
  seen_balance_ = balance.usd;
  co_await watch_balance(balance.usd);
  for (const auto& [game, listed] : lists.targets) {
    for (const dmarket::Target& target : listed.items)
      if (target.target_id) snapshot.own.targets.emplace(target.target_id->text(), target.title.value_or(""));
  }
  std::set<std::string> seen;
  const auto add_copy = [&](dmarket::Game game, const dmarket::ItemAttributes& attributes) {
    if (!attributes.id || !dmarket::is_uuid(attributes.id->text()) || !seen.insert(attributes.id->text()).second)
      return;
    Copy& copy = snapshot.own.copies.emplace_back();
    copy.asset_id = attributes.id->text();
    copy.game = game;
    copy.item = ledger::item_of(attributes, std::string(dmarket::game_id(game)));
    copy.traits = traits_of(attributes);
    copy.can_be_sold = !attributes.sale_restricted.value_or(false);
  };
  for (const auto& [game, listed] : lists.offers) {
    for (const dmarket::Offer& offer : listed.items) {
      if (!offer.offer_id || !offer.attributes.id || !offer.price) continue;
      ListedOffer& own = snapshot.own.offers.emplace_back();
      own.offer_id = offer.offer_id->text();
      own.asset_id = offer.attributes.id->text();
      own.price = *offer.price;
      add_copy(game, offer.attributes);
    }
  }
  for (const auto& [game, listed] : lists.inventory) {
    for (const dmarket::InventoryItem& item : listed.items)
      if (item.in_market.value_or(true)) add_copy(game, item.attributes);
  }
}

Task<AccountLists> Trader::read_own_lists() {
  AccountLists lists;
  lists.asked = exchange_.now();
  for (const dmarket::Game game : games()) {
    lists.targets[game] = co_await exchange_.targets(game);
    lists.offers[game] = co_await exchange_.offers(game);
    lists.inventory[game] = co_await exchange_.inventory(game);
  }
  co_return lists;
}

// Whether an order of ours is not what it was: it was filled, sold, or somebody took it away.
bool Trader::looks_traded(const AccountLists& lists) const {
  std::map<std::string, std::int64_t> targets;
  std::set<std::string> offers;
  for (const auto& [game, listed] : lists.targets) {
    for (const dmarket::Target& target : listed.items)
      if (target.target_id) targets[target.target_id->text()] = target.amount.value_or(1);
  }
  for (const auto& [game, listed] : lists.offers) {
    for (const dmarket::Offer& offer : listed.items)
      if (offer.offer_id) offers.insert(offer.offer_id->text());
  }
  const Books& books = ledger_.real();
  return std::ranges::any_of(books.targets(),
                             [&](const auto& own) {
                               const auto found = targets.find(own.first);
                               return found == targets.end() || found->second != own.second.left();
                             }) ||
         std::ranges::any_of(books.offers(), [&](const auto& own) { return !offers.contains(own.first); });
}

Task<> Trader::read_closed(AccountLists& lists, bool everything) {
  const Books& books = ledger_.real();
  lists.closed_from = 0;
  if (!everything) {
    std::int64_t from = books.last_trade_at();
    if (const auto pending = books.oldest_pending()) from = std::min(from, *pending);
    if (const auto needed = settling_needs(books)) from = std::min(from, *needed);
    lists.closed_from = std::max<std::int64_t>(0, from - ledger::day_seconds);
  }
  lists.closed_offers = co_await exchange_.closed_offers(lists.closed_from);
  lists.closed_targets = co_await exchange_.closed_targets(lists.closed_from);
}

Task<> Trader::enter_trades(const AccountLists& lists, bool everything) {
  const std::int64_t now = exchange_.now();
  const Books& books = ledger_.real();
  std::vector<Entry> entries;
  const auto add = [&entries](std::vector<Entry> more) {
    entries.insert(entries.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  };
  for (const auto& [game, listed] : lists.inventory)
    add(ledger::new_items(books, listed.items, std::string(dmarket::game_id(game)), now));
  for (const auto& [game, listed] : lists.offers)
    add(ledger::new_items(books, listed.items, std::string(dmarket::game_id(game)), now));
  std::vector<Entry> trades = ledger::new_trades(books, lists.closed_offers.items, lists.closed_targets.items, now);
  const std::size_t found = trades.size();
  add(std::move(trades));
  co_await ledger_.append(std::move(entries));
  std::vector<Entry> settled = settle(books, lists);
  for (const Entry& entry : settled) {
    const auto& outcome = std::get<ledger::Outcome>(entry.body);
    log_.info("an order of unknown outcome is settled", Field("intent", outcome.intent),
              Field("outcome", ledger::to_text(outcome.result)), Field("verdict", outcome.code),
              Field("reason", outcome.message));
  }
  co_await ledger_.append(std::move(settled));
  std::vector<Entry> gone = gone_orders(books, lists);
  co_await ledger_.append(std::move(gone));
  if (!lists.closed_offers.complete() || !lists.closed_targets.complete()) co_return;
  if (everything || found > 0) {
    ledger::Reconciled done;
    done.from = lists.closed_from;
    done.sales = static_cast<std::int64_t>(lists.closed_offers.items.size());
    done.purchases = static_cast<std::int64_t>(lists.closed_targets.items.size());
    std::vector<Entry> last;
    last.emplace_back(now, false, done);
    co_await ledger_.append(std::move(last));
    log_.info("trades reconciled", Field("new", static_cast<std::int64_t>(found)), Field("sales", done.sales),
              Field("purchases", done.purchases));
  }
  reconciled_at_ = now;
}

// Right after an answer was lost.
Task<> Trader::settle_now() {
  AccountLists lists = co_await read_own_lists();
  co_await read_closed(lists, false);
  co_await enter_trades(lists, false);
}

// A change that no trade explains, seen in two rounds: between two readings a trade may slip through once.
Task<> Trader::watch_balance(std::optional<Money> balance) {
  const Money explained = explained_by(ledger_.real());
  if (balance_ && explained_ && balance && *balance_ > Money()) {
    const auto refused =
        trading::check_balance_change(*balance_ + (explained - *explained_), balance, trading::GuardRules());
    unexplained_ = refused ? unexplained_ + 1 : 0;
    if (refused && unexplained_ < 2) co_return;
    if (refused && live() && !ledger_.real().paused()) {
      log_.error("trading is paused: the balance changed without a reason",
                 Field("reason", trading::to_text(*refused)));
      co_await set(Switched::pause, 0, trading::to_text(*refused));
    }
  }
  unexplained_ = 0;
  balance_ = balance;
  explained_ = explained;
}

// --- the market

Task<> Trader::read_market(Snapshot& snapshot) {
  std::set<TitleKey> titles;
  for (const Rule& rule : rules_.rules) titles.insert(TitleKey(rule.game, rule.title));
  for (const dmarket::Game game : games()) {
    const std::int64_t today = ledger::day_of(exchange_.now());
    KnownFees& known = fees_[game];
    if (!known.table || known.day != today) {
      const dmarket::CustomizedFees fees = co_await exchange_.fees(game);
      known.table = fee_table_of(fees, trading::time_of(exchange_.now()));
      known.day = today;
    }
    if (known.table) snapshot.fees.emplace(game, *known.table);
  }
  for (const TitleKey& key : titles) co_await read_title(snapshot, key);
  snapshot.now = trading::time_of(exchange_.now());
  if (trading::since(snapshot.now, snapshot.balance_at).count() > freshness) {
    const dmarket::Balance balance = co_await exchange_.balance();
    snapshot.balance = balance.usd;
    snapshot.balance_at = snapshot.now;
  }
}

// A title that cannot be read does not keep the others from being traded.
Task<> Trader::read_title(Snapshot& snapshot, TitleKey key) {
  TitleMarket& market = snapshot.titles[key];
  std::set<std::string> own;
  for (const ListedOffer& offer : snapshot.own.offers) own.insert(offer.offer_id);
  try {
    const std::vector<dmarket::Offer> offers = co_await exchange_.cheapest_offers(key.first, key.second);
    market.offers = offers_of(offers, key.second, own);
    market.offers_at = trading::time_of(exchange_.now());
    const std::vector<dmarket::TargetOrder> orders = co_await exchange_.targets_of(key.first, key.second);
    market.targets = orders_of(orders);
    market.targets_at = trading::time_of(exchange_.now());
    const std::vector<dmarket::Sale> sales = co_await exchange_.last_sales(key.first, key.second);
    market.sales = sales_of(sales);
    market.sales_at = trading::time_of(exchange_.now());
  } catch (const dmarket::Error& error) {
    if (error.kind() == dmarket::ErrorKind::unauthorized || error.kind() == dmarket::ErrorKind::no_keys) throw;
    log_.warn("a title could not be read", Field("title", key.second), Field("reason", error.what()));
  }
}

// --- orders

trading::GuardState Trader::guards(const Books& books) const {
  trading::GuardState state;
  state.paused = halted_ || ledger_.real().paused();
  state.errors = books.errors();
  return state;
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
  const std::function<bool()> leaves = [this] { return may_leave(); };
  for (const Chain& chain : plan.chains) {
    for (const Intent& intent : chain) {
      if (!may_leave() || trading::stopped(ledger_.real().errors(), trading::time_of(exchange_.now()))) co_return;
      Intent order = intent;
      const Given given = co_await orders_.give(std::move(order), leaves);
      if (given.outcome.result == ledger::Result::unknown) {
        co_await settle_now();
        co_return;  // what was decided was decided before this happened
      }
      if (given.outcome.result != ledger::Result::done) break;
    }
  }
}

Task<> Trader::pretend(Snapshot& snapshot) {
  const Books& books = ledger_.simulated();
  std::vector<Entry> trades = simulated_trades(books, snapshot);
  co_await ledger_.append(std::move(trades));
  snapshot.own = simulated_lists(books);
  if (snapshot.balance) *snapshot.balance += explained_by(books);
  Plan plan = decide(rules_, snapshot, books, guards(books));
  keep(plan);
  for (Chain& chain : plan.chains) co_await orders_.simulate(std::move(chain));
}

// --- switches

Task<> Trader::set(Switched what, std::int64_t user, std::string why) {
  const Books& books = ledger_.real();
  const bool is_so = (what == Switched::live && books.live()) || (what == Switched::dry_run && !books.live()) ||
                     (what == Switched::pause && books.paused()) ||
                     (what == Switched::resume && !books.paused() && !halted_);
  if (is_so) co_return;
  ledger::SwitchSet change;
  change.what = what;
  change.user = user;
  change.why = std::move(why);
  log_.warn("trading is switched", Field("to", ledger::to_text(what)), Field("user", user), Field("why", change.why));
  std::vector<Entry> entries;
  entries.emplace_back(exchange_.now(), false, std::move(change));
  co_await ledger_.append(std::move(entries));
  if (what == Switched::resume) {
    halted_ = false;
    balance_.reset();  // what a person has looked at needs no more explanation
  }
}

Task<PanicReport> Trader::panic(std::int64_t user) {
  PanicReport report;
  halted_ = true;
  log_.error("panic: no order leaves any more", Field("user", user));
  stopping_ = true;
  group_.cancel();
  co_await group_.join();
  try {
    co_await set(Switched::panic, user);
  } catch (const tgkit::storage::StorageError& error) {
    report.written = false;
    log_.error("the panic could not be written down: it lasts until the next start", Field("reason", error.what()));
  }
  report.unknown = ledger_.real().open_intents().size();
  report.offers = ledger_.real().offers().size();
  co_await delete_standing(report, false);
  co_await drop_simulated(report);
  if (started_) begin();
  co_return report;
}

// `again`: what the exchange is known to lock is left for later.
Task<> Trader::delete_standing(PanicReport& report, bool again) {
  std::vector<std::pair<std::string, ledger::OwnTarget>> all;
  for (const auto& [id, target] : ledger_.real().targets()) {
    const auto is_about_it = [&id = id](const auto& entry) { return entry.second.intent.target_id == id; };
    const bool waits = again && ledger_.real().locked_until(id) > exchange_.now();
    if (!waits && !std::ranges::any_of(ledger_.real().open_intents(), is_about_it)) all.emplace_back(id, target);
  }
  for (std::size_t begin = 0; begin < all.size(); begin += targets_per_call) {
    const std::size_t end = std::min(all.size(), begin + targets_per_call);
    std::vector<Intent> intents;
    for (std::size_t i = begin; i < end; ++i) intents.push_back(removal_of(all[i].first, all[i].second, "panic"));
    std::vector<Given> given;
    std::string failure;
    const std::function<bool()> leaves = [] { return true; };
    panicking_ = true;
    try {
      given = co_await orders_.delete_targets(std::move(intents), leaves);
    } catch (const tgkit::storage::StorageError& error) {
      failure = error.what();
    } catch (...) {
      panicking_ = false;
      throw;
    }
    panicking_ = false;
    for (std::size_t i = begin; i < end; ++i) {
      PanicLine& line = report.targets.emplace_back();
      line.what = what_of(all[i].second);
      const ledger::Outcome outcome = i - begin < given.size() ? given[i - begin].outcome : ledger::Outcome();
      line.done = failure.empty() && outcome.result == ledger::Result::done;
      line.locked_until = outcome.locked_until;
      line.why = failure.empty() ? outcome.code + (outcome.code.empty() ? "" : ": ") + outcome.message : failure;
      if (!line.done && line.why.empty()) line.why = "its outcome is unknown and will be looked up";
    }
  }
}

Task<> Trader::drop_simulated(PanicReport& report) {
  std::vector<Intent> intents;
  for (const auto& [id, target] : ledger_.simulated().targets()) intents.push_back(removal_of(id, target, "panic"));
  report.simulated = intents.size();
  try {
    co_await orders_.simulate(std::move(intents));
  } catch (const tgkit::storage::StorageError& error) {
    log_.error("the dry run's targets could not be dropped", Field("reason", error.what()));
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
  set(trade_live, live() ? 1 : 0);
  set(trade_paused, halted_ || ledger_.real().paused() ? 1 : 0);
}

TraderView Trader::view() const {
  const Books& books = ledger_.books(!live());
  TraderView view;
  view.configured_live = exchange_.may_be_changed();
  view.live = live();
  view.paused = halted_ || ledger_.real().paused();
  view.panicked = halted_ || ledger_.real().panicked();
  view.has_rules = !rules_.empty();
  view.has_keys = exchange_.has_keys();
  view.targets = books.targets().size();
  view.offers = books.offers().size();
  view.open_intents = ledger_.real().open_intents().size();
  view.reserved = books.reserved();
  const std::int64_t now = exchange_.now();
  view.committed_today = books.committed(ledger::day_of(now));
  if (reconciled_at_ != 0) view.reconciled_ago = now - reconciled_at_;
  view.problem = problem_;
  view.refusals = refused_.lines();
  view.notes = notes_;
  Snapshot known;
  known.now = trading::time_of(now);
  known.balance = seen_balance_;
  known.balance_at = known.now;
  view.guards =
      trading::report(account_of(known, books), guards(books), rules_.money, trading::GuardRules(), known.now);
  return view;
}

}  // namespace app::trader
