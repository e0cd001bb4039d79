#pragma once
// A file of fixed size that is mapped into memory: what is stored there outlives the process however it ends, and costs
// no system call. A power loss may take it, or bring back what stood there before. Internal to the storage.
#include <cstddef>
#include <filesystem>

namespace tgkit::storage {

class MappedFile {
 public:
  // Creates the file as needed, of zeros, the owner's alone; every block of it is there from the start, so that a full
  // disk cannot show as a signal. Throws StorageError.
  MappedFile(const std::filesystem::path& path, std::size_t size);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  void* memory() const noexcept { return memory_; }

 private:
  void* memory_ = nullptr;
  std::size_t size_;
};

}  // namespace tgkit::storage
