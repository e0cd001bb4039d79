// The generated calls as handlers write them, from the await to the bytes on the wire and back to a typed result.
#include "tests/telegram/client_fixture.hpp"
#include "tests/telegram/temporary_folder.hpp"
#include "tgkit/net/multipart.hpp"
#include "tgkit/telegram/api.hpp"
#include "tgkit/telegram/calls/media.hpp"
#include "tgkit/telegram/calls/messages.hpp"
#include "tgkit/telegram/calls/updates.hpp"
#include "tgkit/telegram/entities.hpp"
#include "tgkit/telegram/types/input_media.hpp"
#include "tgkit/telegram/types/message.hpp"

#include <gmock/gmock.h>

namespace {

using testing::HasSubstr;
using tgkit::Task;
using namespace tgkit::telegram;

constexpr const char* long_text = "a text that is too long for the short string";
constexpr const char* message = R"({"ok":true,"result":{"message_id":5,"date":1,"chat":{"id":7,"type":"private"}}})";

class ApiCalls : public tests::ClientTest {
 protected:
  template <class T>
  T run(Task<T> (*handler)(Api)) {
    return tests::run(io, handler(Api(client())));
  }
  std::vector<tgkit::net::FormPart> parts() {
    const tests::SeenRequest& seen = peer.seen().at(0);
    return tgkit::net::parse_multipart(seen.header("Content-Type"), seen.body);
  }
  tests::TemporaryFolder folder;
};

Task<std::int64_t> temporary(Api api) {
  const Message m = co_await api.send_message(7, long_text).html().silent();
  co_return m.message_id;
}

TEST_F(ApiCalls, ASentMessageComesBackTyped) {
  peer.answer(200, message);
  EXPECT_EQ(run(temporary), 5);
  EXPECT_EQ(peer.seen().at(0).body, std::string(R"({"chat_id":7,"text":")") + long_text +
                                        R"(","parse_mode":"HTML","disable_notification":true})");
}

Task<std::int64_t> every_style(Api api) {
  SendMessage named = api.send_message("@channel", long_text);
  named.silent().html();
  std::int64_t sum = (co_await std::move(named)).message_id;
  for (int i = 0; i < 2; ++i) sum += (co_await api.send_message(i, std::string(long_text) + '!')).message_id;
  Task<Message> later = api.send_message(8, long_text);
  sum += (co_await std::move(later)).message_id;
  const Text text = format::bold(long_text) + format::code(5);
  sum += (co_await api.send_message((co_await api.send_message(9, text.html()).html()).chat.id, long_text)).message_id;
  co_return sum;
}

TEST_F(ApiCalls, EveryStyleOfWritingACallWorks) {
  for (int i = 0; i < 6; ++i) peer.answer(200, message);
  EXPECT_EQ(run(every_style), 25);
  EXPECT_THAT(peer.seen().at(0).body, HasSubstr(R"("chat_id":"@channel")"));
  EXPECT_THAT(peer.seen().at(4).body, HasSubstr(R"(<b>a text)"));
  EXPECT_THAT(peer.seen().at(5).body, HasSubstr(R"("chat_id":7)"));
}

Task<> with_entities(Api api) {
  const FormattedText text = to_entities(format::bold("b") + " plain");
  co_await api.send_message(7, text.text).entities(text.entities);
}

TEST_F(ApiCalls, TextGoesOutWithEntities) {
  peer.answer(200, message);
  run(with_entities);
  EXPECT_THAT(peer.seen().at(0).body,
              HasSubstr(R"("text":"b plain","entities":[{"type":"bold","offset":0,"length":1}])"));
}

Task<bool> edited_inline(Api api) {
  const Box<Message> edited = co_await api.edit_message_text().inline_message_id("abc").text(long_text);
  co_return edited.has_value();
}

TEST_F(ApiCalls, AnEditedInlineMessageGivesNoMessage) {
  peer.answer(200, R"({"ok":true,"result":true})");
  EXPECT_FALSE(run(edited_inline));
  peer.answer(200, message);
  EXPECT_TRUE(run(edited_inline));
}

Task<> photo(Api api, std::string path) { co_await api.send_photo(7, InputFile::path(path)).caption("c"); }

TEST_F(ApiCalls, APhotoIsAPartNamedLikeItsParameter) {
  peer.answer(200, message);
  tests::run(io, photo(Api(client()), folder.write("p.png", "PNG")));
  const auto got = parts();
  ASSERT_EQ(got.size(), 3u);
  EXPECT_EQ(got[0].name, "chat_id");
  EXPECT_EQ(got[1].name, "caption");
  EXPECT_EQ(got[2].name, "photo");
  EXPECT_EQ(got[2].filename, "p.png");
  EXPECT_EQ(got[2].data, "PNG");
}

Task<std::size_t> album(Api api) {
  std::vector<MediaGroupItem> media;
  InputMediaPhoto first(InputFile::bytes("one", "1.png"));
  first.caption = long_text;
  media.emplace_back(first);
  media.emplace_back(InputMediaPhoto("AgAC-known"));
  media.emplace_back(InputMediaPhoto(InputFile::bytes("three", "3.png")));
  const std::vector<Message> sent = co_await api.send_media_group(7, media).silent();
  co_return sent.size();
}

TEST_F(ApiCalls, AnAlbumsFilesAreAttached) {
  peer.answer(200, R"({"ok":true,"result":[{"message_id":1},{"message_id":2},{"message_id":3}]})");
  EXPECT_EQ(run(album), 3u);
  const auto got = parts();
  ASSERT_EQ(got.size(), 5u);
  EXPECT_EQ(got[1].name, "media");
  EXPECT_THAT(std::string(got[1].data), HasSubstr(R"("media":"attach://file0")"));
  EXPECT_THAT(std::string(got[1].data), HasSubstr(R"("media":"AgAC-known")"));
  EXPECT_THAT(std::string(got[1].data), HasSubstr(R"("media":"attach://file1")"));
  EXPECT_EQ(got[3].name, "file0");
  EXPECT_EQ(got[3].data, "one");
  EXPECT_EQ(got[4].name, "file1");
  EXPECT_EQ(got[4].data, "three");
}

TEST_F(ApiCalls, AResultOfAnotherShapeWasSentAllTheSame) {
  peer.answer(200, R"({"ok":true,"result":"surprise"})");
  const Error error = error_of([this] { run(temporary); });
  EXPECT_EQ(error.outcome(), Outcome::sent);
  EXPECT_FALSE(error.retryable());
}

TEST_F(ApiCalls, AnUnsentCallIsARequestForTheOutbox) {
  const Request request = SendMessage(7, "x").silent().request();
  EXPECT_EQ(request.method, "sendMessage");
  EXPECT_EQ(request.json, R"({"chat_id":7,"text":"x","disable_notification":true})");
}

}  // namespace
