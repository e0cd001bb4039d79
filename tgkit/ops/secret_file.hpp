#pragma once
// Files that hold a secret: read as far as a secret goes, and who else may read them.
#include "tgkit/ops/config_values.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace tgkit::ops {

inline constexpr std::size_t most_of_a_small_file = 64u << 10;

// The text of a secret's or a configuration's file, or why there is none. Of a longer file (a device, a wrong path) no
// more is read.
Parsed<std::string> read_small_file(const std::string& path);

// Whether every user of this machine can read it: by its own mode and those of all folders above it. The mounts where
// container engines put secrets are meant to be read, and nobody else is in there: /run/secrets, /var/run/secrets,
// /etc/secrets.
bool is_exposed(const std::string& path);
// The same as a warning that names the setting; nothing for an empty path.
std::optional<std::string> exposure(const std::string& setting, const std::string& path);

}  // namespace tgkit::ops
