#include "sandbox/chat/world_clock.hpp"
#include "tests/sandbox/scene.hpp"

#include <fmt/format.h>

namespace sandbox {
namespace {

using std::chrono::seconds;

TEST(WorldClock, runs_with_the_machines_stands_still_and_goes_on_from_there) {
  tgkit::ManualClock real;
  WorldClock clock(real);
  const auto start = clock.now();
  const auto wall = clock.wall();
  real.advance(seconds{5});
  EXPECT_EQ(clock.now() - start, seconds{5});
  clock.stop();
  real.advance(seconds{100});
  EXPECT_EQ(clock.now() - start, seconds{5});
  EXPECT_EQ(clock.wall() - wall, seconds{5});
  EXPECT_EQ(clock.ahead(), -seconds{100});
  clock.run();
  real.advance(seconds{1});
  EXPECT_EQ(clock.now() - start, seconds{6});
  EXPECT_EQ(clock.wall() - wall, seconds{6});
}

TEST(WorldClock, alarms_ring_by_its_own_time) {
  tgkit::ManualClock real;
  WorldClock clock(real);
  int rung = 0;
  const auto timer = clock.call_in(seconds{10}, [&] { ++rung; });
  clock.stop();
  real.advance(seconds{60});
  EXPECT_EQ(rung, 0);
  clock.run();
  real.advance(seconds{9});
  EXPECT_EQ(rung, 0);
  real.advance(seconds{1});
  EXPECT_EQ(rung, 1);
}

TEST(WorldClock, a_step_goes_to_the_next_alarm_and_never_beyond_the_target) {
  tgkit::ManualClock real;
  WorldClock clock(real);
  clock.stop();
  const auto start = clock.now();
  std::vector<std::int64_t> rung;
  const auto ring = [&] { rung.push_back((clock.now() - start) / seconds{1}); };
  const auto one = clock.call_in(seconds{3}, ring);
  const auto two = clock.call_in(seconds{7}, ring);
  const auto three = clock.call_in(seconds{20}, ring);
  EXPECT_FALSE(clock.step(start + seconds{10}));
  EXPECT_FALSE(clock.step(start + seconds{10}));
  EXPECT_TRUE(clock.step(start + seconds{10}));
  EXPECT_EQ(rung, (std::vector<std::int64_t>{3, 7}));
  EXPECT_EQ(clock.now() - start, seconds{10});
}

class Time : public Scene {
 protected:
  void SetUp() override { begin_chat(); }
  json::object move(const std::string& body) { return control("time", body); }
  std::int64_t first_id() { return updates().front().at("update_id").as_int64(); }
};

TEST_F(Time, dates_stand_still_with_the_clock_and_move_with_it) {
  move(R"({"running":false})");
  const auto date = [&] {
    return control("send", R"({"user":"anna","text":"a"})").at("message").at("date").as_int64();
  };
  const auto before = date();
  advance(seconds{30});
  EXPECT_EQ(date(), before);
  const json::object moved = move(R"({"advance":3600})");
  EXPECT_EQ(date(), before + 3600);
  EXPECT_FALSE(moved.at("running").as_bool());
  EXPECT_DOUBLE_EQ(moved.at("ahead").as_double(), 3570.0);
  move(R"({"running":true})");
  advance(seconds{1});
  EXPECT_EQ(date(), before + 3601);
}

TEST_F(Time, a_running_clock_jumps_and_runs_on) {
  const double before = look("time").at("now").as_double();
  EXPECT_TRUE(move(R"({"advance":86400})").at("running").as_bool());
  advance(seconds{1});
  EXPECT_DOUBLE_EQ(look("time").at("now").as_double(), before + 86'401);
}

TEST_F(Time, a_week_of_idleness_passes_at_once_and_update_ids_begin_anew) {
  const auto old = first_id();
  move(R"({"advance":700000})");
  EXPECT_EQ(look("state").at("bots").at(0).at("pending").as_int64(), 0);  // expired
  control("send", R"({"user":"anna","text":"back"})");
  EXPECT_NE(first_id(), old + 1);
}

TEST_F(Time, a_held_poll_ends_when_either_clock_has_passed) {
  const auto id = first_id();
  move(R"({"running":false})");
  const auto target = fmt::format("/bot42:token/getUpdates?timeout=30&offset={}", id + 1);
  const auto by_the_machine = begin(request("GET", target));
  EXPECT_FALSE(by_the_machine->response);
  advance(seconds{30});
  EXPECT_TRUE(by_the_machine->response);
  const auto by_the_world = begin(request("GET", target));
  EXPECT_FALSE(by_the_world->response);
  move(R"({"advance":30})");
  EXPECT_TRUE(by_the_world->response);
}

TEST_F(Time, waits_of_this_api_go_by_the_machines_clock) {
  move(R"({"running":false})");
  const auto waiting = begin(request("POST", "/control/wait", R"({"contains":"x","timeout":10})"));
  move(R"({"advance":1000})");
  EXPECT_FALSE(waiting->response);
  advance(seconds{10});
  ASSERT_TRUE(waiting->response);
  EXPECT_EQ(waiting->response->status, 408);
}

TEST_F(Time, flood_windows_open_by_the_worlds_clock) {
  move(R"({"running":false})");
  control("flood-limits", R"({"enabled":true,"private_burst":1})");
  result("sendMessage", R"({"chat_id":100000001,"text":"1"})");
  advance(seconds{60});
  EXPECT_EQ(refusal("sendMessage", R"({"chat_id":100000001,"text":"2"})"), "Too Many Requests: retry after 1");
  move(R"({"advance":1})");
  result("sendMessage", R"({"chat_id":100000001,"text":"2"})");
}

TEST_F(Time, nonsense_is_refused) {
  for (const char* body : {"{}", R"({"advance":-1})", R"({"advance":1e12})", R"({"advance":1,"patience":99})"}) {
    EXPECT_EQ(ask(request("POST", "/control/time", body, "application/json")).status, 400) << body;
  }
}

}  // namespace
}  // namespace sandbox
