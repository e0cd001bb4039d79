#include "tgkit/ops/health.hpp"

#include "tgkit/async/cancellation.hpp"
#include "tgkit/async/task_group.hpp"
#include "tgkit/async/timeout.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace tgkit::ops {

struct Health::Impl {
  Impl(Executor executor, Clock& clock_) : clock(clock_), group(executor, [](const std::exception_ptr&) {}) {}

  struct Entry {
    CheckState state;
    CheckSettings settings;
    SlowCheck look;
  };
  using EntryPtr = std::shared_ptr<Entry>;

  // Runs until it is cancelled or the check is removed. Only this coroutine and the list own the entry.
  static Task<> watch(std::shared_ptr<Impl> impl, EntryPtr entry) {
    while (impl->contains(entry)) {
      auto finding = co_await ask(*impl, *entry);
      entry->state.finding = std::move(finding);
      entry->state.looked = impl->clock.now();
      impl->note_start();
      co_await impl->clock.sleep_for(entry->settings.every);
    }
  }

  static Task<Finding> ask(Impl& impl, Entry& entry) {
    Finding finding;
    try {
      finding = co_await with_timeout(impl.clock, entry.settings.limit, entry.look());
    } catch (const TimedOut&) {
      finding = Finding::bad("no answer within " + std::to_string(whole_ms(entry.settings.limit)) + " ms");
    } catch (const std::exception& error) {
      if (is_cancellation(error)) throw;
      finding = Finding::bad(error.what());
    }
    co_return finding;
  }

  static std::int64_t whole_ms(Duration duration) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
  }

  bool contains(const EntryPtr& entry) const { return std::ranges::find(entries, entry) != entries.end(); }

  HealthView judged() const {
    std::vector<CheckState> states;
    for (const auto& entry : entries) states.push_back(entry->state);
    return judge(phase, failure, states, clock.now());
  }

  // The first moment of `running`, noticed wherever something changes.
  void note_start() {
    if (started || judged().status != Status::running) return;
    started = clock.wall();
    started_at = clock.now();
  }

  void add(std::string name, CheckSettings settings, SlowCheck look) {
    for (const auto& entry : entries) {
      if (entry->state.name == name) throw std::logic_error("the health check " + name + " is added twice");
    }
    auto entry = std::make_shared<Entry>();
    entry->state.name = std::move(name);
    entry->state.weight = settings.weight;
    entry->state.added = clock.now();
    entry->state.stale_after = 2 * settings.every + settings.limit;
    entry->settings = settings;
    entry->look = std::move(look);
    entries.push_back(std::move(entry));
  }

  Clock& clock;
  TaskGroup group;
  std::vector<EntryPtr> entries;
  Phase phase = Phase::starting;
  std::string failure;
  std::optional<WallTime> started;
  TimePoint started_at;
};

namespace {

Task<Finding> at_once(const Health::Check& check) { co_return check(); }

}  // namespace

Health::Health(Executor executor, Clock& clock) : impl_(std::make_shared<Impl>(executor, clock)) {}

Health::~Health() = default;

void Health::add(std::string name, CheckSettings settings, Check check) {
  add_slow(std::move(name), settings, [check = std::move(check)] { return at_once(check); });
}

void Health::add_slow(std::string name, CheckSettings settings, SlowCheck check) {
  impl_->add(std::move(name), settings, std::move(check));
  impl_->group.spawn(Impl::watch(impl_, impl_->entries.back()));
}

void Health::remove(std::string_view name) {
  std::erase_if(impl_->entries, [&](const auto& entry) { return entry->state.name == name; });
}

void Health::set_phase(Phase phase) {
  impl_->phase = phase;
  impl_->note_start();
}

void Health::set_failure(std::string failure) { impl_->failure = std::move(failure); }

HealthView Health::view() const {
  auto view = impl_->judged();
  if (impl_->started) {
    view.started = impl_->started;
    view.uptime = impl_->clock.now() - impl_->started_at;
  }
  return view;
}

Task<> Health::stop() {
  const auto impl = impl_;
  impl->group.cancel();
  co_await impl->group.join();
}

}  // namespace tgkit::ops
