#pragma once
// What an operator does with updates that were set aside: looks at them, has them handled again, drops them. The same
// words work on the running bot (through ops::AdminSocket) and on the store of a stopped one.
//
//   list [--json]        the newest first: id, update, when, kind, size, reason
//   show ID              the update as it was received
//   replay ID...|all     back into the inbox, attempts forgotten
//   drop ID...|all       gone for good
#include "tgkit/async/clock.hpp"
#include "tgkit/ops/admin_socket.hpp"
#include "tgkit/ops/log.hpp"
#include "tgkit/storage/store.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tgkit::telegram {
struct Update;
}

namespace tgkit::bot {

// The first kind that the text names, whether it is JSON or not; "unknown".
std::string_view kind_named_in(std::string_view update);

class Quarantine {
 public:
  // To the dispatcher of a running bot. Empty: the next start hands over what is in the inbox.
  using HandOver = std::function<void(telegram::Update update, std::string_view json)>;

  Quarantine(storage::Store& store, Clock& clock, ops::Log& log, HandOver hand_over = {});

  // Exit code 2 for words it does not know, 1 when something asked for could not be done. Throws
  // storage::StorageError.
  Task<ops::AdminAnswer> run(std::vector<std::string> words);
  static std::string usage();

 private:
  Task<ops::AdminAnswer> list(bool json);
  Task<ops::AdminAnswer> show(std::int64_t number);
  Task<ops::AdminAnswer> replay(std::vector<std::int64_t> numbers);
  Task<ops::AdminAnswer> drop(std::vector<std::int64_t> numbers);
  Task<std::string> replay_one(std::int64_t number, bool& done);
  Task<std::vector<std::int64_t>> all();

  storage::Store& store_;
  Clock& clock_;
  ops::Log& log_;
  HandOver hand_over_;
};

}  // namespace tgkit::bot
