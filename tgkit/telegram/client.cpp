#include "tgkit/telegram/client.hpp"

#include "tgkit/async/cancellation.hpp"
#include "tgkit/json/reader.hpp"
#include "tgkit/json/utf8.hpp"
#include "tgkit/telegram/answer.hpp"
#include "tgkit/telegram/json_writer.hpp"
#include "tgkit/telegram/multipart_body.hpp"
#include "tgkit/telegram/partial_file.hpp"

#include <array>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace tgkit::telegram {
namespace {

constexpr std::chrono::seconds flood_without_number{1};
constexpr std::string_view download_label = "download";

// Percent-encodes what a path segment may not hold; the separators stay, so that a token reads as every server expects.
std::string encode_but(std::string_view text, char separator) {
  std::string out;
  while (true) {
    const std::size_t at = text.find(separator);
    out += net::percent_encode(text.substr(0, at));
    if (at == std::string_view::npos) return out;
    out += separator;
    text.remove_prefix(at + 1);
  }
}

std::string poll_parameters(const PollRequest& poll) {
  std::string out = R"({"limit":)" + std::to_string(poll.limit);
  out += R"(,"timeout":)" + std::to_string(poll.hold.count());
  if (poll.offset != 0) out += R"(,"offset":)" + std::to_string(poll.offset);
  if (poll.allowed_updates) {
    out += R"(,"allowed_updates":)";
    json::append_strings(out, *poll.allowed_updates);
  }
  return out + '}';
}

// A batch is scanned by whoever splits it; here only its beginning is looked at.
bool is_plain_success(const net::HttpResponse& response) {
  return response.status == 200 && response.body.starts_with(R"({"ok":true,"result":[)");
}

std::string file_path_of(std::string_view file_json) {
  std::string path;
  tgkit::json::Reader reader(file_json);
  std::string_view key;
  for (bool first = reader.enter_object(); reader.next_key(first, key);) {
    if (key != "file_path" || !reader.string(path)) reader.skip();
  }
  return path;
}

std::shared_ptr<MultipartBody> open_files(const Request& request) {
  try {
    return std::make_shared<MultipartBody>(request, MultipartBody::random_boundary());
  } catch (const std::runtime_error& error) {
    throw error_before_sending(request.method, error.what());
  }
}

void copy_local_file(const std::string& from, PartialFile& to, const net::Progress& progress) {
  std::ifstream file(from, std::ios::binary | std::ios::ate);
  if (!file) throw std::runtime_error("cannot read " + from);
  const auto total = static_cast<std::uint64_t>(file.tellg());
  file.seekg(0);
  std::array<char, 65536> buffer{};
  while (file.read(buffer.data(), buffer.size()), file.gcount() > 0) {
    to.write(std::string_view(buffer.data(), static_cast<std::size_t>(file.gcount())));
    if (progress) progress(to.written(), total);
  }
  if (to.written() != total) throw std::runtime_error("cannot read all of " + from);
}

}  // namespace

Client::Client(net::HttpClient& http, Clock& clock, Settings settings)
    : http_(http), clock_(clock), settings_(std::move(settings)) {
  if (settings_.base.target.ends_with('/')) settings_.base.target.pop_back();
  path_token_ = net::Secret(encode_but(settings_.token.reveal(), ':'));
}

Task<std::string> Client::call(Request request, CallOptions options) {
  request.json = tgkit::json::with_valid_utf8(std::move(request.json));
  Duration patience = options.wait_at_most;
  while (true) {
    Duration wait{0};
    try {
      co_return co_await attempt(request, options, patience <= Duration::zero());
    } catch (const Error& error) {
      wait = error.retry_after().value_or(flood_without_number);
      if (!error.is_flood() || wait > patience) throw;
    }
    patience -= wait;
    co_await clock_.sleep_for(wait);
  }
}

Task<std::string> Client::attempt(Request& request, const CallOptions& options, bool last) {
  if (settings_.before_try) co_await settings_.before_try(request);
  const TimePoint start = clock_.now();
  std::shared_ptr<MultipartBody> upload;
  std::optional<Error> failed;
  try {
    net::HttpRequest http = post(request.method);
    http.repeatable = request.method.starts_with("get");  // asks only
    upload = write_body(http, request, options, last);
    net::HttpResponse response = co_await exchange(std::move(http), request.method);
    std::string result = read_answer(request.method, std::move(response), settings_.token);
    report(request.method, options.trace_id, start, nullptr);
    co_return result;
  } catch (const Error& error) {
    failed = error;
  } catch (const std::runtime_error& error) {
    if (is_cancellation(error) || !upload || upload->failure().empty()) throw;
  }
  // Whatever the transport made of it: the body never became whole, so Telegram has not acted.
  if (upload && !upload->failure().empty()) failed = error_before_sending(request.method, upload->failure());
  report(request.method, options.trace_id, start, &*failed);
  throw *failed;
}

