#include "tgkit/bot/jobs_table.hpp"

#include "tgkit/bot/router.hpp"

#include <algorithm>

namespace tgkit::bot {

namespace {

// No update reaches it: it lends a job's Context its name.
std::unique_ptr<const Route> route_named(const std::string& name) {
  RouteInfo info;
  info.filter.name = "job " + name;
  return std::make_unique<const Route>(std::move(info), nullptr);
}

}  // namespace

Job::Job(std::string name, std::optional<Schedule> schedule, std::vector<ServiceKey> services,
         std::unique_ptr<const JobHandler> handler)
    : name_(std::move(name)),
      schedule_(std::move(schedule)),
      services_(std::move(services)),
      handler_(std::move(handler)),
      route_(route_named(name_)) {}

Job::~Job() = default;

Job& Job::missed(Missed policy) {
  options_.missed = policy;
  return *this;
}

Job& Job::timeout(Duration limit) {
  options_.timeout = limit;
  return *this;
}

Job& Job::attempts(std::uint32_t most) {
  options_.attempts = std::max(most, 1U);
  return *this;
}

Job& Job::pause(Duration first, Duration most) {
  options_.first_pause = first;
  options_.most_pause = most;
  return *this;
}

JobTable::JobTable() = default;
JobTable::JobTable(JobTable&&) noexcept = default;
JobTable& JobTable::operator=(JobTable&&) noexcept = default;
JobTable::~JobTable() = default;

Job& JobTable::add(std::unique_ptr<Job> job) { return *jobs_.emplace_back(std::move(job)); }

const Job* JobTable::find(std::string_view name) const {
  const auto job = std::ranges::find(jobs_, name, [](const auto& one) -> std::string_view { return one->name(); });
  return job == jobs_.end() ? nullptr : job->get();
}

void JobTable::seal(const Services& services) const {
  std::string complaints;
  for (const auto& job : jobs_) {
    if (find(job->name()) != job.get()) complaints += "\n  job \"" + job->name() + "\" is there twice";
    for (const ServiceKey& service : job->services())
      if (!services.has(service))
        complaints += "\n  job \"" + job->name() + "\" takes Use<" + std::string(service.name) +
                      ">, which was not given to the bot";
  }
  if (!complaints.empty()) throw WiringError("the bot's jobs cannot work:" + complaints);
}

}  // namespace tgkit::bot
