#include "sandbox/bot_api/updates.hpp"

#include <algorithm>

namespace sandbox {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds same_offset_window{3};      // asked again that soon with the same offset: held open that long
constexpr milliseconds hot_loop_window{500};  // even sooner: one update at a time
constexpr seconds conflict_spacing{3};
constexpr milliseconds gathering{1};  // a waiting poll is answered that much after the first update
constexpr std::string_view replaced =
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";

struct Poll {
  std::int64_t offset = 0;
  std::size_t limit = 100;
  seconds timeout{0};
};

Poll read_poll(World& world, Bot& bot, const Arguments& arguments) {
  Poll poll;
  poll.offset = arguments.integer("offset", 0, -0x7FFFFFFF, 0x7FFFFFFF);
  poll.limit = static_cast<std::size_t>(arguments.integer("limit", 100, 1, 100));
  poll.timeout = seconds{arguments.integer("timeout", 0, 0, 50)};
  Polling& state = bot.polling;
  const tgkit::TimePoint now = world.real_clock().now();
  if (state.previous_start && state.previous_offset == poll.offset) {
    if (poll.timeout < same_offset_window && now < *state.previous_start + same_offset_window) {
      poll.timeout = same_offset_window;
    }
    if (now < *state.previous_start + hot_loop_window) poll.limit = 1;
  }
  state.previous_offset = poll.offset;
  state.previous_start = now;
  return poll;
}

std::string as_array(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) {
    if (out.size() > 1) out += ",\n";
    out += text;
  }
  return out + "]";
}

// Marks the bot as held by a waiting poll for as long as this one is the newest.
class Waiting {
 public:
  Waiting(World& world, Bot& bot, std::uint64_t number) : bot_(bot), number_(number) {
    bot_.polling.waiting = true;
    world.changed().notify();
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() {
    if (still_newest()) bot_.polling.waiting = false;
  }
  bool still_newest() const { return bot_.polling.newest == number_; }

 private:
  Bot& bot_;
  std::uint64_t number_;
};

// One 409 goes out at once, further ones only after a pause: two pollers must not race each other.
tgkit::Task<> refuse_conflict(World& world, Bot& bot, std::string_view text) {
  const tgkit::TimePoint now = world.real_clock().now();
  Polling& state = bot.polling;
  if (state.next_conflict && now < *state.next_conflict) {
    co_await world.hold(conflict_spacing);
  } else {
    state.next_conflict = now + conflict_spacing;
  }
  throw Refusal(409, std::string(text));
}

}  // namespace

void end_waiting_poll(Bot& bot) {
  ++bot.polling.newest;
  bot.polling.waiting = false;
  bot.arrived.notify();
}

void change_allowed_updates(Bot& bot, const std::string& parameter) {
  const auto value = parse_json(parameter);
  if (!value || !value->is_array()) return;
  std::vector<std::string> known;
  for (const json::value& item : value->get_array()) {
    if (!item.is_string()) return;  // one that is no text: the whole list is ignored
    const std::string kind(item.get_string().data(), item.get_string().size());
    if (std::find(update_kinds().begin(), update_kinds().end(), kind) != update_kinds().end()) known.push_back(kind);
  }
  bot.allowed_updates = std::move(known);
}

tgkit::Task<std::string> get_updates(World& world, Bot& bot, const Arguments& arguments) {
  if (!bot.webhook.url.empty()) {
    co_await refuse_conflict(world, bot,
                             "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to "
                             "delete the webhook first");
  }
  change_allowed_updates(bot, arguments.text("allowed_updates"));
  const Poll poll = read_poll(world, bot, arguments);
  if (bot.polling.waiting) end_waiting_poll(bot);
  const std::uint64_t number = ++bot.polling.newest;

  const tgkit::TimePoint deadline = world.clock().now() + poll.timeout;
  std::vector<std::string> texts = bot.queue.take(poll.offset, poll.limit, world.now());
  world.changed().notify();  // something may have been confirmed
  bool in_time = poll.timeout.count() > 0;
  while (texts.empty() && in_time && !world.stopping()) {
    const Waiting waiting(world, bot, number);
    in_time = co_await bot.arrived.wait_until(deadline);
    if (waiting.still_newest() && in_time && bot.queue.size(world.now()) > 0) co_await world.hold(gathering);
    if (!waiting.still_newest()) co_await refuse_conflict(world, bot, replaced);
    if (!bot.webhook.url.empty()) co_await refuse_conflict(world, bot, "Conflict: terminated by setWebhook request");
    texts = bot.queue.take(poll.offset, poll.limit, world.now());
  }
  co_return as_array(texts);
}

}  // namespace sandbox
