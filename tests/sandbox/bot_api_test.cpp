// The Bot API's rules, asked as a bot asks.
#include "tests/sandbox/scene.hpp"

#include <string_view>

namespace sandbox {
namespace {

// A PNG's first bytes: enough for its size.
std::string png(int width, int height) {
  std::string bytes("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
  for (const int side : {width, height}) {
    for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>((side >> shift) & 0xFF);
  }
  return bytes + std::string("\x08\x02\0\0\0", 5);
}

class BotApiRules : public Scene {
 protected:
  void SetUp() override { begin_chat(); }

  json::value upload(const std::string& method, const std::string& fields, const std::string& part,
                     const std::string& name, const std::string& content) {
    const std::string body = "--B\r\nContent-Disposition: form-data; name=\"" + part + "\"; filename=\"" + name +
                             "\"\r\n\r\n" + content + "\r\n--B--\r\n";
    const ServerResponse response =
        ask(request("POST", "/bot42:token/" + method + "?" + fields, body, "multipart/form-data; boundary=B"));
    return json::parse(response.body);
  }
};

struct Refused {
  const char* method;
  const char* parameters;
  const char* description;
};

TEST_F(BotApiRules, wrong_parameters_are_refused_in_the_real_servers_words) {
  const Refused cases[] = {
      {"sendMessage", "{}", "Bad Request: message text is empty"},
      {"sendMessage", R"({"text":"a"})", "Bad Request: chat_id is empty"},
      {"sendMessage", R"({"chat_id":5,"text":"a"})", "Bad Request: chat not found"},
      {"sendMessage", R"({"chat_id":"@nobody","text":"a"})", "Bad Request: chat not found"},
      {"sendMessage", R"({"chat_id":100000001,"text":"  "})", "Bad Request: text must be non-empty"},
      {"sendMessage", R"({"chat_id":100000001,"text":"a","reply_markup":null})",
       "Bad Request: object expected as reply markup"},
      {"sendMessage", R"({"chat_id":100000001,"text":"a","reply_markup":"{"})",
       "Bad Request: can't parse reply keyboard markup JSON object"},
      {"sendMessage", R"({"chat_id":100000001,"text":"a","reply_markup":{"inline_keyboard":[[{"text":"x"}]]}})",
       "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"},
      {"sendMessage",
       R"({"chat_id":100000001,"text":"a","reply_markup":{"inline_keyboard":[[{"text":"x","callback_data":""}]]}})",
       "Bad Request: BUTTON_DATA_INVALID"},
      {"sendMessage", "{\"chat_id\":100000001,\"text\":\"a\xff\"}", "Bad Request: strings must be encoded in UTF-8"},
      {"sendMessage",
       "{\"chat_id\":100000001,\"text\":\"a\",\"reply_markup\":{\"inline_keyboard\":[[{\"text\":\"x\xff\","
       "\"callback_data\":\"y\"}]]}}",
       "Bad Request: inline keyboard button text must be encoded in UTF-8"},
      {"sendMessage", R"({"chat_id":100000001,"text":"a","parse_mode":"HTML2"})",
       "Bad Request: unsupported parse_mode"},
      {"sendMessage", R"({"chat_id":100000001,"text":"a.","parse_mode":"MarkdownV2"})",
       "Bad Request: can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'"},
      {"sendMessage", R"({"chat_id":100000001,"text":"a","reply_parameters":{"message_id":99}})",
       "Bad Request: message to be replied not found"},
      {"sendPhoto", R"({"chat_id":100000001})", "Bad Request: there is no photo in the request"},
      {"sendPhoto", R"({"chat_id":100000001,"photo":"no-such-id"})",
       "Bad Request: wrong remote file identifier specified: can't unserialize it. Wrong last symbol"},
      {"sendChatAction", R"({"chat_id":100000001,"action":"dance"})", "Bad Request: wrong parameter action in request"},
      {"editMessageText", R"({"chat_id":100000001,"text":"a"})", "Bad Request: message identifier is not specified"},
      {"editMessageText", R"({"chat_id":100000001,"message_id":99,"text":"a"})",
       "Bad Request: message to edit not found"},
      {"editMessageText", R"({"chat_id":100000001,"message_id":1,"text":"a"})", "Bad Request: message can't be edited"},
      {"deleteMessage", R"({"chat_id":100000001,"message_id":99})", "Bad Request: message to delete not found"},
      {"answerCallbackQuery", R"({"callback_query_id":"1"})",
       "Bad Request: query is too old and response timeout expired or query ID is invalid"},
      {"setMyCommands", R"({"commands":[{"command":"UPPER CASE","description":"x"}]})",
       "Bad Request: BOT_COMMAND_INVALID"},
      {"getFile", "{}", "Bad Request: file_id not specified"},
      {"sendInvoice", R"({"chat_id":100000001})", "Bad Request: parameter \"title\" is required"},
      {"sendMediaGroup", R"({"chat_id":100000001,"media":[{"type":"photo","media":"bad"}]})",
       "Bad Request: failed to send message #1 with the error message \"wrong remote file identifier specified: can't "
       "unserialize it. Wrong last symbol\""},
      {"noSuchMethod", "{}", "Not Found: method not found"},
  };
  for (const Refused& one : cases)
    EXPECT_EQ(refusal(one.method, one.parameters), one.description) << one.method << one.parameters;
}

TEST_F(BotApiRules, a_method_is_found_in_any_case_and_by_parameter_when_the_path_has_none) {
  EXPECT_TRUE(call("GETME").at("ok").get_bool());
  EXPECT_TRUE(call("", R"({"method":"getMe"})").at("ok").get_bool());
  EXPECT_TRUE(call("test/getMe").at("ok").get_bool());
}

TEST_F(BotApiRules, tokens_are_checked) {
  EXPECT_EQ(ask(request("GET", "/bot13:revoked/getMe")).status, 401);
  EXPECT_EQ(ask(request("GET", "/bot42:other/getMe")).status, 401);
  for (const char* path : {"/bot42/getMe", "/bot:x/getMe", "/botx:y/getMe", "/bot42:a!/getMe", "/bot42:token"}) {
    EXPECT_EQ(ask(request("GET", path)).status, 404) << path;
  }
}

TEST_F(BotApiRules, other_methods_than_get_and_post_get_an_empty_501) {
  const ServerResponse response = ask(request("PUT", "/bot42:token/getMe"));
  EXPECT_EQ(response.status, 501);
  EXPECT_TRUE(response.body.empty());
}

TEST_F(BotApiRules, answers_are_ascii) {
  const ServerResponse response =
      ask(request("POST", "/bot42:token/sendMessage", "chat_id=100000001&text=\xD0\x96\xF0\x9F\x98\x80",
                  "application/x-www-form-urlencoded"));
  EXPECT_NE(response.body.find("\"text\":\"\\u0416\\ud83d\\ude00\""), std::string::npos) << response.body;
}

TEST_F(BotApiRules, a_message_comes_back_whole_and_is_in_the_transcript) {
  const json::value message =
      result("sendMessage", R"({"chat_id":100000001,"text":"<b>Hi</b> there","parse_mode":"html",
      "protect_content":true,"reply_parameters":{"message_id":1}})");
  EXPECT_EQ(message.at("text").as_string(), "Hi there");
  EXPECT_EQ(message.at("entities").at(0).at("type").as_string(), "bold");
  EXPECT_EQ(message.at("from").at("id").as_int64(), 42);
  EXPECT_EQ(message.at("chat").at("type").as_string(), "private");
  EXPECT_TRUE(message.at("has_protected_content").as_bool());
  EXPECT_EQ(message.at("reply_to_message").at("text").as_string(), "/start");
  const json::object transcript = look("transcript?chat=100000001");
  EXPECT_EQ(transcript.at("messages").as_array().back().at("message"), message);
}

TEST_F(BotApiRules, text_is_limited_to_4096_characters_after_parsing) {
  std::string text;
  for (int i = 0; i < 4096; ++i) text += "\xD0\x96";
  result("sendMessage", R"({"chat_id":100000001,"text":")" + text + "\"}");
  EXPECT_EQ(refusal("sendMessage", R"({"chat_id":100000001,"text":")" + text + "x\"}"),
            "Bad Request: message is too long");
  EXPECT_EQ(refusal("sendMessage", R"({"chat_id":100000001,"text":")" + std::string(40'000, 'a') + "\"}"),
            "Bad Request: text is too long");
}

