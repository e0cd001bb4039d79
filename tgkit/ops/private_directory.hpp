#pragma once
// A data directory is its owner's alone, whatever the umask was and however its files came there (a restored backup).
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tgkit::ops {

// Closes to others the directory and those files in it whose names begin with one of `ours`. A directory that holds
// foreign things too (DATA_DIR=/var, say) is not ours to close. Links are not followed. Gives what stays open to
// others, as sentences that say what to do; throws std::system_error when the directory cannot be read.
std::vector<std::string> make_private(const std::string& directory, std::span<const std::string_view> ours);

}  // namespace tgkit::ops
