#include "sandbox/bot_api/arguments.hpp"

#include "sandbox/json.hpp"
#include "tgkit/net/multipart.hpp"
#include "tgkit/net/query.hpp"

#include <algorithm>
#include <cctype>

namespace sandbox {
namespace {

// Limits of the real server's HTTP reader.
constexpr std::size_t most_parameter_bytes = 1u << 20;
constexpr std::size_t most_boundary = 70;
constexpr std::size_t most_files = 50;

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

// Walks over JSON text without building a document.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool take(char c) {
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool at_string() {
    skip_blanks();
    return at_ < text_.size() && text_[at_] == '"';
  }
  std::optional<std::string> string() {
    const std::size_t begin = at_;
    if (!skip_string()) return std::nullopt;
    const auto value = parse_json(text_.substr(begin, at_ - begin));
    if (!value || !value->is_string()) return std::nullopt;
    return std::string(value->get_string().data(), value->get_string().size());
  }
  // The raw text of the next value, blanks around it cut.
  std::optional<std::string> raw() {
    skip_blanks();
    const std::size_t begin = at_;
    int depth = 0;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        if (!skip_string()) return std::nullopt;
        continue;
      }
      if (depth == 0 && (c == ',' || c == '}' || c == ']')) break;
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
      ++at_;
    }
    std::string_view value = text_.substr(begin, at_ - begin);
    while (!value.empty() && std::isspace(static_cast<unsigned char>(value.back()))) value.remove_suffix(1);
    if (depth != 0 || !parse_json(value)) return std::nullopt;
    return std::string(value);
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }
  bool skip_string() {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\') {
        ++at_;
      } else if (text_[at_] == '"') {
        ++at_;
        return true;
      }
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

std::size_t parameter_bytes(const Arguments& arguments) {
  std::size_t total = 0;
  for (const auto& [name, value] : arguments.values()) total += name.size() + value.size();
  return total;
}

}  // namespace

bool Arguments::has(std::string_view name) const { return !text(name).empty(); }

const std::string& Arguments::text(std::string_view name) const {
  static const std::string none;
  for (const auto& [key, value] : values_) {
    if (key == name) return value;
  }
  return none;
}

bool Arguments::flag(std::string_view name) const { return lenient_flag(text(name)); }

std::int64_t Arguments::integer(std::string_view name, std::int64_t fallback, std::int64_t least,
                                std::int64_t most) const {
  const std::string& value = text(name);
  return std::clamp(value.empty() ? fallback : lenient_integer(value), least, most);
}

const UploadedFile* Arguments::file(std::string_view field) const {
  for (const UploadedFile& file : files_) {
    if (file.field == field) return &file;
  }
  return nullptr;
}

std::int64_t lenient_integer(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  std::uint64_t number = 0;
  for (const char c : text.substr(negative ? 1 : 0)) {
    if (c < '0' || c > '9' || number > 900'000'000'000'000'000u) break;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return negative ? -static_cast<std::int64_t>(number) : static_cast<std::int64_t>(number);
}

bool lenient_flag(std::string_view text) {
  return equal_ignoring_case(text, "true") || equal_ignoring_case(text, "yes") || text == "1";
}

void read_urlencoded(std::string_view text, Arguments& into) {
  for (auto& [name, value] : tgkit::net::parse_query(text)) into.add(std::move(name), std::move(value));
}

void read_json(std::string_view text, Arguments& into) {
  Scanner scanner(text);
  if (!scanner.take('{')) return;
  while (scanner.at_string()) {
    const auto name = scanner.string();
    if (!name || !scanner.take(':')) return;
    auto value = scanner.at_string() ? scanner.string() : scanner.raw();
    if (!value) return;
    into.add(std::move(*name), std::move(*value));
    if (!scanner.take(',')) return;
  }
}

bool read_multipart(std::string_view content_type, std::string_view body, Arguments& into) {
  const std::size_t boundary = content_type.find("boundary=");
  if (boundary == std::string_view::npos || content_type.size() - boundary - 9 > most_boundary + 2) return false;
  try {
    for (tgkit::net::FormPart& part : tgkit::net::parse_multipart(content_type, body)) {
      if (part.filename) {
        into.add_file(
            {std::move(part.name), std::move(*part.filename), std::move(part.content_type), std::string(part.data)});
      } else {
        into.add(std::move(part.name), std::string(part.data));
      }
    }
    return true;
  } catch (const std::invalid_argument&) {
    return false;
  }
}

std::expected<Arguments, int> read_arguments(const tgkit::net::ServerRequest& request) {
  Arguments arguments;
  read_urlencoded(request.query, arguments);
  const std::string_view encoding = request.headers.find("content-encoding").value_or("identity");
  if (!equal_ignoring_case(encoding, "identity") && !encoding.empty()) return std::unexpected(415);
  const std::string_view type = request.headers.find("content-type").value_or("");
  const auto is = [&](std::string_view wanted) { return equal_ignoring_case(type.substr(0, wanted.size()), wanted); };
  if (is("multipart/form-data")) {
    if (!read_multipart(type, request.body, arguments)) return std::unexpected(400);
    if (arguments.files().size() > most_files) return std::unexpected(413);
  } else if (request.body.size() > most_parameter_bytes) {
    return std::unexpected(413);
  } else if (is("application/x-www-form-urlencoded")) {
    read_urlencoded(request.body, arguments);
  } else if (is("application/json")) {
    read_json(request.body, arguments);
  }
  if (parameter_bytes(arguments) > most_parameter_bytes) return std::unexpected(413);
  return arguments;
}

}  // namespace sandbox
