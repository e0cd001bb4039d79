#include "tgkit/bot/middleware/error_boundary.hpp"

#include "tgkit/async/cancellation.hpp"
#include "tgkit/bot/exception_type.hpp"
#include "tgkit/bot/state.hpp"
#include "tgkit/bot/texts.hpp"
#include "tgkit/net/client.hpp"
#include "tgkit/telegram/error.hpp"
#include "tgkit/telegram/types/payment.hpp"

namespace tgkit::bot {

namespace {

// Texts of exceptions made by handlers may quote what a person wrote; those of our own borders do not.
struct Failure {
  std::string type;
  std::string reason;
  bool newer_state = false;
};

Failure look_at(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const NewerState& e) {
    return {exception_type(error), e.what(), true};
  } catch (const std::exception& e) {
    const bool ours = dynamic_cast<const telegram::Error*>(&e) || dynamic_cast<const net::Error*>(&e) ||
                      dynamic_cast<const storage::StorageError*>(&e);
    return {exception_type(error), ours ? e.what() : "", false};
  } catch (...) {
    return {exception_type(error), "", false};
  }
}

}  // namespace

void answer_failure(Context& ctx, std::exception_ptr error) {
  const Failure failure = look_at(error);
  ctx.log().error("handler failed", ops::Field("route", ctx.route().name), ops::Field("error", failure.type),
                  ops::Field("reason", failure.reason));
  ctx.set_outcome(Outcome::failed);
  ctx.discard();
  const std::string text =
      failure.newer_state ? ctx.texts().newer_state(ctx.language()) : ctx.texts().failed(ctx.language());
  answer_person(ctx, text);
}

void answer_person(Context& ctx, const std::string& text) {
  if (ctx.update().pre_checkout_query)
    ctx.answer_pre_checkout(text);
  else if (ctx.callback_query() && !ctx.was_answered_early())
    ctx.answer_callback(text, true);
  else if ((ctx.message() || ctx.callback_query()) && ctx.user_id() != 0)
    ctx.reply(text);
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
