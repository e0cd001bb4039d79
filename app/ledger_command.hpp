#pragma once
// `dmarket-bot ledger ...`: the books for a spreadsheet, and costs that only a person knows.
#include "app/ledger/ledger.hpp"
#include "tgkit/ops/admin_socket.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace app {

// The exit code; nothing when the command line is not this command's.
std::optional<int> run_ledger_command(int argc, const char* const* argv);

// On a ledger that is open. `now`: Unix seconds, for what is entered. Exit code 2 for words it does not know.
tgkit::Task<tgkit::ops::AdminAnswer> run_ledger_words(ledger::Ledger& ledger, std::int64_t now,
                                                      std::vector<std::string> words);

// "2026-11-23" (midnight UTC), "2026-11-23T14:05:09Z"; Unix seconds.
std::optional<std::int64_t> parse_utc(const std::string& text);

}  // namespace app
