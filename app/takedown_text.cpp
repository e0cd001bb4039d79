#include "app/takedown_board.hpp"
#include "tgkit/telegram/format.hpp"

#include <algorithm>
#include <functional>
#include <iterator>

namespace app {
namespace {

using tgkit::telegram::format::escape_html;
using trader::OrderFate;
using trader::TakedownLine;
using trader::TakedownReport;

constexpr std::size_t most_lines = 40;  // in one message

std::string moment_text(std::int64_t unix_seconds, const std::string& zone) {
  return local_time(std::chrono::system_clock::time_point(std::chrono::seconds(unix_seconds)), zone);
}

std::string fate_text(const TakedownLine& line, const Texts& t, const std::string& zone) {
  switch (line.fate) {
    case OrderFate::kept:
      return t.tr("stands: in dry run it is deleted when you say so");
    case OrderFate::waiting:
      return t.tr("its deletion is on its way");
    case OrderFate::locked:
      return t.tr("locked by DMarket until {0}", moment_text(line.locked_until, zone));
    case OrderFate::failed:
      return escape_html(line.why);
    case OrderFate::looked_up:
      return t.tr("its answer was lost and is looked up");
    case OrderFate::gone:
      return t.tr("deleted");
    case OrderFate::traded:
      return line.is_offer ? t.tr("sold before") : t.tr("filled before");
  }
  return {};
}

std::string_view mark_of(OrderFate fate) {
  switch (fate) {
    case OrderFate::gone:
    case OrderFate::traded:
      return "\u2713 ";
    case OrderFate::failed:
    case OrderFate::kept:
      return "\u2717 ";
    default:
      return "\u2026 ";
  }
}

std::string line_text(const TakedownLine& line, const Texts& t, const std::string& zone) {
  const std::string price = dmarket::to_text(line.price);
  const std::string what = line.is_offer ? t.tr("offer at {0}", price) : t.tr("target at {0}", price);
  return std::string(mark_of(line.fate)) + escape_html(line.title) + ", " + what + ": " + fate_text(line, t, zone);
}

// What still stands comes first: it is what matters when not all fit.
std::vector<TakedownLine> what_stands_first(const std::vector<TakedownLine>& lines) {
  const auto stands = [](const TakedownLine& line) {
    return line.fate != OrderFate::gone && line.fate != OrderFate::traded;
  };
  std::vector<TakedownLine> ordered;
  std::ranges::copy_if(lines, std::back_inserter(ordered), stands);
  std::ranges::copy_if(lines, std::back_inserter(ordered), std::not_fn(stands));
  return ordered;
}

std::string rest_text(const TakedownReport& report, const Texts& t) {
  if (report.goes_on) return t.tr("What is left is tried again until it is gone.");
  return t.tr(
      "Each is deleted once for a press: what waits for a lock leaves at its end, unless the bot is started anew. "
      "What stands then needs another press.");
}

}  // namespace

std::string takedown_text(const TakedownReport& report, const Texts& t, const std::string& zone) {
  std::string text = report.panic
                         ? "<b>" + t.tr("Stopped") + "</b>\n" + t.tr("No order leaves any more. /resume goes on.")
                         : "<b>" + t.tr("The real orders are taken down") + "</b>";
  if (!report.written) text += "\n" + t.tr("This could not be written down: it lasts until the bot's next start only.");
  if (report.lines.empty()) {
    text += "\n" + t.tr("No order of the bot stands on DMarket.");
  } else {
    text += "\n" + t.tr("Taken down: {0} of {1}", report.lines.size() - report.left(), report.lines.size());
  }
  std::size_t shown = 0;
  for (const TakedownLine& line : what_stands_first(report.lines)) {
    if (++shown > most_lines) break;
    text += "\n" + line_text(line, t, zone);
  }
  if (report.lines.size() > most_lines) text += "\n" + t.tr("... and {0} more", report.lines.size() - most_lines);
  if (report.left() > 0) text += "\n" + rest_text(report, t);
  if (report.looked_up > 0) text += "\n" + t.tr("Orders whose fate is being looked up: {0}", report.looked_up);
  if (report.simulated > 0) text += "\n" + t.tr("Simulated targets dropped: {0}", report.simulated);
  return text;
}

Page takedown_page(const TakedownReport& report, const Texts& t, const std::string& zone, Keyboard keyboard) {
  const bool needs_a_press = !report.goes_on && report.count(OrderFate::kept) + report.count(OrderFate::failed) > 0;
  if (needs_a_press) keyboard.button(t.tr("Take the real orders down"), OpenTakeDown{}).row();
  SetTrading resume;
  resume.what = static_cast<std::uint8_t>(ledger::Switched::resume);
  if (report.panic) keyboard.button(t.tr("Resume"), resume);
  keyboard.button(t.tr("Status"), OpenStatus{});
  Page page(takedown_text(report, t, zone), std::move(keyboard));
  page.offers_takedown = true;
  return page;
}

}  // namespace app
