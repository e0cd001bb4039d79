#include "tgkit/net/message_parser.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace tgkit::net {
namespace {

// Feeds `text` in pieces of `size` bytes, as a connection would: what is not used comes again with more behind it.
std::optional<ServerRequest> parse_in_pieces(const std::string& text, std::size_t size, int& refusal) {
  RequestParser parser{RequestParser::Limits()};
  std::string held;
  refusal = 0;
  for (std::size_t at = 0; at < text.size() && !parser.is_done(); at += size) {
    held += text.substr(at, size);
    const Fed fed = parser.feed(held);
    held.erase(0, fed.used);
    if (fed.error) {
      refusal = RequestParser::refusal(fed.error);
      return std::nullopt;
    }
  }
  if (!parser.is_done()) return std::nullopt;
  return std::move(parser.request());
}

TEST(RequestParser, GivesTheSameForEveryWayToCutTheInput) {
  const std::string text =
      "\r\nPOST /p?q HTTP/1.1\r\nHost: h\r\nX-Long: " + std::string(300, 'v') +
      "\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n10;e=1\r\n0123456789abcdef\r\n0\r\nTrailer: t\r\n\r\n";
  for (std::size_t size = 1; size <= text.size(); ++size) {
    int refusal = 0;
    const auto request = parse_in_pieces(text, size, refusal);
    ASSERT_TRUE(request) << size << " " << refusal;
    EXPECT_EQ(request->body, "hello0123456789abcdef") << size;
    EXPECT_EQ(request->path, "/p");
    EXPECT_EQ(request->query, "q");
    EXPECT_EQ(request->headers.size(), 3u);
  }
}

TEST(RequestParser, TakesAnEmptyBodyInChunksForEveryWayToCutIt) {
  const std::string text = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  for (std::size_t size = 1; size <= text.size(); ++size) {
    int refusal = 0;
    EXPECT_TRUE(parse_in_pieces(text, size, refusal)) << size;
  }
}

TEST(RequestParser, RefusesOrTakesTheSameForEveryWayToCutGarbage) {
  EXPECT_TRUE(rc::check([](const std::string& noise) {
    const std::string text = "POST / HTTP/1.1\r\nContent-Length: 3\r\n" + noise + "\r\n\r\nabc";
    int whole = 0, cut = 0;
    const bool taken = parse_in_pieces(text, text.size(), whole).has_value();
    RC_ASSERT(parse_in_pieces(text, 1, cut).has_value() == taken);
  }));
}

TEST(RequestParser, TakesTheAbsoluteFormOfATarget) {
  int refusal = 0;
  const auto request = parse_in_pieces("GET http://h:1/p?q HTTP/1.1\r\n\r\n", 1000, refusal);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->path, "/p");
  EXPECT_EQ(request->query, "q");
  EXPECT_EQ(request->target, "http://h:1/p?q");
}

TEST(RequestParser, StopsBehindTheFirstRequest) {
  RequestParser parser{RequestParser::Limits()};
  const std::string first = "GET /1 HTTP/1.1\r\n\r\n";
  const Fed fed = parser.feed(first + "GET /2 HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(parser.is_done());
  EXPECT_EQ(fed.used, first.size());
}

TEST(RequestParser, RefusesAnEndlessChunkHead) {
  RequestParser::Limits limits;
  limits.head = 1000;
  RequestParser parser(limits);
  const Fed head = parser.feed("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
  ASSERT_FALSE(head.error);
  const Fed fed = parser.feed("5;" + std::string(2000, 'x'));
  EXPECT_TRUE(fed.error);
}

TEST(ResponseParser, KeepsTrailersOutOfTheHeaders) {
  ResponseParser::Wishes wishes;
  wishes.max_body = 100;
  ResponseParser parser(wishes);
  parser.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX: y\r\n\r\n");
  ASSERT_TRUE(parser.is_done());
  EXPECT_EQ(parser.response().headers.size(), 1u);
}

}  // namespace
}  // namespace tgkit::net
