#pragma once
// A door for the operator on this machine: a Unix socket in the data directory (mode 0600), over which tools talk to
// the running program. One question per connection: a line of words separated by tabs; the answer is a line with an
// exit code, then text until the end.
#include "tgkit/async/clock.hpp"
#include "tgkit/ops/log.hpp"
#include "tgkit/ops/service.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tgkit::ops {

struct AdminAnswer {
  AdminAnswer(int exit_code_ = 0, std::string text_ = {})  // NOLINT(google-explicit-constructor)
      : exit_code(exit_code_), text(std::move(text_)) {}
  int exit_code;
  std::string text;
};

class AdminSocket final : public Service {
 public:
  // What it throws is answered with its text and exit code 1.
  using Handler = std::function<Task<AdminAnswer>(std::vector<std::string> words)>;

  // The caller holds the data directory's lock: a socket that is found there belongs to nobody any more.
  AdminSocket(Executor executor, Clock& clock, Log& log, std::string path, Handler handler);
  ~AdminSocket() override;

  std::string_view name() const override { return "admin socket"; }
  // A socket that cannot be made is logged as an error, and the program works without it.
  Task<> start() override;
  Task<> stop() override;  // breaks questions under way off, and removes the file

  bool open() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// From another process, waiting for `patience` between two pieces of the answer. nullopt: nobody listens there. Throws
// std::runtime_error that says what to do.
std::optional<AdminAnswer> ask_admin(const std::string& path, const std::vector<std::string>& words,
                                     std::chrono::seconds patience);

// Why a path cannot be that of a Unix socket, and what to do; empty: it can.
std::string objection_to_socket_path(std::string_view path);

}  // namespace tgkit::ops
