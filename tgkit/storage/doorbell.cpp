#include "tgkit/storage/doorbell.hpp"

#include "tgkit/storage/store.hpp"

#include <cerrno>
#include <system_error>

#include <sys/eventfd.h>
#include <unistd.h>

namespace tgkit::storage {
namespace {

int open_eventfd() {
  const int descriptor = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (descriptor < 0) throw StorageError("no descriptor for the store: " + std::generic_category().message(errno));
  return descriptor;
}

}  // namespace

Doorbell::Doorbell(const Executor& executor) : descriptor_(executor, open_eventfd()) {}

void Doorbell::ring() noexcept {
  const std::uint64_t one = 1;
  // It fails only when 2^64 - 2 rings are unheard, and then one more is not needed.
  [[maybe_unused]] const auto written = ::write(descriptor_.native_handle(), &one, sizeof one);
}

}  // namespace tgkit::storage
