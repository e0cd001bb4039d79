#pragma once
// What a process that holds secrets sets for itself before anything else: files that it makes are its owner's alone, no
// memory of it is written to a core file, and as many files may be open as the system allows. Its debuggers need root.
#include "tgkit/ops/log.hpp"

namespace tgkit::ops {

void guard_process() noexcept;

// A crash (SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT) leaves one line on standard error in the log's form, with the
// addresses of the calls; addr2line -e PROGRAM ADDRESS names them. Then the process ends by the signal, as it would.
void tell_of_crashes(bool json) noexcept;

}  // namespace tgkit::ops
