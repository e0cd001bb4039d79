#include "tgkit/bot/context.hpp"

#include "tgkit/bot/jobs.hpp"
#include "tgkit/bot/router.hpp"
#include "tgkit/bot/texts.hpp"
#include "tgkit/telegram/calls/messages.hpp"
#include "tgkit/telegram/calls/payments.hpp"
#include "tgkit/telegram/types/callback_query.hpp"
#include "tgkit/telegram/types/payment.hpp"

#include <algorithm>
#include <random>
#include <stdexcept>
#include <variant>

namespace tgkit::bot {

namespace {

// The same for every run of one update, so that an update that is handled again after a crash is found under one id.
void write_trace(std::int64_t update_id, char (&to)[12]) {
  auto x = static_cast<std::uint64_t>(update_id) + 0x9e3779b97f4a7c15U;  // splitmix64
  x = (x ^ x >> 30U) * 0xbf58476d1ce4e5b9U;
  x = (x ^ x >> 27U) * 0x94d049bb133111ebU;
  x ^= x >> 31U;
  for (std::size_t i = sizeof to; i-- > 0; x >>= 4U) to[i] = "0123456789abcdef"[x & 15U];
}

void put(std::vector<storage::StateWrite>& writes, storage::StateWrite write) {
  const auto same = std::ranges::find(writes, write.key, &storage::StateWrite::key);
  if (same != writes.end())
    *same = std::move(write);
  else
    writes.push_back(std::move(write));
}

std::string with_topic(std::string json, std::int64_t topic) {
  const std::string member = "\"message_thread_id\":" + std::to_string(topic);
  return json.insert(json.size() - 1, (json.size() > 2 ? "," : "") + member);
}

bool is_answer(const telegram::Request& request) {
  return request.method == "answerCallbackQuery" || request.method == "answerPreCheckoutQuery";
}

}  // namespace

namespace {

std::string key_of_its_own() {
  static std::mt19937_64 numbers = [] {
    std::random_device device;
    return std::mt19937_64((std::uint64_t{device()} << 32U) | device());
  }();
  std::string key = "~";
  for (std::uint64_t x = numbers(); key.size() < 17; x >>= 4U) key += "0123456789abcdef"[x & 15U];
  return key;
}

}  // namespace

std::string_view to_text(Outcome outcome) {
  switch (outcome) {
    case Outcome::handled:
      return "handled";
    case Outcome::unmatched:
      return "unmatched";
    case Outcome::refused:
      return "refused";
    case Outcome::failed:
      return "failed";
    case Outcome::timed_out:
      return "timed_out";
  }
  return "unknown";
}

struct Context::OpenCall {
  template <class Call>
  explicit OpenCall(Call made, Delivery delivery_ = {}) : call(std::move(made)), delivery(delivery_) {}
  std::variant<telegram::SendMessage, telegram::EditMessageText> call;
  Delivery delivery;
};

Context::Context(const Environment& environment, const Event& event, const Route& route)
    : environment_(environment), event_(event), route_(&route) {
  write_trace(event.update_id(), trace_);
}

Context::~Context() {
  if (has_locks_) environment_.locks->release(this);
}

const RouteInfo& Context::route() const noexcept { return route_->info(); }

telegram::SendMessage& Context::reply(std::string_view text, Delivery delivery) {
  // A private chat's id is its person's, so that also an update without a chat can be answered.
  const std::int64_t chat = chat_id() != 0 ? chat_id() : user_id();
  if (chat == 0) throw std::logic_error("reply: the update has neither chat nor user");
  close_open_call();
  if (route().for_everybody && event_.command()) delivery.if_refused = IfRefused::leave_topic;
  open_ = std::make_unique<OpenCall>(telegram::SendMessage(chat, text), delivery);
  auto& call = std::get<telegram::SendMessage>(open_->call);
  if (event_.topic_id() != 0) call.message_thread_id(event_.topic_id());
  return call;
}

telegram::EditMessageText& Context::edit(std::string_view text) {
  close_open_call();
  telegram::EditMessageText call;
  call.text(text);
  if (event_.pressed_message_id() != 0) {
    call.chat_id(chat_id()).message_id(event_.pressed_message_id());
  } else if (const auto* press = callback_query(); press && press->inline_message_id) {
    call.inline_message_id(*press->inline_message_id);
  } else {
    throw std::logic_error("edit: the update is no press of a button");
  }
  open_ = std::make_unique<OpenCall>(std::move(call), IfRefused::send_anew);
  return std::get<telegram::EditMessageText>(open_->call);
}

void Context::answer_callback(std::string_view text, bool alert) {
  const auto* press = callback_query();
  if (!press) throw std::logic_error("answer_callback: the update is no press of a button");
  if (answered_) return;
  telegram::AnswerCallbackQuery call(press->id);
  if (!text.empty()) call.text(text);
  if (alert) call.show_alert(true);
  queue(call.request());
}

void Context::answer_pre_checkout(std::string_view error) {
  const auto& query = update().pre_checkout_query;
  if (!query) throw std::logic_error("answer_pre_checkout: the update is no pre-checkout query");
  if (answered_) return;
  telegram::AnswerPreCheckoutQuery call(query->id, error.empty());
  if (!error.empty()) call.error_message(error);
  queue(call.request());
}

void Context::answered_early() {
  answered_ = answered_early_ = true;
  std::erase_if(requests_, [](const QueuedCall& call) { return is_answer(call.request); });
}

void Context::queue(telegram::Request request, Delivery delivery) {
  close_open_call();
  if (is_answer(request)) {
    if (answered_early_) return;
    answered_ = true;
  }
  requests_.emplace_back(std::move(request), delivery);
}

void Context::close_open_call() {
  if (!open_) return;
  requests_.emplace_back(std::visit([](auto& call) { return call.request(); }, open_->call), open_->delivery);
  open_.reset();
  // An edit needs no topic, and Telegram takes no notice of it; the new message that may have to stand in for it does.
  QueuedCall& call = requests_.back();
  if (event_.topic_id() != 0 && call.delivery.if_refused == IfRefused::send_anew)
    call.request.json = with_topic(std::move(call.request.json), event_.topic_id());
}

void Context::discard() {
  open_.reset();
  requests_.clear();
  writes_.clear();
  timers_.clear();
  answered_ = answered_early_;
}

void Context::write(storage::StateWrite write) { put(writes_, std::move(write)); }

void Context::write_in_any_case(storage::StateWrite write) { put(sure_writes_, std::move(write)); }

std::vector<storage::StateWrite> Context::take_writes() {
  for (storage::StateWrite& write : sure_writes_) put(writes_, std::move(write));
  sure_writes_.clear();
  return std::move(writes_);
}

std::string Context::set_timer(std::string_view job, std::string_view key, WallTime when, std::uint32_t version,
                               std::string payload) {
  if (!environment_.jobs || !environment_.jobs->takes_timers(job))
    throw std::logic_error("no job \"" + std::string(job) + "\" is registered: give it to the bot's JobTable");
  JobTimer timer;
  timer.key = {std::string(job), key.empty() ? key_of_its_own() : std::string(key)};
  timer.record.version = version;
  timer.record.payload = std::move(payload);
  timer.record.at = unix_milliseconds(when);
  timer.due = when;
  timers_.push_back(timer.write());
  return timer.key.key;
}

void Context::cancel_timer(std::string_view job, std::string_view key) {
  if (!environment_.jobs) throw std::logic_error("this bot has no jobs");
  storage::TimerWrite write;
  write.key = {std::string(job), std::string(key)};
  timers_.push_back(std::move(write));
}

Task<> Context::load(std::vector<storage::StateKey> keys) {
  std::erase_if(keys, [this](const storage::StateKey& key) {
    return std::ranges::any_of(loaded_, [&](const auto& entry) { return entry.first == key; });
  });
  if (keys.empty()) co_return;
  has_locks_ = true;
  bool acquired = environment_.locks->try_acquire(this, keys);
  if (!acquired) acquired = co_await environment_.locks->acquire(this, keys);
  if (!acquired)
    log().warn("two updates wait for each other's state; one goes on without", ops::Field("route", route().name));
  std::vector<std::optional<storage::StateRecord>> records = co_await environment_.store->load(keys);
  for (std::size_t i = 0; i < keys.size(); ++i) loaded_.emplace_back(std::move(keys[i]), std::move(records[i]));
}

Task<std::optional<storage::StateRecord>> Context::peek(storage::StateKey key) {
  for (const auto& [known, record] : loaded_)
    if (known == key) co_return record;
  std::vector<storage::StateKey> one(1, std::move(key));
  std::vector<std::optional<storage::StateRecord>> records = co_await environment_.store->load(std::move(one));
  co_return std::move(records.front());
}

const storage::StateRecord* Context::loaded(const storage::StateKey& key) const {
  for (const auto& [loaded, record] : loaded_)
    if (loaded == key) return record ? &*record : nullptr;
  return nullptr;
}

void Context::spawn(Task<> task) { environment_.tasks->spawn(std::move(task)); }

std::vector<QueuedCall> Context::take_requests() {
  close_open_call();
  if (callback_query() && !answered_) answer_callback();
  // A handler that has ended well may have answered by a call of its own; nobody else has.
  if (update().pre_checkout_query && !answered_ && outcome_ != Outcome::handled)
    answer_pre_checkout(texts().payment_refused(language()));
  return std::move(requests_);
}

}  // namespace tgkit::bot
