#pragma once
// One step of trading: from what was read, what the ledger says and what the user wants, to what is to be done now.
// Pure; the decisions themselves are those of dmarket/trading, and every refusal of theirs is counted.
#include "app/ledger/books.hpp"
#include "app/trader/rules.hpp"
#include "app/trader/snapshot.hpp"
#include "dmarket/trading/guards.hpp"
#include "dmarket/trading/refusal.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace app::trader {

// Orders that belong together: each is given only when those before it are done.
using Chain = std::vector<ledger::Intent>;

// Why nothing is done.
struct Note {
  std::string rule;
  std::string_view why;  // a sentence by which its translation is found; lives as long as the program
  dmarket::trading::Figures figures;
};

struct Plan {
  std::vector<Chain> chains;
  dmarket::trading::RefusalCounts refused;
  std::vector<Note> notes;
};

// `books`: the real ones, or in dry run the simulated ones.
Plan decide(const Rules& rules, const Snapshot& snapshot, const ledger::Books& books,
            const dmarket::trading::GuardState& guards);

// What the money's guards look at.
dmarket::trading::Account account_of(const Snapshot& snapshot, const ledger::Books& books);

// The order that takes a target of ours away.
ledger::Intent removal_of(const std::string& id, const ledger::OwnTarget& target, ledger::Reason reason);

std::string value_text(dmarket::trading::FigureValue figure);  // "$9.50", "3", "2.5%"
ledger::Reason reason_of(const std::string& rule, std::string_view why, const dmarket::trading::Figures& figures);

}  // namespace app::trader
