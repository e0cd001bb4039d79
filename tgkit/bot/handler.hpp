#pragma once
// From a filter and a plain coroutine function to something the router can run. The rules for a handler's parameters,
// each with its one line when broken:
//
//   Task<> handler(Context& ctx, <what the filter hands over, in order>, <UserState, ChatState, Dialog, Use in any
//   order>)
#include "tgkit/bot/context.hpp"
#include "tgkit/bot/dialog.hpp"
#include "tgkit/bot/filters.hpp"
#include "tgkit/bot/services.hpp"
#include "tgkit/bot/state.hpp"

#include <functional>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

namespace tgkit::bot {

// Whether the route took the update. `passed`: its dialog stands elsewhere; the next matching route is asked.
enum class Ran { handled, refused, passed };

class Handler {
 public:
  virtual ~Handler() = default;
  virtual bool accepts(const Matching& matching, const Event& event) const = 0;
  virtual Task<Ran> run(Context& ctx) const = 0;
};

// Tells the person what was wrong with an argument, and how the command is written.
void answer_bad_argument(Context& ctx, const BadArgument& bad);

// --- extractors -------------------------------------------------------------------------------------------------

// How a parameter type fetches itself. `Slot` lives while the handler runs.
template <class P>
struct Extractor;

template <class T>
struct Extractor<Use<T>> {
  struct Slot {
    explicit Slot(Context& ctx) : service(&ctx.services().get<T>()) {}
    void add_key(std::vector<storage::StateKey>&) const {}
    void read(Context&) {}
    void write(Context&) const {}
    Use<T> parameter() { return Use<T>(*service); }
    T* service;
  };
  static void require(std::vector<ServiceKey>& services) { services.push_back(service_key<T>()); }
  static constexpr bool stateful = false;
};

template <class State>
struct StateExtractor {
  using T = typename State::Value;
  struct Slot {
    explicit Slot(Context& ctx) : cell(state_key(ctx.event(), State::scope, Stored<T>::name)) {}
    void add_key(std::vector<storage::StateKey>& keys) const { keys.push_back(cell.key()); }
    void read(Context& ctx) { cell.read(ctx.loaded(cell.key())); }
    void write(Context& ctx) const { cell.write(ctx); }
    State parameter() { return State(cell); }
    StateCell<T> cell;
  };
  static void require(std::vector<ServiceKey>&) {}
  static constexpr bool stateful = true;
};
template <class T>
struct Extractor<UserState<T>> : StateExtractor<UserState<T>> {};
template <class T>
struct Extractor<ChatState<T>> : StateExtractor<ChatState<T>> {};
template <class T>
struct Extractor<Dialog<T>> : StateExtractor<Dialog<T>> {};

template <class P>
concept Extractable = requires {
  typename Extractor<P>::Slot;
};

// --- wiring -----------------------------------------------------------------------------------------------------

namespace detail {

template <class... P>
struct Types {};

template <class F>
struct Signature {
  static constexpr bool known = false;
};
template <class R, class... P>
struct Signature<R (*)(P...)> {
  static constexpr bool known = true;
  using Result = R;
  using Parameters = Types<P...>;
};
template <class R, class C, class... P>
struct Signature<R (C::*)(P...) const> : Signature<R (*)(P...)> {};
template <class R, class C, class... P>
struct Signature<R (C::*)(P...)> : Signature<R (*)(P...)> {};

template <class F>
concept HasOneCall = requires {
  &F::operator();
};
template <HasOneCall F>
struct Signature<F> : Signature<decltype(&F::operator())> {};

// Splits Context&, the filter's values and the extractors apart.
template <class Values, class Parameters>
struct Wiring;

template <class... V, class... P>
struct Wiring<std::tuple<V...>, Types<P...>> {
  static constexpr std::size_t values = sizeof...(V);
  using All = std::tuple<P...>;

  static constexpr bool context_first() {
    if constexpr (sizeof...(P) == 0)
      return false;
    else
      return std::same_as<std::tuple_element_t<0, All>, Context&>;
  }
  static constexpr bool values_in_order() {
    if constexpr (sizeof...(P) < 1 + values)
      return false;
    else
      return []<std::size_t... I>(std::index_sequence<I...>) {
        return (std::same_as<std::remove_cvref_t<std::tuple_element_t<I + 1, All>>, V> && ...);
      }
    (std::index_sequence_for<V...>{});
  }
  static constexpr bool by_value() {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return ((I == 0 || !std::is_reference_v<std::tuple_element_t<I, All>>)&&...);
    }
    (std::index_sequence_for<P...>{});
  }
  static constexpr bool rest_extractable() {
    if constexpr (sizeof...(P) < 1 + values)
      return false;
    else
      return []<std::size_t... I>(std::index_sequence<I...>) {
        return (Extractable<std::remove_cvref_t<std::tuple_element_t<I + 1 + values, All>>> && ...);
      }
    (std::make_index_sequence<sizeof...(P) - 1 - values>{});
  }

