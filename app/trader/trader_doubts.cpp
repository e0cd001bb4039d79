// What a person is asked, and what he says.
#include "app/trader/trader.hpp"

#include <algorithm>

namespace app::trader {

using tgkit::Task;

std::vector<Question> Trader::questions() const {
  return trader::questions(ledger_.real(), absences_, strays_, list_sizes_, exchange_.now());
}

Task<bool> Trader::answer(std::string id, Answer answer, std::int64_t user) {
  const std::vector<Question> open = questions();
  const auto question = std::ranges::find(open, id, &Question::id);
  if (question == open.end()) co_return false;
  log_.warn("a person says what became of an order", tgkit::ops::Field("order", id),
            tgkit::ops::Field("answer", static_cast<std::int64_t>(answer)), tgkit::ops::Field("user", user));
  if (answer == Answer::look_on) {
    for (const char* word : {"target ", "offer ", "intent "}) absences_.look_on(word + id, exchange_.now());
    co_return true;
  }
  std::vector<ledger::Entry> entries = entries_of(*question, answer, ledger_.real(), strays_, user, exchange_.now());
  if (question->is_stray) std::erase_if(strays_, [&id](const Stray& stray) { return stray.target_id == id; });
  co_await ledger_.append(std::move(entries));
  co_return true;
}

}  // namespace app::trader
