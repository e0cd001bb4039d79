// The server's reading of requests: whatever bytes come, in whatever pieces, it takes them or refuses them, and the
// way they are cut makes no difference.
#include "tgkit/net/message_parser.hpp"
#include "tgkit/net/multipart.hpp"
#include "tgkit/net/query.hpp"

#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

using tgkit::net::Fed;
using tgkit::net::RequestParser;

struct Outcome {
  bool complete = false;
  std::string method, path, body;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome read(std::string_view input, std::size_t piece) {
  RequestParser::Limits limits;
  limits.head = 4096;
  limits.body = 16384;
  RequestParser parser(limits);
  Outcome outcome;
  std::string held;
  for (std::size_t at = 0; at < input.size() && !parser.is_done(); at += piece) {
    held += input.substr(at, piece);
    const Fed fed = parser.feed(held);
    if (fed.used > held.size()) std::abort();
    held.erase(0, fed.used);
    if (fed.error) {
      if (RequestParser::refusal(fed.error) < 400) std::abort();
      return outcome;
    }
  }
  if (!parser.is_done()) return outcome;
  const tgkit::net::ServerRequest& request = parser.request();
  outcome = {true, request.method, request.path, request.body};
  if (request.body.size() > limits.body) std::abort();
  tgkit::net::parse_query(request.query);
  try {
    tgkit::net::parse_multipart(request.headers.find("Content-Type").value_or(""), request.body);
  } catch (const std::invalid_argument&) {
  }
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Outcome whole = read(input, input.size());
  const Outcome cut = read(input, 1 + data[0]);
  if (whole.complete && cut.complete && !(whole == cut)) std::abort();
  return 0;
}
