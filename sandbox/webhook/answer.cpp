#include "sandbox/webhook/answer.hpp"

#include "sandbox/entities/unicode.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace sandbox {
namespace {

constexpr std::array<std::pair<int, std::string_view>, 22> reasons{{{301, "Moved Permanently"},
                                                                    {302, "Found"},
                                                                    {303, "See Other"},
                                                                    {304, "Not Modified"},
                                                                    {307, "Temporary Redirect"},
                                                                    {308, "Permanent Redirect"},
                                                                    {400, "Bad Request"},
                                                                    {401, "Unauthorized"},
                                                                    {403, "Forbidden"},
                                                                    {404, "Not Found"},
                                                                    {405, "Method Not Allowed"},
                                                                    {408, "Request Timeout"},
                                                                    {409, "Conflict"},
                                                                    {410, "Gone"},
                                                                    {413, "Request Entity Too Large"},
                                                                    {415, "Unsupported Media Type"},
                                                                    {429, "Too Many Requests"},
                                                                    {500, "Internal Server Error"},
                                                                    {501, "Not Implemented"},
                                                                    {502, "Bad Gateway"},
                                                                    {503, "Service Unavailable"},
                                                                    {504, "Gateway Timeout"}}};

constexpr std::array<std::string_view, 4> never_by_reply{"setwebhook", "deletewebhook", "close", "logout"};

std::string cause_of(const tgkit::net::Error& error) {
  const std::string text = error.what();
  const std::size_t colon = text.rfind(": ");
  return colon == std::string::npos ? text : text.substr(colon + 2);
}

}  // namespace

bool accepted(int status) { return status >= 200 && status <= 299; }

std::string refusal_words(int status) {
  const auto known =
      std::find_if(reasons.begin(), reasons.end(), [&](const auto& entry) { return entry.first == status; });
  return fmt::format("Wrong response from the webhook: {} {}", status, known == reasons.end() ? "" : known->second);
}

std::string failure_words(const tgkit::net::Error& error) {
  using tgkit::net::Failure;
  const std::string cause = cause_of(error);
  switch (error.failure()) {
    case Failure::resolve:
      return "Failed to resolve host: Name or service not known";
    case Failure::timeout:
      return error.sent() == tgkit::net::Sent::nothing ? "Connection timed out" : "Read timeout expired";
    case Failure::tls:
      return cause.starts_with("certificate verify failed") || cause.find("verif") != std::string::npos
                 ? "SSL error {error:0A000086:SSL routines::certificate verify failed}"
                 : "SSL error {" + cause + "}";
    case Failure::closed:
      return cause == "closed by the peer" ? "Connection closed" : cause;
    case Failure::malformed:
    case Failure::too_large:
      return "Wrong response from the webhook: " + cause;
    default:
      return cause;
  }
}

std::chrono::seconds wanted_pause(const tgkit::net::Headers& headers) {
  const auto text = headers.find("Retry-After");
  if (!text) return std::chrono::seconds{0};
  return std::chrono::seconds{std::clamp<std::int64_t>(lenient_integer(*text), 0, 3600)};
}

std::optional<MethodReply> method_reply(tgkit::net::HttpResponse response) {
  tgkit::net::ServerRequest call;
  call.method = "POST";
  call.headers = std::move(response.headers);
  call.body = std::move(response.body);
  auto arguments = read_arguments(call);
  if (!arguments) return std::nullopt;
  MethodReply reply{arguments->text("method"), std::move(*arguments)};
  const std::string name = ascii_lower(reply.method);
  const bool never = std::find(never_by_reply.begin(), never_by_reply.end(), name) != never_by_reply.end();
  if (name.empty() || never || name.starts_with("get")) return std::nullopt;
  return reply;
}

}  // namespace sandbox
