#include "tgkit/ops/lifecycle.hpp"

#include "tgkit/async/event.hpp"
#include "tgkit/ops/signal_watch.hpp"
#include "tgkit/ops/step.hpp"

#include <algorithm>
#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <unistd.h>

namespace tgkit::ops {
namespace {

// What a cancelled step gets to unwind, and what a service is still given when the overall limit has passed.
constexpr Duration unwind_limit = std::chrono::seconds{1};
constexpr Duration last_chance = std::chrono::milliseconds{250};

std::int64_t ms(Duration duration) { return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count(); }

std::string text_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& known) {
    return known.what();
  } catch (...) {
    return "unknown error";
  }
}

int exit_code_of(const std::exception_ptr& error, int otherwise) {
  try {
    if (error) std::rethrow_exception(error);
  } catch (const StartError& known) {
    return known.exit_code();
  } catch (...) {
  }
  return otherwise;
}

}  // namespace

struct Lifecycle::Impl : std::enable_shared_from_this<Lifecycle::Impl> {
  Impl(Executor executor_, Clock& clock_, Log& log_, Health& health_, LifecycleSettings settings_)
      : executor(executor_), clock(clock_), log(log_), health(health_), settings(settings_) {}

  struct Member {
    Service* service;
    StepLimits limits;
  };
  enum class Waited { ended, limit, stop };

  static Task<int> run(std::shared_ptr<Impl> self) {
    const auto work = boost::asio::make_work_guard(self->executor);  // a loop that only waits for a signal goes on
    self->watch_signals();
    co_await self->start_all();
    if (!self->stopping()) self->up();
    while (!self->stopping()) co_await self->changed.wait();
    co_await self->stop_all();
    co_await self->end_health();
    self->signals.reset();
    self->log.info("stopped", Field{"exit_code", self->code});
    self->log.flush();
    co_return self->code;
  }

  // --- start

  Task<> start_all() {
    for (const auto& member : members) {
      if (stopping()) co_return;
      co_await start(member);
    }
  }

  Task<> start(const Member& member) {
    const auto begin = clock.now();
    log.info("service starts", Field{"service", member.service->name()});
    supervise(*member.service);
    Step step = begin_step(member.service->start());
    const auto waited = co_await wait(step, member.limits.start, true);
    if (waited != Waited::ended) co_await cancel(step, *member.service);
    if (step.ended() && !step.error()) {
      started.push_back(member);
      log.info("service started", Field{"service", member.service->name()}, Field{"ms", ms(clock.now() - begin)});
    } else if (waited != Waited::stop) {
      start_failed(*member.service, waited, step, begin);
    }
  }

  void start_failed(Service& service, Waited waited, const Step& step, TimePoint begin) {
    const bool late = waited == Waited::limit;
    code = late ? exit_code::start_failed : exit_code_of(step.error(), exit_code::start_failed);
    const auto why = late ? "took longer than its limit" : text_of(step.error());
    log.error("service cannot start", Field{"service", service.name()}, Field{"error", why},
              Field{"ms", ms(clock.now() - begin)});
    health.set_failure(std::string(service.name()) + ": " + why);
    stop_requested = true;
  }

  void supervise(Service& service) {
    service.supervise([weak = weak_from_this(), &service](const std::exception_ptr& error) {
      if (const auto self = weak.lock()) self->failed(service, error);
    });
  }

  void failed(Service& service, const std::exception_ptr& error) {
    const auto why = error ? text_of(error) : "ended";
    log.error("service failed", Field{"service", service.name()}, Field{"error", why});
    if (code == exit_code::ok) code = exit_code_of(error, exit_code::unclean_stop);
    health.set_failure(std::string(service.name()) + ": " + why);
    stop_requested = true;
    changed.set();
  }

  void up() {
    health.set_phase(Phase::up);
    log.info("running", Field{"services", started.size()});
  }

  // --- stop

  bool stopping() const noexcept { return stop_requested; }

  void request(const std::string& reason) {
    if (!stop_requested) log.info("stop requested", Field{"reason", reason});
    stop_requested = true;
    changed.set();
  }

  Task<> stop_all() {
    health.set_phase(Phase::stopping);
    if (signals) signals->stop_began();
    log.info("stopping", Field{"services", started.size()});
    const auto deadline = clock.now() + settings.stop_limit;
    for (; !started.empty(); started.pop_back()) co_await stop(started.back(), deadline);
  }

