#include "dmarket/transport.hpp"

#include "dmarket/signature.hpp"
#include "tgkit/async/backoff.hpp"

#include <array>
#include <charconv>

namespace dmarket {
namespace {

using tgkit::net::HttpRequest;
using tgkit::net::HttpResponse;

std::string endpoint_name(std::string_view method, std::string_view target) {
  return std::string(method) + " " + std::string(target.substr(0, target.find('?')));
}

// A clock that is this wrong explains a refusal (the exchange allows two minutes); less is the jitter of whole seconds.
constexpr std::chrono::seconds clock_error{30};
constexpr std::chrono::seconds longest_pause{10};

// What an exchange that broke means for the caller: a change may have happened, a read may simply be asked again.
Error broken_exchange(const tgkit::net::Error& cause, const std::string& endpoint, bool is_read) {
  const bool surely_not_done = is_read || cause.sent() == tgkit::net::Sent::nothing;
  const auto kind = surely_not_done ? ErrorKind::unavailable : ErrorKind::unknown_outcome;
  return Error(kind, endpoint, 0, "", cause.what());
}

// An error of the server may come from its front after the change was passed on.
ErrorKind kind_of_answer(int status, bool is_read) {
  const ErrorKind kind = kind_of_status(status);
  return kind == ErrorKind::unavailable && !is_read ? ErrorKind::unknown_outcome : kind;
}

bool worth_repeating(const Error& error) {
  return error.kind() == ErrorKind::unavailable || error.kind() == ErrorKind::rate_limited;
}

}  // namespace

std::optional<tgkit::WallTime> parse_http_date(std::string_view text) {
  static constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || !text.ends_with(" GMT") || text.substr(3, 2) != ", ") return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t length) {
    int value = -1;
    const auto part = text.substr(at, length);
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    return error == std::errc{} && end == part.data() + part.size() ? value : -1;
  };
  unsigned month = 0;
  while (month < 12 && months[month] != text.substr(8, 3)) ++month;
  const int day = number(5, 2), year = number(12, 4), hour = number(17, 2), minute = number(20, 2),
            second = number(23, 2);
  using namespace std::chrono;
  const year_month_day date{std::chrono::year(year), std::chrono::month(month + 1),
                            std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || day < 0 || year < 1970 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
      second > 60) {
    return std::nullopt;
  }
  return sys_days(date) + hours(hour) + minutes(minute) + seconds(second);
}

void ServerClock::learn(std::string_view date_header, tgkit::WallTime sent, tgkit::WallTime received) {
  const auto date = parse_http_date(date_header);
  if (!date) return;
  // The header has whole seconds and was written about half-way: its true moment is on average half a second later.
  const auto ours = sent + (received - sent) / 2;
  const auto theirs = *date + std::chrono::milliseconds(500);
  skew_ = std::chrono::round<std::chrono::seconds>(theirs - ours);
}

std::int64_t ServerClock::unix_seconds() const {
  const auto corrected = clock_.wall() + skew_.value_or(std::chrono::seconds(0));
  return std::chrono::duration_cast<std::chrono::seconds>(corrected.time_since_epoch()).count();
}

Transport::Transport(tgkit::net::HttpClient& http, tgkit::Clock& clock, TransportSettings settings)
    : http_(http), clock_(clock), settings_(std::move(settings)), server_clock_(clock) {}

tgkit::Task<std::string> Transport::call(std::string method, std::string target, std::string body) {
  const bool is_read = is_listed_read(method, target);
  const std::string endpoint = endpoint_name(method, target);
  if (settings_.dry_run && !is_read) {
    throw Error(ErrorKind::refused_by_guard, endpoint, 0, "", "only listed reads are sent in dry run");
  }
  if (!settings_.keys) throw Error(ErrorKind::no_keys, endpoint, 0, "", "");

  // A wrong clock shows as 401; its answer carries the right time, so one more try with it tells the two apart.
  bool clock_was_corrected = false;
  std::optional<tgkit::Backoff> pauses;
  for (int left = is_read ? settings_.read_attempts : 1;; --left) {
    const auto believed = server_clock_.skew().value_or(std::chrono::seconds(0));
    std::optional<Error> failure;
    try {
      co_return co_await attempt(method, target, body);
    } catch (const Error& error) {
      failure = error;
    }
    const auto corrected_by = std::chrono::abs(server_clock_.skew().value_or(std::chrono::seconds(0)) - believed);
    if (failure->kind() == ErrorKind::unauthorized && !clock_was_corrected && corrected_by >= clock_error) {
      clock_was_corrected = true;
      ++left;  // a refused signature has changed nothing, whatever the request
      continue;
    }
    if (left <= 1 || !worth_repeating(*failure)) throw *failure;
    if (!pauses)
      pauses.emplace(tgkit::Backoff::Settings{settings_.retry_pause, longest_pause, settings_.retry_pause / 2});
    co_await clock_.sleep_for(pauses->next());
  }
}

tgkit::Task<std::string> Transport::attempt(const std::string& method, const std::string& target,
                                            const std::string& body) {
  const std::string endpoint = endpoint_name(method, target);
  const bool is_read = is_listed_read(method, target);
  const auto begun = clock_.now();
  std::optional<HttpResponse> response;
  std::optional<Error> failure;
  try {
    response = co_await exchange(method, target, body);
  } catch (const tgkit::net::Error& error) {
    if (error.failure() == tgkit::net::Failure::cancelled) throw;
    failure = broken_exchange(error, endpoint, is_read);
  }
  if (response && (response->status < 200 || response->status > 299)) {
    const ErrorBody said = read_error_body(response->body);
    failure = Error(kind_of_answer(response->status, is_read), endpoint, response->status, said.code, said.message);
  }
  if (failure) {
    report(endpoint, to_text(failure->kind()), begun);
    throw *failure;
  }
  report(endpoint, "ok", begun);
  co_return std::move(response->body);
}

tgkit::Task<HttpResponse> Transport::exchange(const std::string& method, const std::string& target,
                                              const std::string& body) {
  HttpRequest request(method, settings_.base.origin, target);
  request.label = endpoint_name(method, target);
  request.timeout = settings_.timeout;
  request.body = body;
  const std::int64_t date = server_clock_.unix_seconds();
  request.headers.add("X-Api-Key", settings_.keys->public_hex());
  request.headers.add("X-Sign-Date", std::to_string(date));
  request.headers.add("X-Request-Sign", request_sign(*settings_.keys, method, target, body, date));
  if (!body.empty()) request.headers.add("Content-Type", "application/json");
  const auto sent = clock_.wall();
  HttpResponse response = co_await http_.send(std::move(request));
  if (const auto header = response.headers.find("Date")) server_clock_.learn(*header, sent, clock_.wall());
  co_return response;
}

void Transport::report(std::string_view endpoint, std::string_view outcome, tgkit::TimePoint begun) const {
  if (settings_.on_call) settings_.on_call(endpoint, outcome, clock_.now() - begun);
}

}  // namespace dmarket
