#include "tgkit/net/message_parser.hpp"

#include <stdexcept>

#include <boost/beast/http/error.hpp>

namespace tgkit::net {

namespace {

using beast_http::error;

// What an answer's head may be; servers do not agree on a number, and ours are not hostile enough for a setting.
constexpr std::uint32_t max_answer_head = 64u << 10;
// A body's room is reserved for what was announced, but not for any number somebody writes into a head.
constexpr std::uint64_t most_reserved = 1u << 20;

// "0\r\n\r\n". A body in chunks needs that much more wherever a chunk begins; Beast fails an assertion when it is
// called twice with less.
constexpr std::size_t shortest_end = 5;

std::string_view text(boost::beast::string_view view) { return {view.data(), view.size()}; }

// Gives `input` to the parser until it is complete, wants more than there is, or fails. What it has not used has to
// come again with more behind it; more than `most` of that is no HTTP (an endless chunk header).
template <class Parser>
Fed feed_parser(Parser& parser, std::string_view input, std::size_t most) {
  Fed fed;
  while (fed.used < input.size() && !parser.is_done()) {
    const std::string_view rest = input.substr(fed.used);
    const bool before_chunk = parser.is_header_done() && parser.chunked() && parser.chunk_left() == 0;
    if (before_chunk && rest.size() < shortest_end) break;
    const std::size_t used = parser.put(boost::asio::const_buffer(rest.data(), rest.size()), fed.error);
    fed.used += used;
    if (fed.error == error::need_more) {
      fed.error = {};
      if (used > 0) continue;
      if (rest.size() > most) fed.error = error::header_limit;
      break;
    }
    if (fed.error) break;
  }
  return fed;
}

void add_field(Headers& headers, boost::beast::string_view name, boost::beast::string_view value, ParseError& failed) {
  try {
    headers.add(text(name), text(value));
  } catch (const std::invalid_argument&) {
    failed = error::bad_field;
  }
}

void reserve_body(std::string& body, const boost::optional<std::uint64_t>& size) {
  if (size) body.reserve(static_cast<std::size_t>(std::min(*size, most_reserved)));
}

// "/path?query", or what a proxy is asked: "http://host/path?query" (RFC 9112, 3.2.2)
std::string_view path_and_query(std::string_view target) {
  if (target.starts_with('/')) return target;
  const std::size_t scheme = target.find("://");
  if (scheme == std::string_view::npos) return target;
  const std::size_t slash = target.find('/', scheme + 3);
  return slash == std::string_view::npos ? "/" : target.substr(slash);
}

}  // namespace

RequestParser::RequestParser(const Limits& limits) : limits_(limits) {
  eager(true);
  header_limit(static_cast<std::uint32_t>(limits.head));
  body_limit(limits.body);
}

Fed RequestParser::feed(std::string_view input) {
  std::size_t blank = 0;  // empty lines before a request are passed over (RFC 9112, 2.2)
  if (!got_some()) {
    while (input.substr(blank).starts_with("\r\n")) blank += 2;
    if (input.substr(blank) == "\r") return {blank, {}};
  }
  Fed fed = feed_parser(*this, input.substr(blank), limits_.head);
  fed.used += blank;
  return fed;
}

int RequestParser::refusal(const ParseError& failed) {
  if (failed == error::header_limit) return 431;
  if (failed == error::body_limit) return 413;
  return 400;
}

bool RequestParser::expects_continue() const {
  return is_header_done() && !is_done() && version_ >= 11 && request_.headers.lists("Expect", "100-continue");
}

void RequestParser::on_request_impl(beast_http::verb, boost::beast::string_view method,
                                    boost::beast::string_view target, int version, ParseError&) {
  version_ = version;
  request_.method = text(method);
  request_.target = text(target);
  const std::string_view resource = path_and_query(request_.target);
  const std::string_view path = resource.substr(0, resource.find('?'));
  request_.path = path;
  if (path.size() < resource.size()) request_.query = resource.substr(path.size() + 1);
  if (limits_.body_for != nullptr && *limits_.body_for) body_limit((*limits_.body_for)(request_.path));
}

void RequestParser::on_field_impl(beast_http::field, boost::beast::string_view name, boost::beast::string_view value,
                                  ParseError& failed) {
  if (!is_header_done()) add_field(request_.headers, name, value, failed);  // trailers say nothing we need
}

// A body of unknown framing would be taken for the next request.
void RequestParser::on_header_impl(ParseError& failed) {
  if (!chunked() && request_.headers.contains("Transfer-Encoding")) failed = error::bad_transfer_encoding;
}

void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>& size, ParseError&) {
  reserve_body(request_.body, size);
}

std::size_t RequestParser::on_body_impl(boost::beast::string_view piece, ParseError&) {
  request_.body.append(piece.data(), piece.size());
  return piece.size();
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t remaining, boost::beast::string_view piece,
                                              ParseError& failed) {
  chunk_left_ = remaining - piece.size();
  return on_body_impl(piece, failed);
}

ResponseParser::ResponseParser(const Wishes& wishes) : wishes_(wishes) {
  eager(true);
  header_limit(max_answer_head);
  body_limit(boost::none);  // a sink has none, and which it is shows with the status
  skip(wishes.bodyless);
}

Fed ResponseParser::feed(std::string_view input) { return feed_parser(*this, input, max_answer_head); }

bool ResponseParser::too_large(const ParseError& failed) {
  return failed == error::header_limit || failed == error::body_limit;
}

void ResponseParser::on_response_impl(int status, boost::beast::string_view, int, ParseError&) {
  response_.status = status;
  if (status < 200 || status > 299) wishes_.sink = nullptr;
}

void ResponseParser::on_field_impl(beast_http::field, boost::beast::string_view name, boost::beast::string_view value,
                                   ParseError& failed) {
  if (!is_header_done()) add_field(response_.headers, name, value, failed);
}

void ResponseParser::on_body_init_impl(const boost::optional<std::uint64_t>& size, ParseError& failed) {
  if (size) total_ = *size;
  if (wishes_.sink != nullptr) return;
  if (size && *size > wishes_.max_body) {
    failed = error::body_limit;
  } else {
    reserve_body(response_.body, size);
  }
}

std::size_t ResponseParser::on_body_impl(boost::beast::string_view piece, ParseError& failed) {
  done_ += piece.size();
  if (wishes_.sink != nullptr) {
    (*wishes_.sink)(text(piece));
  } else if (done_ > wishes_.max_body) {
    failed = error::body_limit;
    return piece.size();
  } else {
    response_.body.append(piece.data(), piece.size());
  }
  if (wishes_.on_download != nullptr) (*wishes_.on_download)(done_, total_);
  return piece.size();
}

std::size_t ResponseParser::on_chunk_body_impl(std::uint64_t remaining, boost::beast::string_view piece,
                                               ParseError& failed) {
  chunk_left_ = remaining - piece.size();
  return on_body_impl(piece, failed);
}

}  // namespace tgkit::net
