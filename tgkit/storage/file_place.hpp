#pragma once
// What tells a file from every copy of it.
#include <filesystem>
#include <string>

namespace tgkit::storage {

// Inode, time of birth and the machine's id (/etc/machine-id), as far as the system tells them; empty: there is no such
// file. A move within a file system keeps it; a copy, a restore and a move to another one do not. Only an image of a
// whole machine, id included, has the same.
std::string place_of(const std::filesystem::path& file);

}  // namespace tgkit::storage
