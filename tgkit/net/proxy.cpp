#include "tgkit/net/dial.hpp"
#include "tgkit/net/message_parser.hpp"

#include <stdexcept>

#include <boost/asio/error.hpp>

namespace tgkit::net {

namespace {

constexpr std::string_view stage = "asking the proxy";

Error refused(const Subject& subject, std::string_view cause) {
  return subject.error(Failure::proxy, Sent::nothing, stage, cause);
}

std::string base64(std::string_view text) {
  constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string encoded;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      bits = bits << 8 | (i + j < text.size() ? static_cast<unsigned char>(text[i + j]) : 0u);
    }
    const std::size_t given = std::min<std::size_t>(3, text.size() - i);
    for (std::size_t j = 0; j < 4; ++j) encoded += j <= given ? digits[bits >> (18 - 6 * j) & 63] : '=';
  }
  return encoded;
}

std::string bracketed(const std::string& host) { return host.find(':') == std::string::npos ? host : "[" + host + "]"; }

Task<> tell(Connection& connection, const Subject& subject, const std::string& message) {
  const ErrorCode error = co_await connection.write(message);
  if (error) throw subject.error(connection, Failure::proxy, Sent::nothing, stage, error);
}

// Until at least `size` bytes are in the input.
Task<> hear(Connection& connection, const Subject& subject, std::size_t size) {
  while (connection.input().data().size() < size) {
    const auto [error, read] = co_await connection.receive();
    const ErrorCode failed = connection.received(error, read);
    if (failed || connection.broken() != Connection::Broken::no) {
      throw subject.error(connection, Failure::proxy, Sent::nothing, stage, failed);
    }
  }
}

// RFC 1928, 6
std::string_view socks_reply(unsigned char code) {
  switch (code) {
    case 1:
      return "general failure of the proxy";
    case 2:
      return "not allowed by the proxy's rules";
    case 3:
      return "network unreachable from the proxy";
    case 4:
      return "host unreachable from the proxy";
    case 5:
      return "connection refused at the proxy";
    case 6:
      return "TTL expired at the proxy";
    case 7:
      return "command not supported by the proxy";
    case 8:
      return "address type not supported by the proxy";
    default:
      return "unknown reply of the proxy";
  }
}

constexpr char socks_version = 5, no_authentication = 0, by_password = 2;

// A name is resolved by the proxy, not here: it may be the only one who can.
std::string socks_request(const Origin& origin, const Subject& subject) {
  std::string request("\x05\x01\x00", 3);
  boost::system::error_code no_address;
  const auto address = boost::asio::ip::make_address(origin.host, no_address);
  const auto append = [&request](const auto& bytes) { request.append(bytes.begin(), bytes.end()); };
  if (!no_address && address.is_v4()) {
    request += '\x01';
    append(address.to_v4().to_bytes());
  } else if (!no_address) {
    request += '\x04';
    append(address.to_v6().to_bytes());
  } else {
    if (origin.host.size() > 255) throw refused(subject, "host name too long for SOCKS5");
    request += '\x03';
    request += static_cast<char>(origin.host.size());
    request += origin.host;
  }
  request += static_cast<char>(origin.port >> 8);
  request += static_cast<char>(origin.port & 0xff);
  return request;
}

// RFC 1929
Task<> authenticate(Connection& connection, const ProxySettings& proxy, const Subject& subject) {
  const std::string& password = proxy.password.reveal();
  if (proxy.user.size() > 255 || password.size() > 255) throw refused(subject, "credentials too long for SOCKS5");
  std::string message(1, '\x01');
  message += static_cast<char>(proxy.user.size());
  message += proxy.user;
  message += static_cast<char>(password.size());
  message += password;
  co_await tell(connection, subject, message);
  co_await hear(connection, subject, 2);
  const bool accepted = connection.input().data()[1] == 0;
  connection.input().consume(2);
  if (!accepted) throw refused(subject, "the proxy refused the credentials");
}

}  // namespace

