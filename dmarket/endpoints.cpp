#include "dmarket/endpoints.hpp"

#include "tgkit/net/url.hpp"

namespace dmarket {
namespace {

std::string_view next_segment(std::string_view& path) {
  path.remove_prefix(1);  // the slash
  const auto segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

// A parameter may be any text that stays one segment for every reader, however often it is decoded.
bool is_plain_parameter(std::string_view segment) {
  const std::string decoded = tgkit::net::percent_decode(segment);
  if (decoded.empty() || decoded == "." || decoded == "..") return false;
  for (const char c : decoded) {
    if (c == '/' || c == '\\' || c == '?' || c == '#' || static_cast<unsigned char>(c) < 0x20) return false;
  }
  return true;
}

bool matches(std::string_view pattern, std::string_view path) {
  while (!pattern.empty() && !path.empty()) {
    if (path.front() != '/') return false;
    const auto expected = next_segment(pattern);
    const auto actual = next_segment(path);
    if (expected == "*" ? !is_plain_parameter(actual) : expected != actual) return false;
  }
  return pattern.empty() && path.empty();
}

}  // namespace

std::string_view to_text(RequestGroup group) {
  switch (group) {
    case RequestGroup::sign_in:
      return "sign-in";
    case RequestGroup::fee:
      return "fee";
    case RequestGroup::last_sales:
      return "last sales";
    case RequestGroup::market:
      return "market items";
    case RequestGroup::others:
      return "others";
  }
  return "others";
}

const Endpoint* find_endpoint(std::string_view method, std::string_view target) {
  const auto path = target.substr(0, target.find('?'));
  for (const Endpoint& endpoint : endpoints::all) {
    if (endpoint.method == method && matches(endpoint.path, path)) return &endpoint;
  }
  return nullptr;
}

std::string name_of(const Endpoint& endpoint) {
  return std::string(endpoint.method) + " " + std::string(endpoint.path);
}

bool is_listed_read(std::string_view method, std::string_view target) {
  const Endpoint* endpoint = find_endpoint(method, target);
  return endpoint != nullptr && endpoint->effect == Effect::read;
}

Risk risk_of(const Endpoint* endpoint) {
  if (endpoint == nullptr) return Risk::adds;
  const auto is = [endpoint](const Endpoint& one) {
    return endpoint->method == one.method && endpoint->path == one.path;
  };
  return is(endpoints::targets_delete) || is(endpoints::offers_batch_delete) ? Risk::reduces : Risk::adds;
}

}  // namespace dmarket
