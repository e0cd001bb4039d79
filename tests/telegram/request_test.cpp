#include "tgkit/telegram/request.hpp"

#include <gmock/gmock.h>

namespace {

using tgkit::telegram::attach;
using tgkit::telegram::Draft;
using tgkit::telegram::InputFile;
using tgkit::telegram::Part;
using tgkit::telegram::Request;

TEST(Draft, WithoutParametersIsAnEmptyObject) { EXPECT_EQ(Draft("getMe").take().json, "{}"); }

TEST(Draft, AParameterThatIsSetAgainIsReplacedWhereverItStood) {
  for (const std::string_view again : {"a", "b", "c"}) {
    Draft draft("m");
    draft.key("a") += "1";
    draft.key("b") += "[2,3]";
    draft.key("c") += "\"4\"";
    draft.key(again) += "9";
    const std::string json = draft.take().json;
    EXPECT_THAT(json, testing::EndsWith("\"" + std::string(again) + "\":9}"));
    EXPECT_THAT(json, testing::StartsWith("{\""));
    EXPECT_EQ(std::ranges::count(json, ':'), 3) << json;
    EXPECT_EQ(json.find(",,"), std::string::npos) << json;
  }
}

TEST(Draft, AParameterCanBeTakenAwayAgain) {
  Draft draft("m");
  draft.key("a") += "1";
  draft.key("b") += "2";
  draft.unset("a");
  draft.unset("never set");
  EXPECT_EQ(draft.take().json, R"({"b":2})");
}

TEST(Draft, AnIdAndAnUrlAreStringsAndAnUploadIsAPartOfItsName) {
  Draft draft("sendPhoto");
  draft.key("chat_id") += "7";
  draft.file("photo", InputFile::bytes("x", "x.png"));
  draft.file("thumbnail", "AgAC\"");
  const Request request = draft.take();
  EXPECT_EQ(request.json, R"({"chat_id":7,"thumbnail":"AgAC\""})");
  ASSERT_EQ(request.files.size(), 1u);
  EXPECT_EQ(request.files[0].name, "photo");
  EXPECT_EQ(*request.files[0].file.content(), "x");
}

TEST(Draft, AReplacedFileIsNotUploaded) {
  Draft draft("sendPhoto");
  draft.file("photo", InputFile::path("/a"));
  draft.key("chat_id") += "7";
  draft.file("photo", InputFile::url("https://e.x/a.png"));
  const Request request = draft.take();
  EXPECT_EQ(request.json, R"({"chat_id":7,"photo":"https://e.x/a.png"})");
  EXPECT_TRUE(request.files.empty());
}

TEST(Draft, FilesInsideAReplacedValueGoWithIt) {
  Draft draft("sendMediaGroup");
  for (int round = 0; round < 2; ++round) {
    std::string& json = draft.key("media");
    json += "[\"" + attach(InputFile::bytes("x", "x"), draft.files()) + "\"]";
    draft.key(round == 0 ? "first" : "second") += "1";
  }
  const Request request = draft.take();
  ASSERT_EQ(request.files.size(), 1u);
  EXPECT_THAT(request.json, testing::HasSubstr("attach://" + request.files[0].name));
}

TEST(Attach, NamesUploadsAndLeavesTheRestAsItIs) {
  std::vector<Part> files;
  EXPECT_EQ(attach("https://e.x/a.png", files), "https://e.x/a.png");
  EXPECT_EQ(attach(InputFile::file_id("AgAC"), files), "AgAC");
  EXPECT_EQ(attach(InputFile::bytes("x", "x"), files), "attach://file0");
  EXPECT_EQ(attach(InputFile::path("/tmp/a.png"), files), "attach://file1");
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[1].name, "file1");
  EXPECT_EQ(files[1].file.name(), "a.png");
}

TEST(Attach, NamesStayDifferentWhenAnEarlierFileWentAway) {
  std::vector<Part> files;
  attach(InputFile::bytes("a", "a"), files);
  attach(InputFile::bytes("b", "b"), files);
  files.erase(files.begin());
  EXPECT_EQ(attach(InputFile::bytes("c", "c"), files), "attach://file2");
}

TEST(InputFile, APlainTextIsAnIdOrAnUrl) {
  EXPECT_EQ(InputFile("AgAC").kind(), InputFile::Kind::file_id);
  EXPECT_EQ(InputFile("https://e.x").kind(), InputFile::Kind::url);
  EXPECT_EQ(InputFile(std::string("http://e.x")).kind(), InputFile::Kind::url);
  EXPECT_EQ(InputFile("httpsomething").kind(), InputFile::Kind::file_id);
}

TEST(InputFile, BytesAlwaysHaveAName) { EXPECT_EQ(InputFile::bytes("x", "").name(), "file"); }

}  // namespace
