#pragma once
// Where a handler's exception ends: what was queued is forgotten, the person gets one answer, the log the exception's
// type. Its text is logged only for failures of the world (telegram::Error, net::Error, StorageError), which are known
// to hold nothing private. Cancellation passes through. The dispatcher has a last boundary of its own.
#include "tgkit/bot/context.hpp"
#include "tgkit/bot/middleware.hpp"

#include <exception>
#include <string>

namespace tgkit::bot {

Task<> error_boundary(Context& ctx, Next next);

// What the boundaries do with an exception.
void answer_failure(Context& ctx, std::exception_ptr error);

// One short text to whoever acted: an alert for a press, a message for a message, nothing for what was not said to the
// bot (addressed.hpp) or cannot be answered. `delivery` is the message's.
void answer_person(Context& ctx, const std::string& text, Delivery delivery = {});

}  // namespace tgkit::bot
