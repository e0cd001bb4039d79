#include "tgkit/ops/secret_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>

namespace tgkit::ops {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> secret_mounts = {"/run/secrets/", "/var/run/secrets/", "/etc/secrets/"};

bool others_may(const fs::path& path, fs::perms what) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  return !error && (status.permissions() & what) != fs::perms::none;
}

bool is_in_a_mount(const fs::path& path) {
  return std::ranges::any_of(secret_mounts,
                             [&path](std::string_view mount) { return path.string().starts_with(mount); });
}

}  // namespace

Parsed<std::string> read_small_file(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text(most_of_a_small_file + 1, '\0');
  if (file) file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad() || (file.fail() && !file.eof()))
    return std::unexpected(std::string(std::strerror(errno)));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > most_of_a_small_file) return std::unexpected("it is longer than 64 KiB");
  return text;
}

bool is_exposed(const std::string& path) {
  std::error_code error;
  const fs::path named = fs::absolute(path, error).lexically_normal();
  const fs::path real = fs::canonical(path, error);
  if (error || is_in_a_mount(named) || is_in_a_mount(real)) return false;
  if (!fs::is_regular_file(real, error) || !others_may(real, fs::perms::others_read)) return false;
  for (fs::path folder = real.parent_path(); folder != folder.root_path(); folder = folder.parent_path())
    if (!others_may(folder, fs::perms::others_exec)) return false;
  return true;
}

std::optional<std::string> exposure(const std::string& setting, const std::string& path) {
  if (path.empty() || !is_exposed(path)) return std::nullopt;
  return setting + ": " + path + " can be read by every user of this machine: chmod 600 " + path;
}

}  // namespace tgkit::ops