TEST_F(BotApiRules, callback_data_takes_64_bytes_and_not_65) {
  const auto markup = [](std::size_t bytes) {
    return R"({"chat_id":100000001,"text":"a","reply_markup":{"inline_keyboard":[[{"text":"x","callback_data":")" +
           std::string(bytes, 'd') + R"("}]]}})";
  };
  result("sendMessage", markup(64));
  EXPECT_EQ(refusal("sendMessage", markup(65)), "Bad Request: BUTTON_DATA_INVALID");
}

TEST_F(BotApiRules, a_photo_gets_its_sizes_and_can_be_sent_again_and_downloaded) {
  const json::value message =
      upload("sendPhoto", "chat_id=100000001&caption=look", "photo", "a.png", png(1000, 500)).at("result");
  const json::array& sizes = message.at("photo").as_array();
  ASSERT_EQ(sizes.size(), 4u);
  EXPECT_EQ(sizes.back().at("width").as_int64(), 1000);
  EXPECT_EQ(sizes.front().at("width").as_int64(), 90);
  EXPECT_EQ(message.at("caption").as_string(), "look");
  const std::string id(sizes.back().at("file_id").as_string());
  EXPECT_EQ(
      result("sendPhoto", R"({"chat_id":100000001,"photo":")" + id + "\"}").at("photo").as_array().back().at("file_id"),
      sizes.back().at("file_id"));
  EXPECT_EQ(refusal("sendDocument", R"({"chat_id":100000001,"document":")" + id + "\"}"),
            "Bad Request: can't use file of type Photo as Document");
  const json::value file = result("getFile", R"({"file_id":")" + id + "\"}");
  const ServerResponse bytes =
      ask(request("GET", "/file/bot42:token/" + std::string(file.at("file_path").as_string())));
  EXPECT_EQ(bytes.status, 200);
  EXPECT_EQ(bytes.body, png(1000, 500));
}

