#include "tgkit/net/url.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace tgkit::net {

namespace {

constexpr std::uint16_t http_port = 80, https_port = 443;

[[noreturn]] void refuse(const char* reason) { throw std::invalid_argument(std::string("bad address: ") + reason); }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool starts_without_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), text.begin(), [](char a, char b) { return a == lower(b); });
}

std::uint16_t parse_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0 || port > 65535) {
    refuse("the port is no number from 1 to 65535");
  }
  return static_cast<std::uint16_t>(port);
}

// "host", "host:port", "[::1]", "[::1]:port"
void parse_authority(std::string_view text, Origin& origin) {
  if (text.find('@') != std::string_view::npos) refuse("user information is not taken");
  std::string_view host = text, port;
  bool has_port = false;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) refuse("']' is missing");
    host = text.substr(1, end - 1);
    const std::string_view rest = text.substr(end + 1);
    has_port = rest.starts_with(':');
    if (!rest.empty() && !has_port) refuse("only a port may follow ']'");
    if (has_port) port = rest.substr(1);
  } else if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
    has_port = true;
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
  }
  if (host.empty()) refuse("the host is missing");
  origin.host.resize(host.size());
  std::transform(host.begin(), host.end(), origin.host.begin(), lower);
  if (has_port) origin.port = parse_port(port);
}

bool unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string Origin::authority() const {
  std::string text = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != (tls ? https_port : http_port)) text += ":" + std::to_string(port);
  return text;
}

Url Url::parse(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f) refuse("a space or a control character in it");
  }
  Url url;
  if (starts_without_case(text, "https://")) {
    url.origin.tls = true;
    url.origin.port = https_port;
    text.remove_prefix(8);
  } else if (starts_without_case(text, "http://")) {
    url.origin.port = http_port;
    text.remove_prefix(7);
  } else {
    refuse("it has to begin with http:// or https://");
  }
  text = text.substr(0, text.find('#'));  // a fragment never leaves the client
  const std::size_t end = text.find_first_of("/?");
  parse_authority(text.substr(0, end), url.origin);
  if (end != std::string_view::npos) {
    url.target = text[end] == '?' ? "/" : "";
    url.target += text.substr(end);
  }
  return url;
}

std::string Url::text() const { return (origin.tls ? "https://" : "http://") + origin.authority() + target; }

std::string percent_encode(std::string_view text) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    if (unreserved(c)) {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded += '%';
      encoded += digits[byte >> 4];
      encoded += digits[byte & 15];
    }
  }
  return encoded;
}

std::string percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low < 0) {
      decoded += text[i];
    } else {
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return decoded;
}

}  // namespace tgkit::net
