#include "tests/support/run_task.hpp"
#include "tgkit/ops/endpoints.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tgkit::ops {
namespace {

using namespace std::chrono_literals;
using boost::json::parse;
using testing::HasSubstr;
using testing::StartsWith;

const WallTime ten = WallTime(std::chrono::sys_days(std::chrono::year(2026) / 1 / 1) + 10h);

HealthView running() {
  HealthView view;
  view.status = Status::running;
  view.started = ten;
  view.uptime = 3600500ms;
  view.ready = true;
  return view;
}

struct FormCase {
  std::string_view query, accept;
  std::optional<Exposition> form;
};

TEST(Exposition, TheFormFollowsTheQueryThenTheAcceptHeader) {
  const auto prometheus = Exposition::prometheus;
  const auto json = Exposition::json;
  const FormCase table[] = {
      {"", "", json},
      {"", "*/*", json},
      {"", "application/json", json},
      {"", "text/html,application/xhtml+xml,*/*;q=0.8", json},
      {"", "text/plain", prometheus},
      {"", "Text/Plain; version=0.0.4", prometheus},
      // what Prometheus 2.42 sends
      {"",
       "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
       "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
       prometheus},
      {"", "text/plain;q=0", json},
      {"", "text/plain; q=0.0, application/openmetrics-text", prometheus},
      {"", "text/plainer", json},
      {"format=prometheus", "application/json", prometheus},
      {"format=json", "text/plain", json},
      {"x=1&format=json&y", "text/plain", json},
      {"format=xml", "text/plain", std::nullopt},
      {"format=", "", std::nullopt},
      {"formats=xml", "", json},
  };
  for (const auto& row : table)
    EXPECT_EQ(choose_exposition(row.query, row.accept), row.form) << row.query << row.accept;
}

TEST(Exposition, HealthShowsStatusUptimeAndChecks) {
  auto view = running();
  view.checks = {{"store", Weight::vital, true, false, "", Duration(1500ms)},
                 {"dmarket", Weight::readiness, false, false, "said \"no\"\n", Duration(2s)},
                 {"poll", Weight::vital, false, true, "not looked at yet", std::nullopt}};
  const auto value = parse(health_json(view));
  EXPECT_EQ(value.at("status"), "running");
  EXPECT_EQ(value.at("uptime_seconds"), 3600.5);
  EXPECT_EQ(value.at("checks").at("store"), parse(R"({"status":"ok","vital":true,"age_seconds":1.5E0})"));
  EXPECT_EQ(value.at("checks").at("dmarket").at("reason"), "said \"no\"\n");
  EXPECT_EQ(value.at("checks").at("dmarket").at("status"), "failing");
  EXPECT_EQ(value.at("checks").at("poll").at("status"), "pending");
  EXPECT_TRUE(value.at("checks").at("poll").at("age_seconds").is_null());
}

TEST(Exposition, BeforeRunningStartTimeAndUptimeAreNull) {
  const auto value = parse(metrics_json(HealthView{}, UpdateCounts{}));
  EXPECT_EQ(value, parse(R"({"status":"starting","start_time":null,"last_update_time":null,"total_updates":0,
                             "errors":0,"uptime_seconds":null,"error_rate":0})"));
  EXPECT_TRUE(parse(health_json(HealthView{})).at("uptime_seconds").is_null());
}

TEST(Exposition, MetricsHaveExactlyTheKeysOfTheContract) {
  const auto text = metrics_json(running(), {1523, 3, ten + 1h});
  std::vector<std::string> keys;
  const auto value = parse(text);
  for (const auto& member : value.as_object()) keys.emplace_back(member.key());
  EXPECT_THAT(keys, testing::ElementsAre("status", "start_time", "last_update_time", "total_updates", "errors",
                                         "uptime_seconds", "error_rate"));
  EXPECT_EQ(value.at("start_time"), "2026-01-01T10:00:00.000Z");
  EXPECT_EQ(value.at("last_update_time"), "2026-01-01T11:00:00.000Z");
  EXPECT_EQ(value.at("total_updates"), 1523);
  EXPECT_NEAR(value.at("error_rate").as_double(), 0.00197, 0.00001);
}

// answer() over an idle Health and fresh metrics.
class AnswerTest : public testing::Test {
 protected:
  ~AnswerTest() override { tests::run(io, health.stop()); }

