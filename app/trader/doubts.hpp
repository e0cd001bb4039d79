#pragma once
// What only a person can tell: orders whose fate no list has proven for an hour, and targets that may be ours. Pure.
// Until somebody has answered, an order counts as standing, and a target that may be ours counts and is not touched.
#include "app/trader/absence.hpp"
#include "app/trader/settle.hpp"
#include "app/trader/snapshot.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace app::trader {

// How much a list has shown, and how much it counts itself; 0: it does not say.
struct ListSize {
  std::int64_t shown = 0, counted = 0;
};
struct ListSizes {
  std::map<dmarket::Game, ListSize> targets, offers, inventory;
};
ListSizes sizes_of(const AccountLists& lists);

struct Question {
  std::string id;         // of the target, offer or asset; the number of an intent
  bool is_stray = false;  // a target that may be ours
  std::string title;
  dmarket::Money price;
  std::int64_t amount = 1;
  std::int64_t since = 0;  // Unix seconds; of a stray 0
  ListSize list;           // in which it should be
};
std::vector<Question> questions(const ledger::Books& books, const Absences& absences, const std::vector<Stray>& strays,
                                const ListSizes& sizes, std::int64_t now);

enum class Answer {
  gone,     // it is not there any more, or was never made
  look_on,  // ask again in an hour
  ours,     // of a stray: the bot made it
  theirs,   // of a stray: a person did
};
// What the ledger takes down of a person's answer to an open question. Nothing for look_on.
std::vector<ledger::Entry> entries_of(const Question& question, Answer answer, const ledger::Books& books,
                                      const std::vector<Stray>& strays, std::int64_t user, std::int64_t now);

}  // namespace app::trader
