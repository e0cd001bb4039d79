#pragma once
// What lies in DATA_DIR, by name.
#include <filesystem>
#include <string>

namespace app {

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
