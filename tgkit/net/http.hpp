#pragma once
// What both sides of HTTP share: headers, body streams, requests and responses as values.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tgkit/async/clock.hpp"
#include "tgkit/async/task.hpp"
#include "tgkit/net/secret.hpp"
#include "tgkit/net/url.hpp"

namespace tgkit::net {

// In the order of the wire; names compare without case; the first value of a name counts.
class Headers {
 public:
  void add(std::string name, std::string value);
  std::optional<std::string_view> find(std::string_view name) const;
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }
  std::size_t size() const { return entries_.size(); }
  void clear() { entries_.clear(); }

 private:
  std::vector<std::pair<std::string, std::string>> entries_;
};

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
  std::string target;           // sent as it is; never printed: errors show `label`
  std::string label;            // what errors and logs call this request, e.g. "sendMessage"; free of secrets
  Headers headers;              // Host, Content-Length, Connection are written by the client
  std::string body;             // ignored when source is set
  std::shared_ptr<BodySource> source;
  BodySink sink;                // when set, the body of a 2xx answer goes here instead of HttpResponse::body
  Progress on_upload, on_download;
  Duration timeout = std::chrono::seconds{30};  // for the whole exchange, from dialling to the last byte
  std::size_t max_response_body = 64u << 20;    // without a sink; beyond it the exchange fails
  bool own_connection = false;  // long polls: never shares or is taken from the pool's limit of idle connections
};

struct HttpResponse {
  int status = 0;
  Headers headers;
  std::string body;
};

}  // namespace tgkit::net
