#pragma once
// Asks every admin what no list of the exchange tells: what became of an order, and whose a target is. Each question is
// asked once; who says that the bot shall look on is asked again an hour later, as everybody is after a restart.
#include "app/notices.hpp"
#include "app/trader/trader.hpp"

#include <set>
#include <string>

namespace app {

// Not thread-safe: used on the loop's thread only. Listens to the trader, which must outlive it, as must the notices.
class DoubtBoard {
 public:
  DoubtBoard(trader::Trader& trader, Notices& notices);

 private:
  void look();

  trader::Trader& trader_;
  Notices& notices_;
  std::set<std::string> asked_;
};

std::string question_text(const trader::Question& question, const Texts& t);  // HTML
Page question_page(const trader::Question& question, const Texts& t, Keyboard keyboard);

}  // namespace app
