#include "app/ledger/ledger.hpp"

#include "app/ledger_command.hpp"
#include "tests/app/ledger/ledger_fixture.hpp"
#include "tests/support/run_task.hpp"
#include "tgkit/storage/memory_store.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace tests::ledger {
namespace {

class LedgerTest : public testing::Test {
 protected:
  LedgerTest() { run(io, store.open()); }
  std::vector<std::int64_t> append(std::vector<Entry> entries) { return run(io, ledger->append(std::move(entries))); }
  void open() {
    ledger.emplace(store);
    run(io, ledger->start());
  }
  tgkit::ops::AdminAnswer words(std::vector<std::string> all) {
    return run(io, app::run_ledger_words(*ledger, t0, all));
  }

  boost::asio::io_context io{1};
  tgkit::ManualClock clock;
  tgkit::storage::MemoryStore store{clock};
  std::optional<Ledger> ledger;
};

TEST_F(LedgerTest, WhatWasAppendedIsThereAfterARestart) {
  open();
  const auto numbers =
      append({Entry(t0, false, target_intent(dollars(9))), Entry(t0, true, target_intent(dollars(5)))});
  EXPECT_LT(numbers[0], numbers[1]);
  append({Entry(t0, false, outcome(numbers[0], Result::done, "t"))});
  open();
  EXPECT_EQ(ledger->real().targets().count("t"), 1U);
  EXPECT_EQ(ledger->real().reserved(), dollars(9));
  EXPECT_EQ(ledger->simulated().reserved(), dollars(5)) << "what is simulated is kept apart";
  EXPECT_EQ(ledger->real().last_number(), numbers[1] + 1);
}

TEST_F(LedgerTest, ManyEntriesAreReadInPieces) {
  open();
  for (int i = 0; i < 25; ++i) {
    std::vector<Entry> some;
    for (int j = 0; j < 100; ++j) some.emplace_back(t0, false, cost("a", dollars(i * 100 + j)));
    append(std::move(some));
  }
  open();
  EXPECT_EQ(ledger->real().position("a")->cost, dollars(2499));
}

TEST_F(LedgerTest, AnEntryThatCannotBeReadKeepsTheBotFromTrading) {
  tgkit::storage::Commit commit;
  tgkit::storage::BookEntry bad;
  bad.number = store.next_entry_number();
  bad.book = book_name;
  bad.body = "{\"kind\":\"of tomorrow\",\"at\":1}";
  commit.entries.push_back(bad);
  run(io, store.commit(std::move(commit)));
  EXPECT_THROW(open(), std::runtime_error);
}

TEST_F(LedgerTest, AnExportHoldsTheEntriesOfASpanOnly) {
  open();
  append({Entry(t0, false, cost("first", dollars(1))), Entry(t0 + day_seconds, false, cost("second", dollars(2)))});
  const std::string to = "2024-10-05";  // the day after t0
  const std::string early = words({"export", "--to", to}).text;
  EXPECT_NE(early.find("first"), std::string::npos);
  EXPECT_EQ(early.find("second"), std::string::npos);
  const std::string late = words({"export", "--from", to}).text;
  EXPECT_EQ(late.find("first"), std::string::npos);
  EXPECT_NE(late.find("second"), std::string::npos);
}

TEST_F(LedgerTest, WordsThatAreNotKnownAreRefusedAndChangeNothing) {
  open();
  const std::vector<std::vector<std::string>> bad{{},
                                                  {"import"},
                                                  {"export", "--format", "xml"},
                                                  {"export", "more"},
                                                  {"export", "--from", "soon"},
                                                  {"cost", "a"},
                                                  {"cost", "a", "-1"},
                                                  {"cost", "a", "1.999"},
                                                  {"export", "--what", "all"}};
  for (const auto& one : bad) EXPECT_EQ(words(one).exit_code, 2);
  EXPECT_EQ(ledger->real().last_number(), 0);
}

TEST(LedgerDates, ReadsDaysAndMomentsOfUtc) {
  EXPECT_EQ(app::parse_utc("1970-01-02"), 86'400);
  EXPECT_EQ(app::parse_utc("2026-11-23T14:05:09Z"), 1'795'442'709);
  for (const char* text : {"", "2026", "2026-02-30", "2026-13-01", "2026-11-23T25:00:00Z", "2026-11-23 14:05:09",
                           "2026-11-23T14:05:09", "23.11.2026"})
    EXPECT_EQ(app::parse_utc(text), std::nullopt) << text;
}

}  // namespace
}  // namespace tests::ledger
