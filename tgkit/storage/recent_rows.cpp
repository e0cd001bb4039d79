#include "tgkit/storage/recent_rows.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>

#include <sodium/crypto_shorthash.h>

namespace tgkit::storage {
namespace {

constexpr std::string_view recent_mark("tgkit recent 01", 16);

// Entries begin at multiples of their own size.
constexpr std::size_t padded(std::size_t size) { return (size + 15) / 16 * 16; }

}  // namespace

RecentRows::RecentRows(const std::filesystem::path& path)
    : mapped_(path, sizeof(File)), file_(static_cast<File*>(mapped_.memory())) {
  if (std::string_view(file_->mark, sizeof file_->mark) != recent_mark) {
    std::memset(static_cast<void*>(file_), 0, sizeof(File));
    recent_mark.copy(file_->mark, sizeof file_->mark);
  }
  if (file_->generation == 0) file_->generation = 1;
  while (end_ + sizeof(Entry) <= capacity) {
    const std::uint64_t size = entry_at(end_)->size;
    if (size == 0 || size > capacity - end_ - sizeof(Entry) || entry_at(end_)->check != check_of(bytes_at(end_))) break;
    end_ += sizeof(Entry) + padded(size);
  }
}

RecentRows::Entry* RecentRows::entry_at(std::size_t offset) const {
  return reinterpret_cast<Entry*>(file_->entries + offset);
}

std::string_view RecentRows::bytes_at(std::size_t offset) const {
  return {reinterpret_cast<const char*>(file_->entries + offset + sizeof(Entry)), entry_at(offset)->size};
}

std::uint64_t RecentRows::check_of(std::string_view row) const {
  static_assert(crypto_shorthash_BYTES == sizeof(std::uint64_t));
  unsigned char key[crypto_shorthash_KEYBYTES] = {};
  std::memcpy(key, &file_->generation, sizeof file_->generation);
  std::uint64_t check = 0;
  crypto_shorthash(reinterpret_cast<unsigned char*>(&check), reinterpret_cast<const unsigned char*>(row.data()),
                   row.size(), key);
  return check;
}

std::string RecentRows::row() const {
  std::string all;
  for (std::size_t at = 0; at != end_; at += sizeof(Entry) + padded(entry_at(at)->size)) all += bytes_at(at);
  return all;
}

// The size comes last: until it stands there, the entry does not.
bool RecentRows::add(std::string_view row) {
  const std::size_t next = end_ + sizeof(Entry) + padded(row.size());
  if (row.empty()) return true;
  if (next + sizeof(Entry) > capacity) return false;
  Entry& entry = *entry_at(end_);
  std::memcpy(file_->entries + end_ + sizeof(Entry), row.data(), row.size());
  entry.check = check_of(row);
  std::atomic_ref(entry_at(next)->size).store(0, std::memory_order_release);
  std::atomic_ref(entry.size).store(row.size(), std::memory_order_release);
  end_ = next;
  return true;
}

std::uint64_t RecentRows::generation() const noexcept { return file_->generation; }

void RecentRows::clear(std::uint64_t above) {
  std::atomic_ref(entry_at(0)->size).store(0, std::memory_order_release);
  std::atomic_ref(file_->generation).store(std::max(file_->generation, above) + 1, std::memory_order_release);
  end_ = 0;
}

}  // namespace tgkit::storage
