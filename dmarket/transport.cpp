#include "dmarket/transport.hpp"

#include "dmarket/signature.hpp"
#include "tgkit/async/backoff.hpp"
#include "tgkit/json/utf8.hpp"

namespace dmarket {
namespace {

using tgkit::net::HttpRequest;
using tgkit::net::HttpResponse;

// A clock that is this wrong explains a refusal (the exchange allows two minutes); less is the jitter of whole seconds.
constexpr std::chrono::seconds clock_error{30};
constexpr std::chrono::seconds longest_pause{10};
constexpr std::chrono::minutes alarm_pause{10};

// What an exchange that broke means for the caller: a change may have happened, a read may simply be asked again.
Error broken_exchange(const tgkit::net::Error& cause, const std::string& endpoint, bool is_read) {
  const bool surely_not_done = is_read || cause.sent() == tgkit::net::Sent::nothing;
  const auto kind = surely_not_done ? ErrorKind::unavailable : ErrorKind::unknown_outcome;
  return Error(kind, endpoint, 0, "", cause.what());
}

Error refusal(const HttpResponse& response, const std::string& endpoint, bool is_read) {
  const ErrorBody said = read_error_body(response.body);
  ErrorKind kind = kind_of_status(response.status);
  // A thing that is missing is no missing endpoint.
  if (kind == ErrorKind::api_changed && names_missing_thing(said)) kind = ErrorKind::rejected;
  // The exchange itself refuses in JSON; a page stands in front of it and has passed nothing on.
  if (response.status == 403 && response.body.starts_with('<'))
    return Error(ErrorKind::unavailable, endpoint, response.status, "", "a page was answered instead");
  // An error of the server may come from its front after the change was passed on.
  if (kind == ErrorKind::unavailable && !is_read) kind = ErrorKind::unknown_outcome;
  return Error(kind, endpoint, response.status, said.code, said.message);
}

bool worth_repeating(const Error& error) {
  return error.kind() == ErrorKind::unavailable || error.kind() == ErrorKind::rate_limited;
}

}  // namespace

struct Transport::Call {
  std::string method, target, body;
  std::string endpoint;  // its name; of what is not in the table: method and path
  RequestGroup group = RequestGroup::others;
  bool is_read = false;
  Risk risk = Risk::adds;
  const Endpoint* listed = nullptr;
  bool released = false;  // its permit is used up
  tgkit::TimePoint deadline{};
};

Transport::Transport(tgkit::net::HttpClient& http, tgkit::Clock& clock, TransportSettings settings)
    : http_(http),
      clock_(clock),
      settings_(std::move(settings)),
      server_clock_(clock),
      gate_(clock, settings_.limits, settings_.breaker) {}

Transport::Call Transport::describe(std::string method, std::string target, std::string body) {
  const Endpoint* listed = find_endpoint(method, target);
  Call call;
  call.listed = listed;
  call.endpoint = listed != nullptr ? name_of(*listed) : method + " " + target.substr(0, target.find('?'));
  call.group = listed != nullptr ? listed->group : RequestGroup::others;
  call.is_read = listed != nullptr && listed->effect == Effect::read;
  call.risk = risk_of(listed);
  call.method = std::move(method);
  call.target = std::move(target);
  call.body = tgkit::json::with_valid_utf8(std::move(body));
  return call;
}

tgkit::Task<std::string> Transport::call(std::string method, std::string target, std::string body,
                                         std::optional<tgkit::Duration> deadline) {
  Call call = describe(std::move(method), std::move(target), std::move(body));
  call.deadline = clock_.now() + deadline.value_or(settings_.deadline);
  if (settings_.dry_run && !call.is_read && !is_permitted(call)) {
    throw Error(ErrorKind::refused_by_guard, call.endpoint, 0, "", "only listed reads are sent in dry run");
  }
  if (!settings_.keys) throw Error(ErrorKind::no_keys, call.endpoint, 0, "", "");

  // A wrong clock shows as 401; its answer carries the right time, so one more try with it tells the two apart.
  bool clock_was_corrected = false;
  std::optional<tgkit::Backoff> pauses;
  std::optional<Error> failure;
  for (int left = call.is_read ? settings_.read_attempts : 1;; --left) {
    const auto closed = co_await wait_for_turn(call);
    if (closed && failure) throw *failure;
    if (closed) throw *closed;
    if (!call.is_read && !lets_go(call)) {
      gate_.abandoned(call.group);
      throw Error(ErrorKind::refused_by_guard, call.endpoint, 0, "", "trading is not live");
    }
    const auto believed = server_clock_.skew().value_or(std::chrono::seconds(0));
    try {
      co_return co_await attempt(call);
    } catch (const Error& error) {
      failure = error;
    }
    const auto corrected_by = std::chrono::abs(server_clock_.skew().value_or(std::chrono::seconds(0)) - believed);
    if (failure->kind() == ErrorKind::unauthorized && !clock_was_corrected && corrected_by >= clock_error) {
      clock_was_corrected = true;
      ++left;  // a refused signature has changed nothing, whatever the request
      continue;
    }
    if (failure->kind() == ErrorKind::api_changed) raise_alarm(call.endpoint, failure->what());
    if (left <= 1 || !worth_repeating(*failure)) throw *failure;
    if (failure->kind() == ErrorKind::rate_limited) continue;  // the gate knows how long to wait
    if (!pauses)
      pauses.emplace(tgkit::Backoff::Settings{settings_.retry_pause, longest_pause, settings_.retry_pause / 2});
    const auto pause = pauses->next();
    if (clock_.now() + pause >= call.deadline) throw *failure;
    co_await clock_.sleep_for(pause);
  }
}

bool Transport::is_permitted(const Call& call) const {
  return settings_.permits != nullptr && settings_.permits->covers(call.listed, call.body);
}

// Asked when a change's turn has come. A permit is used up also where it was not needed: it is for one deletion.
bool Transport::lets_go(Call& call) const {
  if (settings_.permits != nullptr && settings_.permits->use(call.listed, call.body)) call.released = true;
  if (call.released) return true;
  return !settings_.dry_run && (!settings_.may_leave || settings_.may_leave(call.risk));
}

tgkit::Task<std::string> Transport::attempt(const Call& call) {
  const auto begun = clock_.now();
  std::optional<HttpResponse> response;
  std::optional<Error> failure;
  try {
    response = co_await exchange(call);
  } catch (const tgkit::net::Error& error) {
    if (error.failure() == tgkit::net::Failure::cancelled) throw;
    failure = broken_exchange(error, call.endpoint, call.is_read);
  }
  if (response && (response->status < 200 || response->status > 299))
    failure = refusal(*response, call.endpoint, call.is_read);
  if (failure) {
    report(call.endpoint, to_text(failure->kind()), begun);
    throw *failure;
  }
  report(call.endpoint, "ok", begun);
  co_return std::move(response->body);
}

// Nothing when the request may leave. Otherwise nothing was sent: neither way of being closed leaves an unknown
// outcome.
tgkit::Task<std::optional<Error>> Transport::wait_for_turn(const Call& call) {
  std::optional<Error> closed;
  try {
    co_await gate_.turn(call.group, call.is_read ? Effect::read : Effect::write, call.deadline);
  } catch (const GateClosed& gate) {
    const auto kind = gate.rate_limited() ? ErrorKind::rate_limited : ErrorKind::unavailable;
    closed = Error(kind, call.endpoint, 0, "", gate.what());
  }
  co_return closed;
}

// Tells the gate how it went, whatever happens.
tgkit::Task<HttpResponse> Transport::exchange(const Call& call) {
  std::optional<HttpResponse> response;
  try {
    response = co_await send(call);
  } catch (const tgkit::net::Error& error) {
    if (error.failure() == tgkit::net::Failure::cancelled) {
      gate_.abandoned(call.group);
    } else {
      gate_.no_answer(call.group);
    }
    throw;
  } catch (...) {
    gate_.abandoned(call.group);
    throw;
  }
  gate_.answered(call.group, response->status, response->headers);
  co_return std::move(*response);
}

tgkit::Task<HttpResponse> Transport::send(const Call& call) {
  HttpRequest request(call.method, settings_.base.origin, call.target);
  request.label = call.endpoint;
  request.timeout = std::min(settings_.timeout, std::max(tgkit::Duration(call.deadline - clock_.now()),
                                                         tgkit::Duration(std::chrono::milliseconds(1))));
  request.body = call.body;
  request.repeatable = call.is_read;
  const std::int64_t date = server_clock_.unix_seconds();
  request.headers.add("X-Api-Key", settings_.keys->public_hex());
  request.headers.add("X-Sign-Date", std::to_string(date));
  request.headers.add("X-Request-Sign", request_sign(*settings_.keys, call.method, call.target, call.body, date));
  if (!call.body.empty()) request.headers.add("Content-Type", "application/json");
  const auto sent = clock_.wall();
  HttpResponse response = co_await http_.send(std::move(request));
  if (const auto header = response.headers.find("Date")) server_clock_.learn(*header, sent, clock_.wall());
  co_return response;
}

void Transport::raise_alarm(const std::string& endpoint, std::string_view what) {
  changed_[endpoint] = what;
  const auto before = alarmed_.find(endpoint);
  if (before != alarmed_.end() && clock_.now() - before->second < alarm_pause) return;
  alarmed_[endpoint] = clock_.now();
  if (settings_.on_api_changed) settings_.on_api_changed(endpoint, what);
}

void Transport::shape_changed(const Endpoint& endpoint, std::string_view what) { raise_alarm(name_of(endpoint), what); }

void Transport::shape_is_known(const Endpoint& endpoint) {
  if (!changed_.empty()) changed_.erase(name_of(endpoint));
}

void Transport::notice(const Endpoint& endpoint, std::string_view what) const {
  if (settings_.on_notice) settings_.on_notice(name_of(endpoint), what);
}

void Transport::report(std::string_view endpoint, std::string_view outcome, tgkit::TimePoint begun) const {
  if (settings_.on_call) settings_.on_call(endpoint, outcome, clock_.now() - begun);
}

}  // namespace dmarket
