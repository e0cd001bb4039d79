#include "bench/child.hpp"

#include "bench/wire.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>

#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

namespace bench {
namespace {

double seconds(const timespec& time) {
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

}  // namespace

double now_seconds() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return seconds(time);
}

double own_cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return seconds(time);
}

Child::Child(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  started_ = now_seconds();
  pid_ = vfork();
  if (pid_ < 0) die("fork");
  if (pid_ == 0) {
    execv(arguments[0], arguments.data());
    _exit(127);
  }
}

Child::~Child() { stop(1); }

double Child::cpu_seconds() const {
  clockid_t clock{};
  timespec time{};
  if (clock_getcpuclockid(pid_, &clock) != 0) return 0;
  clock_gettime(clock, &time);
  return seconds(time);
}

double Child::status_megabytes(const std::string& name) const {
  std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name)) return std::atof(line.c_str() + name.size()) / 1024;
  }
  return 0;
}

bool Child::reap(bool wait) {
  if (reaped_) return true;
  int status = 0;
  if (waitpid(pid_, &status, wait ? 0 : WNOHANG) != pid_) return false;
  reaped_ = true;
  code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return true;
}

bool Child::gone() { return reap(false); }

void Child::ask_to_stop() {
  if (!reap(false)) kill(pid_, SIGTERM);
}

int Child::stop(double seconds) {
  if (reap(false)) return code_;
  if (seconds > 0) kill(pid_, SIGTERM);
  for (const double until = now_seconds() + seconds; now_seconds() < until;) {
    if (reap(false)) return code_;
    usleep(2000);
  }
  kill(pid_, SIGKILL);
  reap(true);
  return code_;
}

}  // namespace bench
