#pragma once
// What both sides of HTTP share: headers, body streams, requests and responses as values.
#include "tgkit/async/clock.hpp"
#include "tgkit/async/task.hpp"
#include "tgkit/net/secret.hpp"
#include "tgkit/net/url.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tgkit::net {

// In the order of the wire; names compare without case; the first value of a name counts. Kept as one text, so that a
// message costs two allocations and not two for every field.
class Headers {
  struct Entry {
    std::uint32_t begin, name_size, value_size;
  };

 public:
  using Field = std::pair<std::string_view, std::string_view>;  // views into the headers

  class Iterator {
   public:
    using value_type = Field;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    Field operator*() const { return headers_->field(*entry_); }
    Iterator& operator++() {
      ++entry_;
      return *this;
    }
    Iterator operator++(int) {
      Iterator old = *this;
      ++entry_;
      return old;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.entry_ == b.entry_; }

   private:
    friend class Headers;
    Iterator(const Headers* headers, const Entry* entry) : headers_(headers), entry_(entry) {}
    const Headers* headers_ = nullptr;
    const Entry* entry_ = nullptr;
  };

  // Throws std::invalid_argument when the name is no token or the value could end the line; it repeats neither.
  void add(std::string_view name, std::string_view value);
  std::optional<std::string_view> find(std::string_view name) const;
  bool contains(std::string_view name) const { return find(name).has_value(); }
  // Whether one of the comma-separated values of `name` is `token`, both without case.
  bool lists(std::string_view name, std::string_view token) const;
  Iterator begin() const { return {this, entries_.data()}; }
  Iterator end() const { return {this, entries_.data() + entries_.size()}; }
  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  void clear();

 private:
  Field field(const Entry& entry) const;

  std::string text_;
  std::vector<Entry> entries_;
};

// Whether two ASCII texts are the same but for case, as HTTP compares names.
bool equal_without_case(std::string_view a, std::string_view b) noexcept;

// A request body that is read while it is sent (files). size() must be exact: it becomes Content-Length.
class BodySource {
 public:
  virtual ~BodySource() = default;
  virtual std::uint64_t size() const = 0;
  virtual std::size_t read(char* to, std::size_t most) = 0;  // 0 only at the end; throws std::runtime_error
  virtual void rewind() = 0;                                 // back to the start, for another try
};

// A response body that is handled while it arrives. Throwing breaks the exchange.
using BodySink = std::function<void(std::string_view piece)>;
// Bytes so far and, when known, in all.
using Progress = std::function<void(std::uint64_t done, std::optional<std::uint64_t> total)>;

// A user-declared constructor on purpose: an aggregate temporary inside co_await is miscompiled by g++ 12.2.
struct HttpRequest {
  HttpRequest(std::string method_, Origin origin_, std::string target_)
      : method(std::move(method_)), origin(std::move(origin_)), target(std::move(target_)) {}
  HttpRequest(std::string method_, const Url& url) : HttpRequest(std::move(method_), url.origin, url.target) {}

  std::string method;
  Origin origin;
  std::string target;  // sent as it is; never printed: errors show `label`
  std::string label;   // what errors and logs call this request, e.g. "sendMessage"; free of secrets
  Headers headers;     // Host, Content-Length, Connection are written by the client
  std::string body;    // ignored when source is set
  std::shared_ptr<BodySource> source;
  BodySink sink;  // when set, the body of a 2xx answer goes here instead of HttpResponse::body
  Progress on_upload, on_download;
  Duration timeout = std::chrono::seconds{30};  // for all of send(): waiting for a connection to the last byte
  std::size_t max_response_body = 64u << 20;    // without a sink; beyond it the exchange fails
  bool own_connection = false;  // long polls: outside the pool and its limit, on a connection of its own kind
  // May be sent twice: then it is repeated once, too, when a reused connection was closed before any byte of the answer
  // came. GET and HEAD always are.
  bool repeatable = false;
};

struct HttpResponse {
  int status = 0;
  Headers headers;
  std::string body;
};

}  // namespace tgkit::net
