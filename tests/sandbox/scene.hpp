#pragma once
// The whole sandbox without sockets, on a clock that is moved by hand.
#include "sandbox/json.hpp"
#include "sandbox/server.hpp"
#include "tests/support/run_task.hpp"
#include "tgkit/async/clock.hpp"

#include <memory>
#include <optional>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace sandbox {

using tgkit::net::ServerRequest;
using tgkit::net::ServerResponse;

inline constexpr std::int64_t anna = 100'000'001;
inline constexpr std::int64_t boris = 100'000'002;

inline ServerRequest request(std::string method, const std::string& target, std::string body = {},
                             std::string type = {}) {
  ServerRequest made;
  made.method = std::move(method);
  made.target = target;
  const std::size_t mark = target.find('?');
  made.path = target.substr(0, mark);
  if (mark != std::string::npos) made.query = target.substr(mark + 1);
  made.body = std::move(body);
  if (!type.empty()) made.headers.add("Content-Type", std::move(type));
  return made;
}

// A request under way: long polls are started, then the world is moved, then the answer is looked at.
struct Pending {
  std::optional<ServerResponse> response;
  std::exception_ptr error;
};

class Scene : public testing::Test {
 protected:
  explicit Scene(SandboxSettings settings = Scene::settings()) : world(io.get_executor(), clock, std::move(settings)) {}
  static SandboxSettings settings() {
    SandboxSettings made;
    made.bot_api.revoked_tokens = {"13:revoked"};
    return made;
  }

  // What still waits refers to the world: it ends before the world does.
  void TearDown() override {
    world.stop();
    settle();
    advance(std::chrono::minutes{2});
  }

  ServerResponse ask(ServerRequest made) { return tests::run(io, world.handle(std::move(made))); }

  std::shared_ptr<Pending> begin(ServerRequest made) {
    const auto pending = std::make_shared<Pending>();
    boost::asio::co_spawn(io.get_executor(), world.handle(std::move(made)),
                          [pending](std::exception_ptr error, ServerResponse response) {
                            pending->error = error;
                            pending->response = std::move(response);
                          });
    settle();
    return pending;
  }
  void settle() {
    io.restart();
    io.poll();
  }
  void advance(tgkit::Duration by) {
    clock.advance(by);
    settle();
  }

  // A Bot API call with JSON parameters; the whole answer.
  json::object call(const std::string& method, const std::string& parameters = "{}",
                    const std::string& token = "42:token") {
    const ServerResponse response = ask(request("POST", "/bot" + token + "/" + method, parameters, "application/json"));
    const auto value = parse_json(response.body);
    EXPECT_TRUE(value && value->is_object()) << response.body;
    return value ? value->get_object() : json::object();
  }
  json::value result(const std::string& method, const std::string& parameters = "{}") {
    const json::object answer = call(method, parameters);
    EXPECT_TRUE(answer.at("ok").get_bool()) << method << " " << json::serialize(answer);
    return answer.contains("result") ? answer.at("result") : json::value();
  }
  std::string refusal(const std::string& method, const std::string& parameters = "{}") {
    return member_text(call(method, parameters), "description");
  }

  // A control call; the whole answer.
  json::object control(const std::string& name, const std::string& body) {
    const ServerResponse response = ask(request("POST", "/control/" + name, body, "application/json"));
    EXPECT_EQ(response.status, 200) << name << " " << response.body;
    return json::parse(response.body).as_object();
  }
  json::object look(const std::string& target) {
    const ServerResponse response = ask(request("GET", "/control/" + target));
    EXPECT_EQ(response.status, 200) << target << " " << response.body;
    return json::parse(response.body).as_object();
  }
  // Anna and the bot have met.
  void begin_chat() {
    result("getMe");
    control("send", R"({"user":"anna","text":"/start"})");
  }
  json::array updates(const std::string& parameters = "{}") { return result("getUpdates", parameters).as_array(); }

  boost::asio::io_context io;
  tgkit::ManualClock clock;
  Sandbox world;
};

inline std::string description(const ServerResponse& response) {
  return member_text(json::parse(response.body).as_object(), "description");
}

}  // namespace sandbox
