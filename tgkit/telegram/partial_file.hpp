#pragma once
// A file that is being written beside the place where it will stand, so that nobody ever sees half of it.
#include <cstdint>
#include <string>
#include <string_view>

namespace tgkit::telegram {

// All functions throw std::runtime_error that names the target.
class PartialFile {
 public:
  explicit PartialFile(std::string target);
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;
  ~PartialFile();  // removes what was written unless commit() succeeded

  void write(std::string_view piece);
  void commit();  // the target exists from here on; an older file of that name is replaced
  std::uint64_t written() const { return written_; }

 private:
  [[noreturn]] void fail(int error) const;
  std::string target_;
  std::string path_;  // empty: nothing to remove
  int fd_ = -1;
  std::uint64_t written_ = 0;
};

}  // namespace tgkit::telegram
