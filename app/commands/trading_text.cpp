#include "app/commands/commands.hpp"
#include "tgkit/telegram/format.hpp"

namespace app {
namespace {

using tgkit::telegram::format::escape_html;

constexpr std::size_t most_notes = 5;

std::string mode_of(const trader::TraderView& view, const Texts& t) {
  if (view.panicked) return t.tr("stopped by /panic");
  if (view.stops.has(trader::Stop::paused)) return t.tr("paused");
  if (view.balance_stop) return t.tr("paused by the bot: the balance changed without a reason");
  if (view.paused) return t.tr("paused");
  if (!view.has_keys) return t.tr("no keys");
  if (!view.has_rules) return t.tr("no rules");
  return t.tr("on");
}

// Sentences and figures of decisions are English in the code that decides; they are the keys of their translations.
std::string why_text(std::string_view why, const dmarket::trading::Figures& figures, const Texts& t) {
  std::string listed;
  for (const dmarket::trading::FigureValue figure : figures.all()) {
    if (!listed.empty()) listed += ", ";
    listed += t.tr(dmarket::trading::words_of(figure.figure)) + ' ' + dmarket::trading::amount_text(figure);
  }
  return escape_html(t.tr(why) + (listed.empty() ? "" : " (" + listed + ")"));
}

std::string guards_text(const trader::TraderView& view, const Texts& t) {
  std::string text;
  for (const auto& line : view.guards) {
    if (!line.closed) continue;
    text += "\n  " + t.tr(dmarket::trading::to_text(line.guard)) + ": " +
            why_text(dmarket::trading::to_text(*line.closed), line.figures, t);
  }
  return text.empty() ? t.tr("Guards: all open") + "\n" : t.tr("Guards closed:") + text + "\n";
}

}  // namespace

std::string trading_text(const trader::TraderView& view, const Texts& t) {
  std::string text = t.tr("Trading: {0}", mode_of(view, t)) + "\n";
  if (view.balance_stop)
    text += t.tr("By the trades the balance should be {0}, it was {1}. When you know why: /resume",
                 dmarket::to_text(view.balance_stop->expected), dmarket::to_text(view.balance_stop->seen)) +
            "\n";
  if (!view.problem.empty()) text += t.tr("Trading cannot go on: {0}", escape_html(view.problem)) + "\n";
  text += stops_text(view, t);
  if (view.has_rules) {
    text += t.tr("Targets: {0}, offers: {1}, reserved: {2}, today at most: {3}", view.targets, view.offers,
                 dmarket::to_text(view.reserved), dmarket::to_text(view.committed_today)) +
            "\n";
    text += guards_text(view, t);
  }
  if (view.open_intents > 0) text += t.tr("Orders whose fate is being looked up: {0}", view.open_intents) + "\n";
  if (view.reconciled_ago)
    text += t.tr("Trades reconciled: {0} ago", duration_text(std::chrono::seconds(*view.reconciled_ago), t)) + "\n";
  for (std::size_t i = 0; i < std::min(most_notes, view.notes.size()); ++i)
    text +=
        "  " + escape_html(view.notes[i].rule) + ": " + why_text(view.notes[i].why, view.notes[i].figures, t) + "\n";
  return text;
}

}  // namespace app
