#include "app/notices.hpp"

#include "tgkit/bot/state.hpp"
#include "tgkit/telegram/calls/messages.hpp"

namespace app {
namespace {

using tgkit::Task;
using tgkit::bot::QueuedCall;
using tgkit::bot::SendLane;
using tgkit::ops::Field;

using PreferencesCell = tgkit::bot::StateCell<Preferences>;

PreferencesCell preferences_of(std::int64_t user) {
  const std::string name(tgkit::bot::Stored<Preferences>::name);
  return PreferencesCell(tgkit::storage::StateKey{name, "u" + std::to_string(user)});
}

// What cannot be read says nothing about the language; the notice goes out all the same.
std::string language_in(PreferencesCell cell, const std::optional<tgkit::storage::StateRecord>& record) {
  try {
    cell.read(record ? &*record : nullptr);
  } catch (const std::exception&) {
    return {};
  }
  return cell.value.language;
}

QueuedCall message_to(std::int64_t reader, Page page) {
  tgkit::telegram::SendMessage message(reader, std::move(page.html));
  message.html();
  if (!page.keyboard.inline_keyboard.empty()) message.reply_markup(std::move(page.keyboard));
  return QueuedCall(message.request(), SendLane::alert);
}

}  // namespace

Notices::Notices(tgkit::Executor executor, tgkit::storage::Store& store, tgkit::bot::Outbox& outbox,
                 tgkit::ops::Log& log, tgkit::bot::CallbackKey key, std::vector<std::int64_t> readers,
                 Defaults defaults, const HeardLanguages& heard)
    : store_(store),
      outbox_(outbox),
      log_(log),
      key_(key),
      readers_(std::move(readers)),
      defaults_(std::move(defaults)),
      heard_(heard),
      group_(executor, [&log](const std::exception_ptr&) { log.error("a notice has ended unexpectedly"); }) {}

Task<> Notices::stop() { co_await group_.join(); }

void Notices::tell(std::string about, Write write) { group_.spawn(write_to_all(std::move(about), std::move(write))); }

void Notices::edit(std::int64_t chat, std::int64_t message, Page page) {
  tgkit::telegram::EditMessageText edit;
  edit.chat_id(chat).message_id(message).text(page.html).html().reply_markup(std::move(page.keyboard));
  std::vector<QueuedCall> calls;
  calls.emplace_back(edit.request(), SendLane::reply);
  group_.spawn(send("edit", std::move(calls)));
}

Task<> Notices::write_to_all(std::string about, Write write) {
  const std::vector<const Texts*> texts = co_await languages();
  std::vector<QueuedCall> calls;
  for (std::size_t i = 0; i < readers_.size(); ++i)
    calls.push_back(message_to(readers_[i], write(*texts[i], Keyboard(key_))));
  co_await send(std::move(about), std::move(calls));
}

Task<> Notices::send(std::string about, std::vector<QueuedCall> calls) {
  try {
    co_await outbox_.send(std::move(calls), "notice");
  } catch (const tgkit::storage::StorageError& error) {
    log_.error("a notice could not be kept and is lost", Field("about", about), Field("reason", error.what()));
  }
}

// In the order of the readers. A store that cannot be read costs the language, not the notice.
Task<std::vector<const Texts*>> Notices::languages() const {
  std::vector<tgkit::storage::StateKey> keys;
  for (const std::int64_t reader : readers_) keys.push_back(preferences_of(reader).key());
  std::vector<std::optional<tgkit::storage::StateRecord>> records(readers_.size());
  try {
    records = co_await store_.load(std::move(keys));
  } catch (const tgkit::storage::StorageError& error) {
    log_.warn("the languages of the admins cannot be read", Field("reason", error.what()));
  }
  std::vector<const Texts*> all;
  for (std::size_t i = 0; i < readers_.size(); ++i) {
    const std::string chosen = language_in(preferences_of(readers_[i]), records[i]);
    all.push_back(&Texts::of(choose_language(chosen, heard_.of(readers_[i]), defaults_.language)));
  }
  co_return all;
}

}  // namespace app
