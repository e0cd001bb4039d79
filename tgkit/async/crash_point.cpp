#include "tgkit/async/crash_point.hpp"

#ifdef TGKIT_CRASH_POINTS

#include <atomic>
#include <cstdlib>
#include <string>

#include <signal.h>
#include <unistd.h>

namespace tgkit {
namespace {

struct Wanted {
  Wanted() {
    const char* text = std::getenv("TGKIT_CRASH_AT");
    if (text == nullptr) return;
    const std::string both(text);
    const std::size_t colon = both.find(':');
    name = both.substr(0, colon);
    passes = colon == std::string::npos ? 1 : std::atoi(both.c_str() + colon + 1);
  }
  std::string name;
  std::atomic<int> passes = 0;
};

}  // namespace

void crash_point(std::string_view name) noexcept {
  static Wanted wanted;
  if (!wanted.name.empty() && wanted.name == name && --wanted.passes == 0) ::kill(::getpid(), SIGKILL);
}

}  // namespace tgkit

#endif
