// /orders: what stands on DMarket, beside what the market asks and pays. From the cache: nothing is decided here.
#include "app/commands/orders.hpp"

#include "app/commands/commands.hpp"
#include "app/menu.hpp"
#include "app/preferences.hpp"
#include "app/trader/snapshot.hpp"
#include "dmarket/cache.hpp"
#include "tgkit/telegram/format.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace app {
namespace {

using dmarket::Cache;
using dmarket::Cached;
using dmarket::Game;
using tgkit::Task;
using tgkit::bot::Context;
using tgkit::bot::Use;
using tgkit::telegram::format::escape_html;

constexpr std::size_t orders_per_page = 12;
constexpr std::size_t longest_title = 80;

void add_simulated(OrderList& list, const ledger::Books& books) {
  for (const auto& [id, target] : books.targets()) {
    OrderLine& line = list.lines.emplace_back(OrderKind::target, target.made_by.item.title, target.made_by.price);
    line.game = dmarket::game_of_id(target.made_by.item.game).value_or(Game::cs2);
    line.amount = target.left();
    line.made_by = OrderMaker::simulation;
  }
  for (const auto& [id, offer] : books.offers()) {
    OrderLine& line = list.lines.emplace_back(OrderKind::offer, offer.item.title, offer.price);
    line.game = dmarket::game_of_id(offer.item.game).value_or(Game::cs2);
    line.made_by = OrderMaker::simulation;
  }
}

void add_targets(OrderList& list, Game game, const std::vector<dmarket::Target>& targets, const ledger::Books& books) {
  for (const dmarket::Target& target : targets) {
    OrderLine& line = list.lines.emplace_back(OrderKind::target, target.title.value_or("?"), target.price);
    line.game = game;
    line.amount = target.amount.value_or(1);
    line.active = target.status != dmarket::TargetStatus::inactive;
    if (target.target_id && books.made_target(target.target_id->text())) line.made_by = OrderMaker::bot;
  }
}

void add_offers(OrderList& list, Game game, const std::vector<dmarket::Offer>& offers, const ledger::Books& books) {
  for (const dmarket::Offer& offer : offers) {
    OrderLine& line = list.lines.emplace_back(OrderKind::offer, offer.attributes.title.value_or("?"), offer.price);
    line.game = game;
    if (offer.offer_id && books.made_offer(offer.offer_id->text())) line.made_by = OrderMaker::bot;
  }
}

// An inventory may list what is on offer, too.
std::size_t idle_items(const std::vector<dmarket::InventoryItem>& items, const std::vector<dmarket::Offer>& offers) {
  std::set<std::string> offered;
  for (const dmarket::Offer& offer : offers)
    if (offer.attributes.id) offered.insert(offer.attributes.id->text());
  const auto is_idle = [&offered](const dmarket::InventoryItem& item) {
    return item.in_market.value_or(true) && item.attributes.id && !offered.contains(item.attributes.id->text());
  };
  return static_cast<std::size_t>(std::ranges::count_if(items, is_idle));
}

Task<OrderList> read_real(Cache& cache, const ledger::Books& books, tgkit::WallTime now) {
  OrderList list;
  list.read = now;
  for (const Game game : dmarket::all_games) {
    const Cached<std::vector<dmarket::Target>> targets = co_await cache.targets(game);
    const Cached<std::vector<dmarket::Offer>> offers = co_await cache.offers(game);
    const Cached<std::vector<dmarket::InventoryItem>> items = co_await cache.inventory(game);
    add_targets(list, game, targets.may_be_old(), books);
    add_offers(list, game, offers.may_be_old(), books);
    list.items += idle_items(items.may_be_old(), offers.may_be_old());
    list.read = std::min({list.read, targets.taken(), offers.taken(), items.taken()});
  }
  co_return list;
}

OrderList simulated_orders(const ledger::Books& books, tgkit::WallTime now) {
  OrderList list;
  list.simulated = true;
  list.read = now;
  add_simulated(list, books);
  return list;
}

// What the market asks and pays for the titles of one page.
Task<> add_prices(Cache& cache, std::span<OrderLine> page) {
  std::map<Game, std::vector<std::string>> titles;
  for (const OrderLine& line : page) titles[line.game].push_back(line.title);
  for (const auto& [game, names] : titles) {
    const Cached<std::vector<dmarket::AggregatedPrice>> prices = co_await cache.aggregated_prices(game, names);
    for (OrderLine& line : page) {
      if (line.game != game) continue;
      const auto found = std::ranges::find(prices.may_be_old(), line.title, &dmarket::AggregatedPrice::title);
      if (found == prices.may_be_old().end()) continue;
      line.best = line.kind == OrderKind::target ? found->order_best_price : found->offer_best_price;
    }
  }
}

// What the offers of one page bring. The fees of a game are a long list: asked for only where something is on offer.
Task<> add_fees(Cache& cache, std::span<OrderLine> page, tgkit::WallTime now) {
  const auto moment = std::chrono::floor<dmarket::trading::Seconds>(now);
  std::set<Game> games;
  for (const OrderLine& line : page)
    if (line.kind == OrderKind::offer) games.insert(line.game);
  for (const Game game : games) {
    const Cached<dmarket::CustomizedFees> fees = co_await cache.fees(game);
    const auto read_at = std::chrono::floor<dmarket::trading::Seconds>(fees.taken());
    const auto table = trader::fee_table_of(fees.may_be_old(), read_at);
    for (OrderLine& line : page) {
      if (line.game == game && line.kind == OrderKind::offer && table && line.price)
        line.net = dmarket::trading::net_at(table->of(line.title), *line.price, moment);
    }
  }
}

bool simulated_stand(const trader::Trader& trader) {
  const ledger::Books& books = trader.ledger().simulated();
  return !trader.live() && !(books.targets().empty() && books.offers().empty());
}

// In dry run /orders shows the simulated ones, if there are any.
bool real_first(const trader::Trader& trader) { return !simulated_stand(trader); }

// Real and simulated ones never share a list. `real`: in dry run, where the simulated ones are the usual.
Task<> show_orders(Context& ctx, std::size_t wanted, bool real, Cache& cache, const trader::Trader& trader) {
  const Texts& t = texts_of(ctx);
  const tgkit::WallTime now = ctx.clock().wall();
  Keyboard keyboard(ctx);
  std::string text;
  const auto turn = [&keyboard, of_real = real && !trader.live()](const std::string& label, std::size_t page) {
    if (of_real)
      keyboard.button(label, OpenRealOrders(page));
    else
      keyboard.button(label, OpenOrders(page));
  };
  try {
    OrderList list = simulated_orders(trader.ledger().simulated(), now);
    if (real) list = co_await read_real(cache, trader.ledger().real(), now);
    list.turn_to(wanted);
    co_await add_prices(cache, list.on_page());
    co_await add_fees(cache, list.on_page(), now);
    text = orders_text(list, now, t);
    if (list.page > 0) turn("\u25c0", list.page - 1);
    if (list.page + 1 < list.pages()) turn("\u25b6", list.page + 1);
    keyboard.row();
    turn(t.tr("Refresh"), list.page);
  } catch (const dmarket::Error& error) {
    ctx.log().warn("orders not available", tgkit::ops::Field("reason", error.what()));
    text = exchange_problem(error, t);
    turn(t.tr("Refresh"), 0);
  }
  if (simulated_stand(trader) && real) keyboard.row().button(t.tr("Simulated orders"), OpenOrders());
  if (!trader.live() && !real) keyboard.row().button(t.tr("Real orders"), OpenRealOrders());
  keyboard.row().button(t.tr("Menu"), OpenMenu{});
  show(ctx, Page(std::move(text), std::move(keyboard)));
}

Task<> orders(Context& ctx, Use<Cache> cache, Use<trader::Trader> trader) {
  co_await show_orders(ctx, 0, real_first(*trader), *cache, *trader);
}

Task<> press_orders(Context& ctx, OpenOrders payload, Use<Cache> cache, Use<trader::Trader> trader) {
  co_await show_orders(ctx, payload.page, real_first(*trader), *cache, *trader);
}

Task<> press_real_orders(Context& ctx, OpenRealOrders payload, Use<Cache> cache, Use<trader::Trader> trader) {
  co_await show_orders(ctx, payload.page, true, *cache, *trader);
}

std::string shortened(const std::string& title) {
  if (title.size() <= longest_title) return title;
  std::size_t end = longest_title;
  while (end > 0 && (static_cast<unsigned char>(title[end]) & 0xC0) == 0x80) --end;  // not inside a character
  return title.substr(0, end) + "\u2026";
}

std::string line_text(const OrderLine& line, const Texts& t) {
  const bool is_target = line.kind == OrderKind::target;
  std::string text =
      escape_html(shortened(line.title)) + "\n   " + (line.price ? dmarket::to_text(*line.price) : t.tr("unknown"));
  if (line.amount != 1) text += " \u00d7 " + std::to_string(line.amount);
  if (line.net) text += ", " + t.tr("after the fee {0}", dmarket::to_text(*line.net));
  if (line.best)
    text += ", " + (is_target ? t.tr("highest bid {0}", dmarket::to_text(*line.best))
                              : t.tr("lowest offer {0}", dmarket::to_text(*line.best)));
  if (!line.active) text += ", " + t.tr("inactive");
  if (line.made_by == OrderMaker::bot) text += " (" + t.tr("the bot's") + ")";
  if (line.made_by == OrderMaker::simulation) text += " (" + t.tr("simulated") + ")";
  return text;
}

}  // namespace

