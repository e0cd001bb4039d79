#pragma once
// What the operating system says about this process: memory, CPU time, descriptors, start time.
#include "tgkit/ops/metrics.hpp"

namespace tgkit::ops {

// Reads them each time the metrics are scraped.
void add_process_metrics(Metrics& metrics);

}  // namespace tgkit::ops
