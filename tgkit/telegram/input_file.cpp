#include "tgkit/telegram/input_file.hpp"

#include <utility>

namespace tgkit::telegram {
namespace {

std::string last_part(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

bool looks_like_url(std::string_view text) { return text.starts_with("http://") || text.starts_with("https://"); }

}  // namespace

InputFile::InputFile(Kind kind, std::string text, std::string name)
    : kind_(kind), text_(std::move(text)), name_(std::move(name)), type_("application/octet-stream") {}

InputFile InputFile::file_id(std::string id) { return InputFile(Kind::file_id, std::move(id), {}); }

InputFile InputFile::url(std::string url) { return InputFile(Kind::url, std::move(url), {}); }

InputFile InputFile::path(std::string path, std::string name) {
  if (name.empty()) name = last_part(path);
  return InputFile(Kind::path, std::move(path), std::move(name));
}

InputFile InputFile::bytes(std::string content, std::string name) {
  if (name.empty()) name = "file";  // Telegram takes a part without a file name for a parameter
  InputFile file(Kind::bytes, {}, std::move(name));
  file.content_ = std::make_shared<const std::string>(std::move(content));
  return file;
}

InputFile::InputFile(std::string id_or_url) : InputFile(Kind::file_id, std::move(id_or_url), {}) {
  if (looks_like_url(text_)) kind_ = Kind::url;
}

InputFile::InputFile(const char* id_or_url) : InputFile(std::string(id_or_url)) {}

InputFile& InputFile::content_type(std::string type) {
  type_ = std::move(type);
  return *this;
}

}  // namespace tgkit::telegram
