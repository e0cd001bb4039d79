#pragma once
// The messages that say how far the taking down of orders is: each is changed whenever something new is known, in the
// language and time zone of who asked. When the last order is gone, every admin is told.
#include "app/notices.hpp"
#include "app/trader/trader.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace app {

// One message that follows.
struct TakedownMessage {
  std::int64_t chat = 0, message = 0;
  const Texts* texts = nullptr;
  std::string zone;
  std::string shown;  // its text now
};

// Not thread-safe: used on the loop's thread only. Listens to the trader, which must outlive it, as must the notices.
class TakedownBoard {
 public:
  TakedownBoard(trader::Trader& trader, Notices& notices);

  void follow(TakedownMessage message);
  // The message shows something else from now on.
  void leave(std::int64_t chat, std::int64_t message);

 private:
  void look();
  void look(TakedownMessage& message, const trader::TakedownReport& report);

  trader::Trader& trader_;
  Notices& notices_;
  std::vector<TakedownMessage> messages_;  // the newest last; only so many are followed
  bool something_stood_ = false;
};

// Answers with how far it is, at once: not through the outbox, where it would wait behind the handler's commit and
// could be overtaken by its own changes. From then on the message follows.
tgkit::Task<> show_takedown(tgkit::bot::Context& ctx, trader::Trader& trader, TakedownBoard& board, std::string zone);

std::string takedown_text(const trader::TakedownReport& report, const Texts& t, const std::string& zone);  // HTML
// With the buttons that stand under it.
Page takedown_page(const trader::TakedownReport& report, const Texts& t, const std::string& zone, Keyboard keyboard);

}  // namespace app
