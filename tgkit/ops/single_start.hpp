#pragma once
// One instance per data directory: an operating system lock on a file, which the kernel releases however the process
// ends, so that a crashed bot starts again at once.
#include <stdexcept>
#include <string>

namespace tgkit::ops {

// Another process holds the lock. what() names the file and, when it can be read, the process id.
class AlreadyRunning : public std::runtime_error {
 public:
  AlreadyRunning(const std::string& text, long pid) : runtime_error(text), pid_(pid) {}
  long pid() const noexcept { return pid_; }  // 0: unknown

 private:
  long pid_;
};

// Holds the lock for its lifetime; a child process that is executed does not inherit it.
class SingleStart {
 public:
  // Creates `directory` when it is missing. Throws AlreadyRunning, or std::system_error when the directory is unusable.
  explicit SingleStart(const std::string& directory);
  SingleStart(SingleStart&& other) noexcept;
  SingleStart& operator=(SingleStart&& other) noexcept;
  ~SingleStart();

 private:
  int file_ = -1;
};

}  // namespace tgkit::ops
