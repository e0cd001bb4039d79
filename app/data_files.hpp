#pragma once
// What lies in DATA_DIR, by name.
#include <array>
#include <filesystem>
#include <string>
#include <string_view>

namespace app {

// How the names of our files in DATA_DIR begin.
inline constexpr std::array<std::string_view, 3> data_file_names = {"bot.sqlite", "lock", "admin.sock"};

struct DataFiles {
  explicit DataFiles(const std::string& data_dir)
      : directory(data_dir),
        database(std::filesystem::path(data_dir) / "bot.sqlite"),
        admin_socket(std::filesystem::path(data_dir) / "admin.sock") {}
  std::string directory;
  std::filesystem::path database;
  std::filesystem::path admin_socket;  // while the bot runs
};

}  // namespace app
