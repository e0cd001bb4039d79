#pragma once
// Structured log lines: one event per line, as text or JSON. Secrets cannot be passed (net::Secret has no way in);
// message texts of users are never passed.
#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace tgkit::ops {

enum class Level { trace, debug, info, warn, error };

struct Field {
  std::string_view name;
  std::variant<bool, std::int64_t, double, std::string_view> value;

  Field(std::string_view name_, bool v) : name(name_), value(v) {}
  template <std::integral I>
  requires(!std::same_as<I, bool>) Field(std::string_view name_, I v)
      : name(name_), value(static_cast<std::int64_t>(v)) {}
  Field(std::string_view name_, double v) : name(name_), value(v) {}
  Field(std::string_view name_, std::string_view v) : name(name_), value(v) {}
  Field(std::string_view name_, const std::string& v) : name(name_), value(std::string_view(v)) {}
  Field(std::string_view name_, const char* v) : name(name_), value(std::string_view(v)) {}
};

// Thread-safe. Lines of one thread keep their order. Logging never throws, never waits for a slow reader and survives a
// closed pipe or a full disk: lines that cannot be written are counted, see lost(). Ignores SIGPIPE for the process.
class Log {
 public:
  struct Settings {
    Level level = Level::info;
    bool json = false;
    std::string file;  // empty: standard error
  };
  explicit Log(Settings settings);  // throws std::system_error when the file cannot be opened
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  bool enabled(Level level) const noexcept;
  void
  flush() noexcept;  // waits until what was logged is written, at most a second; warn and error do it by themselves
  std::uint64_t lost() const noexcept;
  void set_level(Level level) noexcept;

  // log.info("update handled", Field{"chat", id}, Field{"ms", 1.5});
  template <std::same_as<Field>... F>
  void write(Level level, std::string_view event, const F&... fields) {
    if (!enabled(level)) return;
    if constexpr (sizeof...(F) == 0) {
      emit(level, event, nullptr, 0);
    } else {
      const Field all[] = {fields...};
      emit(level, event, all, sizeof...(F));
    }
  }
  template <class... F>
  void debug(std::string_view event, const F&... f) {
    write(Level::debug, event, f...);
  }
  template <class... F>
  void info(std::string_view event, const F&... f) {
    write(Level::info, event, f...);
  }
  template <class... F>
  void warn(std::string_view event, const F&... f) {
    write(Level::warn, event, f...);
  }
  template <class... F>
  void error(std::string_view event, const F&... f) {
    write(Level::error, event, f...);
  }

 private:
  void emit(Level level, std::string_view event, const Field* fields, std::size_t count);
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tgkit::ops
