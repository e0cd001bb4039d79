#pragma once
// A conversation of several messages: a struct of state with a step, one per person and chat, which survives restarts.
//
//   struct Order { enum class Step { none, item, amount } step = Step::none; std::string item; };   // 0 = no dialog
//   template <> struct tgkit::bot::Stored<Order> { name, fields with "step" among them; expiry recommended };
//
//   router.on(command<"order">, begin);                                  // Task<> begin(Context&, Dialog<Order>)
//   router.on(text && at_step<Order::Step::item, Order>, item);          // Task<> item(Context&, std::string,
//   Dialog<Order>)
#include "tgkit/bot/filters.hpp"
#include "tgkit/bot/state.hpp"

namespace tgkit::bot {

template <class T>
concept DialogState = StoredState<T> && std::is_enum_v<decltype(T::step)>;

template <DialogState T>
struct Dialog : StateOf<T, StateScope::dialog> {
  using Step = decltype(T::step);
  using StateOf<T, StateScope::dialog>::StateOf;

  bool active() const { return step() != Step{}; }
  Step step() const { return this->cell_->value.step; }
  void go(Step next) {
    this->cell_->value.step = next;
    this->cell_->erased = false;
  }
  void finish() { this->erase(); }
};

namespace detail {
std::string step_condition(std::string_view dialog, std::int64_t step);
}

// The person's dialog T stands at `step`. Stands in && with what the update must be.
template <auto wanted, DialogState T>
struct AtStep : PlainFilter {
  static_assert(std::same_as<decltype(wanted), decltype(T::step)>,
                "at_step takes a value of the dialog's own step type");
  bool accepts(const Matching&, const Event& e) const { return has_state_owner(e, StateScope::dialog); }
  void describe(FilterInfo& info) const {
    require(info, detail::step_condition(Stored<T>::name, static_cast<std::int64_t>(wanted)));
    info.name = detail::step_condition(Stored<T>::name, static_cast<std::int64_t>(wanted));
  }
  Task<bool> check(Context& ctx) const {
    StateCell<T> cell(state_key(ctx.event(), StateScope::dialog, Stored<T>::name));
    std::vector<storage::StateKey> keys;
    keys.push_back(cell.key());
    co_await ctx.load(std::move(keys));
    cell.read(ctx.loaded(cell.key()));
    co_return cell.value.step == wanted;
  }
};
template <auto step, DialogState T>
inline constexpr AtStep<step, T> at_step{};

}  // namespace tgkit::bot
