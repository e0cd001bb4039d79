// Rows that outlive the process.
#include "tgkit/storage/recent_rows.hpp"

#include "tests/storage/store_fixture.hpp"

#include <fstream>

namespace tests {
namespace {

using tgkit::storage::RecentRows;

class RecentRowsTest : public testing::Test {
 protected:
  TemporaryDirectory directory;
  std::filesystem::path path = directory / "rows";

  void put_at(std::streamoff at, const std::string& bytes) const {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(at);
    file << bytes;
  }
  static constexpr std::streamoff first_size = 32;              // the file's head comes before it
  static constexpr std::streamoff first_row = first_size + 16;  // behind its size and its check
};

TEST_F(RecentRowsTest, AreThereForTheNextProcessInTheirOrder) {
  {
    RecentRows rows(path);
    EXPECT_TRUE(rows.empty());
    EXPECT_TRUE(rows.add("one"));
    EXPECT_TRUE(rows.add(""));
    EXPECT_TRUE(rows.add("and a second one, longer than sixteen bytes"));
  }
  const RecentRows found(path);
  EXPECT_FALSE(found.empty());
  EXPECT_EQ(found.row(), "oneand a second one, longer than sixteen bytes");
}

TEST_F(RecentRowsTest, AreGoneOnceTheyAreCleared) {
  {
    RecentRows rows(path);
    const std::uint64_t generation = rows.generation();
    rows.add("one");
    rows.clear();
    EXPECT_TRUE(rows.empty());
    EXPECT_GT(rows.generation(), generation);
    rows.clear(1000);
    EXPECT_GT(rows.generation(), 1000U);
    rows.add("two");
  }
  EXPECT_EQ(RecentRows(path).row(), "two");
  EXPECT_GT(RecentRows(path).generation(), 1000U);
}

TEST_F(RecentRowsTest, AreRefusedWhenThereIsNoRoomAndTheOthersStay) {
  RecentRows rows(path);
  const std::string large(10'000, 'x');
  std::size_t count = 0;
  while (rows.add(large)) ++count;
  EXPECT_EQ(count, RecentRows::capacity / (10'000 + 16));
  EXPECT_EQ(rows.row().size(), count * large.size());
  EXPECT_FALSE(rows.add(std::string(RecentRows::capacity * 2, 'x')));
  EXPECT_EQ(RecentRows(path).row().size(), count * large.size());
}

TEST_F(RecentRowsTest, OfWhatAPowerLossHasSpoiltComeTheOnesBefore) {
  {
    RecentRows rows(path);
    rows.add("0123456789abcdef");
    rows.add("the second");
  }
  put_at(first_row + 32 + 1, "X");  // within the second
  EXPECT_EQ(RecentRows(path).row(), "0123456789abcdef");
  put_at(first_row, "X");
  EXPECT_EQ(RecentRows(path).row(), "");
}

TEST_F(RecentRowsTest, OfAnotherGenerationAreNone) {
  {
    RecentRows rows(path);
    rows.add("0123456789abcdef");
    rows.clear();
  }
  put_at(first_size, std::string("\x10\0\0\0\0\0\0\0", 8));  // its size is there again
  EXPECT_TRUE(RecentRows(path).empty());
}

TEST_F(RecentRowsTest, ASizeBeyondTheFileIsNone) {
  {
    RecentRows(path).add("one");
  }
  put_at(first_size, std::string(8, '\xff'));
  EXPECT_TRUE(RecentRows(path).empty());
}

TEST_F(RecentRowsTest, AFileOfAnotherKindBeginsAnew) {
  std::ofstream(path) << std::string(5000, 'x');
  RecentRows rows(path);
  EXPECT_TRUE(rows.empty());
  EXPECT_TRUE(rows.add("one"));
  EXPECT_EQ(RecentRows(path).row(), "one");
}

}  // namespace
}  // namespace tests
