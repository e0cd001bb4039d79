#pragma once
// To whom the bot speaks of itself: refusals, notices, failures. In a group people talk to each other, and who did not
// turn to the bot is told nothing. Pure.
#include "tgkit/bot/event.hpp"
#include "tgkit/bot/matching.hpp"

#include <cstdint>

namespace tgkit::bot {

class Context;

// True for a press; for a new message in a private chat; and in groups for a command that is ours and for a reply to a
// message of ours. Never for edits, posts, service messages, customers' business messages, forwards that Telegram makes
// by itself, and other bots. `takes_command`: a route of ours takes the event's command; who names no bot means us
// then.
bool is_addressed(const Matching& matching, const Event& event, bool takes_command);
bool is_addressed(const Context& ctx);

// Accounts that stand in for others: Telegram itself, anonymous admins, channels.
bool is_service_account(std::int64_t user_id) noexcept;

// Whether the number of whoever acted may be named: it is a person's own, and nobody else reads it.
bool may_name_number(const Event& event);

// Whom an event is from, for remembering: the chat that somebody speaks as, else the person. 0: nobody.
std::int64_t speaker_of(const Event& event);

}  // namespace tgkit::bot
