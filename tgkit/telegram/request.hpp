#pragma once
// A call to the Bot API that has not been sent: what the outbox stores and the client sends.
#include "tgkit/telegram/input_file.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tgkit::telegram {

// One uploaded file: the part `name` of the multipart body.
struct Part {
  Part(std::string name_, InputFile file_) : name(std::move(name_)), file(std::move(file_)) {}
  std::string name;
  InputFile file;  // an upload: Kind::path or Kind::bytes
};

struct Request {
  explicit Request(std::string method_, std::string json_ = "{}", std::vector<Part> files_ = {})
      : method(std::move(method_)), json(std::move(json_)), files(std::move(files_)) {}

  std::string method;       // as on the wire: "sendMessage"
  std::string json;         // the parameters, a JSON object; without those whose value is an uploaded part of that name
  std::vector<Part> files;  // empty: the call goes out as application/json, else as multipart/form-data
};

// Collects the parameters of one call as JSON while the call's setters run. Setting a parameter again replaces it.
class Draft {
 public:
  explicit Draft(std::string_view method);

  // Begins parameter `name` (a literal: the view is kept) and returns the buffer to append its JSON value to.
  std::string& key(std::string_view name);
  // A parameter whose value is a file: an id or URL becomes a JSON string, an upload a part named like the parameter.
  void file(std::string_view name, InputFile file);
  // Takes parameter `name` away again.
  void unset(std::string_view name);
  // Where files inside a value begun with key() go: see attach().
  std::vector<Part>& files() { return files_; }

  const std::string& method() const { return method_; }
  bool taken() const { return taken_; }
  Request take();  // once; throws std::logic_error the second time

 private:
  struct Field {
    std::string_view name;
    std::size_t begin;  // of the field in json_, its comma included
    std::size_t file;   // its first part in files_
  };
  void erase(std::size_t index);
  void drop_leading_comma();

  std::string method_;
  std::string json_;
  std::vector<Field> fields_;
  std::vector<Part> files_;
  bool taken_ = false;
};

// For a file inside another value (a medium of an album, its thumbnail, a sticker): returns what the JSON says, the id,
// the URL, or "attach://fileN" after adding the upload to `files`.
std::string attach(const InputFile& file, std::vector<Part>& files);

}  // namespace tgkit::telegram
