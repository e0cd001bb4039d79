#include "tgkit/bot/middleware/access.hpp"

#include "tgkit/bot/middleware/error_boundary.hpp"
#include "tgkit/bot/texts.hpp"
#include "tgkit/telegram/types/update_kind.hpp"

#include <array>
#include <deque>
#include <unordered_set>

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

// Remembers the latest N people.
class Strangers {
 public:
  explicit Strangers(std::size_t most) : most_(most) {}

  bool knows(std::int64_t user) const { return set_.contains(user); }
  void add(std::int64_t user) {
    if (!set_.insert(user).second) return;
    order_.push_back(user);
    if (order_.size() <= most_) return;
    set_.erase(order_.front());
    order_.pop_front();
  }

 private:
  std::size_t most_;
  std::unordered_set<std::int64_t> set_;
  std::deque<std::int64_t> order_;
};

class Guard {
 public:
  Guard(ops::Metrics* metrics, std::size_t remembered) : state_(std::make_shared<State>(metrics, remembered)) {}

  Task<> operator()(Context& ctx, Next next) const {
    const Role has = ctx.role();
    const Access access = decide_access({has, ctx.route().role, state_->told.knows(ctx.user_id())});
    if (access == Access::granted) return next();
    ctx.set_outcome(Outcome::refused);
    state_->count(ctx);
    if (access == Access::told) {
      if (has == Role::none) state_->told.add(ctx.user_id());
      answer_person(ctx, ctx.texts().not_allowed(ctx.language(), ctx.user_id()));
    }
    return refused();
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
    Strangers told;
    std::array<ops::Counter*, telegram::update_kind_names.size()> denied{};
  };

  static Task<> refused() { co_return; }
  std::shared_ptr<State> state_;
};

}  // namespace

Middleware access(ops::Metrics* metrics, std::size_t remembered) { return Guard(metrics, remembered); }

}  // namespace tgkit::bot
