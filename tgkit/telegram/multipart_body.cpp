#include "tgkit/telegram/multipart_body.hpp"

#include "tgkit/json/reader.hpp"
#include "tgkit/json/utf8.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <random>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tgkit::telegram {
namespace {

[[noreturn]] void fail(const std::string& path, const std::string& reason) {
  throw std::runtime_error("cannot read " + path + ": " + reason);
}

// The Bot API server cuts header values at ';' even inside quotes and undoes no escapes; other servers follow the HTML
// standard, which writes these characters as %XX.
std::string header_text(std::string_view name) {
  std::string out;
  for (const char c : tgkit::json::with_valid_utf8(std::string(name))) {
    switch (c) {
      case '"':
        out += "%22";
        break;
      case '\r':
        out += "%0D";
        break;
      case '\n':
        out += "%0A";
        break;
      case ';':
        out += "%3B";
        break;
      case '\0':
        break;
      default:
        out += c;
    }
  }
  return out;
}

// A content type comes from the caller and stands in a header line of its own.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x20) out += c;
  }
  return out;
}

}  // namespace

class MultipartBody::File {
 public:
  explicit File(std::string path) : path_(std::move(path)), fd_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (fd_ < 0) fail(path_, std::strerror(errno));
    struct stat status {};
    const bool known = ::fstat(fd_, &status) == 0;
    if (known && S_ISREG(status.st_mode)) {
      size_ = static_cast<std::uint64_t>(status.st_size);
      return;
    }
    ::close(fd_);
    fail(path_, "not a regular file");
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { ::close(fd_); }

  std::uint64_t size() const { return size_; }

  std::size_t read_at(std::uint64_t offset, char* to, std::size_t most) {
    while (true) {
      const ssize_t got = ::pread(fd_, to, most, static_cast<off_t>(offset));
      if (got > 0) return static_cast<std::size_t>(got);
      if (got == 0) fail(path_, "it became shorter while it was sent");
      if (errno != EINTR) fail(path_, std::strerror(errno));
    }
  }

 private:
  std::string path_;
  int fd_;
  std::uint64_t size_ = 0;
};

struct MultipartBody::Segment {
  std::uint64_t size = 0;
  std::shared_ptr<const std::string> bytes;  // or
  std::unique_ptr<File> file;

  std::size_t read_at(std::uint64_t offset, char* to, std::size_t most) const {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(most, size - offset));
    if (file) return file->read_at(offset, to, count);
    std::memcpy(to, bytes->data() + offset, count);
    return count;
  }
};

MultipartBody::MultipartBody(const Request& request, std::string boundary) : boundary_(std::move(boundary)) {
  add_parameters(request.json);
  for (const Part& part : request.files) add_file(part);
  text_ += "--" + boundary_ + "--\r\n";
  flush_text();
}

MultipartBody::~MultipartBody() = default;

std::string MultipartBody::random_boundary() {
  constexpr std::string_view digits = "0123456789abcdef";
  std::random_device random;
  std::string text = "tgkit-";
  for (int word = 0; word < 4; ++word) {
    for (auto [value, n] = std::pair{random(), 0}; n < 8; ++n, value >>= 4) text += digits[value & 15u];
  }
  return text;
}

void MultipartBody::add_parameters(const std::string& json) {
  tgkit::json::Reader reader(json);
  std::string_view key;
  std::string value;
  for (bool first = reader.enter_object(); reader.next_key(first, key);) {
    text_ += "--" + boundary_ + "\r\nContent-Disposition: form-data; name=\"" + header_text(key) + "\"\r\n\r\n";
    if (std::string_view raw; reader.string(value)) {
      text_ += value;
    } else if (reader.raw(raw)) {
      text_ += raw;
    }
    text_ += "\r\n";
  }
  if (reader.broken()) throw std::runtime_error("the parameters are no JSON object");
}

void MultipartBody::add_file(const Part& part) {
  text_ += "--" + boundary_ + "\r\nContent-Disposition: form-data; name=\"" + header_text(part.name) +
           "\"; filename=\"" + header_text(part.file.name()) + "\"\r\nContent-Type: " + one_line(part.file.type()) +
           "\r\n\r\n";
  flush_text();
  Segment content;
  if (part.file.kind() == InputFile::Kind::path) {
    content.file = std::make_unique<File>(part.file.text());
    content.size = content.file->size();
  } else {
    content.bytes = part.file.content();
    content.size = content.bytes->size();
  }
  push(std::move(content));
  text_ = "\r\n";
}

void MultipartBody::flush_text() {
  Segment segment;
  segment.size = text_.size();
  segment.bytes = std::make_shared<const std::string>(std::exchange(text_, {}));
  push(std::move(segment));
}

void MultipartBody::push(Segment segment) {
  size_ += segment.size;
  if (segment.size > 0) segments_.push_back(std::move(segment));
}

std::size_t MultipartBody::read(char* to, std::size_t most) {
  std::size_t done = 0;
  while (done < most && current_ < segments_.size()) {
    const std::size_t got = read_current(to + done, most - done);
    done += got;
    position_ += got;
    if (position_ < segments_[current_].size) continue;
    ++current_;
    position_ = 0;
  }
  return done;
}

std::size_t MultipartBody::read_current(char* to, std::size_t most) {
  try {
    return segments_[current_].read_at(position_, to, most);
  } catch (const std::runtime_error& error) {
    failure_ = error.what();
    throw;
  }
}

void MultipartBody::rewind() {
  current_ = 0;
  position_ = 0;
  failure_.clear();
}

}  // namespace tgkit::telegram
