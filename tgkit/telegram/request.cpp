#include "tgkit/telegram/request.hpp"

#include "tgkit/telegram/json_writer.hpp"

#include <stdexcept>

namespace tgkit::telegram {

Draft::Draft(std::string_view method) : method_(method), json_("{") {}

std::string& Draft::key(std::string_view name) {
  unset(name);
  fields_.push_back(Field{name, json_.size(), files_.size()});
  if (json_.size() > 1) json_ += ',';
  json_ += '"';
  json_ += name;
  json_ += "\":";
  return json_;
}

void Draft::file(std::string_view name, InputFile file) {
  if (!file.is_upload()) {
    json::append_string(key(name), file.text());
    return;
  }
  unset(name);
  fields_.push_back(Field{name, json_.size(), files_.size()});
  files_.emplace_back(std::string(name), std::move(file));
}

void Draft::unset(std::string_view name) {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].name == name) return erase(i);
  }
}

void Draft::erase(std::size_t index) {
  const Field field = fields_[index];
  const bool last = index + 1 == fields_.size();
  const std::size_t length = (last ? json_.size() : fields_[index + 1].begin) - field.begin;
  const std::size_t parts = (last ? files_.size() : fields_[index + 1].file) - field.file;
  json_.erase(field.begin, length);
  const auto first_part = files_.begin() + static_cast<std::ptrdiff_t>(field.file);
  files_.erase(first_part, first_part + static_cast<std::ptrdiff_t>(parts));
  fields_.erase(fields_.begin() + static_cast<std::ptrdiff_t>(index));
  for (std::size_t i = index; i < fields_.size(); ++i) {
    fields_[i].begin -= length;
    fields_[i].file -= parts;
  }
  drop_leading_comma();
}

void Draft::drop_leading_comma() {
  if (json_.size() < 2 || json_[1] != ',') return;
  json_.erase(1, 1);
  for (Field& field : fields_) {
    if (field.begin > 1) --field.begin;
  }
}

Request Draft::take() {
  if (taken_) throw std::logic_error(method_ + " has been taken already");
  taken_ = true;
  json_ += '}';
  return Request(method_, std::move(json_), std::move(files_));
}

std::string attach(const InputFile& file, std::vector<Part>& files) {
  if (!file.is_upload()) return file.text();
  std::string name;
  for (std::size_t n = files.size(); name.empty(); ++n) {
    name = "file" + std::to_string(n);
    for (const Part& part : files) {  // a replaced parameter may have left a gap in the numbers
      if (part.name == name) {
        name.clear();
        break;
      }
    }
  }
  files.emplace_back(name, file);
  return "attach://" + name;
}

}  // namespace tgkit::telegram
