#pragma once
// How far up the offers of a title have to be read before a decision may be made on them. The list holds every title
// that begins as ours does, so that its first page may show nothing of ours at all. Pure.
#include "app/trader/rules.hpp"
#include "app/trader/snapshot.hpp"

#include <vector>

namespace app::trader {

class MarketDepth {
 public:
  // `copies`: all that are ours. `rules` and `copies` outlive it.
  MarketDepth(const Rules& rules, const std::vector<Copy>& copies, TitleKey title, OwnMarks own);

  // `read`: the cheapest first. True: what follows changes no decision.
  bool reached(const std::vector<dmarket::Offer>& read) const;

 private:
  struct Question {  // what competes with this copy, by this likeness?
    dmarket::trading::Traits copy;
    dmarket::trading::Likeness like;
    std::optional<Money> ceiling;  // above it nothing matters
  };
  static bool answered(const Question& question, const std::vector<MarketOffer>& found, Money last);

  std::string title_;
  OwnMarks own_;
  std::optional<Money> buys_up_to_;
  std::vector<Question> questions_;
};

}  // namespace app::trader
