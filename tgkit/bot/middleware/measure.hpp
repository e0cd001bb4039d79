#pragma once
// Time and outcome per route: tgkit_handler_seconds, tgkit_handled_total, tgkit_handler_errors_total.
#include "tgkit/bot/context.hpp"
#include "tgkit/bot/middleware.hpp"
#include "tgkit/ops/metrics.hpp"

namespace tgkit::bot {

// Instruments are looked up once per route. `metrics` must outlive the router.
Middleware measure(ops::Metrics& metrics);

}  // namespace tgkit::bot
