#pragma once
// The jobs of a bot, registered while it is wired, as routes are:
//
//   struct Reminder { std::int64_t chat; std::string text; };            // described by Stored<Reminder>, named
//   "reminder" Task<> remind(Context& ctx, Reminder reminder);                       // ctx.after(5min, Reminder{...})
//   sets it Task<> clean_up(Context& ctx, Use<Shop> shop);
//
//   JobTable jobs;
//   jobs.on<Reminder>(remind).attempts(5);
//   jobs.every("clean up", 1h, clean_up).missed(Missed::skip);
//   jobs.daily("report", {9, 0}, "Europe/Berlin", report).timeout(1min);
//
// A job's Context belongs to no update: send() queues messages, state is loaded by key; reply() and what else needs a
// chat throws. Its messages, states, timers and its own next run are ONE commit. It may run again after a crash before
// that commit, so what it does to the world beside them has to stand that.
#include "tgkit/bot/handler.hpp"
#include "tgkit/bot/jobs_decisions.hpp"
#include "tgkit/bot/jobs_record.hpp"
#include "tgkit/bot/jobs_schedule.hpp"
#include "tgkit/bot/route.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace tgkit::bot {

class Route;

class JobHandler {
 public:
  virtual ~JobHandler() = default;
  virtual Task<> run(Context& ctx, const JobTimer& timer) const = 0;
};

// A registered job. The setters are for the lines that fill the table.
class Job {
 public:
  Job(std::string name, std::optional<Schedule> schedule, std::vector<ServiceKey> services,
      std::unique_ptr<const JobHandler> handler);
  ~Job();

  Job& missed(Missed policy);
  Job& timeout(Duration limit);
  Job& attempts(std::uint32_t most);
  Job& pause(Duration first, Duration most);

  const std::string& name() const noexcept { return name_; }
  const Schedule* schedule() const noexcept { return schedule_ ? &*schedule_ : nullptr; }  // null: set by handlers
  const JobOptions& options() const noexcept { return options_; }
  const std::vector<ServiceKey>& services() const noexcept { return services_; }
  const Route& route() const noexcept { return *route_; }  // what its Context names as route
  Task<> run(Context& ctx, const JobTimer& timer) const { return handler_->run(ctx, timer); }

 private:
  std::string name_;
  std::optional<Schedule> schedule_;
  JobOptions options_;
  std::vector<ServiceKey> services_;
  std::unique_ptr<const JobHandler> handler_;
  std::unique_ptr<const Route> route_;
};

namespace detail {

template <class Values, class H>
consteval bool check_job() {
  if constexpr (check_wiring<Values, H>()) {
    using W = Wiring<Values, typename Signature<H>::Parameters>;
    using Kinds =
        typename W::template Rest<std::make_index_sequence<std::tuple_size_v<typename W::All> - 1 - W::values>>::Kinds;
    constexpr bool stateless = []<class... K>(std::type_identity<std::tuple<K...>>) {
      return (!K::stateful && ...);
    }(std::type_identity<Kinds>{});
    static_assert(stateless, "a job concerns no update: after Context& and its payload it takes only Use<T>");
    return stateless;
  }
  return false;
}

}  // namespace detail

// `Values` is the payload in a tuple, or an empty one. The table owns it: what a coroutine lambda captured lives here.
template <class Values, class H>
class JobHandlerOf final : public JobHandler {
  using W = detail::Wiring<Values, typename detail::Signature<H>::Parameters>;
  static constexpr std::size_t extracted = std::tuple_size_v<typename W::All> - 1 - W::values;
  using Rest = typename W::template Rest<std::make_index_sequence<extracted>>;
  using Slots = typename Rest::Slots;
  using Kinds = typename Rest::Kinds;

 public:
  explicit JobHandlerOf(H handler) : handler_(std::move(handler)) {}

  static std::vector<ServiceKey> services() {
    std::vector<ServiceKey> all;
    []<class... K>(std::type_identity<std::tuple<K...>>, std::vector<ServiceKey>& keys) { (K::require(keys), ...); }(
        std::type_identity<Kinds>{}, all);
    return all;
  }

  // Throws NewerState, or std::runtime_error when the payload is no JSON.
  Task<> run(Context& ctx, const JobTimer& timer) const override {
    Slots slots = make_slots(ctx, std::make_index_sequence<extracted>{});
    if constexpr (W::values == 1) {
      StateCell<std::tuple_element_t<0, Values>> payload(storage::StateKey{timer.key.job, timer.key.key});
      const storage::StateRecord record{timer.record.payload, timer.record.version, 0};
      payload.read(&record);
      co_await call(ctx, std::move(payload.value), slots, std::make_index_sequence<extracted>{});
    } else {
      co_await call(ctx, slots, std::make_index_sequence<extracted>{});
    }
  }

 private:
  template <std::size_t... I>
  static Slots make_slots([[maybe_unused]] Context& ctx, std::index_sequence<I...>) {
    return Slots(std::tuple_element_t<I, Slots>(ctx)...);
  }
  template <class T, std::size_t... R>
  Task<> call(Context& ctx, T payload, [[maybe_unused]] Slots& slots, std::index_sequence<R...>) const {
    return std::invoke(handler_, ctx, std::move(payload), std::get<R>(slots).parameter()...);
  }
  template <std::size_t... R>
  Task<> call(Context& ctx, [[maybe_unused]] Slots& slots, std::index_sequence<R...>) const {
    return std::invoke(handler_, ctx, std::get<R>(slots).parameter()...);
  }

  mutable H handler_;
};

class JobTable {
 public:
  JobTable();
  JobTable(JobTable&&) noexcept;
  JobTable& operator=(JobTable&&) noexcept;
  ~JobTable();

  // Runs when a timer that Context::after or Context::at has set is due. Stored<T>::name is its name.
  template <StoredState T, class H>
  Job& on(H handler) {
    return bind<std::tuple<T>>(std::string(Stored<T>::name), std::nullopt, std::move(handler));
  }
  // At least a second apart; the first run is an interval after the first start.
  template <class H>
  Job& every(std::string name, std::chrono::seconds interval, H handler) {
    return bind<std::tuple<>>(std::move(name), Schedule::every(interval), std::move(handler));
  }
  // Once on every date of an IANA zone's calendar: see jobs_schedule.hpp. Throws std::logic_error for an unknown zone.
  template <class H>
  Job& daily(std::string name, TimeOfDay at, std::string zone, H handler) {
    return bind<std::tuple<>>(std::move(name), Schedule::daily(at, std::move(zone)), std::move(handler));
  }

  // Ends the filling. Throws WiringError: equal names, missing services.
  void seal(const Services& services) const;

  const Job* find(std::string_view name) const;  // null: there is none
  const std::vector<std::unique_ptr<Job>>& all() const noexcept { return jobs_; }

 private:
  template <class Values, class H>
  Job& bind(std::string name, std::optional<Schedule> schedule, H handler) {
    if constexpr (detail::check_job<Values, H>()) {
      using Bound = JobHandlerOf<Values, H>;
      return add(std::make_unique<Job>(std::move(name), std::move(schedule), Bound::services(),
                                       std::make_unique<const Bound>(std::move(handler))));
    } else {
      throw std::logic_error("unreachable: a static assertion has failed");
    }
  }
  Job& add(std::unique_ptr<Job> job);

  std::vector<std::unique_ptr<Job>> jobs_;
};

}  // namespace tgkit::bot
