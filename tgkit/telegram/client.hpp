#pragma once
// THE EXIT: everything that leaves for Telegram leaves here.
//
// A call is tried once. The client repeats it only after a 429 and only when CallOptions::wait_at_most allows the wait;
// whether anything else is tried again is decided by who owns the work (see Error::outcome). Pacing stands before
// call().
#include "tgkit/async/clock.hpp"
#include "tgkit/async/task.hpp"
#include "tgkit/net/client.hpp"
#include "tgkit/net/secret.hpp"
#include "tgkit/net/url.hpp"
#include "tgkit/telegram/call_options.hpp"
#include "tgkit/telegram/error.hpp"
#include "tgkit/telegram/request.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tgkit::telegram {

class MultipartBody;

// One finished try, for metrics and logs; free of secrets. A cancelled try is not reported.
struct CallReport {
  std::string_view method;
  std::string_view trace_id;
  Duration duration{0};
  const Error* error = nullptr;  // null: Telegram answered ok
};

struct Settings {
  Settings(net::Secret token_, net::Url base_) : token(std::move(token_)), base(std::move(base_)) {}
  explicit Settings(net::Secret token_) : Settings(std::move(token_), net::Url::parse("https://api.telegram.org")) {}

  net::Secret token;
  net::Url base;                  // of the Bot API server, local or in the cloud
  bool test_environment = false;  // "/bot<token>/test/<method>"
  Duration call_timeout = std::chrono::seconds{30};
  Duration upload_timeout = std::chrono::minutes{5};
  Duration download_timeout = std::chrono::minutes{10};
  Duration poll_margin = std::chrono::seconds{10};   // how much later than the long poll's hold its deadline is
  std::function<Task<>(const Request&)> before_try;  // awaited before every try of a call: the place for pacing
  std::function<void(const CallReport&)> on_call;    // after every try, polls and downloads too; must not throw
};

struct PollRequest {
  PollRequest() {}
  std::int64_t offset = 0;                                  // 0: from the head, confirming nothing
  int limit = 100;                                          // 1..100
  std::chrono::seconds hold{30};                            // Telegram takes at most 50
  std::optional<std::vector<std::string>> allowed_updates;  // absent: what was set before stays
};

// Not thread-safe: used on the loop's thread only. `http` and `clock` must outlive it.
class Client {
 public:
  Client(net::HttpClient& http, Clock& clock, Settings settings);

  // The raw JSON of `result`. Throws telegram::Error; cancellation passes through as boost::system::system_error.
  Task<std::string> call(Request request, CallOptions options = CallOptions());

  // One long poll on a connection of its own; returns the whole body, `{"ok":true,"result":[...]}`, for
  // split_updates(). Throws telegram::Error. When no answer comes in its time, idle connections are dropped, too.
  Task<std::string> get_updates_raw(PollRequest poll);

  // Fetches the `file_path` of a File into the file `target`: written beside it first and renamed when complete, so
  // that a failure leaves no target. An absolute path (of a local server) is copied. Throws telegram::Error.
  Task<> download(std::string file_path, std::string target, net::Progress progress = {});
  // getFile, then download(); returns the number of bytes.
  Task<std::uint64_t> download_file(std::string file_id, std::string target, net::Progress progress = {});

 private:
  Task<std::string> attempt(Request& request, const CallOptions& options, bool last);
  Task<net::HttpResponse> exchange(net::HttpRequest request, std::string_view method);
  Task<> fetch(const std::string& file_path, const std::string& target, net::Progress progress);
  net::HttpRequest post(std::string_view method) const;
  std::shared_ptr<MultipartBody> write_body(net::HttpRequest& http, Request& request, const CallOptions& options,
                                            bool last) const;
  std::string address(std::string_view prefix, std::string_view rest) const;
  void report(std::string_view method, std::string_view trace_id, TimePoint start, const Error* error) const;

  net::HttpClient& http_;
  Clock& clock_;
  Settings settings_;
  net::Secret path_token_;  // as it stands in a path
};

}  // namespace tgkit::telegram