  Task<> stop(Member member, TimePoint deadline) {
    const auto begin = clock.now();
    const auto limit = std::max<Duration>(last_chance, std::min<Duration>(member.limits.stop, share(deadline - begin)));
    log.info("service stops", Field{"service", member.service->name()});
    member.service->limit_stop(limit);
    Step step = begin_step(member.service->stop());
    const auto waited = co_await wait(step, limit, false);
    if (waited != Waited::ended) co_await cancel(step, *member.service);
    const Field name("service", member.service->name());
    const Field took("ms", ms(clock.now() - begin));
    if (waited != Waited::ended) {
      unclean();
      log.error("service did not stop within its limit", name, took);
    } else if (step.error()) {
      unclean();
      log.error("service failed to stop", name, Field{"error", text_of(step.error())}, took);
    } else {
      log.info("service stopped", name, took);
    }
  }

  // Of what is left of the overall limit: whoever takes long leaves as much to all who come after.
  static Duration share(Duration left) { return left / 2; }

  void unclean() {
    if (code == exit_code::ok) code = exit_code::unclean_stop;
  }

  Task<> end_health() {
    Step step = begin_step(health.stop());
    const auto waited = co_await wait(step, unwind_limit, false);
    if (waited != Waited::ended) given_up = true;
  }

  // --- steps

  Step begin_step(Task<> task) {
    return Step(executor, std::move(task), [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->changed.set();
    });
  }

  Task<Waited> wait(const Step& step, Duration limit, bool heed_stop) {
    bool late = false;
    const auto timer = clock.call_in(limit, [this, &late] {
      late = true;
      changed.set();
    });
    while (!step.ended()) {
      if (late) co_return Waited::limit;
      if (heed_stop && stopping()) co_return Waited::stop;
      co_await changed.wait();
    }
    co_return Waited::ended;
  }

  // A coroutine that does not heed its cancellation is left behind.
  Task<> cancel(Step& step, Service& service) {
    step.cancel();
    const auto waited = co_await wait(step, unwind_limit, false);
    if (waited == Waited::ended) co_return;
    given_up = true;
    unclean();
    log.error("service hangs and is given up", Field{"service", service.name()});
  }

  // --- signals

  void watch_signals() {
    if (!settings.signals) return;
    const auto chances = (unwind_limit + last_chance) * static_cast<int>(members.size() + 1);
    signals.emplace(
        log, settings.stop_limit + chances + std::chrono::seconds{5},
        [weak = weak_from_this()](const std::string& name) {
          if (const auto self = weak.lock()) request_from_elsewhere(self, name);
        },
        [weak = weak_from_this()] {
          if (const auto self = weak.lock()) boost::asio::post(self->executor, [self] { self->reload(); });
        });
  }

  void reload() {
    if (settings.reload) return settings.reload();
    log.warn("SIGHUP: this program reloads nothing; what has changed counts from the next start on");
  }

  static void request_from_elsewhere(const std::shared_ptr<Impl>& self, std::string reason) {
    boost::asio::post(self->executor, [self, reason = std::move(reason)] { self->request(reason); });
  }

  Executor executor;
  Clock& clock;
  Log& log;
  Health& health;
  LifecycleSettings settings;
  std::vector<Member> members, started;
  Event changed{Event::Reset::automatic};  // only run() waits for it
  std::optional<SignalWatch> signals;
  bool stop_requested = false, given_up = false;
  int code = exit_code::ok;
};

Lifecycle::Lifecycle(Executor executor, Clock& clock, Log& log, Health& health, LifecycleSettings settings)
    : impl_(std::make_shared<Impl>(executor, clock, log, health, settings)) {}

Lifecycle::~Lifecycle() = default;

void Lifecycle::add(Service& service, StepLimits limits) { impl_->members.push_back({&service, limits}); }

Task<int> Lifecycle::run() { return Impl::run(impl_); }

void Lifecycle::request_stop(std::string reason) { Impl::request_from_elsewhere(impl_, std::move(reason)); }

bool Lifecycle::clean() const noexcept { return !impl_->given_up; }

void leave(int exit_code, Log& log) noexcept {
  log.flush();
  ::_exit(exit_code);
}

int run_to_end(boost::asio::io_context& io, Lifecycle& lifecycle, Log& log) {
  std::optional<int> code;
  boost::asio::co_spawn(io.get_executor(), lifecycle.run(), [&](const std::exception_ptr& error, int result) {
    if (error) log.error("the lifecycle broke", Field{"error", text_of(error)});
    code = error ? exit_code::unclean_stop : result;
  });
  while (!code && io.run_one() > 0) {
  }
  if (!code || !lifecycle.clean()) leave(code.value_or(exit_code::unclean_stop), log);
  return *code;
}

}  // namespace tgkit::ops
