#include "tests/telegram/client_fixture.hpp"

#include <gmock/gmock.h>

namespace {

using namespace std::chrono_literals;
using tgkit::telegram::Error;
using tgkit::telegram::PollRequest;

class ClientPoll : public tests::ClientTest {
 protected:
  std::string poll(PollRequest request = PollRequest()) {
    return tests::run(io, client().get_updates_raw(std::move(request)));
  }
};

TEST_F(ClientPoll, ThePollSaysWhatItWants) {
  peer.answer(200, R"({"ok":true,"result":[]})");
  PollRequest request;
  request.offset = 42;
  request.limit = 7;
  request.hold = 25s;
  request.allowed_updates = std::vector<std::string>{"message", "callback_query"};
  poll(std::move(request));
  EXPECT_EQ(peer.seen().at(0).line, std::string("POST /bot") + tests::token + "/getUpdates HTTP/1.1");
  EXPECT_EQ(peer.seen().at(0).body,
            R"({"limit":7,"timeout":25,"offset":42,"allowed_updates":["message","callback_query"]})");
}

TEST_F(ClientPoll, WithoutKindsThoseSetBeforeStayAndWithNoneTheDefaultsReturn) {
  peer.answer(200, R"({"ok":true,"result":[]})");
  poll();
  EXPECT_EQ(peer.seen().at(0).body, R"({"limit":100,"timeout":30})");
  peer.answer(200, R"({"ok":true,"result":[]})");
  PollRequest request;
  request.offset = -1;
  request.allowed_updates.emplace();
  poll(std::move(request));
  EXPECT_EQ(peer.seen().at(1).body, R"({"limit":100,"timeout":30,"offset":-1,"allowed_updates":[]})");
}

TEST_F(ClientPoll, TheWholeBodyIsHandedOverAsItCame) {
  const std::string plain = "{\"ok\":true,\"result\":[{\"update_id\":1,\"message\":{\"text\":\"\xFF\"}}]}";
  peer.answer(200, plain);
  EXPECT_EQ(poll(), plain);
  const std::string unusual = "{\n\"result\" : [],\n\"ok\" : true}";
  peer.answer(200, unusual);
  EXPECT_EQ(poll(), unusual);
}

TEST_F(ClientPoll, APollDoesNotShareItsConnectionWithCalls) {
  peer.answer(200, R"({"ok":true,"result":true})");
  peer.answer(200, R"({"ok":true,"result":[]})");
  send_message();
  poll();
  EXPECT_EQ(peer.connections(), 2u);
}

TEST_F(ClientPoll, APollIsGivenItsHoldAndAMargin) {
  peer.stay_silent();
  std::exception_ptr failure;
  PollRequest request;
  request.hold = 50s;
  boost::asio::co_spawn(io, client().get_updates_raw(std::move(request)),
                        [&](std::exception_ptr error, const std::string&) { failure = error; });
  while (peer.seen().empty()) io.run_one();
  clock.advance(59s);
  io.run_for(20ms);
  EXPECT_FALSE(failure);
  clock.advance(1s);
  while (!failure) io.run_one();
  EXPECT_TRUE(failure);
}

TEST_F(ClientPoll, AConflictAndAWrongTokenAreErrors) {
  peer.answer(409, R"({"ok":false,"error_code":409,"description":"Conflict: terminated by other getUpdates request"})");
  EXPECT_TRUE(error_of([&] { poll(); }).is_conflict());
  peer.answer(401, R"({"ok":false,"error_code":401,"description":"Unauthorized"})");
  EXPECT_TRUE(error_of([&] { poll(); }).is_unauthorized());
}

TEST_F(ClientPoll, APageWithStatus200IsAnError) {
  peer.answer(200, "<html>log in to this network</html>");
  const Error error = error_of([&] { poll(); });
  EXPECT_EQ(error.kind(), Error::Kind::bad_body);
  EXPECT_EQ(error.method(), "getUpdates");
}

}  // namespace
