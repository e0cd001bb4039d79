// What a round reads: the account, entered into the ledger, and the market.
#include "app/ledger/closed_trades.hpp"
#include "app/trader/instant.hpp"
#include "app/trader/market_depth.hpp"
#include "app/trader/returned.hpp"
#include "app/trader/simulate.hpp"
#include "app/trader/trader.hpp"

#include <algorithm>

namespace app::trader {
namespace {

namespace trading = dmarket::trading;
using ledger::Books;
using ledger::Entry;
using ledger::Switched;
using tgkit::Task;
using tgkit::ops::Field;

constexpr std::int64_t freshness = 60;  // an older balance is read again before it is spent

bool is_about_the_account(const dmarket::Error& error) {
  return error.kind() == dmarket::ErrorKind::unauthorized || error.kind() == dmarket::ErrorKind::no_keys;
}

}  // namespace

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
  // What has ended lately may show again.
  const std::int64_t lately = exchange_.now() - ledger::day_seconds;
  for (const auto& [number, open] : books.given_up())
    if (open.at > lately) add(open.intent.item.game);
  for (const auto& [id, ended] : books.ended_targets())
    if (ended.at > lately) add(ended.order.made_by.item.game);
  for (const auto& [id, ended] : books.ended_offers())
    if (ended.at > lately) add(ended.order.item.game);
  for (const auto& [key, purchase] : books.purchases()) {
    if (purchase.source == ledger::CostSource::instant && purchase.state == ledger::TradeState::pending)
      add(purchase.item.game);
  }
  return all;
}

Task<> Trader::read_account(Snapshot& snapshot) {
  const dmarket::Balance balance = co_await exchange_.balance();
  snapshot.balance = balance.usd;
  snapshot.balance_at = trading::time_of(exchange_.now());
  AccountLists lists = co_await read_own_lists();
  co_await count_again(lists);
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
  for (const auto& [game, why] : lists.unread) snapshot.own.unread.insert(game);
  for (const auto& [game, listed] : lists.targets)
    if (!listed.complete()) snapshot.own.unproven.insert(game);
  for (const auto& [game, listed] : lists.offers)
    if (!listed.complete()) snapshot.own.unproven.insert(game);
  for (const auto& [game, listed] : lists.inventory)
    if (!listed.complete()) snapshot.own.unproven.insert(game);
  strays_ = strays(ledger_.real(), lists);
  snapshot.own.strays = strays_;
  list_sizes_ = sizes_of(lists);
  if (questions_asked_) questions_asked_();
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
      if (!offer.offer_id || !offer.attributes.id) continue;
      ListedOffer& own = snapshot.own.offers.emplace_back();
      own.offer_id = offer.offer_id->text();
      own.asset_id = offer.attributes.id->text();
      own.price = offer.price;
      add_copy(game, offer.attributes);
    }
  }
  for (const auto& [game, listed] : lists.inventory) {
    for (const dmarket::InventoryItem& item : listed.items)
      if (item.in_market.value_or(true)) add_copy(game, item.attributes);
  }
}

// Orders of ours that show again stand, whatever the books said.
Task<> Trader::count_again(const AccountLists& lists) {
  std::vector<Entry> again = returned_orders(ledger_.real(), lists);
  for (const Entry& entry : again) {
    const auto& outcome = std::get<ledger::Outcome>(entry.body);
    log_.warn("an order of ours that counted as ended is listed", Field("intent", outcome.intent),
              Field("target", outcome.target_id), Field("offer", outcome.offer_id), Field("reason", outcome.message));
  }
  co_await ledger_.append(std::move(again));
}

Task<AccountLists> Trader::read_own_lists() {
  AccountLists lists;
  lists.asked = exchange_.now();
  std::set<TitleKey> buying;
  for (const auto& [number, open] : ledger_.real().open_intents()) {
    const auto game = dmarket::game_of_id(open.intent.item.game);
    if (game && open.intent.action == ledger::Action::buy) buying.insert(TitleKey(*game, open.intent.item.title));
  }
  for (const TitleKey& key : buying) co_await read_market_of_purchase(lists, key);
  const std::set<dmarket::Game> all = games();
  std::optional<dmarket::Error> failure;
  for (const dmarket::Game game : all) {
    std::optional<dmarket::Error> failed = co_await read_game(lists, game);
    if (failed) failure = std::move(failed);
  }
  tell_unread(lists.unread);
  if (failure && lists.unread.size() == all.size()) throw *failure;
  co_return lists;
}

