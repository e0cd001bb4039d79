// Why orders do not leave, what DMarket refuses, and what stands badly: lines of /status and of the trading page.
#include "app/commands/commands.hpp"
#include "tgkit/telegram/format.hpp"

#include <algorithm>

namespace app {
namespace {

using tgkit::telegram::format::escape_html;
using trader::Stop;

constexpr std::size_t most_lines = 5;  // of one kind

// The mode's own line says these already.
bool is_told_elsewhere(Stop stop) {
  return stop == Stop::configured_dry_run || stop == Stop::switched_dry_run || stop == Stop::panic ||
         stop == Stop::paused;
}

std::string and_more(std::size_t all, const Texts& t) {
  return all <= most_lines ? std::string() : "  " + t.tr("... and {0} more", all - most_lines) + "\n";
}

std::string reasons_text(const trader::Stops& stops, const Texts& t) {
  std::string text;
  for (const Stop stop : stops.all()) {
    if (!is_told_elsewhere(stop)) text += t.tr("Nothing new is ordered: {0}", t.tr(to_text(stop))) + "\n";
  }
  if (!stops.adds() && stops.reduces() && !stops.has(Stop::panic))
    text += t.tr("Targets and offers that become bad are withdrawn all the same.") + "\n";
  return text;
}

std::string refused_line(const ledger::SetAside& one, std::int64_t now, const Texts& t) {
  return "  " + escape_html(one.item.title) + ": " + escape_html(one.code) + ", " +
         t.tr("tried again in {0}", duration_text(std::chrono::seconds(one.until - now), t)) + "\n";
}

std::string set_aside_text(const trader::TraderView& view, const Texts& t) {
  if (view.set_aside.empty()) return {};
  std::string text = t.tr("Refused by DMarket and left alone for a while: {0}", view.set_aside.size()) + "\n";
  for (std::size_t i = 0; i < std::min(most_lines, view.set_aside.size()); ++i)
    text += refused_line(view.set_aside[i], view.now, t);
  return text + and_more(view.set_aside.size(), t);
}

std::string bad_orders_text(const trader::TraderView& view, const Texts& t) {
  if (view.bad_orders.empty()) return {};
  std::string text =
      t.tr("Real orders that have become bad and stay, since this is a dry run: {0}", view.bad_orders.size()) + "\n";
  for (std::size_t i = 0; i < std::min(most_lines, view.bad_orders.size()); ++i) {
    const ledger::Intent& order = view.bad_orders[i];
    text += "  " + escape_html(order.item.title) + ", " + dmarket::to_text(order.price) + ": " +
            escape_html(t.tr(order.reason.why)) + "\n";
  }
  return text + and_more(view.bad_orders.size(), t);
}

}  // namespace

std::string stops_text(const trader::TraderView& view, const Texts& t) {
  return reasons_text(view.stops, t) + set_aside_text(view, t) + bad_orders_text(view, t);
}

}  // namespace app
