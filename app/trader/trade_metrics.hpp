#pragma once
// The names of what trading counts.
#include "tgkit/ops/metric_names.hpp"
#include "tgkit/ops/metrics.hpp"

namespace app::trader {

inline constexpr tgkit::ops::MetricName trade_orders{"dmarket_orders_total", tgkit::ops::MetricKind::counter,
                                                     "Orders by what was asked and what became of it.",
                                                     "action,outcome,mode"};
inline constexpr tgkit::ops::MetricName trade_reserved{"dmarket_reserved_dollars", tgkit::ops::MetricKind::gauge,
                                                       "Money reserved by open intents and targets.", "mode"};
inline constexpr tgkit::ops::MetricName trade_open_intents{"dmarket_open_intents", tgkit::ops::MetricKind::gauge,
                                                           "Orders whose fate is not known."};
inline constexpr tgkit::ops::MetricName trade_refusals{"dmarket_refusals_total", tgkit::ops::MetricKind::counter,
                                                       "Decisions that were no, by reason.", "reason"};
inline constexpr tgkit::ops::MetricName trade_reconciled_age{
    "dmarket_reconciliation_age_seconds", tgkit::ops::MetricKind::gauge,
    "Since the closed trades were last read to their end, by the exchange's clock; -1 before the first time."};
inline constexpr tgkit::ops::MetricName trade_live{"dmarket_live", tgkit::ops::MetricKind::gauge,
                                                   "1 while orders are real."};
inline constexpr tgkit::ops::MetricName trade_paused{"dmarket_paused", tgkit::ops::MetricKind::gauge,
                                                     "1 while trading is paused."};
inline constexpr tgkit::ops::MetricName trade_may_add{
    "dmarket_may_add_risk", tgkit::ops::MetricKind::gauge,
    "1 while nothing keeps this instance from giving orders that add risk; of the last round."};
inline constexpr tgkit::ops::MetricName trade_rounds{"dmarket_rounds_total", tgkit::ops::MetricKind::counter,
                                                     "Rounds of trading by how they ended.", "outcome"};

inline constexpr tgkit::ops::MetricName trade_set_aside{
    "dmarket_set_aside", tgkit::ops::MetricKind::gauge,
    "Copies, titles and orders that DMarket refuses and that are left alone for now."};
inline constexpr tgkit::ops::MetricName trade_bad_orders{
    "dmarket_bad_orders", tgkit::ops::MetricKind::gauge,
    "Real orders that have become bad and stay, since it is a dry run."};

inline void declare_trade_metrics(tgkit::ops::Metrics& metrics) {
  for (const auto* name : {&trade_orders, &trade_reserved, &trade_open_intents, &trade_refusals, &trade_reconciled_age,
                           &trade_live, &trade_paused, &trade_may_add, &trade_rounds, &trade_set_aside,
                           &trade_bad_orders})
    metrics.declare(*name);
}

}  // namespace app::trader
