#include "tgkit/ops/single_start.hpp"

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tgkit::ops {
namespace {

[[noreturn]] void unusable(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

long pid_in(int file) {
  char text[24];
  const auto length = ::pread(file, text, sizeof text, 0);
  long pid = 0;
  if (length > 0) std::from_chars(text, text + length, pid);
  return pid;
}

void write_pid(int file, const std::string& path) {
  const auto text = std::to_string(::getpid()) + "\n";
  const auto length = static_cast<ssize_t>(text.size());
  if (::ftruncate(file, 0) != 0 || ::pwrite(file, text.data(), text.size(), 0) != length) {
    unusable("cannot write " + path);
  }
}

// What stands above it may be anybody's; the directory itself is its owner's alone.
void make_directory(const std::filesystem::path& directory) {
  if (std::filesystem::exists(directory)) return;
  if (directory.has_parent_path()) std::filesystem::create_directories(directory.parent_path());
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) unusable("cannot make " + directory.string());
}

}  // namespace

SingleStart::SingleStart(const std::string& directory) {
  make_directory(directory);
  const auto path = (std::filesystem::path(directory) / "lock").string();
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file_ < 0) unusable("cannot open " + path);
  try {
    if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) unusable("cannot lock " + path);
      const auto pid = pid_in(file_);
      throw AlreadyRunning(
          "already running" + (pid > 0 ? " as process " + std::to_string(pid) : "") + ": it holds " + path, pid);
    }
    write_pid(file_, path);
  } catch (...) {
    ::close(file_);
    throw;
  }
}

SingleStart::SingleStart(SingleStart&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

SingleStart& SingleStart::operator=(SingleStart&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

// The file stays: removing it would let a third instance lock a new one while a second still holds the old one.
SingleStart::~SingleStart() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace tgkit::ops
