#pragma once
// An exchange that answers what the test has queued or put under a path, and remembers what it was asked.
#include "dmarket/signature.hpp"
#include "dmarket/transport.hpp"
#include "tests/dmarket/test_keys.hpp"
#include "tests/support/run_task.hpp"
#include "tgkit/net/server.hpp"

#include <deque>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace dmarket::tests {

using tgkit::Task;
using tgkit::net::ServerRequest;
using tgkit::net::ServerResponse;

class ScriptedExchange : public testing::Test {
 protected:
  void SetUp() override { server_.listen(); }
  void TearDown() override {
    http_.close();
    tests_run(server_.stop(std::chrono::seconds(0)));
  }

  // As fast as it goes, in dry run.
  TransportSettings settings() {
    TransportSettings s;
    s.base = tgkit::net::Url::parse("http://127.0.0.1:" + std::to_string(server_.port()));
    s.keys = test_keys();
    s.retry_pause = std::chrono::milliseconds(0);
    s.limits.enabled = false;
    s.limits.first_stop = std::chrono::milliseconds(0);
    s.on_call = [this](std::string_view endpoint, std::string_view outcome, tgkit::Duration) {
      calls_.push_back(std::string(endpoint) + " " + std::string(outcome));
    };
    s.on_api_changed = [this](std::string_view endpoint, std::string_view what) {
      alarms_.push_back(std::string(endpoint) + ": " + std::string(what));
    };
    s.on_notice = [this](std::string_view endpoint, std::string_view what) {
      notices_.push_back(std::string(endpoint) + ": " + std::string(what));
    };
    return s;
  }

  TransportSettings live_settings() {
    auto s = settings();
    s.dry_run = false;
    return s;
  }

  template <class T>
  T tests_run(Task<T> task) {
    return ::tests::run(io_, std::move(task));
  }

  template <class T>
  ErrorKind failure_of(Task<T> task) {
    try {
      tests_run(std::move(task));
    } catch (const Error& error) {
      text_ = error.what();
      return error.kind();
    }
    ADD_FAILURE() << "the call succeeded";
    return ErrorKind::rejected;
  }

  static ServerResponse json(std::string body) { return ServerResponse(200, std::move(body), "application/json"); }

  Task<ServerResponse> answer(ServerRequest request) {
    asked_.push_back(request);
    ServerResponse response = json("{}");
    const auto at_path = by_path_.find(request.method + " " + request.path);
    if (!answers_.empty()) {
      response = std::move(answers_.front());
      answers_.pop_front();
    } else if (at_path != by_path_.end()) {
      response = json(at_path->second);
    }
    co_return response;
  }

  static std::string header(const ServerRequest& request, std::string_view name) {
    return std::string(request.headers.find(name).value_or(""));
  }

  static bool verify_signature(const ServerRequest& request) {
    return verify(public_hex, header(request, "X-Request-Sign"), request.method, request.target, request.body,
                  header(request, "X-Sign-Date"));
  }

  boost::asio::io_context io_;
  tgkit::SystemClock clock_{io_.get_executor()};
  tgkit::net::HttpServer server_{
      io_.get_executor(), clock_, {}, [this](ServerRequest r) { return answer(std::move(r)); }};
  tgkit::net::HttpClient http_{io_.get_executor(), clock_, {}};
  std::deque<ServerResponse> answers_;          // in this order
  std::map<std::string, std::string> by_path_;  // "GET /account/v1/balance" -> body, when nothing is queued
  std::vector<ServerRequest> asked_;
  std::vector<std::string> calls_, alarms_, notices_;
  std::string text_;
};

}  // namespace dmarket::tests
