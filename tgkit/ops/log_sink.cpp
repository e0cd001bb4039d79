#include "tgkit/ops/log_sink.hpp"

#include "tgkit/ops/log_line.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tgkit::ops {
namespace {

using std::chrono::milliseconds;

// A pipe that poll() calls writable takes this much without blocking (POSIX: PIPE_BUF; Linux: 4096).
constexpr std::size_t piece = 4096;
// Lines that follow each other faster than this are a burst and are written together.
constexpr milliseconds burst_gap{1};
constexpr milliseconds burst_collect{5};
constexpr milliseconds flush_limit{1000};

bool takes_more(int descriptor, milliseconds wait) {
  pollfd watched{descriptor, POLLOUT, 0};
  return ::poll(&watched, 1, static_cast<int>(wait.count())) > 0;
}

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

std::size_t lines_in(std::string_view text) {
  const auto ends = std::ranges::count(text, '\n');
  return static_cast<std::size_t>(ends) + (text.empty() || text.ends_with('\n') ? 0 : 1);
}

// The next write: whole lines where they fit, so that other writers of the same pipe do not cut them.
std::string_view next_piece(std::string_view text) {
  if (text.size() <= piece) return text;
  const auto end = text.rfind('\n', piece - 1);
  return text.substr(0, end == std::string_view::npos ? piece : end + 1);
}

}  // namespace

LogSink::LogSink(int descriptor, bool owned, bool json, std::size_t most_kept)
    : descriptor_(descriptor), owned_(owned), json_(json), most_kept_(most_kept) {}

LogSink::~LogSink() {
  flush();
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    more_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
  if (owned_) ::close(descriptor_);
}

void LogSink::write(std::string_view line) {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  const bool burst = now - std::exchange(last_, now) < burst_gap;
  if (kept_.empty() && !writing_ && !burst && line.size() <= piece) {
    line = write_through(line);
    if (line.empty()) return;
  }
  keep(line);
}

// Returns what is still to be written.
std::string_view LogSink::write_through(std::string_view line) {
  if (!takes_more(descriptor_, milliseconds(0))) return line;
  const auto written = ::write(descriptor_, line.data(), line.size());
  if (written < 0) {
    if (would_block(errno)) return line;
    lost_ += lines_in(line);
    return {};
  }
  line.remove_prefix(static_cast<std::size_t>(written));
  if (line.empty() && lost_ != told_) line = tell_loss();
  return line;
}

void LogSink::keep(std::string_view line) {
  if (kept_.size() + line.size() > most_kept_) {
    lost_ += lines_in(line);
    return;
  }
  kept_ += line;
  if (!thread_.joinable()) thread_ = std::thread([this] { write_behind(); });
  more_.notify_one();
}

std::string_view LogSink::tell_loss() {
  const Field count("lines", lost_ - std::exchange(told_, lost_));
  loss_line_.clear();
  const auto append = json_ ? append_json_line : append_text_line;
  append(loss_line_, std::chrono::system_clock::now(), Level::warn, "log lines lost", {&count, 1});
  return loss_line_;
}

void LogSink::write_behind() {
  std::unique_lock lock(mutex_);
  while (true) {
    more_.wait(lock, [this] { return stopping_ || !kept_.empty(); });
    if (kept_.empty()) return;
    if (!stopping_ && !flushing_) more_.wait_for(lock, burst_collect, [this] { return stopping_ || flushing_; });
    auto text = std::exchange(kept_, {});
    writing_ = true;
    lock.unlock();
    const auto failed = write_waiting(text);
    lock.lock();
    writing_ = false;
    lost_ += failed;
    if (failed == 0 && lost_ != told_) kept_.append(tell_loss());
    if (kept_.empty()) done_.notify_all();
  }
}

// Waits for the reader; gives up when the sink ends. Returns how many lines were lost.
std::size_t LogSink::write_waiting(std::string_view text) {
  while (!text.empty()) {
    if (!takes_more(descriptor_, milliseconds(100))) {
      const std::lock_guard lock(mutex_);
      if (stopping_) return lines_in(text);
      continue;
    }
    const auto now = next_piece(text);
    const auto written = ::write(descriptor_, now.data(), now.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (!would_block(errno)) {
      return lines_in(text);
    }
  }
  return 0;
}

void LogSink::flush() noexcept {
  std::unique_lock lock(mutex_);
  if (kept_.empty() && !writing_) return;
  flushing_ = true;
  more_.notify_one();
  done_.wait_for(lock, flush_limit, [this] { return kept_.empty() && !writing_; });
  flushing_ = false;
}

std::uint64_t LogSink::lost() const noexcept {
  const std::lock_guard lock(mutex_);
  return lost_;
}

}  // namespace tgkit::ops
