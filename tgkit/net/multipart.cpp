#include "tgkit/net/multipart.hpp"

#include "tgkit/net/http.hpp"
#include "tgkit/net/url.hpp"

#include <stdexcept>
#include <utility>

namespace tgkit::net {

namespace {

[[noreturn]] void refuse(const char* reason) { throw std::invalid_argument(std::string("bad form data: ") + reason); }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Takes `value` or `"value"` from the front. Browsers write a quote as %22, others as \"; a backslash before anything
// else is kept, since old ones send Windows paths.
std::string take_value(std::string_view& text) {
  std::string value;
  if (!text.starts_with('"')) {
    const std::string_view plain = text.substr(0, text.find(';'));
    text.remove_prefix(plain.size());
    return std::string(trimmed(plain));
  }
  std::size_t i = 1;
  for (; i < text.size() && text[i] != '"'; ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\')) ++i;
    value += text[i];
  }
  if (i >= text.size()) refuse("a quoted value without its end");
  text.remove_prefix(i + 1);
  return value;
}

// The parameters after the first ';' of a header value.
std::vector<std::pair<std::string, std::string>> parameters(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> found;
  text.remove_prefix(std::min(text.find(';'), text.size()));
  while (text.starts_with(';')) {
    text = trimmed(text.substr(1));
    const std::size_t equals = text.find_first_of("=;");
    if (equals == std::string_view::npos || text[equals] == ';') {
      text.remove_prefix(std::min(equals, text.size()));
      continue;
    }
    std::string name(trimmed(text.substr(0, equals)));
    text = trimmed(text.substr(equals + 1));
    found.emplace_back(std::move(name), take_value(text));
    text = trimmed(text);
  }
  return found;
}

const std::string* parameter(const std::vector<std::pair<std::string, std::string>>& all, std::string_view name) {
  for (const auto& [key, value] : all) {
    if (equal_without_case(key, name)) return &value;
  }
  return nullptr;
}

void read_disposition(std::string_view value, FormPart& part) {
  const auto all = parameters(value);
  const std::string* name = parameter(all, "name");
  if (name == nullptr) refuse("a part without a name");
  part.name = *name;
  if (const std::string* plain = parameter(all, "filename")) part.filename = *plain;
  if (const std::string* extended = parameter(all, "filename*")) {  // RFC 8187: charset'language'percent-encoded
    const std::size_t quote = extended->find('\'', std::min(extended->find('\''), extended->size() - 1) + 1);
    if (quote != std::string::npos) part.filename = percent_decode(std::string_view(*extended).substr(quote + 1));
  }
}

FormPart parse_part(std::string_view text) {
  FormPart part;
  bool named = false;
  while (true) {
    const std::size_t end = text.find("\r\n");
    if (end == std::string_view::npos) refuse("a part without the empty line after its head");
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 2);
    if (line.empty()) break;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) refuse("a head line without a colon");
    const std::string_view name = trimmed(line.substr(0, colon)), value = trimmed(line.substr(colon + 1));
    if (equal_without_case(name, "Content-Disposition")) {
      read_disposition(value, part);
      named = true;
    } else if (equal_without_case(name, "Content-Type")) {
      part.content_type = value;
    }
  }
  if (!named) refuse("a part without Content-Disposition");
  part.data = text;
  return part;
}

}  // namespace

std::vector<FormPart> parse_multipart(std::string_view content_type, std::string_view body) {
  if (!equal_without_case(trimmed(content_type.substr(0, content_type.find(';'))), "multipart/form-data")) {
    refuse("the content type is another one");
  }
  const auto all = parameters(content_type);
  const std::string* boundary = parameter(all, "boundary");
  // RFC 2046, 5.1.1: at most 70 characters
  if (boundary == nullptr || boundary->empty() || boundary->size() > 70) refuse("no usable boundary");
  const std::string delimiter = "\r\n--" + *boundary;

  std::vector<FormPart> parts;
  std::string_view rest = body;
  if (rest.starts_with(std::string_view(delimiter).substr(2))) {
    rest.remove_prefix(delimiter.size() - 2);
  } else if (const std::size_t first = rest.find(delimiter); first != std::string_view::npos) {
    rest.remove_prefix(first + delimiter.size());
  } else {
    refuse("the boundary does not occur");
  }
  while (!rest.starts_with("--")) {
    while (rest.starts_with(' ') || rest.starts_with('\t')) rest.remove_prefix(1);
    if (!rest.starts_with("\r\n")) refuse("no line break after a boundary");
    rest.remove_prefix(2);
    // A part may be empty but for its head, whose line break is then the delimiter's.
    const std::size_t end = rest.find(delimiter);
    if (end == std::string_view::npos) refuse("the last boundary is missing");
    parts.push_back(parse_part(rest.substr(0, end)));
    rest.remove_prefix(end + delimiter.size());
  }
  return parts;
}

}  // namespace tgkit::net
