#pragma once
// Bodies of type multipart/form-data, read in memory: what browsers and bot libraries upload files with (RFC 7578).
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tgkit::net {

struct FormPart {
  std::string name;
  std::optional<std::string> filename;  // set for files, even when empty
  std::string content_type;             // as sent; empty: none
  std::string_view data;                // a view into the body
};

// `content_type` is the request's Content-Type with the boundary. Throws std::invalid_argument that says what is wrong.
std::vector<FormPart> parse_multipart(std::string_view content_type, std::string_view body);

}  // namespace tgkit::net
