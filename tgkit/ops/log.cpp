#include "tgkit/ops/log.hpp"

#include "tgkit/ops/log_line.hpp"
#include "tgkit/ops/log_sink.hpp"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace tgkit::ops {
namespace {

int open_for(const std::string& file) {
  if (file.empty()) return STDERR_FILENO;
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "cannot open the log file " + file);
  return descriptor;
}

}  // namespace

struct Log::Impl {
  explicit Impl(const Settings& settings)
      : level(settings.level), json(settings.json), sink(open_for(settings.file), !settings.file.empty(), json) {}
  std::atomic<Level> level;
  const bool json;
  LogSink sink;
};

Log::Log(Settings settings) {
  std::signal(SIGPIPE, SIG_IGN);
  impl_ = std::make_unique<Impl>(settings);
}

Log::~Log() = default;

bool Log::enabled(Level level) const noexcept { return level >= impl_->level.load(std::memory_order_relaxed); }

void Log::flush() noexcept { impl_->sink.flush(); }

std::uint64_t Log::lost() const noexcept { return impl_->sink.lost(); }

void Log::set_level(Level level) noexcept { impl_->level.store(level, std::memory_order_relaxed); }

void Log::emit(Level level, std::string_view event, const Field* fields, std::size_t count) {
  thread_local std::string line;
  try {
    line.clear();
    const auto append = impl_->json ? append_json_line : append_text_line;
    append(line, std::chrono::system_clock::now(), level, event, {fields, count});
    impl_->sink.write(line);
  } catch (const std::exception&) {
    return;  // out of memory or threads: the program's work goes on without this line
  }
  if (level >= Level::warn) flush();
}

}  // namespace tgkit::ops
