#include "tgkit/telegram/partial_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace tgkit::telegram {

PartialFile::PartialFile(std::string target) : target_(std::move(target)) {
  for (int n = 0; fd_ < 0; ++n) {
    path_ = target_ + ".part" + std::to_string(::getpid()) + '-' + std::to_string(n);
    fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd_ < 0 && errno != EEXIST) fail(errno);
  }
}

PartialFile::~PartialFile() {
  if (fd_ >= 0) ::close(fd_);
  if (!path_.empty()) ::unlink(path_.c_str());
}

void PartialFile::fail(int error) const {
  throw std::runtime_error("cannot write " + target_ + ": " + std::strerror(error));
}

void PartialFile::write(std::string_view piece) {
  while (!piece.empty()) {
    const ssize_t done = ::write(fd_, piece.data(), piece.size());
    if (done < 0) {
      if (errno == EINTR) continue;
      fail(errno);
    }
    piece.remove_prefix(static_cast<std::size_t>(done));
    written_ += static_cast<std::uint64_t>(done);
  }
}

void PartialFile::commit() {
  if (::close(std::exchange(fd_, -1)) != 0) fail(errno);
  if (std::rename(path_.c_str(), target_.c_str()) != 0) fail(errno);
  path_.clear();
}

}  // namespace tgkit::telegram
