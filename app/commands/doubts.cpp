// What an admin answers to a question about an order in doubt.
#include "app/commands/commands.hpp"
#include "app/menu.hpp"
#include "app/preferences.hpp"

namespace app {
namespace {

using tgkit::Task;
using tgkit::bot::Context;
using tgkit::bot::Use;
using trader::Answer;

std::string said_of(Answer answer, bool was_open, const Texts& t) {
  if (!was_open) return t.tr("This question is settled already.");
  switch (answer) {
    case Answer::gone:
      return t.tr("Noted: it counts as gone.");
    case Answer::look_on:
      return t.tr("The bot looks on. If nothing shows, it asks again in an hour.");
    case Answer::ours:
      return t.tr("Noted: it is the bot's.");
    case Answer::theirs:
      return t.tr("Noted: it is yours. The bot leaves it alone.");
  }
  return {};
}

Task<> press_answer(Context& ctx, AnswerDoubt payload, Use<trader::Trader> trader) {
  if (payload.answer > static_cast<std::uint8_t>(Answer::theirs)) co_return;
  const auto answer = static_cast<Answer>(payload.answer);
  std::string id(payload.id.view());
  const bool was_open = co_await trader->answer(std::move(id), answer, ctx.user_id());
  const Texts& t = texts_of(ctx);
  show(ctx, Page(said_of(answer, was_open, t), back_to_menu(ctx, t)));
}

}  // namespace

void add_doubts(tgkit::bot::Router& router) {
  using namespace tgkit::bot;
  router.on(pressed<AnswerDoubt>, press_answer).role(Role::admin);
}

}  // namespace app
