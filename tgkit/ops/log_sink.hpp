#pragma once
// Where log lines go: a file descriptor, without ever holding up the thread that logs. Internal to tgkit/ops.
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace tgkit::ops {

// Thread-safe. A line is written at once when the descriptor takes it; what it does not take, and what comes in a
// burst, is kept and written by a thread of the sink's own, which exists from the first such moment on. When more than
// `most_kept` bytes wait (a reader that does not read), or when a write fails (a full disk, a closed pipe), lines are
// dropped and counted, and the count is told in a line as soon as lines get through again.
class LogSink {
 public:
  // Takes over `descriptor` when `owned`.
  LogSink(int descriptor, bool owned, bool json, std::size_t most_kept = std::size_t{4} << 20);
  ~LogSink();
  LogSink(const LogSink&) = delete;
  LogSink& operator=(const LogSink&) = delete;

  void write(std::string_view line);
  void flush() noexcept;  // waits until all is written or dropped, at most one second
  std::uint64_t lost() const noexcept;

 private:
  // All with the mutex held, but for write_waiting().
  std::string_view write_through(std::string_view line);
  void keep(std::string_view line);
  std::string_view tell_loss();
  void write_behind();
  std::size_t write_waiting(std::string_view text);

  const int descriptor_;
  const bool owned_, json_;
  const std::size_t most_kept_;
  mutable std::mutex mutex_;
  std::condition_variable more_, done_;
  std::string kept_, loss_line_;
  std::chrono::steady_clock::time_point last_;
  bool writing_ = false, flushing_ = false, stopping_ = false;
  std::uint64_t lost_ = 0, told_ = 0;
  std::thread thread_;
};

}  // namespace tgkit::ops
