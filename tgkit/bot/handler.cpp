#include "tgkit/bot/handler.hpp"

#include "tgkit/bot/texts.hpp"
#include "tgkit/telegram/calls/messages.hpp"

namespace tgkit::bot {

void answer_bad_argument(Context& ctx, const BadArgument& bad) {
  ctx.reply(ctx.texts().bad_argument(ctx.language(), bad, ctx.route().usage));
}

}  // namespace tgkit::bot
