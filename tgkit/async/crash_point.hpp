#pragma once
// Named moments at which a test build (one with the address sanitizer) can be made to die, as by kill -9, to show that
// nothing is lost there. In all other builds nothing of it is left.
//
//   TGKIT_CRASH_AT=committed:57   ends the process when it passes crash_point("committed") for the 57th time
#include <string_view>

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define TGKIT_CRASH_POINTS
#endif
#endif

namespace tgkit {

#ifdef TGKIT_CRASH_POINTS
void crash_point(std::string_view name) noexcept;  // from any thread
#else
constexpr void crash_point(std::string_view) noexcept {}
#endif

}  // namespace tgkit