Task<> open_http_tunnel(Connection& connection, const ProxySettings& proxy, const Subject& subject) {
  const std::string authority = bracketed(subject.origin->host) + ":" + std::to_string(subject.origin->port);
  std::string message = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n";
  if (!proxy.user.empty() || !proxy.password.empty()) {
    message += "Proxy-Authorization: Basic " + base64(proxy.user + ":" + proxy.password.reveal()) + "\r\n";
  }
  message += "\r\n";
  co_await tell(connection, subject, message);

  std::optional<ResponseParser> parser;
  ResponseParser::Wishes wishes;
  wishes.bodyless = true;
  parser.emplace(wishes);
  while (true) {
    const Fed fed = parser->feed(connection.input().data());
    connection.input().consume(fed.used);
    if (fed.error) throw refused(subject, "its answer is no HTTP");
    if (parser->is_done()) {
      if (parser->response().status / 100 != 1) break;
      parser.emplace(wishes);
      continue;
    }
    co_await hear(connection, subject, connection.input().data().size() + 1);
  }
  const int status = parser->response().status;
  if (status / 100 != 2) throw refused(subject, "it answered with status " + std::to_string(status));
}

Task<> open_socks5(Connection& connection, const ProxySettings& proxy, const Subject& subject) {
  const bool credentials = !proxy.user.empty() || !proxy.password.empty();
  std::string hello(1, socks_version);
  hello += credentials ? '\x02' : '\x01';
  hello += no_authentication;
  if (credentials) hello += by_password;
  co_await tell(connection, subject, hello);
  co_await hear(connection, subject, 2);
  const char version = connection.input().data()[0], method = connection.input().data()[1];
  connection.input().consume(2);
  if (version != socks_version) throw refused(subject, "its answer is no SOCKS5");
  if (method == by_password && credentials) {
    co_await authenticate(connection, proxy, subject);
  } else if (method != no_authentication) {
    throw refused(subject, "the proxy wants another way of authentication");
  }

  co_await tell(connection, subject, socks_request(*subject.origin, subject));
  co_await hear(connection, subject, 2);  // a refusal need not be longer
  if (connection.input().data()[0] != socks_version) throw refused(subject, "its answer is no SOCKS5");
  const auto reply_code = static_cast<unsigned char>(connection.input().data()[1]);
  if (reply_code != 0) throw refused(subject, socks_reply(reply_code));
  co_await hear(connection, subject, 5);
  const std::string_view reply = connection.input().data();
  const char address = reply[3];
  const std::size_t size = address == 1 ? 10 : address == 4 ? 22 : 7 + static_cast<unsigned char>(reply[4]);
  co_await hear(connection, subject, size);
  connection.input().consume(size);
}

ProxySettings ProxySettings::parse(std::string_view text) {
  const auto refuse = [](const char* reason) {
    throw std::invalid_argument(std::string("bad proxy address: ") + reason);
  };
  ProxySettings proxy;
  std::string rest;
  if (text.starts_with("http://")) {
    rest = text.substr(7);
    proxy.port = 3128;
  } else if (text.starts_with("socks5://") || text.starts_with("socks5h://")) {
    rest = text.substr(text.find("://") + 3);
    proxy.kind = Kind::socks5;
    proxy.port = 1080;
  } else {
    refuse("it has to begin with http:// or socks5://");
  }
  if (const std::size_t at = rest.rfind('@'); at != std::string::npos) {
    const std::string credentials = rest.substr(0, at);
    const std::size_t colon = credentials.find(':');
    proxy.user = percent_decode(credentials.substr(0, colon));
    if (colon != std::string::npos) proxy.password = Secret(percent_decode(credentials.substr(colon + 1)));
    rest.erase(0, at + 1);
  }
  // The rest has the form of an address without a path; a port that is missing there is the proxy's usual one.
  if (!rest.empty() && rest.back() == '/') rest.pop_back();
  if (rest.find_first_of("/?#") != std::string::npos) refuse("it has a path");
  const Url address = Url::parse("http://" + rest);
  const std::size_t bracket = rest.rfind(']');
  if (rest.find(':', bracket == std::string::npos ? 0 : bracket) != std::string::npos) proxy.port = address.origin.port;
  proxy.host = address.origin.host;
  return proxy;
}

}  // namespace tgkit::net
