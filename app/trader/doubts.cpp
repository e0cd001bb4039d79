#include "app/trader/doubts.hpp"

#include <algorithm>

namespace app::trader {
namespace {

using ledger::Action;
using ledger::Books;
using ledger::Entry;
using ledger::Outcome;
using ledger::Result;

template <class Item>
std::map<dmarket::Game, ListSize> sizes(const std::map<dmarket::Game, dmarket::Listed<Item>>& lists) {
  std::map<dmarket::Game, ListSize> all;
  for (const auto& [game, listed] : lists) {
    all[game].shown = listed.read;
    all[game].counted = listed.total;
  }
  return all;
}

ListSize size_of(const std::map<dmarket::Game, ListSize>& lists, const std::string& game_id) {
  const auto game = dmarket::game_of_id(game_id);
  const auto found = game ? lists.find(*game) : lists.end();
  return found == lists.end() ? ListSize() : found->second;
}

// "target ID": what an absence is about, in two words.
std::string rest_after(const std::string& what, std::string_view word) {
  return what.starts_with(word) ? what.substr(word.size()) : std::string();
}

const ledger::OpenIntent* open_intent(const Books& books, const std::string& number) {
  for (const auto& [key, open] : books.open_intents()) {
    if (std::to_string(key) == number) return &open;
  }
  return nullptr;
}

bool describe_target(Question& question, const Books& books, const ListSizes& sizes) {
  const auto target = books.targets().find(question.id);
  if (target == books.targets().end()) return false;
  const ledger::Intent& made_by = target->second.made_by;
  question.title = made_by.item.title;
  question.price = made_by.price;
  question.amount = target->second.left();
  question.list = size_of(sizes.targets, made_by.item.game);
  return true;
}

bool describe_offer(Question& question, const Books& books, const ListSizes& sizes) {
  const auto offer = books.offers().find(question.id);
  if (offer == books.offers().end()) return false;
  question.title = offer->second.item.title;
  question.price = offer->second.price;
  question.list = size_of(sizes.offers, offer->second.item.game);
  return true;
}

bool describe_intent(Question& question, const Books& books, const ListSizes& sizes) {
  const ledger::OpenIntent* const open = open_intent(books, question.id);
  if (open == nullptr) return false;
  const ledger::Intent& intent = open->intent;
  const bool about_target = intent.action == Action::create_target || intent.action == Action::delete_target;
  question.title = intent.item.title;
  question.price = intent.price;
  question.amount = intent.amount;
  question.list = size_of(about_target                   ? sizes.targets
                          : intent.action == Action::buy ? sizes.inventory
                                                         : sizes.offers,
                          intent.item.game);
  return true;
}

using Describe = bool (*)(Question&, const Books&, const ListSizes&);
constexpr std::pair<std::string_view, Describe> subjects[] = {
    {"target ", describe_target}, {"offer ", describe_offer}, {"intent ", describe_intent}};

Question stray_question(const Stray& stray, const ListSizes& sizes) {
  Question question;
  question.id = stray.target_id;
  question.is_stray = true;
  question.title = stray.title;
  question.price = stray.price;
  question.amount = stray.amount;
  const auto list = sizes.targets.find(stray.game);
  if (list != sizes.targets.end()) question.list = list->second;
  return question;
}

std::string said_by(std::int64_t user) { return "user " + std::to_string(user) + " says so"; }

// A failed outcome that names a target: that one was not made by the intent.
Entry whose(const Stray& stray, bool ours, std::int64_t user, std::int64_t now) {
  Outcome outcome;
  outcome.intent = stray.intent;
  outcome.result = ours ? Result::done : Result::failed;
  outcome.target_id = stray.target_id;
  outcome.code = "said";
  outcome.message = said_by(user);
  outcome.reconciled = true;
  return Entry(now, false, std::move(outcome));
}

Entry gone_by_word(const std::string& target, const std::string& offer, std::int64_t user, std::int64_t now) {
  ledger::OrderGone gone;
  gone.target_id = target;
  gone.offer_id = offer;
  gone.why = said_by(user);
  return Entry(now, false, std::move(gone));
}

// "It is gone": a deletion has worked, anything else was not made.
Entry ended_by_word(const ledger::OpenIntent& open, std::int64_t user, std::int64_t now) {
  const Action action = open.intent.action;
  Outcome outcome;
  outcome.intent = open.number;
  outcome.result = action == Action::delete_target || action == Action::delete_offer ? Result::done : Result::failed;
  outcome.code = "said";
  outcome.message = said_by(user);
  outcome.reconciled = true;
  return Entry(now, false, std::move(outcome));
}

}  // namespace

ListSizes sizes_of(const AccountLists& lists) {
  ListSizes all;
  all.targets = sizes(lists.targets);
  all.offers = sizes(lists.offers);
  all.inventory = sizes(lists.inventory);
  return all;
}

std::vector<Question> questions(const Books& books, const Absences& absences, const std::vector<Stray>& strays,
                                const ListSizes& sizes, std::int64_t now) {
  std::vector<Question> all;
  for (const Absences::Doubt& doubt : absences.doubts(now)) {
    for (const auto& [word, describe] : subjects) {
      Question question;
      question.id = rest_after(doubt.what, word);
      question.since = doubt.since;
      if (!question.id.empty() && describe(question, books, sizes)) all.push_back(std::move(question));
    }
  }
  for (const Stray& stray : strays) all.push_back(stray_question(stray, sizes));
  return all;
}

std::vector<Entry> entries_of(const Question& question, Answer answer, const Books& books,
                              const std::vector<Stray>& strays, std::int64_t user, std::int64_t now) {
  std::vector<Entry> entries;
  if (question.is_stray) {
    const auto stray = std::ranges::find(strays, question.id, &Stray::target_id);
    if (stray != strays.end() && (answer == Answer::ours || answer == Answer::theirs))
      entries.push_back(whose(*stray, answer == Answer::ours, user, now));
  } else if (answer == Answer::gone) {
    if (books.targets().contains(question.id)) entries.push_back(gone_by_word(question.id, "", user, now));
    if (books.offers().contains(question.id)) entries.push_back(gone_by_word("", question.id, user, now));
    if (const auto* open = open_intent(books, question.id)) entries.push_back(ended_by_word(*open, user, now));
  }
  return entries;
}

}  // namespace app::trader