// A list that only one purchase needs keeps nothing else up: without it that purchase stays in doubt.
Task<> Trader::read_market_of_purchase(AccountLists& lists, TitleKey key) {
  try {
    dmarket::Listed<dmarket::Offer> offers = co_await exchange_.market_offers(key.first, key.second);
    lists.market[key] = std::move(offers);
  } catch (const dmarket::Error& error) {
    if (is_about_the_account(error)) throw;
    log_.warn("the market of a purchase in doubt could not be read", Field("title", key.second),
              Field("reason", error.what()));
  }
}

// A game whose lists cannot be read does not keep the others from being traded. What fails for every game is thrown.
Task<std::optional<dmarket::Error>> Trader::read_game(AccountLists& lists, dmarket::Game game) {
  std::optional<dmarket::Error> failure;
  try {
    dmarket::Listed<dmarket::Target> targets = co_await exchange_.targets(game);
    dmarket::Listed<dmarket::Offer> offers = co_await exchange_.offers(game);
    dmarket::Listed<dmarket::InventoryItem> inventory = co_await exchange_.inventory(game);
    lists.inventory[game] = std::move(inventory);
    lists.targets[game] = std::move(targets);
    lists.offers[game] = std::move(offers);
  } catch (const dmarket::Error& error) {
    if (is_about_the_account(error)) throw;
    lists.unread.emplace(game, error.what());
    failure = error;
  }
  co_return failure;
}

