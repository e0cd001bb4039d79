// What the generated calls put into their request.
#include "tgkit/telegram/calls.hpp"
#include "tgkit/telegram/types.hpp"

#include <gtest/gtest.h>

namespace tgkit::telegram {
namespace {

TEST(GeneratedCalls, ParametersStandInTheRequestAsTheyWereSet) {
  const Request request = SendMessage(42, "say \"hi\"\n").html().silent().message_thread_id(7).request();
  EXPECT_EQ(request.method, "sendMessage");
  EXPECT_EQ(request.json,
            "{\"chat_id\":42,\"text\":\"say \\\"hi\\\"\\n\",\"parse_mode\":\"HTML\",\"disable_notification\":true,"
            "\"message_thread_id\":7}");
  EXPECT_TRUE(request.files.empty());
}

TEST(GeneratedCalls, AParameterThatIsSetAgainIsReplaced) {
  EXPECT_EQ(SendMessage("@channel", "x").html().markdown().request().json,
            "{\"chat_id\":\"@channel\",\"text\":\"x\",\"parse_mode\":\"MarkdownV2\"}");
}

TEST(GeneratedCalls, KeyboardsAreWrittenAsObjects) {
  InlineKeyboardButton button("Buy");
  button.callback_data = "buy:1";
  InlineKeyboardMarkup keyboard;
  keyboard.inline_keyboard.emplace_back().push_back(button);
  EXPECT_EQ(SendMessage(1, "x").reply_markup(keyboard).request().json,
            "{\"chat_id\":1,\"text\":\"x\",\"reply_markup\":{\"inline_keyboard\":[[{\"text\":\"Buy\",\"callback_data\":"
            "\"buy:1\"}]]}}");
  EXPECT_EQ(SendMessage(1, "x").reply_markup(ReplyKeyboardRemove()).request().json,
            "{\"chat_id\":1,\"text\":\"x\",\"reply_markup\":{\"remove_keyboard\":true}}");
}

TEST(GeneratedCalls, AnUploadIsAPartAndAnIdIsText) {
  const Request upload = SendPhoto(1, InputFile::bytes("png", "a.png")).caption("c").request();
  EXPECT_EQ(upload.json, "{\"chat_id\":1,\"caption\":\"c\"}");
  ASSERT_EQ(upload.files.size(), 1u);
  EXPECT_EQ(upload.files[0].name, "photo");
  EXPECT_EQ(SendPhoto(1, InputFile::file_id("AgAC")).request().json, "{\"chat_id\":1,\"photo\":\"AgAC\"}");
}

TEST(GeneratedCalls, UploadsInsideAnAlbumAreAttached) {
  std::vector<MediaGroupItem> album;
  album.emplace_back(InputMediaPhoto(InputFile::bytes("1", "1.png")));
  album.emplace_back(InputMediaPhoto(InputFile::file_id("AgAC")));
  InputMediaVideo video(InputFile::bytes("2", "2.mp4"));
  video.thumbnail = InputFile::bytes("3", "3.jpg");
  album.emplace_back(video);
  const Request request = SendMediaGroup(1, album).request();
  EXPECT_EQ(request.json,
            "{\"chat_id\":1,\"media\":[{\"type\":\"photo\",\"media\":\"attach://file0\"},{\"type\":\"photo\",\"media\":"
            "\"AgAC\"},{\"type\":\"video\",\"media\":\"attach://file1\",\"thumbnail\":\"attach://file2\"}]}");
  ASSERT_EQ(request.files.size(), 3u);
  EXPECT_EQ(request.files[1].name, "file1");
  EXPECT_EQ(request.files[1].file.name(), "2.mp4");
}

TEST(GeneratedCalls, ListsAndUnionsAreWritten) {
  const Request request =
      SetMyCommands(std::vector<BotCommand>{BotCommand("start", "begin")}).scope(BotCommandScopeChat(5)).request();
  EXPECT_EQ(
      request.json,
      "{\"commands\":[{\"command\":\"start\",\"description\":\"begin\"}],\"scope\":{\"type\":\"chat\",\"chat_id\":5}}");
  EXPECT_EQ(DeleteMessages(1, {4, 5}).request().json, "{\"chat_id\":1,\"message_ids\":[4,5]}");
  EXPECT_EQ(GetMe().request().json, "{}");
}

TEST(GeneratedCalls, AFormattedRichTextIsBuiltFromPlainValues) {
  RichTextBold bold(std::vector<RichText>{"a", RichTextCode("b")});
  EXPECT_EQ(to_json(RichText(bold)), "{\"type\":\"bold\",\"text\":[\"a\",{\"type\":\"code\",\"text\":\"b\"}]}");
}

}  // namespace
}  // namespace tgkit::telegram