TEST_F(BotApiRules, what_is_no_picture_is_no_photo) {
  const auto description_of = [](const json::value& answer) { return member_text(answer.as_object(), "description"); };
  EXPECT_EQ(description_of(upload("sendPhoto", "chat_id=100000001", "photo", "a.png", "text")),
            "Bad Request: IMAGE_PROCESS_FAILED");
  EXPECT_EQ(description_of(upload("sendPhoto", "chat_id=100000001", "photo", "a.png", "")),
            "Bad Request: file must be non-empty");
  EXPECT_EQ(description_of(upload("sendPhoto", "chat_id=100000001", "photo", "a.png", png(2100, 100))),
            "Bad Request: PHOTO_INVALID_DIMENSIONS");
}

TEST_F(BotApiRules, an_album_shares_one_group_and_takes_attached_files) {
  const json::value answer = upload(
      "sendMediaGroup",
      "chat_id=100000001&media=%5B%7B%22type%22:%22photo%22,%22media%22:%22attach://one%22,%22caption%22:%22c%22%7D,"
      "%7B%22type%22:%22photo%22,%22media%22:%22attach://one%22%7D%5D",
      "one", "a.png", png(10, 10));
  const json::array& messages = answer.at("result").as_array();
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[0].at("media_group_id"), messages[1].at("media_group_id"));
  EXPECT_EQ(messages[0].at("caption").as_string(), "c");
}

TEST_F(BotApiRules, an_edit_that_changes_nothing_is_refused_and_one_that_does_is_dated) {
  result("sendMessage", R"({"chat_id":100000001,"text":"a"})");
  EXPECT_TRUE(refusal("editMessageText", R"({"chat_id":100000001,"message_id":2,"text":"a"})")
                  .starts_with("Bad Request: message is not modified"));
  const json::value edited = result("editMessageText", R"({"chat_id":100000001,"message_id":2,"text":"b"})");
  EXPECT_EQ(edited.at("text").as_string(), "b");
  EXPECT_TRUE(edited.as_object().contains("edit_date"));
}

TEST_F(BotApiRules, a_deleted_message_can_be_deleted_once) {
  result("sendMessage", R"({"chat_id":100000001,"text":"a"})");
  result("deleteMessage", R"({"chat_id":100000001,"message_id":2})");
  EXPECT_EQ(refusal("deleteMessage", R"({"chat_id":100000001,"message_id":2})"),
            "Bad Request: message to delete not found");
}