Task<std::string> Client::get_updates_raw(PollRequest poll) {
  constexpr std::string_view method = "getUpdates";
  const TimePoint start = clock_.now();
  try {
    net::HttpRequest http = post(method);
    http.headers.add("Content-Type", "application/json");
    http.body = poll_parameters(poll);
    http.timeout = poll.hold + settings_.poll_margin;
    http.own_connection = true;
    http.repeatable = true;  // the offset says what was taken
    net::HttpResponse response = co_await exchange(std::move(http), method);
    if (!is_plain_success(response)) {
      net::HttpResponse checked = response;
      read_answer(method, std::move(checked), settings_.token);  // throws unless it is a success written unusually
    }
    report(method, {}, start, nullptr);
    co_return std::move(response.body);
  } catch (const Error& error) {
    report(method, {}, start, &error);
    // Telegram answers by then in any case. The line is dead without knowing it, and so are those that wait for their
    // next use: a message would be lost on each.
    if (error.kind() == Error::Kind::transport && clock_.now() - start > poll.hold) http_.drop_idle();
    throw;
  }
}

Task<> Client::download(std::string file_path, std::string target, net::Progress progress) {
  const TimePoint start = clock_.now();
  try {
    co_await fetch(file_path, target, std::move(progress));
    report(download_label, {}, start, nullptr);
  } catch (const Error& error) {
    report(download_label, {}, start, &error);
    throw;
  }
}

Task<std::uint64_t> Client::download_file(std::string file_id, std::string target, net::Progress progress) {
  Request get_file("getFile", R"({"file_id":)");
  json::append_string(get_file.json, file_id);
  get_file.json += '}';
  const std::string file = co_await call(std::move(get_file));
  std::string path = file_path_of(file);
  if (path.empty()) throw error_before_sending(download_label, "Telegram names no path for this file");
  std::uint64_t bytes = 0;
  net::Progress count = [&bytes, &progress](std::uint64_t done, std::optional<std::uint64_t> total) {
    bytes = done;
    if (progress) progress(done, total);
  };
  co_await download(std::move(path), std::move(target), std::move(count));
  co_return bytes;
}

Task<> Client::fetch(const std::string& file_path, const std::string& target, net::Progress progress) {
  std::string local_failure;
  try {
    PartialFile file(target);
    if (file_path.starts_with('/')) {
      copy_local_file(file_path, file, progress);
    } else {
      net::HttpRequest http("GET", settings_.base.origin, address("/file/bot", encode_but(file_path, '/')));
      http.label = download_label;
      http.timeout = settings_.download_timeout;
      http.on_download = std::move(progress);
      http.sink = [&file, &local_failure](std::string_view piece) {
        try {
          file.write(piece);
        } catch (const std::runtime_error& error) {
          local_failure = error.what();
          throw;
        }
      };
      const net::HttpResponse response = co_await exchange(std::move(http), download_label);
      if (response.status / 100 != 2) throw error_of_answer(download_label, response, settings_.token);
    }
    file.commit();
    co_return;
  } catch (const Error&) {
    if (local_failure.empty()) throw;
  } catch (const std::runtime_error& error) {
    if (is_cancellation(error)) throw;
    if (local_failure.empty()) local_failure = error.what();
  }
  throw error_before_sending(download_label, local_failure);
}

Task<net::HttpResponse> Client::exchange(net::HttpRequest request, std::string_view method) {
  try {
    co_return co_await http_.send(std::move(request));
  } catch (const net::Error& cause) {
    throw error_of_transport(method, cause, settings_.token);
  }
}

net::HttpRequest Client::post(std::string_view method) const {
  net::HttpRequest http("POST", settings_.base.origin, address("/bot", method));
  http.label = method;
  return http;
}

std::shared_ptr<MultipartBody> Client::write_body(net::HttpRequest& http, Request& request, const CallOptions& options,
                                                  bool last) const {
  const bool upload = !request.files.empty();
  http.timeout = upload ? settings_.upload_timeout : settings_.call_timeout;
  if (options.timeout > Duration::zero()) http.timeout = options.timeout;
  if (upload) {
    auto body = open_files(request);
    http.headers.add("Content-Type", body->content_type());
    http.source = body;
    http.on_upload = options.on_upload;
    return body;
  }
  http.headers.add("Content-Type", "application/json");
  http.on_upload = options.on_upload;
  if (last) {
    http.body = std::move(request.json);
  } else {
    http.body = request.json;
  }
  return nullptr;
}

std::string Client::address(std::string_view prefix, std::string_view rest) const {
  std::string out = settings_.base.target;
  out += prefix;
  out += path_token_.reveal();
  out += settings_.test_environment ? "/test/" : "/";
  out += rest;
  return out;
}

void Client::report(std::string_view method, std::string_view trace_id, TimePoint start, const Error* error) const {
  if (!settings_.on_call) return;
  CallReport report;
  report.method = method;
  report.trace_id = trace_id;
  report.duration = clock_.now() - start;
  report.error = error;
  settings_.on_call(report);
}

}  // namespace tgkit::telegram
