#pragma once
// Opens the store's file, or sets one aside that is not ours to use. Internal to the storage.
#include "tgkit/async/clock.hpp"
#include "tgkit/storage/sqlite.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tgkit::storage {

struct DatabaseFile {
  std::unique_ptr<sqlite::Connection> connection;
  bool unclean = false;              // the last user of the file did not close it
  std::vector<std::string> notices;  // what was set aside and why, as sentences
};

struct DatabaseFileOptions {
  std::filesystem::path path;
  bool sync_each_commit = true;
  bool may_begin = true;  // false: where a fresh one would be begun, UnusableStore
  std::chrono::milliseconds busy_timeout{2000};
};

// Throws the UnusableStore that says so.
[[noreturn]] void refuse(const std::filesystem::path& path, std::string_view reason);

// Creates directory and schema as needed. `now` names what is set aside. Throws StorageError when nothing can be done,
// NewerStore for a file of a newer version, UnusableStore where a fresh one must not be begun.
DatabaseFile open_database_file(const DatabaseFileOptions& options, WallTime now);

// Renames the file with its -wal, -shm and -recent, which nobody may have open; says so in a sentence.
std::string set_aside(const std::filesystem::path& path, std::string_view reason, WallTime now);

}  // namespace tgkit::storage
