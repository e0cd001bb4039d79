#include "app/data_folder.hpp"

#include "app/data_files.hpp"
#include "tgkit/storage/sqlite_store.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace app {
namespace {

namespace fs = std::filesystem;
using tgkit::ops::Field;

}  // namespace

bool is_left_by_us(std::string_view name) {
  return std::ranges::any_of(data_file_names, [name](std::string_view ours) {
    return name.starts_with(ours) &&
           (name.size() == ours.size() || name[ours.size()] == '-' || name[ours.size()] == '.');
  });
}

bool was_used(const std::string& data_dir) {
  std::error_code error;
  for (fs::directory_iterator entry(data_dir, error), end; !error && entry != end; entry.increment(error))
    if (is_left_by_us(entry->path().filename().string())) return true;
  if (error && error != std::errc::no_such_file_or_directory)
    throw fs::filesystem_error("cannot be read", data_dir, error);
  return false;
}

void advise_about_database(tgkit::ops::Log& log) {
  log.error(
      "restore the backup (docs/operating.md), or start once with --begin-fresh: what is there is then set aside, and "
      "the empty database knows nothing of what was bought and sold");
}

void begin_store(const Config& config, bool was_used, tgkit::WallTime now, tgkit::ops::Log& log) {
  const fs::path database = DataFiles(config.data_dir).database;
  if (fs::exists(fs::symlink_status(database))) return;
  if (was_used && !config.begin_fresh)
    throw tgkit::storage::UnusableStore(database.string() +
                                        " is missing, though a bot has run on this folder; no fresh one was begun");
  for (const std::string& notice : tgkit::storage::begin_database(database, now))
    log.warn("database", Field("notice", notice));
  log.warn("a NEW database was made: nothing is known of earlier purchases, and trading is off until /live",
           Field("path", fs::absolute(database).string()));
}

}  // namespace app
