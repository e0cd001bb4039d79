#pragma once
// What the operating system says about this process: memory, CPU time, descriptors, start time.
#include "tgkit/ops/log.hpp"
#include "tgkit/ops/metrics.hpp"

namespace tgkit::ops {

// Reads them each time the metrics are scraped, and how many lines `log` lost; it must live as long as that may happen.
void add_process_metrics(Metrics& metrics, const Log& log);

}  // namespace tgkit::ops
