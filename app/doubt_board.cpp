#include "app/doubt_board.hpp"

#include "tgkit/telegram/format.hpp"

namespace app {
namespace {

using tgkit::telegram::format::escape_html;
using trader::Answer;
using trader::Question;

AnswerDoubt answer_to(const Question& question, Answer answer) {
  AnswerDoubt payload;
  payload.answer = static_cast<std::uint8_t>(answer);
  payload.id = question.id;
  return payload;
}

std::string order_text(const Question& question) {
  std::string text = escape_html(question.title) + "\n   " + dmarket::to_text(question.price);
  if (question.amount != 1) text += " \u00d7 " + std::to_string(question.amount);
  return text;
}

}  // namespace

DoubtBoard::DoubtBoard(trader::Trader& trader, Notices& notices) : trader_(trader), notices_(notices) {
  trader_.on_questions([this] { look(); });
}

void DoubtBoard::look() {
  std::set<std::string> open;
  for (const Question& question : trader_.questions()) {
    open.insert(question.id);
    if (asked_.contains(question.id)) continue;
    notices_.tell("an order in doubt", [question](const Texts& t, Keyboard keyboard) {
      return question_page(question, t, std::move(keyboard));
    });
  }
  asked_ = std::move(open);
}

std::string question_text(const Question& question, const Texts& t) {
  if (question.is_stray)
    return "<b>" + t.tr("Whose target is this?") + "</b>\n" + order_text(question) + "\n" +
           t.tr(
               "It stands on DMarket. It may be one that the bot made and whose answer was lost. Until you say whose "
               "it "
               "is, it counts in the budget and nobody touches it.");
  return "<b>" + t.tr("What became of this order?") + "</b>\n" + order_text(question) + "\n" +
         t.tr(
             "For an hour no list of DMarket has proven it. The list in which it should stand shows {0} entries and "
             "counts {1}. Until you say otherwise it counts as standing.",
             question.list.shown, question.list.counted);
}

Page question_page(const Question& question, const Texts& t, Keyboard keyboard) {
  if (question.is_stray)
    keyboard.button(t.tr("The bot's"), answer_to(question, Answer::ours))
        .button(t.tr("Mine"), answer_to(question, Answer::theirs));
  else
    keyboard.button(t.tr("It is gone"), answer_to(question, Answer::gone))
        .button(t.tr("Look on"), answer_to(question, Answer::look_on));
  return Page(question_text(question, t), std::move(keyboard));
}

}  // namespace app
