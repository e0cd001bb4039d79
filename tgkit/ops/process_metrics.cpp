#include "tgkit/ops/process_metrics.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>

#include <sys/resource.h>
#include <unistd.h>

namespace tgkit::ops {
namespace {

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double resident_bytes() {
  std::ifstream file("/proc/self/statm");
  double all = 0;
  double resident = 0;
  file >> all >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double open_descriptors() {
  std::error_code error;
  double count = 0;
  for (auto entry = std::filesystem::directory_iterator("/proc/self/fd", error);
       !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    ++count;
  }
  return count - 1;  // the one that reads the directory
}

}  // namespace

void add_process_metrics(Metrics& metrics, const Log& log) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  metrics.gauge("process_start_time_seconds").set(std::chrono::duration<double>(now).count());
  auto& memory = metrics.gauge("process_resident_memory_bytes");
  auto& descriptors = metrics.gauge("process_open_fds");
  auto& cpu = metrics.counter("process_cpu_seconds_total");
  auto& lost = metrics.counter("tgkit_log_lines_lost_total");
  metrics.before_scrape([&memory, &descriptors, &cpu, &lost, &log] {
    memory.set(resident_bytes());
    descriptors.set(open_descriptors());
    lost.increment(static_cast<double>(log.lost()) - lost.value());
    cpu.increment(cpu_seconds() - cpu.value());
  });
}

}  // namespace tgkit::ops
