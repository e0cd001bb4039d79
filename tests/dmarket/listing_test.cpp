#include "dmarket/listing.hpp"

#include "tests/support/run_task.hpp"

#include <gtest/gtest.h>

namespace dmarket {
namespace {

using Numbers = std::vector<int>;

// A list of pages by cursor; "" is the first.
class Pages {
 public:
  struct One {
    Numbers items;
    std::string next;
  };
  explicit Pages(std::map<std::string, One> pages) : pages_(std::move(pages)) {}

  tgkit::Task<Page<int>> get(std::string cursor) {
    asked.push_back(cursor);
    if (fail_once) {
      fail_once = false;
      throw std::runtime_error("no answer");
    }
    Page<int> page;
    page.items = pages_.at(cursor).items;
    page.cursor = pages_.at(cursor).next;
    page.total = total;
    co_return page;
  }

  Listing<int> listing() {
    return Listing<int>([this](std::string cursor) { return get(std::move(cursor)); },
                        [seen = std::set<int>()](Numbers& page) mutable {
                          std::erase_if(page, [&](int n) { return n != 0 && !seen.insert(n).second; });
                          return static_cast<std::size_t>(std::ranges::count(page, 0));  // 0 has no name
                        },
                        [this](ListEnd end) { notices.push_back(end); });
  }

  std::vector<std::string> asked;
  std::vector<ListEnd> notices;
  bool fail_once = false;
  std::optional<std::int64_t> total;

 private:
  std::map<std::string, One> pages_;
};

Listed<int> walk(Pages& pages) {
  boost::asio::io_context io;
  auto listing = pages.listing();
  return tests::run(io, listing.rest());
}

TEST(Listings, GoOnUntilTheCursorIsEmpty) {
  Pages pages({{"", {{1, 2}, "a"}}, {"a", {{3}, "b"}}, {"b", {{4}, ""}}});
  const auto all = walk(pages);
  EXPECT_EQ(all.items, (Numbers{1, 2, 3, 4}));
  EXPECT_TRUE(all.complete());
  EXPECT_EQ(pages.asked, (std::vector<std::string>{"", "a", "b"}));
  EXPECT_TRUE(pages.notices.empty());
}

TEST(Listings, DropWhatHasMovedOntoTheNextPage) {
  Pages pages({{"", {{1, 2}, "a"}}, {"a", {{2, 3}, "b"}}, {"b", {{3, 3}, ""}}});
  EXPECT_EQ(walk(pages).items, (Numbers{1, 2, 3}));
}

TEST(Listings, LeaveAnEmptyPageThatPointsToAnother) {
  Pages pages({{"", {{1}, "a"}}, {"a", {{}, "b"}}, {"b", {{2}, ""}}});
  const auto all = walk(pages);
  EXPECT_EQ(all.items, (Numbers{1}));
  EXPECT_EQ(all.end, ListEnd::empty_page);
  EXPECT_FALSE(all.complete());
  EXPECT_EQ(pages.notices, std::vector<ListEnd>{ListEnd::empty_page});
}

TEST(Listings, LeaveACircle) {
  Pages same({{"", {{1}, "a"}}, {"a", {{1}, "a"}}});
  EXPECT_EQ(walk(same).end, ListEnd::repeated_cursor);
  EXPECT_EQ(same.asked.size(), 2u);
  Pages wide({{"", {{1}, "a"}}, {"a", {{2}, "b"}}, {"b", {{3}, "a"}}});
  const auto all = walk(wide);
  EXPECT_EQ(all.items, (Numbers{1, 2, 3}));
  EXPECT_EQ(all.end, ListEnd::repeated_cursor);
}

TEST(Listings, GiveOneItemAtATimeAndAskForAPageOnlyWhenItIsNeeded) {
  Pages pages({{"", {{1, 2}, "a"}}, {"a", {{}, ""}}});
  pages.total = 2;
  boost::asio::io_context io;
  auto listing = pages.listing();
  EXPECT_TRUE(pages.asked.empty());
  EXPECT_EQ(tests::run(io, listing.next()), 1);
  EXPECT_EQ(tests::run(io, listing.next()), 2);
  EXPECT_EQ(pages.asked.size(), 1u);
  EXPECT_EQ(tests::run(io, listing.next()), std::nullopt);
  EXPECT_EQ(tests::run(io, listing.next()), std::nullopt);
  EXPECT_EQ(pages.asked.size(), 2u);
  EXPECT_EQ(listing.end(), ListEnd::complete);
  EXPECT_EQ(listing.total(), 2);
}

TEST(Listings, AreNoProofWhenTheyCountMoreThanTheyShow) {
  Pages pages({{"", {{1, 2}, "a"}}, {"a", {{2}, ""}}});
  pages.total = 3;
  const auto all = walk(pages);
  EXPECT_EQ(all.end, ListEnd::fewer_than_total);
  EXPECT_FALSE(all.complete());
  EXPECT_EQ(all.read, 2);
  EXPECT_EQ(all.total, 3);
  EXPECT_EQ(pages.notices, std::vector<ListEnd>{ListEnd::fewer_than_total});
  pages.total = 2;
  EXPECT_TRUE(walk(pages).complete());
}

TEST(Listings, AreNoProofWhenAnEntryHasNoName) {
  Pages pages({{"", {{1, 0}, "a"}}, {"a", {{2}, ""}}});
  EXPECT_EQ(walk(pages).end, ListEnd::unnamed_entries);
  EXPECT_EQ(walk(pages).items, (Numbers{1, 0, 2}));
}

TEST(Listings, GoOnAfterAFailureWithTheSamePage) {
  Pages pages({{"", {{1}, "a"}}, {"a", {{2}, ""}}});
  boost::asio::io_context io;
  auto listing = pages.listing();
  EXPECT_EQ(tests::run(io, listing.next()), 1);
  pages.fail_once = true;
  EXPECT_THROW(tests::run(io, listing.next()), std::runtime_error);
  EXPECT_EQ(tests::run(io, listing.next()), 2);
}

TEST(CursorWalks, HaveABound) {
  CursorWalk walk(3);
  for (int i = 0; walk.end() == ListEnd::open; ++i) walk.took(1, std::to_string(i));
  EXPECT_EQ(walk.end(), ListEnd::too_many_pages);
}

}  // namespace
}  // namespace dmarket
