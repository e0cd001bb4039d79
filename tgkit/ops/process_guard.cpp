#include "tgkit/ops/process_guard.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cinttypes>
#include <csignal>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include <execinfo.h>
#include <link.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

// The sanitizers look at their own process from a helper, which needs it to be dumpable.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TGKIT_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TGKIT_SANITIZED 1
#endif
#endif

namespace tgkit::ops {
namespace {

struct Crash {
  int signal;
  const char* name;
};
constexpr std::array<Crash, 5> crashes = {
    {{SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"}, {SIGILL, "SIGILL"}, {SIGFPE, "SIGFPE"}, {SIGABRT, "SIGABRT"}}};
constexpr int most_calls = 40;

// What the handler needs, made before: it may not take memory.
struct Prepared {
  bool json = false;
  std::uintptr_t base = 0, end = 0;  // of the program itself, not of its libraries
  std::array<struct sigaction, crashes.size()> before{};
  std::array<char, 64u << 10> stack{};
};
Prepared prepared;
std::atomic_flag told = ATOMIC_FLAG_INIT;

// A line of limited length that takes no memory.
class Line {
 public:
  [[gnu::format(printf, 2, 3)]] void add(const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const int length = std::vsnprintf(text_.data() + size_, text_.size() - size_, format, arguments);
    va_end(arguments);
    if (length > 0) size_ = std::min(text_.size() - 1, size_ + static_cast<std::size_t>(length));
  }
  void write() const { [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text_.data(), size_); }

 private:
  std::array<char, 4096> text_;
  std::size_t size_ = 0;
};

void add_time(Line& line) {
  using namespace std::chrono;
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  const sys_time<milliseconds> at{seconds(now.tv_sec) + milliseconds(now.tv_nsec / 1'000'000)};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{at - day};
  line.add("%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
           static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
           static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
           static_cast<int>(time.subseconds().count()));
}

void add_calls(Line& line) {
  std::array<void*, most_calls> calls{};
  const int count = ::backtrace(calls.data(), most_calls);
  for (int i = 0; i < count; ++i) {
    const auto address = reinterpret_cast<std::uintptr_t>(calls[static_cast<std::size_t>(i)]);
    const bool own = address >= prepared.base && address < prepared.end;
    line.add("%s%s0x%" PRIxPTR, i == 0 ? "" : " ", own ? "" : "lib:", own ? address - prepared.base : address);
  }
}

const char* name_of(int signal) {
  const auto* const found = std::ranges::find(crashes, signal, &Crash::signal);
  return found == crashes.end() ? "?" : found->name;
}

void tell(int signal) {
  Line line;
  if (prepared.json) line.add("%s", R"({"time":")");
  add_time(line);
  if (prepared.json)
    line.add(R"(","level":"error","event":"crashed","signal":"%s","calls":")", name_of(signal));
  else
    line.add(" ERROR crashed signal=%s calls=\"", name_of(signal));
  add_calls(line);
  if (prepared.json)
    line.add("%s", "\"}\n");
  else
    line.add("\"\n");
  line.write();
}

// Ends as it would without us: whoever handled it before does so now.
void crashed(int signal, siginfo_t* info, void*) {
  if (!told.test_and_set()) tell(signal);
  for (std::size_t i = 0; i < crashes.size(); ++i)
    if (crashes[i].signal == signal) ::sigaction(signal, &prepared.before[i], nullptr);
  // A fault comes again when we return; what was sent does not.
  if (info->si_code <= 0) ::raise(signal);
}

int note_program(dl_phdr_info* info, std::size_t, void*) {
  prepared.base = info->dlpi_addr;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& part = info->dlpi_phdr[i];
    if (part.p_type == PT_LOAD)
      prepared.end = std::max<std::uintptr_t>(prepared.end, prepared.base + part.p_vaddr + part.p_memsz);
  }
  return 1;  // the first is the program
}

void allow_many_files() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == files.rlim_max) return;
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

}  // namespace

void guard_process() noexcept {
  ::umask(S_IRWXG | S_IRWXO);
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
#ifndef TGKIT_SANITIZED
  ::prctl(PR_SET_DUMPABLE, 0);
#endif
  allow_many_files();
}

void tell_of_crashes(bool json) noexcept {
  prepared.json = json;
  ::dl_iterate_phdr(note_program, nullptr);
  std::array<void*, 2> calls{};
  ::backtrace(calls.data(), 2);  // the first call loads a library
  stack_t stack{};
  stack.ss_sp = prepared.stack.data();
  stack.ss_size = prepared.stack.size();
  ::sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_sigaction = crashed;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < crashes.size(); ++i) ::sigaction(crashes[i].signal, &action, &prepared.before[i]);
}

}  // namespace tgkit::ops
