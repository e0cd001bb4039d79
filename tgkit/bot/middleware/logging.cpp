#include "tgkit/bot/middleware/logging.hpp"

#include "tgkit/async/cancellation.hpp"

namespace tgkit::bot {

namespace {

void write_line(Context& ctx, TimePoint start, std::string_view outcome) {
  using ops::Field;
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(ctx.clock().now() - start);
  ctx.log().info("update handled", Field("user", ctx.user_id()), Field("chat", ctx.chat_id()),
                 Field("route", ctx.route().name), Field("us", took.count()), Field("outcome", outcome));
}

}  // namespace

Task<> logging(Context& ctx, Next next) {
  const TimePoint start = ctx.clock().now();
  try {
    co_await next();
  } catch (const std::exception& error) {
    write_line(ctx, start, is_cancellation(error) ? "cancelled" : "failed");
    throw;
  } catch (...) {
    write_line(ctx, start, "failed");
    throw;
  }
  write_line(ctx, start, to_text(ctx.outcome()));
}

}  // namespace tgkit::bot
