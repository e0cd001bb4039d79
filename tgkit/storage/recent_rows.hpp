#pragma once
// Journal rows that are not in the database yet, in a mapped file: with Durability::process a commit is a copy to
// memory, and the database is written once for many of them. Internal to the storage.
#include "tgkit/storage/mapped_file.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace tgkit::storage {

class RecentRows {
 public:
  // Reads what an earlier process has left; of what a power loss has spoilt, what came before it. Throws StorageError.
  explicit RecentRows(const std::filesystem::path& path);

  bool empty() const noexcept { return end_ == 0; }
  bool half_full() const noexcept { return end_ > capacity / 2; }
  // All of them as one row.
  std::string row() const;
  // False: there is no room for it, and nothing has changed. From the return on it outlives the process; a process that
  // dies before has left all of it or nothing.
  bool add(std::string_view row);
  // Tells these rows from those of other times: never 0, and another one after each clear().
  std::uint64_t generation() const noexcept;
  // They are in the database. The next generation is above `above`, too.
  void clear(std::uint64_t above = 0);

  static constexpr std::size_t capacity = 256 << 10;

 private:
  struct Entry {
    std::uint64_t size;   // of the bytes that follow, which are padded to whole Entries; 0: no entry
    std::uint64_t check;  // of them and of the generation
  };
  struct File {
    char mark[16];
    std::uint64_t generation;
    std::uint64_t reserved;
    unsigned char entries[capacity];
  };

  Entry* entry_at(std::size_t offset) const;
  std::string_view bytes_at(std::size_t offset) const;
  std::uint64_t check_of(std::string_view row) const;

  MappedFile mapped_;
  File* file_;
  std::size_t end_ = 0;  // of the last entry
};

}  // namespace tgkit::storage
