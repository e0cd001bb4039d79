#pragma once
// The body of a call that uploads files, as multipart/form-data: parameters first, then the files, which are read while
// they are sent. Its size is known before the first byte.
#include "tgkit/net/http.hpp"
#include "tgkit/telegram/request.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tgkit::telegram {

class MultipartBody final : public net::BodySource {
 public:
  // Opens every file; throws std::runtime_error that names the one that cannot be read.
  MultipartBody(const Request& request, std::string boundary);
  ~MultipartBody() override;

  static std::string random_boundary();
  std::string content_type() const { return "multipart/form-data; boundary=" + boundary_; }

  std::uint64_t size() const override { return size_; }
  // Throws std::runtime_error when a file cannot be read or has become shorter than it was.
  std::size_t read(char* to, std::size_t most) override;
  void rewind() override;

  // Why read() threw; empty when it did not. Whoever sends the body may have wrapped the exception.
  const std::string& failure() const { return failure_; }

 private:
  class File;
  struct Segment;
  void add_parameters(const std::string& json);
  void add_file(const Part& part);
  void flush_text();
  void push(Segment segment);
  std::size_t read_current(char* to, std::size_t most);

  std::string boundary_;
  std::string text_;  // what the next text segment will be
  std::vector<Segment> segments_;
  std::uint64_t size_ = 0;
  std::size_t current_ = 0;     // the segment that is being read
  std::uint64_t position_ = 0;  // in it
  std::string failure_;
};

}  // namespace tgkit::telegram
