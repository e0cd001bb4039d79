#pragma once
// The menu of commands that Telegram shows to people: set at the start, from the routes' help, in all their languages;
// tried again, with growing pauses, until Telegram has taken it.
#include "tgkit/async/task_group.hpp"
#include "tgkit/bot/context.hpp"
#include "tgkit/bot/router.hpp"

#include <string>
#include <vector>

namespace tgkit::bot {

class CommandMenu {
 public:
  CommandMenu(Executor executor, const Environment& environment, const Router& router);

  void publish();  // begins; whoever calls it calls stop(), too
  Task<> stop();   // what Telegram has not taken by now is left for the next start

 private:
  static Task<> insist(const Environment& environment, const Router& router);

  const Environment& environment_;
  const Router& router_;
  TaskGroup tasks_;
};

}  // namespace tgkit::bot
