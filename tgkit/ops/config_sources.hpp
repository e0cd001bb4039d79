#pragma once
// The foreign parsers behind Options: the command line (CLI11) and TOML files (toml++), each in one translation unit.
// Internal to tgkit/ops.
#include "tgkit/ops/config_values.hpp"

#include <expected>
#include <map>
#include <string>
#include <vector>

namespace tgkit::ops {

struct Flag {
  std::string key;       // "HEALTH_PORT"
  bool boolean = false;  // may stand without a value, and as --no-...
};

struct Arguments {
  std::map<std::string, std::vector<std::string>> values;  // by key, as often as it was given; "" is a missing value
  std::vector<std::string> unknown;                        // flags nobody declared, without their values
  std::size_t stray = 0;                                   // words that belong to no flag
  std::string error;                                       // the line as a whole cannot be read
};

std::string flag_of(std::string_view key);  // "HEALTH_PORT" -> "--health-port"
Arguments read_arguments(const std::vector<Flag>& flags, const std::vector<std::string>& arguments);

struct FileEntry {
  std::string key;  // as in the file
  std::size_t line = 0;
  Parsed<std::string> text;  // as it would stand in the environment
};
// An error says the line and what is wrong, free of the file's contents.
Parsed<std::vector<FileEntry>> read_toml(const std::string& text);

}  // namespace tgkit::ops
