#pragma once
// A file as a call takes it: one that Telegram has (file_id), one it fetches itself (URL), or one we upload (a path
// that is streamed while it is sent, or bytes in memory). Cheap to copy: bytes are shared.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace tgkit::telegram {

class InputFile {
 public:
  enum class Kind { file_id, url, path, bytes };

  static InputFile file_id(std::string id);
  static InputFile url(std::string url);
  // Read when the call is sent; a file that cannot be read fails the call with an Error that names the path.
  // `name` is what the receiver sees; empty: the last part of the path.
  static InputFile path(std::string path, std::string name = {});
  static InputFile bytes(std::string content, std::string name);

  // A plain text is a file_id, or a URL when it begins with http:// or https://.
  InputFile(std::string id_or_url);  // NOLINT(google-explicit-constructor)
  InputFile(const char* id_or_url);  // NOLINT(google-explicit-constructor)

  InputFile& content_type(std::string type);  // of an upload; default application/octet-stream

  Kind kind() const { return kind_; }
  bool is_upload() const { return kind_ == Kind::path || kind_ == Kind::bytes; }
  const std::string& text() const { return text_; }  // the id, URL or path
  const std::string& name() const { return name_; }
  const std::string& type() const { return type_; }
  const std::shared_ptr<const std::string>& content() const { return content_; }

 private:
  InputFile(Kind kind, std::string text, std::string name);
  Kind kind_;
  std::string text_;
  std::string name_;
  std::string type_;
  std::shared_ptr<const std::string> content_;
};

}  // namespace tgkit::telegram
