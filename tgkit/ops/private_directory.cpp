#include "tgkit/ops/private_directory.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tgkit::ops {
namespace {

namespace fs = std::filesystem;

constexpr mode_t others = S_IRWXG | S_IRWXO;
// What stands in a fresh volume, and the sandbox's own data directory.
constexpr std::array<std::string_view, 2> harmless = {"lost+found", "sandbox"};

class Handle {
 public:
  Handle(const fs::path& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC | O_NONBLOCK)) {}
  ~Handle() {
    if (number_ >= 0) ::close(number_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  int number() const noexcept { return number_; }

 private:
  int number_;
};

std::string stays_open(const fs::path& path, std::string_view why, std::string_view mode) {
  return path.string() + " is open to other users: " + std::string(why) + "; chmod " + std::string(mode) + " " +
         path.string();
}

// Nothing when others have no access (any more).
std::vector<std::string> close_to_others(const fs::path& path, const Handle& handle, std::string_view mode) {
  struct stat found {};
  if (handle.number() < 0 || ::fstat(handle.number(), &found) != 0)
    return {stays_open(path, std::strerror(errno), mode)};
  if ((found.st_mode & others) == 0) return {};
  if (::fchmod(handle.number(), found.st_mode & 07777 & ~others) == 0) return {};
  return {stays_open(path, std::strerror(errno), mode)};
}

bool is_ours(const std::string& name, std::span<const std::string_view> ours) {
  return std::ranges::any_of(ours, [&name](std::string_view begin) { return name.starts_with(begin); });
}

}  // namespace

std::vector<std::string> make_private(const std::string& directory, std::span<const std::string_view> ours) {
  std::vector<std::string> open;
  bool shared = false;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory)) {
    const std::string name = entry.path().filename().string();
    if (!is_ours(name, ours)) {
      shared = shared || std::ranges::find(harmless, name) == harmless.end();
    } else if (entry.symlink_status().type() == fs::file_type::regular) {
      std::ranges::move(close_to_others(entry.path(), Handle(entry.path(), O_RDONLY | O_NOFOLLOW), "600"),
                        std::back_inserter(open));
    }
  }
  const Handle folder(directory, O_RDONLY | O_DIRECTORY);
  struct stat found {};
  const bool is_open = ::fstat(folder.number(), &found) == 0 && (found.st_mode & others) != 0;
  if (is_open && shared)
    open.push_back(stays_open(directory, "it holds other things, too, and was left as it is", "700"));
  else
    std::ranges::move(close_to_others(directory, folder, "700"), std::back_inserter(open));
  return open;
}

}  // namespace tgkit::ops
