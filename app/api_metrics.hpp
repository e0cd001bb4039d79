#pragma once
// Counts and times calls to Telegram and DMarket, and shows where DMarket's interface has changed. The instruments are
// looked up once per name.
#include "dmarket/transport.hpp"
#include "tgkit/ops/metrics.hpp"
#include "tgkit/telegram/client.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace app {

// `metrics` must outlive what is returned.
std::function<void(const tgkit::telegram::CallReport&)> telegram_meter(tgkit::ops::Metrics& metrics);
std::function<void(std::string_view endpoint, std::string_view outcome, tgkit::Duration)> dmarket_meter(
    tgkit::ops::Metrics& metrics);
// Both must outlive the last scrape.
void measure_api_changes(tgkit::ops::Metrics& metrics, const dmarket::Transport& transport);

}  // namespace app