void Trader::tell_unread(const std::map<dmarket::Game, std::string>& unread) {
  for (const auto& [game, why] : unread) {
    if (!unread_.contains(game))
      log_.warn("the account's lists of a game could not be read: nothing is ordered in it",
                Field("game", dmarket::game_name(game)), Field("reason", why));
  }
  for (const auto& [game, why] : unread_) {
    if (!unread.contains(game))
      log_.info("the account's lists of a game are read again", Field("game", dmarket::game_name(game)));
  }
  unread_ = unread;
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
    if (const auto pending = books.oldest_unsettled()) from = std::min(from, *pending);
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
  tell_real_trades(trades);
  add(std::move(trades));
  co_await ledger_.append(std::move(entries));
  std::vector<Entry> settled = settle(books, lists, absences_);
  for (const Entry& entry : settled) {
    const auto* outcome = std::get_if<ledger::Outcome>(&entry.body);
    if (outcome == nullptr) continue;
    log_.info("an order of unknown outcome is settled", Field("intent", outcome->intent),
              Field("outcome", ledger::to_text(outcome->result)), Field("verdict", outcome->code),
              Field("reason", outcome->message));
  }
  co_await ledger_.append(std::move(settled));
  std::vector<Entry> ended = ended_purchases(books, lists, absences_);
  for (const Entry& entry : ended) {
    const auto& purchase = std::get<ledger::Purchase>(entry.body);
    log_.info("what became of a purchase", Field("title", purchase.item.title),
              Field("state", ledger::to_text(purchase.state)), Field("asset", purchase.asset_id));
  }
  co_await ledger_.append(std::move(ended));
  std::vector<Entry> gone = gone_orders(books, lists, absences_);
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

// A change that no trade explains, seen in two looks: between two readings a trade may slip through once. What was seen
// last is in the ledger, so that what happens while the bot is away is seen, too; a balance that is not known says
// nothing. What is left when trades are taken off changes seldom: an entry is made when it does. What is
// being looked for may explain it, too: a copy that its seller has taken back is one only after two looks.
Task<> Trader::watch_balance(std::optional<Money> balance) {
  if (!balance) co_return;
  const Books& books = ledger_.real();
  const Money explained = books.cash_flow();
  const auto& last = books.balance_seen();
  const Money expected = last ? last->balance + (explained - last->explained) : Money();
  if (expected > Money()) {
    const auto refused = trading::check_balance_change(expected, balance, trading::GuardRules());
    unexplained_ = refused ? unexplained_ + 1 : 0;
    const bool may_be_explained = unexplained_ < 2 || absences_.looking(exchange_.now());
    if (refused && may_be_explained) co_return;
    if (refused && live() && !books.balance_stop()) co_await stop_by_balance(expected, *balance);
  }
  unexplained_ = 0;
  if (last && last->balance - last->explained == *balance - explained) co_return;
  ledger::BalanceSeen seen;
  seen.balance = *balance;
  seen.explained = explained;
  std::vector<Entry> entries;
  entries.emplace_back(exchange_.now(), false, seen);
  co_await ledger_.append(std::move(entries));
}

// Also while a person has paused trading: when he goes on, he must know.
Task<> Trader::stop_by_balance(Money expected, Money seen) {
  ledger::SwitchSet change;
  change.what = Switched::pause;
  change.why = trading::to_text(trading::Refusal::stopped_by_balance);
  change.expected = expected;
  change.seen = seen;
  log_.error("trading is paused: the balance changed without a reason", Field("expected", dmarket::to_text(expected)),
             Field("seen", dmarket::to_text(seen)));
  std::vector<Entry> entries;
  entries.emplace_back(exchange_.now(), false, std::move(change));
  co_await ledger_.append(std::move(entries));
  if (balance_stop_) balance_stop_(*ledger_.real().balance_stop());
}

// --- the market

Task<> Trader::read_market(Snapshot& snapshot) {
  std::set<TitleKey> titles;
  for (const Rule& rule : rules_.rules) titles.insert(TitleKey(rule.game, rule.title));
  for (const dmarket::Game game : games()) {
    const std::int64_t today = ledger::day_of(exchange_.now());
    KnownFees& known = fees_[game];
    if (!known.table || known.day != today) co_await read_fees(game, known);
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

// Where they cannot be read, those of yesterday count until they are too old (RepriceRule::most_age_of_fees).
Task<> Trader::read_fees(dmarket::Game game, KnownFees& known) {
  const Time asked = trading::time_of(exchange_.now());
  try {
    const dmarket::CustomizedFees fees = co_await exchange_.fees(game);
    std::optional<trading::FeeTable> table = fee_table_of(fees, asked);
    if (!table) co_return;
    known.table = std::move(table);
    known.day = ledger::day_of(trading::unix_seconds(asked));
  } catch (const dmarket::Error& error) {
    if (is_about_the_account(error)) throw;
    log_.warn("the fees of a game could not be read", Field("game", dmarket::game_name(game)),
              Field("reason", error.what()));
  }
}

// Also what our own list does not show: an offer that was just made, or whose answer was lost.
OwnMarks Trader::own_marks(const OwnLists& lists) const {
  OwnMarks own;
  for (const ListedOffer& offer : lists.offers) own.offers.insert(offer.offer_id);
  for (const auto& [id, offer] : ledger_.real().offers()) own.offers.insert(id);
  for (const Copy& copy : lists.copies) own.assets.insert(copy.asset_id);
  for (const ledger::Position& position : ledger_.real().positions()) own.assets.insert(position.asset_id);
  return own;
}

// A title that cannot be read does not keep the others from being traded.
Task<> Trader::read_title(Snapshot& snapshot, TitleKey key) {
  TitleMarket& market = snapshot.titles[key];
  const OwnMarks own = own_marks(snapshot.own);
  std::vector<Copy> copies = snapshot.own.copies;
  if (!live()) copies = simulated_lists(ledger_.simulated()).copies;
  const MarketDepth depth(rules_, copies, key, own);
  const Exchange::Enough enough = [&depth](const std::vector<dmarket::Offer>& read) { return depth.reached(read); };
  // A quote is as old as the question: what the exchange answers late was true before.
  const auto now = [this] { return trading::time_of(exchange_.now()); };
  try {
    const Time offers_at = now();
    const dmarket::Listed<dmarket::Offer> offers = co_await exchange_.cheapest_offers(key.first, key.second, enough);
    if (offers.complete() || offers.end == dmarket::ListEnd::open) {
      market.offers = offers_of(offers.items, key.second, own);
      market.offers_at = offers_at;
    } else {
      log_.warn("the offers of a title could not be read to their end", Field("title", key.second),
                Field("reason", dmarket::to_text(offers.end)));
    }
    const Time targets_at = now();
    const std::vector<dmarket::TargetOrder> orders = co_await exchange_.targets_of(key.first, key.second);
    market.targets = orders_of(orders);
    market.targets_at = targets_at;
    const Time sales_at = now();
    const std::vector<dmarket::Sale> sales = co_await exchange_.last_sales(key.first, key.second);
    market.sales = sales_of(sales);
    market.sales_at = sales_at;
  } catch (const dmarket::Error& error) {
    if (is_about_the_account(error)) throw;
    log_.warn("a title could not be read", Field("title", key.second), Field("reason", error.what()));
  }
}

}  // namespace app::trader