TEST_F(BotApiRules, who_blocked_the_bot_gets_nothing_and_the_bot_is_told) {
  control("block", R"({"user":"anna","bot":42})");
  EXPECT_EQ(refusal("sendMessage", R"({"chat_id":100000001,"text":"a"})"), "Forbidden: bot was blocked by the user");
  const json::array pending = updates();
  const json::value& change = pending.back().at("my_chat_member");
  EXPECT_EQ(change.at("new_chat_member").at("status").as_string(), "kicked");
  control("block", R"({"user":"anna","bot":42,"blocked":false})");
  result("sendMessage", R"({"chat_id":100000001,"text":"a"})");
}

TEST_F(BotApiRules, in_a_group_privacy_mode_hides_what_is_not_meant_for_the_bot) {
  const json::object made =
      control("chats", R"({"type":"group","title":"G","creator":100000001,"members":[100000002],"bots":[42]})");
  const auto chat = std::to_string(made.at("chat").at("chat").as_int64());
  const std::size_t before = updates().size();
  control("send", R"({"user":"boris","chat":)" + chat + R"(,"text":"just talk"})");
  control("send", R"({"user":"boris","chat":)" + chat + R"(,"text":"/cmd@other_bot"})");
  advance(std::chrono::seconds{1});
  EXPECT_EQ(updates().size(), before);
  control("send", R"({"user":"boris","chat":)" + chat + R"(,"text":"/cmd@sandbox_bot"})");
  advance(std::chrono::seconds{1});
  EXPECT_EQ(updates().size(), before + 1);
  EXPECT_TRUE(updates("{\"limit\":100}").size() > 0);
  control("chats", R"({"chat":)" + chat + R"(,"remove":[42]})");
  EXPECT_EQ(refusal("sendMessage", R"({"chat_id":)" + chat + R"(,"text":"a"})"),
            "Forbidden: bot was kicked from the group chat");
}

TEST_F(BotApiRules, a_topic_that_is_not_there_is_refused_to_what_is_sent_and_not_to_an_edit) {
  const json::object made = control("chats", R"({"type":"supergroup","title":"G","creator":100000001,"bots":[42]})");
  const auto chat = std::to_string(made.at("chat").at("chat").as_int64());
  const std::string where = R"({"chat_id":)" + chat + R"(,"message_thread_id":3,"text":"b")";
  EXPECT_EQ(refusal("sendMessage", where + "}"), "Bad Request: message thread not found");
  const json::value sent = result("sendMessage", R"({"chat_id":)" + chat + R"(,"text":"a"})");
  const auto id = std::to_string(sent.at("message_id").as_int64());
  EXPECT_EQ(result("editMessageText", where + R"(,"message_id":)" + id + "}").at("text").as_string(), "b");
}

TEST_F(BotApiRules, a_group_says_undocumented_things_about_itself) {
  const json::object made = control("chats", R"({"type":"group","title":"G","creator":100000001,"bots":[42]})");
  const auto chat = std::to_string(made.at("chat").at("chat").as_int64());
  const json::value message = result("sendMessage", R"({"chat_id":)" + chat + R"(,"text":"a"})");
  EXPECT_TRUE(message.at("chat").as_object().contains("all_members_are_administrators"));
  EXPECT_EQ(refusal("sendMessage", R"({"chat_id":100000002,"text":"a"})"), "Bad Request: chat not found");
}

TEST_F(BotApiRules, a_callback_query_is_answered_once_and_not_too_late) {
  result("sendMessage",
         R"({"chat_id":100000001,"text":"x","reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}})");
  const json::object press = control("press", R"({"user":"anna","text":"a"})");
  const std::string id(press.at("callback_query_id").as_string());
  const std::string answer = R"({"callback_query_id":")" + id + R"(","text":"done","show_alert":true})";
  result("answerCallbackQuery", answer);
  EXPECT_TRUE(refusal("answerCallbackQuery", answer).starts_with("Bad Request: query is too old"));
  const json::object state = control("answer-state", R"({"callback_query_id":")" + id + "\"}");
  EXPECT_TRUE(state.at("answered").as_bool());
  EXPECT_EQ(state.at("text").as_string(), "done");
  const std::string late(control("press", R"({"user":"anna","text":"a"})").at("callback_query_id").as_string());
  advance(std::chrono::seconds{151});
  EXPECT_TRUE(refusal("answerCallbackQuery", R"({"callback_query_id":")" + late + "\"}")
                  .starts_with("Bad Request: query is too old"));
}

