#include "tgkit/storage/file_place.hpp"

#include <fstream>

#include <fcntl.h>
#include <sys/stat.h>

namespace tgkit::storage {
namespace {

std::string machine_id() {
  std::string id;
  std::ifstream("/etc/machine-id") >> id;
  return id.substr(0, 64);
}

}  // namespace

std::string place_of(const std::filesystem::path& file) {
  struct statx found {};
  if (::statx(AT_FDCWD, file.c_str(), AT_SYMLINK_NOFOLLOW, STATX_INO | STATX_BTIME, &found) != 0) return {};
  std::string place = std::to_string(found.stx_ino);
  if ((found.stx_mask & STATX_BTIME) != 0)
    place += "." + std::to_string(found.stx_btime.tv_sec) + "." + std::to_string(found.stx_btime.tv_nsec);
  return place + "@" + machine_id();
}

}  // namespace tgkit::storage
