#pragma once
// The files of all messages, in memory, found by file_id, file_unique_id or download path.
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace sandbox {

struct StoredFile {
  std::string kind;  // "photo", "document", ...: a file_id cannot change it
  std::string file_id;
  std::string file_unique_id;
  std::string path;  // "photos/file_3.png"
  std::string name;
  std::string mime_type;
  std::shared_ptr<const std::string> content;
  int width = 0;
  int height = 0;
};

class FileStore {
 public:
  const StoredFile& add(std::string kind, std::string name, std::string mime_type, std::string content);
  // Another id for the same content: a smaller size of a photo, a thumbnail.
  const StoredFile& add_variant(const StoredFile& of, std::string kind, int width, int height);

  const StoredFile* by_id(std::string_view file_id) const;
  const StoredFile* by_unique_id(std::string_view unique_id) const;
  const StoredFile* by_path(std::string_view path) const;

 private:
  const StoredFile& store(StoredFile file);
  std::map<std::string, std::shared_ptr<StoredFile>, std::less<>> by_id_, by_unique_id_, by_path_;
  std::uint64_t count_ = 0;
};

}  // namespace sandbox
