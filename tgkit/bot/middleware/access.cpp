#include "tgkit/bot/middleware/access.hpp"

#include "tgkit/async/wait_list.hpp"
#include "tgkit/bot/addressed.hpp"
#include "tgkit/bot/middleware/error_boundary.hpp"
#include "tgkit/bot/middleware/told_people.hpp"
#include "tgkit/bot/texts.hpp"
#include "tgkit/telegram/types/update_kind.hpp"

#include <array>
#include <memory>
#include <optional>

namespace tgkit::bot {

AccessList AccessList::everyone(Role role) {
  AccessList list;
  list.others_ = role;
  return list;
}

void AccessList::allow(std::int64_t user_id, Role role) {
  Role& known = roles_[user_id];
  known = std::max(known, role);
}

Role AccessList::role_of(std::int64_t user_id) const {
  const auto found = roles_.find(user_id);
  return found == roles_.end() ? others_ : std::max(found->second, others_);
}

Access decide_access(const AccessQuestion& question) {
  if (question.has >= std::max(question.needs, Role::viewer)) return Access::granted;
  // Somebody we know is told every time that this is not for them; a stranger once.
  if (question.has != Role::none) return Access::told;
  return question.told_before ? Access::silent : Access::told;
}

namespace {

class Guard {
 public:
  Guard(ops::Metrics* metrics, std::size_t remembered) : state_(std::make_shared<State>(metrics, remembered)) {}

  Task<> operator()(Context& ctx, Next next) const {
    if (decide_access(question(ctx)) == Access::granted) return next();
    return refuse(ctx, state_);
  }

 private:
  struct State {
    State(ops::Metrics* registry, std::size_t remembered) : metrics(registry), told(remembered) {}
    void count(const Context& ctx) {
      if (!metrics) return;
      ops::Counter*& counter = denied[static_cast<std::size_t>(ctx.event().kind())];
      if (!counter)
        counter = &metrics->counter("tgkit_access_denied_total",
                                    ops::Labels("kind", std::string(telegram::to_text(ctx.event().kind()))));
      counter->increment();
    }
    ops::Metrics* metrics;
    ToldPeople told;
    bool read = false, reading = false;
    WaitList read_or_failed;
    std::array<ops::Counter*, telegram::update_kind_names.size()> denied{};
  };

  static AccessQuestion question(const Context& ctx) { return {ctx.role(), ctx.route().role, false}; }

  static Task<> refuse(Context& ctx, std::shared_ptr<State> state) {
    ctx.set_outcome(Outcome::refused);
    state->count(ctx);
    if (!is_addressed(ctx)) co_return;
    AccessQuestion asked = question(ctx);
    if (asked.has == Role::none) {
      try {
        co_await read_told(ctx.store(), state);
      } catch (const storage::StorageError& error) {
        // Who was told is unknown: rather not told than told again and again.
        ctx.log().warn("a stranger is told nothing: the store does not answer", ops::Field("reason", error.what()));
        co_return;
      }
      asked.told_before = state->told.knows(speaker_of(ctx.event()));
    }
    if (decide_access(asked) == Access::silent) co_return;
    if (asked.has == Role::none) ctx.write_in_any_case(state->told.add(speaker_of(ctx.event())));
    tell(ctx, asked.has == Role::none ? SendLane::broadcast : SendLane::alert);
  }

  // Refusals stand behind answers.
  static void tell(Context& ctx, SendLane lane) {
    const std::int64_t number = may_name_number(ctx.event()) ? ctx.user_id() : 0;
    answer_person(ctx, ctx.texts().not_allowed(ctx.language(), number), lane);
  }

  // Once per run of the program; the first who needs it reads for all.
  static Task<> read_told(storage::Store& store, std::shared_ptr<State> state) {
    while (!state->read) {
      if (state->reading) {
        co_await state->read_or_failed.wait();
        continue;
      }
      const Reading reading(*state);
      const std::vector<std::optional<storage::StateRecord>> records = co_await store.load(state->told.keys());
      state->told.read(records);
      state->read = true;
    }
  }

  struct Reading {
    explicit Reading(State& state_) : state(state_) { state.reading = true; }
    ~Reading() {
      state.reading = false;
      state.read_or_failed.wake_all();
    }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;
    State& state;
  };

  std::shared_ptr<State> state_;
};

}  // namespace

Middleware access(ops::Metrics* metrics, std::size_t remembered) { return Guard(metrics, remembered); }

}  // namespace tgkit::bot