std::size_t OrderList::pages() const {
  return std::max<std::size_t>(1, (lines.size() + orders_per_page - 1) / orders_per_page);
}

void OrderList::turn_to(std::size_t wanted) { page = std::min(wanted, pages() - 1); }

std::span<OrderLine> OrderList::on_page() {
  const std::size_t begin = page * orders_per_page;
  return std::span(lines).subspan(begin, std::min(orders_per_page, lines.size() - begin));
}

std::string orders_text(OrderList list, tgkit::WallTime now, const Texts& t) {
  std::string text = "<b>" + (list.simulated ? t.tr("Orders, simulated") : t.tr("Orders")) + "</b>";
  if (list.pages() > 1) text += " " + t.tr("page {0} of {1}", list.page + 1, list.pages());
  if (list.lines.empty())
    text += "\n" + (list.simulated ? t.tr("No simulated order stands.") : t.tr("Nothing of yours stands on DMarket."));
  const OrderLine* previous = nullptr;
  for (const OrderLine& line : list.on_page()) {
    if (previous == nullptr || previous->game != line.game || previous->kind != line.kind)
      text += "\n\n<b>" + std::string(dmarket::game_name(line.game)) + ": " +
              (line.kind == OrderKind::target ? t.tr("targets") : t.tr("offers")) + "</b>";
    text += "\n" + line_text(line, t);
    previous = &line;
  }
  if (list.simulated) return text;
  text += "\n\n" + t.tr("Items on DMarket that are not on offer: {0}", list.items) + "\n";
  text += t.tr("Read {0} ago; asked again after a minute or a change of the bot.", duration_text(now - list.read, t));
  return text;
}

void add_orders(tgkit::bot::Router& router) {
  using namespace tgkit::bot;
  describe(router.on(command<"orders">, orders), msgid("your targets and offers, beside the market's best"))
      .role(Role::viewer)
      .long_running();
  router.on(pressed<OpenOrders>, press_orders).role(Role::viewer).long_running();
  router.on(pressed<OpenRealOrders>, press_real_orders).role(Role::viewer).long_running();
}

}  // namespace app
