#pragma once
// What the exchange refuses to do, thing by thing: a refused copy or title is left alone for a while, with growing
// pauses, and everything else goes on. Pure: follows from the ledger's outcomes, and so survives a restart.
#include "app/ledger/entry.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace app::ledger {

// Whom an outcome speaks against.
enum class Blame {
  nobody,  // done, or the exchange's ordinary way: a lock, a race that somebody else has won, an order we held back
  ours,    // the key, the guard
  item,    // this copy or title only
  all,     // the exchange or the network: nothing else would work either
};
// Outcomes of versions that did not write down whose fault it was are judged by their code.
Blame blame_of(const Intent& intent, const Outcome& outcome);

// What a refusal is about: the copy of an offer, the title of a bid or purchase; of a withdrawal the order itself.
std::string subject_of(const Intent& intent);
std::string order_subject(const std::string& target_or_offer_id);
std::string copy_subject(const std::string& asset_id);
std::string title_subject(const std::string& game_id, const std::string& title);

struct SetAside {
  Action action{};  // what was refused last
  Item item;
  std::string asset_id;
  std::string code, message;
  std::int64_t refusals = 0;       // in a row
  std::int64_t at = 0, until = 0;  // of the last one, and when it is tried again: Unix seconds by the exchange's clock
};

class Refusals {
 public:
  void apply(const Intent& intent, const Outcome& outcome, std::int64_t at);
  // Until when a subject is left alone; 0: it is not known to be refused.
  std::int64_t until(const std::string& subject) const;
  const SetAside* find(const std::string& subject) const;
  std::vector<SetAside> aside(std::int64_t now) const;  // what is left alone at that moment, the longest first

 private:
  std::map<std::string, SetAside> all_;
};

}  // namespace app::ledger