  net::ServerResponse ask(std::string method, std::string path, std::string query = {}, std::string accept = {}) {
    net::ServerRequest request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.query = std::move(query);
    if (!accept.empty()) request.headers.add("Accept", accept);
    return answer(request, health, metrics);
  }

  boost::asio::io_context io;
  ManualClock clock;
  Health health{io.get_executor(), clock};
  Metrics metrics;
};

TEST_F(AnswerTest, HealthIs200OnlyWhileRunning) {
  EXPECT_EQ(ask("GET", "/health").status, 503);
  health.set_phase(Phase::up);
  EXPECT_EQ(ask("GET", "/health").status, 200);
  EXPECT_EQ(ask("GET", "/health").content_type, "application/json");
  health.set_failure("poller: gone");
  EXPECT_EQ(ask("GET", "/health").status, 503);
  EXPECT_THAT(ask("GET", "/health").body, HasSubstr("\"status\":\"failed\""));
  health.set_phase(Phase::stopping);
  EXPECT_EQ(ask("GET", "/health").status, 503);
  EXPECT_THAT(ask("GET", "/health").body, HasSubstr("\"status\":\"stopping\""));
}

TEST_F(AnswerTest, ReadyNamesItsReasons) {
  EXPECT_EQ(ask("GET", "/ready").status, 503);
  EXPECT_EQ(parse(ask("GET", "/ready").body), parse(R"({"ready":false,"status":"starting","reasons":["starting"]})"));
  health.set_phase(Phase::up);
  EXPECT_EQ(ask("GET", "/ready").status, 200);
  EXPECT_EQ(parse(ask("GET", "/ready").body), parse(R"({"ready":true,"status":"running","reasons":[]})"));
}

TEST_F(AnswerTest, LiveIs200InEveryPhase) {
  for (const auto phase : {Phase::starting, Phase::up, Phase::stopping}) {
    health.set_phase(phase);
    EXPECT_EQ(ask("GET", "/live").status, 200);
  }
}

TEST_F(AnswerTest, MetricsHaveTwoForms) {
  metrics.counter("tgkit_updates_total", Labels("kind", "message")).increment(4);
  metrics.counter("tgkit_handler_errors_total", Labels("route", "balance")).increment();
  metrics.gauge("tgkit_last_update_timestamp_seconds").set(1767265200);
  const auto json = ask("GET", "/metrics");
  EXPECT_EQ(json.content_type, "application/json");
  EXPECT_EQ(parse(json.body).at("total_updates"), 4);
  EXPECT_EQ(parse(json.body).at("errors"), 1);
  EXPECT_EQ(parse(json.body).at("error_rate"), 0.25);
  EXPECT_EQ(parse(json.body).at("last_update_time"), "2026-01-01T11:00:00.000Z");
  const auto text = ask("GET", "/metrics", "", "text/plain");
  EXPECT_THAT(text.content_type, StartsWith("text/plain; version=0.0.4"));
  EXPECT_THAT(text.body, HasSubstr("tgkit_updates_total{kind=\"message\"} 4\n"));
  EXPECT_EQ(ask("GET", "/metrics", "format=xml").status, 400);
}

TEST_F(AnswerTest, OtherMethodsGet405WithAllow) {
  for (const auto method : {"POST", "PUT", "DELETE", "OPTIONS", "get"}) {
    const auto response = ask(method, "/health");
    EXPECT_EQ(response.status, 405) << method;
    EXPECT_EQ(response.headers.find("Allow"), "GET, HEAD");
  }
}

TEST_F(AnswerTest, UnknownPathsGet404ThatListsTheKnown) {
  for (const auto path : {"/", "/healthz", "/health/", "/metrics/x"}) {
    const auto response = ask("GET", path);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_THAT(response.body, HasSubstr("/health, /ready, /live and /metrics"));
  }
}

}  // namespace
}  // namespace tgkit::ops
