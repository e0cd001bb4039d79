#pragma once
// What the loop asks of the writer thread. Internal to the storage. A request lives in the frame of the coroutine that
// awaits it, so that handing it over is handing over a pointer.
#include "tgkit/async/clock.hpp"
#include "tgkit/storage/store.hpp"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tgkit::storage {

struct Request {
  struct Open {
    WallTime now;
    Unfinished found;
    std::vector<std::int64_t> seen;  // the dedupe window, the oldest first
    std::int64_t last_message_id = 0, last_entry_number = 0;
    std::int64_t born = 0;
    std::vector<std::string> notices;
  };
  struct Flush {};  // what was appended before
  struct Write {
    Commit commit;
  };
  struct Probe {};
  struct Load {
    std::vector<StateKey> keys;
    bool after_writes = false;  // some of them are being written by requests queued before
    std::vector<std::optional<StateRecord>> found;
  };
  struct Quarantine {
    enum class What { list, drop, replay };
    What what = What::list;
    std::size_t most = 0;
    std::int64_t before = 0;            // list: only smaller numbers; 0: all
    std::vector<std::int64_t> numbers;  // drop; replay: the one
    InboxUpdate update;                 // replay
    std::vector<QuarantinedUpdate> found;
    std::size_t dropped = 0;
  };
  struct Entries {
    std::string book;
    std::int64_t after = 0;
    std::size_t most = 0;
    std::vector<BookEntry> found;
  };
  struct Settle {};
  struct Close {};

  template <class Work>
  explicit Request(Work w) : work(std::move(w)) {}
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;

  std::variant<Open, Flush, Write, Probe, Load, Quarantine, Entries, Settle, Close> work;
  std::exception_ptr error;
  std::move_only_function<void(std::exception_ptr)> resume;  // the loop's side calls it
};

}  // namespace tgkit::storage
