#include "app/takedown_board.hpp"

#include "app/ledger/entry.hpp"

#include <algorithm>

namespace app {
namespace {

using trader::TakedownReport;

constexpr std::size_t most_messages = 20;

Page gone_page(const Texts& t, Keyboard keyboard) {
  keyboard.button(t.tr("Status"), OpenStatus{}).button(t.tr("Menu"), OpenMenu{});
  return Page(t.tr("The last order of the bot is gone. Nothing of it stands on DMarket any more."),
              std::move(keyboard));
}

}  // namespace

TakedownBoard::TakedownBoard(trader::Trader& trader, Notices& notices) : trader_(trader), notices_(notices) {
  trader_.on_takedown([this] { look(); });
}

void TakedownBoard::follow(TakedownMessage message) {
  leave(message.chat, message.message);
  if (messages_.size() == most_messages) messages_.erase(messages_.begin());
  messages_.push_back(std::move(message));
  look();  // something may have happened while it was sent
}

void TakedownBoard::leave(std::int64_t chat, std::int64_t message) {
  std::erase_if(messages_, [=](const TakedownMessage& one) { return one.chat == chat && one.message == message; });
}

void TakedownBoard::look() {
  const TakedownReport report = trader_.takedown();
  for (TakedownMessage& message : messages_) look(message, report);
  if (!report.over()) {
    something_stood_ = true;
  } else if (something_stood_) {
    something_stood_ = false;
    messages_.clear();
    notices_.tell("the last order is gone", gone_page);
  }
}

void TakedownBoard::look(TakedownMessage& message, const TakedownReport& report) {
  Page page = takedown_page(report, *message.texts, message.zone, notices_.keyboard());
  if (page.html == message.shown) return;
  message.shown = page.html;
  notices_.edit(message.chat, message.message, std::move(page));
}

}  // namespace app