TEST_F(BotApiRules, commands_are_chosen_by_scope_and_language) {
  result("setMyCommands", R"({"commands":[{"command":"a","description":"default"}]})");
  result("setMyCommands", R"({"commands":[{"command":"b","description":"russian"}],"language_code":"ru"})");
  result("setMyCommands",
         R"({"commands":[{"command":"c","description":"own"}],"scope":{"type":"chat","chat_id":100000001}})");
  EXPECT_EQ(result("getMyCommands").at(0).at("command").as_string(), "a");
  EXPECT_EQ(look("commands?bot=42&user=boris").at("commands").at(0).at("command").as_string(), "b");
  EXPECT_EQ(look("commands?bot=42&user=anna").at("commands").at(0).at("command").as_string(), "c");
  result("deleteMyCommands", R"({"scope":{"type":"chat","chat_id":100000001}})");
  EXPECT_EQ(look("commands?bot=42&user=anna").at("commands").at(0).at("command").as_string(), "a");
}

TEST_F(BotApiRules, webhooks_are_registered_by_the_real_rules) {
  const Refused cases[] = {
      {"setWebhook", R"({"url":"http://example.org"})",
       "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"},
      {"setWebhook", R"({"url":"https://example.org:81"})",
       "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"},
      {"setWebhook", R"({"url":"https://127.0.0.1"})", "Bad Request: bad webhook: IP address 127.0.0.1 is reserved"},
      {"setWebhook", R"({"url":"https://example.org","secret_token":"a b"})",
       "Bad Request: secret token contains unallowed characters"},
  };
  for (const Refused& one : cases) EXPECT_EQ(refusal(one.method, one.parameters), one.description);
  EXPECT_EQ(member_text(call("deleteWebhook"), "description"), "Webhook is already deleted");
  EXPECT_EQ(member_text(call("setWebhook", R"({"url":"https://example.org"})"), "description"), "Webhook was set");
  EXPECT_EQ(member_text(call("setWebhook", R"({"url":"https://example.org"})"), "description"),
            "Webhook is already set");
  const ServerResponse hasty = ask(request("GET", "/bot42:token/deleteWebhook"));
  EXPECT_EQ(hasty.status, 429);
  EXPECT_EQ(hasty.headers.find("retry-after"), "1");
  EXPECT_EQ(result("getWebhookInfo").at("pending_update_count").as_int64(), 1);
  advance(std::chrono::seconds{2});
  EXPECT_EQ(member_text(call("deleteWebhook", R"({"drop_pending_updates":true})"), "description"),
            "Webhook was deleted");
  EXPECT_EQ(result("getWebhookInfo").at("pending_update_count").as_int64(), 0);
}

TEST_F(BotApiRules, forwards_and_copies_say_where_they_come_from_or_do_not) {
  const json::value forwarded =
      result("forwardMessage", R"({"chat_id":100000001,"from_chat_id":100000001,"message_id":1})");
  EXPECT_EQ(forwarded.at("forward_origin").at("sender_user").at("id").as_int64(), anna);
  EXPECT_EQ(forwarded.at("text").as_string(), "/start");
  const json::value copied = result("copyMessage", R"({"chat_id":100000001,"from_chat_id":100000001,"message_id":1})");
  EXPECT_EQ(copied.at("message_id").as_int64(), 3);
  EXPECT_EQ(refusal("copyMessage", R"({"chat_id":100000001,"from_chat_id":100000001,"message_id":77})"),
            "Bad Request: message to copy not found");
}

TEST_F(BotApiRules, a_method_that_is_not_simulated_is_checked_and_answered) {
  EXPECT_EQ(result("getMyStarBalance").at("amount").as_int64(), 0);
  EXPECT_EQ(refusal("getUserChatBoosts", R"({"user_id":1})"), "Bad Request: parameter \"chat_id\" is required");
  const json::value game = result("sendGame", R"({"chat_id":100000001,"game_short_name":"g"})");
  EXPECT_EQ(game.at("text").as_string(), "[sendGame]");
  EXPECT_EQ(
      refusal(
          "sendInvoice",
          R"({"chat_id":100000001,"title":"t","description":"d","payload":"p","currency":"XTR","prices":[{"label":"l"}]})"),
      "Bad Request: can't parse LabeledPrice: Can't find field \"amount\"");
}

TEST_F(BotApiRules, a_logged_out_bot_is_refused) {
  result("logOut");
  EXPECT_EQ(refusal("getMe"), "Bad Request: Logged out");
}

}  // namespace
}  // namespace sandbox
