// Decisions in words, for the ledger and the journal.
#include "app/trader/decide.hpp"

namespace app::trader {

namespace trading = dmarket::trading;

std::string value_text(trading::FigureValue figure) {
  if (trading::unit_of(figure.figure) == trading::Unit::moment) return std::to_string(figure.value);
  return trading::amount_text(figure);
}

ledger::Reason reason_of(const std::string& rule, std::string_view why, const trading::Figures& figures) {
  ledger::Reason reason;
  reason.rule = rule;
  reason.why = why;
  for (const trading::FigureValue figure : figures.all())
    reason.figures.emplace_back(trading::name_of(figure.figure), value_text(figure));
  return reason;
}

}  // namespace app::trader
