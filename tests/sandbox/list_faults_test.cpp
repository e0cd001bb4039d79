#include "sandbox/dmarket/list_faults.hpp"

#include "sandbox/json.hpp"

#include <gtest/gtest.h>

namespace sandbox {
namespace {

constexpr std::int64_t now = 1'790'000'000;  // 2026-09-21T14:13:20Z

constexpr char targets[] =
    R"({"items":[{"targetId":"a","createdAt":"2026-09-21T14:13:10Z"},{"targetId":"b","createdAt":"2026-09-21T12:00:00Z"}],)"
    R"("total":"2","cursor":""})";
constexpr char trades[] =
    R"({"Trades":[{"OfferID":"o","TargetID":"t","AssetID":"s","ClosedAt":"1789999990"}],"Total":"1","Cursor":""})";

std::string spoilt(Fault::Action action, std::vector<std::string> ids, const char* list, std::int64_t lag = 120) {
  Fault fault;
  fault.action = action;
  fault.ids = std::move(ids);
  fault.lag = lag;
  return with_list_fault(fault, now, list);
}

json::object object_in(const std::string& text) { return parse_json(text)->as_object(); }

std::size_t shown(const std::string& text, const char* entries = "items") {
  return object_in(text).at(entries).as_array().size();
}
std::string total(const std::string& text, const char* name = "total") { return member_text(object_in(text), name); }

TEST(ListFaults, one_that_lags_shows_what_stood_before) {
  const std::string list = spoilt(Fault::Action::lag, {}, targets);
  EXPECT_EQ(shown(list), 1U);
  EXPECT_EQ(total(list), "1");
  EXPECT_EQ(shown(spoilt(Fault::Action::lag, {}, targets, 5)), 2U);
  EXPECT_EQ(shown(spoilt(Fault::Action::lag, {}, trades), "Trades"), 0U);
}

TEST(ListFaults, one_that_hides_does_not_count_either) {
  const std::string list = spoilt(Fault::Action::hide, {"a"}, targets);
  EXPECT_EQ(list.find(R"("a")"), std::string::npos);
  EXPECT_EQ(total(list), "1");
  EXPECT_EQ(total(spoilt(Fault::Action::hide, {"s"}, trades), "Total"), "0");
}

TEST(ListFaults, a_short_one_counts_what_it_does_not_show) {
  const std::string list = spoilt(Fault::Action::short_list, {}, targets);
  EXPECT_EQ(shown(list), 0U);
  EXPECT_EQ(total(list), "2");
}

TEST(ListFaults, ids_may_be_null) {
  const std::string list = spoilt(Fault::Action::null_ids, {"b"}, targets);
  EXPECT_EQ(shown(list), 2U);
  EXPECT_NE(list.find(R"("targetId":null)"), std::string::npos);
  EXPECT_NE(list.find(R"("targetId":"a")"), std::string::npos);
}

TEST(ListFaults, other_answers_and_other_faults_stay_as_they_are) {
  EXPECT_EQ(spoilt(Fault::Action::hide, {}, R"({"usd":"100"})"), R"({"usd":"100"})");
  EXPECT_EQ(spoilt(Fault::Action::empty_page, {}, targets), targets);
}

}  // namespace
}  // namespace sandbox
