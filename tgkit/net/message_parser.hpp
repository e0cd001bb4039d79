#pragma once
// Beast's HTTP parser, writing straight into our messages. It knows no socket: bytes are given to feed(). Internal to
// net, and what fuzz/ feeds.
#include "tgkit/net/http.hpp"
#include "tgkit/net/server.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include <boost/beast/http/basic_parser.hpp>

namespace tgkit::net {

namespace beast_http = boost::beast::http;
using ParseError = boost::beast::error_code;

// What one feed() came to: `used` bytes have to be dropped from the input in any case.
struct Fed {
  std::size_t used = 0;
  ParseError error;  // clear while more input is welcome
};

// One request, into a ServerRequest.
class RequestParser final : public beast_http::basic_parser<true> {
 public:
  struct Limits {
    std::size_t head = 32u << 10;
    std::size_t body = 1u << 20;
    const std::function<std::size_t(std::string_view path)>* body_for = nullptr;
  };

  explicit RequestParser(const Limits& limits);

  Fed feed(std::string_view input);                         // the whole request is there when is_done()
  std::uint64_t chunk_left() const { return chunk_left_; }  // of the chunk under way
  static int refusal(const ParseError& error);              // the status to answer a bad request with
  bool expects_continue() const;                 // the head is complete and the peer waits for "100 Continue"
  int version() const { return version_; }       // 10 or 11
  ServerRequest& request() { return request_; }  // method, target, path, query, headers, body

 private:
  void on_request_impl(beast_http::verb, boost::beast::string_view method, boost::beast::string_view target,
                       int version, ParseError& error) override;
  void on_response_impl(int, boost::beast::string_view, int, ParseError&) override {}
  void on_field_impl(beast_http::field, boost::beast::string_view name, boost::beast::string_view value,
                     ParseError& error) override;
  void on_header_impl(ParseError& error) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& size, ParseError& error) override;
  std::size_t on_body_impl(boost::beast::string_view piece, ParseError& error) override;
  void on_chunk_header_impl(std::uint64_t size, boost::beast::string_view, ParseError&) override { chunk_left_ = size; }
  std::size_t on_chunk_body_impl(std::uint64_t remaining, boost::beast::string_view piece, ParseError& error) override;
  void on_finish_impl(ParseError&) override {}

  Limits limits_;
  ServerRequest request_;
  std::uint64_t chunk_left_ = 0;
  int version_ = 11;
};

// One answer, into an HttpResponse or a sink.
class ResponseParser final : public beast_http::basic_parser<false> {
 public:
  struct Wishes {
    const BodySink* sink = nullptr;  // takes the body of a 2xx answer
    const Progress* on_download = nullptr;
    std::size_t max_body = 0;  // without the sink
    bool bodyless = false;     // the answer to HEAD has no body, nor has a proxy's 2xx to CONNECT
  };

  explicit ResponseParser(const Wishes& wishes);

  // The whole answer is there when is_done(). Lets through what the sink throws.
  Fed feed(std::string_view input);
  std::uint64_t chunk_left() const { return chunk_left_; }  // of the chunk under way
  HttpResponse& response() { return response_; }
  static bool too_large(const ParseError& error);

 private:
  void on_request_impl(beast_http::verb, boost::beast::string_view, boost::beast::string_view, int,
                       ParseError&) override {}
  void on_response_impl(int status, boost::beast::string_view, int, ParseError&) override;
  void on_field_impl(beast_http::field, boost::beast::string_view name, boost::beast::string_view value,
                     ParseError& error) override;
  void on_header_impl(ParseError&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& size, ParseError& error) override;
  std::size_t on_body_impl(boost::beast::string_view piece, ParseError& error) override;
  void on_chunk_header_impl(std::uint64_t size, boost::beast::string_view, ParseError&) override { chunk_left_ = size; }
  std::size_t on_chunk_body_impl(std::uint64_t remaining, boost::beast::string_view piece, ParseError& error) override;
  void on_finish_impl(ParseError&) override {}

  Wishes wishes_;
  HttpResponse response_;
  std::uint64_t chunk_left_ = 0;
  std::optional<std::uint64_t> total_;
  std::uint64_t done_ = 0;
};

}  // namespace tgkit::net
