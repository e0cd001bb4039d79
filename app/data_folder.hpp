#pragma once
// Whether a start is the first one on its data directory. A ledger that is gone is not begun anew unseen: an empty one
// says that nothing was bought.
#include "app/config.hpp"
#include "tgkit/async/clock.hpp"
#include "tgkit/ops/log.hpp"

#include <string>
#include <string_view>

namespace app {

// The name of something that a bot of ours leaves in its data directory: lock, socket, database and what goes with it.
bool is_left_by_us(std::string_view name);

// Whether anything of ours lies there. To be asked before the lock is made; a directory that is missing holds nothing.
bool was_used(const std::string& data_dir);

// Makes the first database; where the directory was used and has none, only when --begin-fresh says so. Says in one
// line that it did, and where. A file that is there is left to the store. Throws storage::UnusableStore, StorageError.
void begin_store(const Config& config, bool was_used, tgkit::WallTime now, tgkit::ops::Log& log);

// What to do about a database that is missing or cannot be used.
void advise_about_database(tgkit::ops::Log& log);

}  // namespace app
