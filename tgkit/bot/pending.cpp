#include "tgkit/bot/pending.hpp"

#include "tgkit/telegram/types/boost.hpp"
#include "tgkit/telegram/types/bot.hpp"
#include "tgkit/telegram/types/business.hpp"
#include "tgkit/telegram/types/callback_query.hpp"
#include "tgkit/telegram/types/chat_member.hpp"
#include "tgkit/telegram/types/message.hpp"
#include "tgkit/telegram/types/payment.hpp"
#include "tgkit/telegram/types/reaction.hpp"
#include "tgkit/telegram/types/update.hpp"

#include <utility>

namespace tgkit::bot {

namespace {

const telegram::Message* message_of(const telegram::Update& u) {
  for (const auto* box : {&u.message, &u.edited_message, &u.channel_post, &u.edited_channel_post, &u.business_message,
                          &u.edited_business_message, &u.guest_message})
    if (*box) return &**box;
  return nullptr;
}

bool is_press(const telegram::Update& update) { return static_cast<bool>(update.callback_query); }

}  // namespace

std::string to_text(const PendingPolicy& policy) {
  switch (policy.what) {
    case Pending::keep:
      return "keep";
    case Pending::drop:
      return "drop";
    case Pending::recent:
      return "recent:" + std::to_string(policy.recent.count());
  }
  return "unknown";
}

bool is_always_kept(const telegram::Update& u) {
  if (u.pre_checkout_query || u.shipping_query || u.purchased_paid_media || u.subscription || u.business_connection ||
      u.my_chat_member)
    return true;
  const telegram::Message* message = message_of(u);
  return message != nullptr && (message->successful_payment || message->refunded_payment ||
                                message->migrate_to_chat_id || message->migrate_from_chat_id);
}

std::optional<std::int64_t> date_of(const telegram::Update& u) {
  if (const telegram::Message* message = message_of(u)) return message->edit_date.value_or(message->date);
  if (u.my_chat_member) return u.my_chat_member->date;
  if (u.chat_member) return u.chat_member->date;
  if (u.chat_join_request) return u.chat_join_request->date;
  if (u.message_reaction) return u.message_reaction->date;
  if (u.message_reaction_count) return u.message_reaction_count->date;
  if (u.business_connection) return u.business_connection->date;
  if (u.chat_boost) return u.chat_boost->boost.add_date;
  if (u.removed_chat_boost) return u.removed_chat_boost->remove_date;
  return std::nullopt;
}

PendingFate fate_of(const PendingPolicy& policy, const telegram::Update& update, std::int64_t now) {
  if (is_press(update)) return PendingFate::too_old;
  if (policy.what == Pending::keep || is_always_kept(update)) return PendingFate::handle;
  if (policy.what == Pending::drop) return PendingFate::pass_over;
  const std::optional<std::int64_t> date = date_of(update);
  return !date || now - *date <= policy.recent.count() ? PendingFate::handle : PendingFate::pass_over;
}

void PendingUpdates::found(std::int64_t count) {
  left_ = count;
  stays_ = false;
  summary_ = {};
  summary_.found = count;
}

void PendingUpdates::found_staying(std::int64_t count) {
  found(count);
  stays_ = true;
}

void PendingUpdates::none_left() {
  left_ = 0;
  presses_may_be_old_ = false;
}

PendingFate PendingUpdates::judge(const telegram::Update& update, std::int64_t now) {
  if (left_ == 0) return presses_may_be_old_ && is_press(update) ? PendingFate::too_old : PendingFate::handle;
  const PendingFate fate = fate_of(stays_ ? PendingPolicy(Pending::keep) : policy_, update, now);
  count(fate == PendingFate::pass_over ? &summary_.dropped
        : fate == PendingFate::too_old ? &summary_.presses
                                       : nullptr);
  return fate;
}

PendingFate PendingUpdates::was_known(PendingFate fate) {
  if (fate == PendingFate::pass_over) --summary_.dropped;
  if (fate == PendingFate::too_old && summary_.presses > 0) --summary_.presses;
  return PendingFate::handle;
}

void PendingUpdates::count(std::int64_t* what) {
  if (left_ > 0) --left_;
  if (what != nullptr) ++*what;
}

std::optional<PendingUpdates::Summary> PendingUpdates::take_summary() {
  if (left_ > 0 || summary_.found == 0) return std::nullopt;
  return std::exchange(summary_, {});
}

}  // namespace tgkit::bot
