#pragma once
// How often something under way has begun (the handling of an update, the sending of a message), kept where the death
// of the process cannot take it: in a small file that is mapped into memory, so that counting costs no system call. A
// power loss may take the counts; it is not an update's fault. Internal to the storage.
#include "tgkit/storage/mapped_file.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <unordered_map>
#include <vector>

namespace tgkit::storage {

class Attempts {
 public:
  // Creates the file as needed and reads what an earlier run has left. Throws StorageError.
  explicit Attempts(const std::filesystem::path& path);

  void count(std::int64_t update_id);  // one more; when all places are taken, an old one gives way
  void take_back(std::int64_t update_id);
  void forget(std::int64_t update_id);  // it is done
  std::uint32_t of(std::int64_t update_id) const;
  std::vector<std::int64_t> ids() const;  // of all that are counted
  std::size_t size() const noexcept { return index_.size(); }

  static constexpr std::size_t places = 2048;  // far more than handlers that run side by side

 private:
  struct Place {
    std::int64_t update_id;
    std::uint32_t attempts;  // 0: free
    std::uint32_t reserved;
  };
  struct File {
    std::array<char, 16> mark;
    std::array<Place, places> place;
  };

  void read();
  std::uint32_t free_place();
  void write(std::uint32_t place, std::int64_t update_id, std::uint32_t attempts);

  MappedFile mapped_;
  File* file_;
  std::unordered_map<std::int64_t, std::uint32_t> index_;  // update id to place
  std::vector<std::uint32_t> free_;
  std::uint32_t next_to_give_way_ = 0;
};

}  // namespace tgkit::storage
