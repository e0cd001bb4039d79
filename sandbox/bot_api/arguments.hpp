#pragma once
// The parameters of one Bot API call, however they came: query, form, JSON or multipart. The first value of a name
// counts, the query before the body.
#include "tgkit/net/server.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sandbox {

struct UploadedFile {
  std::string field;
  std::string name;
  std::string content_type;
  std::string content;
};

class Arguments {
 public:
  void add(std::string name, std::string value) { values_.emplace_back(std::move(name), std::move(value)); }
  void add_file(UploadedFile file) { files_.push_back(std::move(file)); }

  bool has(std::string_view name) const;                 // given and not empty
  const std::string& text(std::string_view name) const;  // empty when not given
  bool flag(std::string_view name) const;                // true, yes, 1 in any case
  // Garbage is 0, a number outside the range becomes its nearer end: as the real server reads integers.
  std::int64_t integer(std::string_view name, std::int64_t fallback, std::int64_t least, std::int64_t most) const;
  const UploadedFile* file(std::string_view field) const;

  const std::vector<std::pair<std::string, std::string>>& values() const { return values_; }
  const std::vector<UploadedFile>& files() const { return files_; }

 private:
  std::vector<std::pair<std::string, std::string>> values_;
  std::vector<UploadedFile> files_;
};

std::int64_t lenient_integer(std::string_view text);  // digits after an optional sign; what follows is ignored
bool lenient_flag(std::string_view text);

// An error is the HTTP status (413, 415, 400) that the real reader answers with an empty body.
std::expected<Arguments, int> read_arguments(const tgkit::net::ServerRequest& request);

// The parts of it, for their own tests and for the control API.
void read_urlencoded(std::string_view text, Arguments& into);
void read_json(std::string_view text, Arguments& into);  // what stands before the first error counts
bool read_multipart(std::string_view content_type, std::string_view body, Arguments& into);  // false: malformed

}  // namespace sandbox
