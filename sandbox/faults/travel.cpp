#include "sandbox/faults/travel.hpp"

#include "sandbox/faults/spoil.hpp"

#include <fmt/format.h>

namespace sandbox {
namespace {

using Action = Fault::Action;
using tgkit::net::ResponseStream;
using tgkit::net::ServerResponse;

std::string as_bytes(const ServerResponse& response) {
  std::string text = fmt::format("HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n", response.status,
                                 response.status == 200 ? "OK" : "Error", response.content_type, response.body.size());
  for (const auto& [name, value] : response.headers) text.append(name).append(": ").append(value).append("\r\n");
  return text + "\r\n" + response.body;
}

// By value: the coroutine outlives whoever calls it.
tgkit::Task<> write_all(ResponseStream stream, std::string text) { co_await stream.write(std::move(text)); }

tgkit::Task<> write_slowly(World& world, ResponseStream stream, std::string text, std::size_t bytes,
                           std::chrono::milliseconds pause) {
  for (std::size_t at = 0; at < text.size(); at += bytes) {
    if (at > 0) co_await world.hold(pause);
    if (world.stopping()) co_return;
    co_await stream.write(text.substr(at, bytes));
  }
}

ServerResponse slow_answer(World& world, const Fault& fault, const ServerResponse& whole) {
  ServerResponse response(whole.status);
  response.raw = true;
  response.stream = [&world, text = as_bytes(whole), bytes = fault.bytes, pause = fault.delay](ResponseStream stream) {
    return write_slowly(world, std::move(stream), text, bytes, pause);
  };
  return response;
}

// The head promises all of the body, and half of it comes.
ServerResponse half_answer(const Fault& fault, const ServerResponse& whole) {
  ServerResponse response(whole.status);
  response.raw = true;
  response.reset = fault.reset;
  std::string text = as_bytes(whole);
  text.resize(text.size() - (whole.body.size() + 1) / 2);
  response.stream = [text = std::move(text)](ResponseStream stream) { return write_all(std::move(stream), text); };
  return response;
}

}  // namespace

tgkit::Task<> on_the_way_there(World& world, const Fault& fault) {
  if (fault.action == Action::drop_before) throw ConnectionDropped{fault.reset};
  if (fault.action == Action::delay) co_await world.hold(fault.delay);
}

tgkit::Task<> on_the_way_out(World& world, const Fault& fault) {
  if (fault.action == Action::late) co_await world.hold(fault.delay);
}

bool answers_instead(Action action) {
  return action == Action::status || action == Action::flood || action == Action::conflict || action == Action::html ||
         action == Action::body || action == Action::empty;
}

ServerResponse on_the_way_back(World& world, const Fault& fault, ServerResponse response) {
  switch (fault.action) {
    case Action::drop_after:
      throw ConnectionDropped{fault.reset};
    case Action::slow:
      return slow_answer(world, fault, response);
    case Action::half:
      return half_answer(fault, response);
    case Action::extra_keys:
      response.body = with_extra_keys(response.body);
      return response;
    case Action::bad_utf8:
      response.body = with_bad_utf8(std::move(response.body));
      return response;
    case Action::missing_fields:
      response.body = with_missing_fields(response.body, fault.seed + fault.hits);
      return response;
    default:
      return response;
  }
}

ServerResponse reset_connection() {
  ServerResponse response;
  response.raw = true;
  response.reset = true;
  response.stream = [](ResponseStream stream) { return write_all(std::move(stream), {}); };
  return response;
}

}  // namespace sandbox
