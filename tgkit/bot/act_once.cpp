#include "tgkit/bot/act_once.hpp"

#include <vector>

namespace tgkit::bot {

namespace {

// A record's value: this alone, or the mark of an end and the result.
constexpr std::string_view begun_mark = "?";
constexpr char end_mark = '=';

}  // namespace

OnceRecord::OnceRecord(Context& ctx, std::string_view name) : ctx_(ctx) {
  at_.type = "once:" + std::string(name);
  at_.owner = "update:" + std::to_string(ctx.update().update_id);
  key_ = std::to_string(ctx.update().update_id) + "." + std::string(name);
}

Task<> OnceRecord::load() {
  std::vector<storage::StateKey> keys(1, at_);
  std::vector<std::optional<storage::StateRecord>> found = co_await ctx_.store().load(std::move(keys));
  if (!found.front()) co_return;
  std::string& value = found.front()->value;
  begun_ = true;
  if (value.starts_with(end_mark)) result_ = value.substr(1);
  ctx_.write_in_any_case(record(std::move(value), false));
}

Task<> OnceRecord::begin() {
  co_await keep(std::string(begun_mark));
  begun_ = true;
}

Task<> OnceRecord::end(std::string result) {
  std::string failure;
  try {
    co_await keep(end_mark + result);
  } catch (const storage::StorageError& error) {
    failure = error.what();
  }
  if (failure.empty()) co_return;
  ctx_.write_in_any_case(record(end_mark + result, false));
  ctx_.log().error("the result of an action goes to the store with its update only", ops::Field("action", key_),
                   ops::Field("reason", failure));
}

storage::StateWrite OnceRecord::record(std::string value, bool for_good) const {
  storage::StateWrite write;
  write.key = at_;
  write.record.emplace();
  write.record->value = std::move(value);
  if (for_good) return write;
  const auto until = ctx_.clock().wall() + kept;
  write.record->expires_at = std::chrono::duration_cast<std::chrono::seconds>(until.time_since_epoch()).count();
  return write;
}

// Without an expiry now, since the update may stay unfinished for long; with one when the update is done.
Task<> OnceRecord::keep(std::string value) {
  storage::Commit commit;
  commit.writes.push_back(record(value, true));
  co_await ctx_.store().commit(std::move(commit));
  ctx_.write_in_any_case(record(std::move(value), false));
}

}  // namespace tgkit::bot
