#pragma once
// getUpdates, with everything the real server does to its callers: confirming by offset, waiting, slowing down callers
// that do not advance, and ending one of two pollers.
#include "sandbox/bot_api/call.hpp"
#include "tgkit/async/task.hpp"

namespace sandbox {

// Throws Refusal. All of it must outlive the coroutine: the caller awaits on the spot.
tgkit::Task<std::string> get_updates(World& world, Bot& bot, const Arguments& arguments);

// As a newer poll does: the waiting one is answered with 409.
void end_waiting_poll(Bot& bot);

// "allowed_updates" of getUpdates and setWebhook: what it means for the setting that was there before.
void change_allowed_updates(Bot& bot, const std::string& parameter);

}  // namespace sandbox
