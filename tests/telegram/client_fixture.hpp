#pragma once
// A telegram::Client on a clock that stands still, talking to a ScriptedPeer.
#include "tests/support/run_task.hpp"
#include "tests/telegram/scripted_peer.hpp"
#include "tgkit/telegram/client.hpp"

#include <functional>
#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace tests {

constexpr const char* token = "123456789:AAsecretHALF-of_the-token";
constexpr const char* token_half = "AAsecretHALF-of_the-token";

class ClientTest : public testing::Test {
 protected:
  tgkit::telegram::Settings settings(const std::string& scheme = "http") {
    const std::string base = scheme + "://127.0.0.1:" + std::to_string(peer.port());
    return tgkit::telegram::Settings(tgkit::net::Secret(token), tgkit::net::Url::parse(base));
  }

  tgkit::telegram::Client& client() {
    if (!client_) client_.emplace(http, clock, settings());
    return *client_;
  }
  tgkit::telegram::Client& client(tgkit::telegram::Settings with) {
    client_.emplace(http, clock, std::move(with));
    return *client_;
  }

  std::string call(tgkit::telegram::Request request, tgkit::telegram::CallOptions options = {}) {
    return run(io, client().call(std::move(request), std::move(options)));
  }
  std::string send_message(tgkit::telegram::CallOptions options = {}) {
    return call(tgkit::telegram::Request("sendMessage", R"({"chat_id":7,"text":"hi"})"), std::move(options));
  }

  // What `action` throws, which must be an Error without the token in it.
  static tgkit::telegram::Error error_of(const std::function<void()>& action) {
    try {
      action();
    } catch (const tgkit::telegram::Error& error) {
      EXPECT_EQ(std::string(error.what()).find(token_half), std::string::npos) << error.what();
      EXPECT_EQ(error.description().find(token_half), std::string::npos) << error.description();
      return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return tgkit::telegram::Error(tgkit::telegram::Error::Details());
  }
  tgkit::telegram::Error send_error() {
    return error_of([this] { send_message(); });
  }

  boost::asio::io_context io;
  tgkit::ManualClock clock;
  tgkit::net::HttpClient http{io.get_executor(), clock, {}};
  ScriptedPeer peer{io};

 private:
  std::optional<tgkit::telegram::Client> client_;
};

}  // namespace tests