  template <class Sequence>
  struct Rest;
  template <std::size_t... I>
  struct Rest<std::index_sequence<I...>> {
    using Slots = std::tuple<typename Extractor<std::tuple_element_t<I + 1 + values, All>>::Slot...>;
    using Kinds = std::tuple<Extractor<std::tuple_element_t<I + 1 + values, All>>...>;
  };
};

// The first broken rule stops the compilation by itself, so that one line is read.
template <class Values, class H>
consteval bool check_wiring() {
  using S = Signature<std::remove_cvref_t<H>>;
  if constexpr (!S::known) {
    static_assert(S::known, "a handler is a function or a callable object with one, not generic, call operator");
  } else if constexpr (!std::same_as<typename S::Result, Task<>>) {
    static_assert(std::same_as<typename S::Result, Task<>>, "a handler is a coroutine that returns tgkit::Task<>");
  } else {
    using W = Wiring<Values, typename S::Parameters>;
    if constexpr (!W::context_first()) {
      static_assert(W::context_first(), "a handler's first parameter is tgkit::bot::Context&");
    } else if constexpr (!W::values_in_order()) {
      static_assert(W::values_in_order(),
                    "after Context& a handler takes what its filter hands over: the same types in the same order");
    } else if constexpr (!W::by_value()) {
      static_assert(W::by_value(), "a handler takes its parameters by value, all but Context&");
    } else if constexpr (!W::rest_extractable()) {
      static_assert(W::rest_extractable(),
                    "after the filter's values a handler takes only UserState<T>, ChatState<T>, Dialog<T> and Use<T>");
    } else {
      return true;
    }
  }
  return false;
}

}  // namespace detail

// The router owns it for its whole life: what a coroutine lambda captured lives here.
template <Filter F, class H>
class HandlerOf final : public Handler {
  using Values = typename F::Values;
  using S = detail::Signature<H>;
  using W = detail::Wiring<Values, typename S::Parameters>;
  static constexpr std::size_t extracted = std::tuple_size_v<typename W::All> - 1 - W::values;
  using Rest = typename W::template Rest<std::make_index_sequence<extracted>>;
  using Slots = typename Rest::Slots;
  using Kinds = typename Rest::Kinds;

 public:
  HandlerOf(F filter, H handler) : filter_(std::move(filter)), handler_(std::move(handler)) {}

  static std::vector<ServiceKey> services() {
    std::vector<ServiceKey> all;
    []<class... K>(std::type_identity<std::tuple<K...>>, std::vector<ServiceKey>& keys) { (K::require(keys), ...); }(
        std::type_identity<Kinds>{}, all);
    return all;
  }

  bool accepts(const Matching& matching, const Event& event) const override { return filter_.accepts(matching, event); }

  Task<Ran> run(Context& ctx) const override {
    if constexpr (HasCheck<F>) {
      if (!co_await filter_.check(ctx)) co_return Ran::passed;
    }
    Extracted<Values> values = filter_.extract(ctx.matching(), ctx.event());
    if (!values) {
      answer_bad_argument(ctx, values.error());
      co_return Ran::refused;
    }
    Slots slots = make_slots(ctx, std::make_index_sequence<extracted>{});
    if constexpr (stateful()) {
      std::vector<storage::StateKey> keys;
      std::apply([&](const auto&... slot) { (slot.add_key(keys), ...); }, slots);
      co_await ctx.load(std::move(keys));
      std::apply([&](auto&... slot) { (slot.read(ctx), ...); }, slots);
    }
    co_await call(ctx, *values, slots, std::make_index_sequence<W::values>{}, std::make_index_sequence<extracted>{});
    if constexpr (stateful()) std::apply([&](const auto&... slot) { (slot.write(ctx), ...); }, slots);
    co_return Ran::handled;
  }

 private:
  static constexpr bool stateful() {
    return []<class... K>(std::type_identity<std::tuple<K...>>) {
      return (K::stateful || ...);
    }(std::type_identity<Kinds>{});
  }

  template <std::size_t... I>
  static Slots make_slots(Context& ctx, std::index_sequence<I...>) {
    return Slots(std::tuple_element_t<I, Slots>(ctx)...);
  }
  template <std::size_t... V, std::size_t... R>
  Task<> call(Context& ctx, Values& values, Slots& slots, std::index_sequence<V...>, std::index_sequence<R...>) const {
    return std::invoke(handler_, ctx, std::move(std::get<V>(values))..., std::get<R>(slots).parameter()...);
  }

  F filter_;
  mutable H handler_;
};

}  // namespace tgkit::bot
