#include "dmarket/cache.hpp"

#include "tests/dmarket/scripted_exchange.hpp"

#include <gtest/gtest.h>

namespace dmarket {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

class Caches : public tests::ScriptedExchange {
 protected:
  template <class T>
  static tgkit::Task<const void*> identity(tgkit::Task<Cached<T>> task) {
    const auto cached = co_await std::move(task);
    co_return &cached.may_be_old();
  }
  template <class T>
  void read(tgkit::Task<Cached<T>> task) {
    tests_run(identity(std::move(task)));
  }

  tgkit::ManualClock time_{tgkit::WallTime(hours(24 * 20'000) + hours(22))};  // two hours before midnight
  Transport transport_{http_, time_, make()};
  Client client_{transport_};
  Cache cache_{client_, time_};

 private:
  // The server listens before the settings ask for its port.
  TransportSettings make() {
    server_.listen();
    return live_settings();
  }
  void SetUp() override {}
};

TEST_F(Caches, FeesCountForTheDay) {
  by_path_["GET /exchange/v1/customized-fees"] = R"({"defaultFee":{"fraction":"0.1"},"reducedFees":[]})";
  read(cache_.fees(Game::cs2));
  read(cache_.fees(Game::cs2));
  EXPECT_EQ(asked_.size(), 1u);
  read(cache_.fees(Game::rust));  // another game
  EXPECT_EQ(asked_.size(), 2u);
  time_.advance(hours(2) - seconds(1));
  read(cache_.fees(Game::cs2));
  EXPECT_EQ(asked_.size(), 2u);
  time_.advance(seconds(2));
  read(cache_.fees(Game::cs2));
  EXPECT_EQ(asked_.size(), 3u);
}

TEST_F(Caches, PricesAreKeptForAShortWhileTitleByTitle) {
  by_path_["POST /marketplace-api/v1/aggregated-prices"] =
      R"({"aggregatedPrices":[{"title":"a","offerCount":"1"}],"nextCursor":""})";
  read(cache_.aggregated_prices(Game::cs2, {"a", "unknown"}));
  read(cache_.aggregated_prices(Game::cs2, {"a", "a", "unknown"}));
  EXPECT_EQ(asked_.size(), 1u);
  read(cache_.aggregated_prices(Game::cs2, {"a", "b"}));
  ASSERT_EQ(asked_.size(), 2u);
  EXPECT_NE(asked_[1].body.find(R"("titles":["b"])"), std::string::npos) << asked_[1].body;
  time_.advance(seconds(31));
  read(cache_.aggregated_prices(Game::cs2, {"a"}));
  EXPECT_EQ(asked_.size(), 3u);
}

TEST_F(Caches, OwnListsAreKeptUntilAnyChangeOfOurs) {
  by_path_["GET /marketplace-api/v2/user/targets"] = R"({"items":[{"targetId":"t"}],"cursor":""})";
  by_path_["POST /marketplace-api/v1/user-targets/delete"] =
      R"({"Result":[{"DeleteTarget":{"TargetID":"t"},"Successful":true}]})";
  read(cache_.targets(Game::cs2));
  read(cache_.targets(Game::cs2));
  EXPECT_EQ(asked_.size(), 1u);
  tests_run(client_.delete_targets({TargetId("t")}));
  read(cache_.targets(Game::cs2));
  EXPECT_EQ(asked_.size(), 3u);
  // Also by a change through a copy of the client, and by one that failed: it may have been made.
  answers_.emplace_back(500, "");
  failure_of(client_.within(seconds(5)).delete_targets({TargetId("t")}));
  read(cache_.targets(Game::cs2));
  EXPECT_EQ(asked_.size(), 5u);
}

TEST_F(Caches, OwnListsGrowOldBecauseOthersTrade) {
  by_path_["GET /marketplace-api/v2/user/offers"] = R"({"items":[],"cursor":""})";
  read(cache_.offers(Game::cs2));
  time_.advance(seconds(59));
  read(cache_.offers(Game::cs2));
  EXPECT_EQ(asked_.size(), 1u);
  time_.advance(seconds(2));
  read(cache_.offers(Game::cs2));
  EXPECT_EQ(asked_.size(), 2u);
}

TEST_F(Caches, AListThatIsNotCompleteIsNotKept) {
  by_path_["GET /marketplace-api/v2/user/inventory"] = R"({"items":[],"cursor":"again"})";
  read(cache_.inventory(Game::cs2));
  read(cache_.inventory(Game::cs2));
  EXPECT_EQ(asked_.size(), 2u);
}

TEST_F(Caches, WhatWasListedWhileAChangeWasUnderWayIsNotKept) {
  by_path_["GET /marketplace-api/v2/user/offers"] = R"({"items":[],"cursor":""})";
  bool listed = false;
  boost::asio::co_spawn(io_, identity(cache_.offers(Game::cs2)),
                        [&](std::exception_ptr, const void*) { listed = true; });
  while (asked_.empty() && io_.run_one() > 0) {
  }
  cache_.forget_own_lists();
  while (!listed && io_.run_one() > 0) {
  }
  read(cache_.offers(Game::cs2));
  EXPECT_EQ(asked_.size(), 2u);
}

TEST_F(Caches, WhoAsksWhileTheAnswerIsUnderWayWaitsForItAndTriesItselfWhenItFails) {
  by_path_["GET /exchange/v1/customized-fees"] = R"({"defaultFee":{"fraction":"0.1"},"reducedFees":[]})";
  answers_.emplace_back(400, "{}");
  int done = 0, failed = 0;
  for (int i = 0; i < 3; ++i) {
    boost::asio::co_spawn(io_, identity(cache_.fees(Game::cs2)), [&](std::exception_ptr error, const void*) {
      ++done;
      failed += error ? 1 : 0;
    });
  }
  while (done < 3 && io_.run_one() > 0) {
  }
  EXPECT_EQ(failed, 1);
  EXPECT_EQ(asked_.size(), 2u);
}

}  // namespace
}  // namespace dmarket
