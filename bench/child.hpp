#pragma once
// The program under test: started, watched from outside, ended.
#include <string>
#include <vector>

#include <sys/types.h>

namespace bench {

double now_seconds();  // monotonic

class Child {
 public:
  explicit Child(const std::vector<std::string>& command);
  ~Child();  // ends it, if need be by force
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  double started_at() const { return started_; }  // just before its exec
  double cpu_seconds() const;                     // user and system, all threads
  double resident_megabytes() const { return status_megabytes("VmRSS:"); }
  double peak_megabytes() const { return status_megabytes("VmHWM:"); }
  bool gone();
  void ask_to_stop();  // SIGTERM
  // SIGTERM, then up to `seconds`; its exit code, or 128 + the signal that ended it.
  int stop(double seconds);

 private:
  double status_megabytes(const std::string& name) const;
  bool reap(bool wait);

  pid_t pid_ = -1;
  double started_ = 0;
  bool reaped_ = false;
  int code_ = -1;
};

double own_cpu_seconds();

}  // namespace bench
