#include "tgkit/bot/middleware/error_boundary.hpp"

#include "tgkit/async/cancellation.hpp"
#include "tgkit/bot/addressed.hpp"
#include "tgkit/bot/exception_type.hpp"
#include "tgkit/bot/state.hpp"
#include "tgkit/bot/texts.hpp"
#include "tgkit/telegram/types/payment.hpp"

namespace tgkit::bot {

namespace {

bool is_newer_state(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const NewerState&) {
    return true;
  } catch (...) {
    return false;
  }
}

}  // namespace

void answer_failure(Context& ctx, std::exception_ptr error) {
  ctx.log().error("handler failed", ops::Field("route", ctx.route().name), ops::Field("error", exception_type(error)),
                  ops::Field("reason", loggable_reason(error)));
  ctx.set_outcome(Outcome::failed);
  ctx.discard();
  answer_person(ctx,
                is_newer_state(error) ? ctx.texts().newer_state(ctx.language()) : ctx.texts().failed(ctx.language()));
}

void answer_person(Context& ctx, const std::string& text, Delivery delivery) {
  if (ctx.update().pre_checkout_query)
    ctx.answer_pre_checkout(text);
  else if (ctx.callback_query() && !ctx.was_answered_early())
    ctx.answer_callback(text, true);
  else if (ctx.user_id() != 0 && is_addressed(ctx))
    ctx.reply(text, delivery);
}

Task<> error_boundary(Context& ctx, Next next) {
  try {
    co_await next();
  } catch (const std::exception& error) {
    if (is_cancellation(error)) throw;
    answer_failure(ctx, std::current_exception());
  } catch (...) {
    answer_failure(ctx, std::current_exception());
  }
}

}  // namespace tgkit::bot
