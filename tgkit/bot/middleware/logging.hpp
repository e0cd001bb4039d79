#pragma once
// One line per handled update: trace id, user, chat, route, duration, outcome. Never a text.
#include "tgkit/bot/context.hpp"
#include "tgkit/bot/middleware.hpp"

namespace tgkit::bot {

Task<> logging(Context& ctx, Next next);

}  // namespace tgkit::bot
