// Every type with every field, written by corpus/generate.py: nothing may be lost between reading and writing.
#include "tgkit/telegram/split_updates.hpp"
#include "tgkit/telegram/types.hpp"

#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <string>

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace tgkit::telegram {
namespace {

struct Line {
  std::string type;
  std::string json;
};

std::vector<Line> read_corpus(const std::string& name) {
  std::ifstream file(name);
  std::vector<Line> lines;
  for (std::string line; std::getline(file, line);) {
    const std::size_t blank = line.find(' ');
    if (blank == line.npos || line.starts_with('#')) continue;
    lines.push_back(Line{line.substr(0, blank), line.substr(blank + 1)});
  }
  return lines;
}

const std::vector<Line>& corpus() {
  static const std::vector<Line> lines = read_corpus(TGKIT_CORPUS "/corpus.txt");
  return lines;
}

using RoundTrip = std::function<std::string(std::string_view, ReadNotes&)>;

template <class T>
std::string round_trip(std::string_view json, ReadNotes& notes) {
  const T copied = from_json<T>(json, &notes);
  T assigned;
  assigned = copied;
  const T moved = std::move(assigned);
  return to_json(moved);
}

const std::map<std::string, RoundTrip>& types() {
  static const std::map<std::string, RoundTrip> all = {
#define TYPE(name) {#name, round_trip<name>},
#include <corpus_types.inc>
#undef TYPE
  };
  return all;
}

boost::json::value parse(std::string_view json) {
  boost::json::error_code error;
  boost::json::value value = boost::json::parse(boost::json::string_view(json.data(), json.size()), error);
  if (error) ADD_FAILURE() << error.message() << " in " << json;
  return value;
}

TEST(DecodeCorpus, EveryTypeComesBackAsItWasRead) {
  ASSERT_GT(corpus().size(), 2500u);
  for (const Line& line : corpus()) {
    ReadNotes notes;
    const std::string written = types().at(line.type)(line.json, notes);
    EXPECT_EQ(parse(written), parse(line.json)) << line.type;
    EXPECT_EQ(notes.skipped, 0u) << notes.first_skipped << " in " << line.type << " " << line.json;
    EXPECT_EQ(notes.unknown, 0u) << notes.first_unknown << " in " << line.type << " " << line.json;
    if (testing::Test::HasFailure()) break;
  }
}

TEST(DecodeCorpus, HoldsEveryKindOfUpdateAndEveryFieldOfMessage) {
  std::set<UpdateKind> kinds;
  std::set<std::string> fields;
  for (const Line& line : corpus()) {
    if (line.type == "Update") kinds.insert(from_json<Update>(line.json).kind());
    if (line.type != "Message") continue;
    const auto message = parse(line.json);  // a range-for keeps only its last temporary alive before C++23
    for (const auto& field : message.as_object()) fields.insert(std::string(field.key()));
  }
  kinds.erase(UpdateKind::unknown);
  EXPECT_EQ(kinds.size(), update_kind_names.size() - 1);
  EXPECT_EQ(kinds.size(), 27u);
  EXPECT_EQ(fields.size(), 120u);
}

TEST(DecodeCorpus, IsSplitIntoTheUpdatesItWasJoinedFrom) {
  std::vector<std::string> updates;
  std::string body = "{\"ok\":true,\"result\":[";
  for (const Line& line : corpus()) {
    if (line.type != "Update") continue;
    if (!updates.empty()) body += ",\n";
    body += line.json;
    updates.push_back(line.json);
  }
  body += "]}";
  const SplitUpdates split = split_updates(body);
  EXPECT_TRUE(split.bad.empty());
  ASSERT_EQ(split.updates.size(), updates.size());
  for (std::size_t i = 0; i != updates.size(); ++i) {
    EXPECT_EQ(split.updates[i].json, updates[i]);
    EXPECT_EQ(split.updates[i].update_id, from_json<Update>(updates[i]).update_id);
  }
}

// A prefix of an update is never taken for one, and reading it ends with an exception of ours.
TEST(DecodeCorpus, ACutOffUpdateIsRefusedWhereverItIsCut) {
  std::size_t longest = 0;
  const Line* chosen = nullptr;
  for (const Line& line : corpus()) {
    if (line.type == "Update" && line.json.size() > longest && line.json.size() < 5000) {
      longest = line.json.size();
      chosen = &line;
    }
  }
  ASSERT_TRUE(chosen);
  for (std::size_t size = 0; size != chosen->json.size(); ++size) {
    EXPECT_THROW(from_json<Update>(std::string_view(chosen->json).substr(0, size)), ParseError) << size;
  }
}

TEST(DecodeCorpus, DeviantUpdatesAreReadAsFarAsTheyGo) {
  const std::vector<Line> lines = read_corpus(TGKIT_DEVIANTS);
  ASSERT_GT(lines.size(), 20u);
  for (const Line& line : lines) {
    ReadNotes notes;
    const Update update = from_json<Update>(line.json, &notes);
    EXPECT_EQ(to_text(update.kind()), line.type) << line.json;
    const std::string once = to_json(update);
    EXPECT_EQ(to_json(from_json<Update>(once)), once) << "what was kept is kept";
  }
}

}  // namespace
}  // namespace tgkit::telegram
