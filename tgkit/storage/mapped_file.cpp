#include "tgkit/storage/mapped_file.hpp"

#include "tgkit/storage/store.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace tgkit::storage {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, const char* what, int code) {
  throw StorageError(path.string() + ": " + what + ": " + std::system_category().message(code) +
                     "; check the disk, the file's owner and its mode");
}

class Descriptor {
 public:
  explicit Descriptor(const std::filesystem::path& path)
      : number_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
    if (number_ < 0) fail(path, "it cannot be opened", errno);
  }
  ~Descriptor() { ::close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const noexcept { return number_; }

 private:
  int number_;
};

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path, std::size_t size) : size_(size) {
  const Descriptor file(path);
  if (const int code = ::posix_fallocate(file.number(), 0, static_cast<off_t>(size)); code != 0)
    fail(path, "it cannot be made", code);
  void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file.number(), 0);
  if (memory == MAP_FAILED) fail(path, "it cannot be mapped", errno);
  memory_ = memory;
}

MappedFile::~MappedFile() { ::munmap(memory_, size_); }

}  // namespace tgkit::storage
