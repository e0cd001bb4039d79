#include "tests/telegram/client_fixture.hpp"
#include "tests/telegram/temporary_folder.hpp"
#include "tgkit/net/multipart.hpp"

#include <gmock/gmock.h>

namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using tgkit::telegram::CallOptions;
using tgkit::telegram::Error;
using tgkit::telegram::InputFile;
using tgkit::telegram::Outcome;
using tgkit::telegram::Request;

constexpr const char* done = R"({"ok":true,"result":true})";

class ClientUpload : public tests::ClientTest {
 protected:
  static Request document(InputFile file) {
    Request request("sendDocument", R"({"chat_id":7})");
    request.files.emplace_back("document", std::move(file));
    return request;
  }
  std::vector<tgkit::net::FormPart> parts(std::size_t number) {
    const tests::SeenRequest& seen = peer.seen().at(number);
    return tgkit::net::parse_multipart(seen.header("Content-Type"), seen.body);
  }

  tests::TemporaryFolder folder;
};

TEST_F(ClientUpload, AFileGoesOutAsMultipartWithItsLengthKnown) {
  peer.answer(200, done);
  call(document(InputFile::bytes("content", "a \"b\".txt")));
  const auto got = parts(0);
  ASSERT_EQ(got.size(), 2u);
  EXPECT_EQ(got[0].name, "chat_id");
  EXPECT_EQ(got[0].data, "7");
  EXPECT_EQ(got[1].name, "document");
  EXPECT_EQ(got[1].data, "content");
  EXPECT_EQ(peer.seen()[0].header("Content-Length"), std::to_string(peer.seen()[0].body.size()));
}

TEST_F(ClientUpload, ALargeFileArrivesWholeAndItsProgressRises) {
  std::string content(3 << 20, '\0');
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>(i * 31 + i / 4096);
  const std::string path = folder.write("big.bin", content);
  peer.answer(200, done);
  CallOptions options;
  std::vector<std::uint64_t> steps;
  std::optional<std::uint64_t> total;
  options.on_upload = [&](std::uint64_t sent, std::optional<std::uint64_t> of) {
    steps.push_back(sent);
    total = of;
  };
  call(document(InputFile::path(path)), options);
  EXPECT_TRUE(parts(0).at(1).data == content);
  ASSERT_GT(steps.size(), 3u);
  EXPECT_TRUE(std::ranges::is_sorted(steps));
  EXPECT_EQ(steps.back(), peer.seen()[0].body.size());
  EXPECT_EQ(total, peer.seen()[0].body.size());
}

TEST_F(ClientUpload, AMissingFileFailsBeforeAnythingIsSent) {
  const Error error = error_of([&] { call(document(InputFile::path(folder.file("missing.png")))); });
  EXPECT_EQ(error.kind(), Error::Kind::local);
  EXPECT_EQ(error.outcome(), Outcome::not_sent);
  EXPECT_FALSE(error.retryable());
  EXPECT_THAT(error.what(), HasSubstr(folder.file("missing.png")));
  EXPECT_EQ(peer.connections(), 0u);
}

TEST_F(ClientUpload, AFileThatShrinksUnderwayFailsTheCallWithItsName) {
  const std::string path = folder.write("big.bin", std::string(4 << 20, 'x'));
  CallOptions options;
  options.on_upload = [&](std::uint64_t, std::optional<std::uint64_t>) { folder.write("big.bin", "short"); };
  const Error error = error_of([&] { call(document(InputFile::path(path)), options); });
  EXPECT_EQ(error.kind(), Error::Kind::local);
  EXPECT_EQ(error.outcome(), Outcome::not_sent);
  EXPECT_THAT(error.what(), HasSubstr(path));
}

TEST_F(ClientUpload, AnUploadAfterAFloodIsSentAgainFromItsStart) {
  const std::string path = folder.write("a.txt", "again and again");
  peer.answer(429, R"({"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":1}})");
  peer.answer(200, done);
  CallOptions options;
  options.wait_at_most = 2s;
  bool finished = false;
  boost::asio::co_spawn(io, client().call(document(InputFile::path(path)), options),
                        [&](std::exception_ptr error, const std::string&) { finished = !error; });
  for (int turn = 0; turn < 200 && !finished; ++turn) {
    io.run_one_for(20ms);
    clock.advance(100ms);
  }
  ASSERT_TRUE(finished);
  ASSERT_EQ(peer.seen().size(), 2u);
  EXPECT_EQ(parts(0).at(1).data, "again and again");
  EXPECT_EQ(parts(1).at(1).data, "again and again");
}

TEST_F(ClientUpload, AnUploadOnAConnectionThatWasClosedMeanwhileArrivesWhole) {
  peer.answer_raw("HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n" + std::string(done));
  send_message();
  io.poll();
  peer.answer(200, done);
  call(document(InputFile::bytes("content", "a.txt")));
  EXPECT_EQ(parts(1).at(1).data, "content");
}

TEST_F(ClientUpload, AConnectionThatBreaksMidwayLeavesTheEffectUnknown) {
  peer.drop_after_head();
  const Error error = error_of([&] { call(document(InputFile::bytes(std::string(8 << 20, 'x'), "big"))); });
  EXPECT_EQ(error.kind(), Error::Kind::transport);
  EXPECT_EQ(error.outcome(), Outcome::unknown);
  EXPECT_TRUE(error.retryable());
}

TEST_F(ClientUpload, ARefusalThatComesBeforeTheEndOfTheUploadIsHeard) {
  peer.answer_early(413, "");
  const Error error = error_of([&] { call(document(InputFile::bytes("content", "small"))); });
  EXPECT_EQ(error.error_code(), 413);
  EXPECT_EQ(error.outcome(), Outcome::not_sent);
}

TEST_F(ClientUpload, AnUploadHasALongerDeadlineThanACall) {
  peer.stay_silent();
  std::exception_ptr failure;
  boost::asio::co_spawn(io, client().call(document(InputFile::bytes("content", "a.txt"))),
                        [&](std::exception_ptr error, const std::string&) { failure = error; });
  while (peer.seen().empty()) io.run_one();
  clock.advance(299s);
  io.run_for(20ms);
  EXPECT_FALSE(failure);
  clock.advance(1s);
  while (!failure) io.run_one();
  ASSERT_TRUE(failure);
  EXPECT_EQ(error_of([&] { std::rethrow_exception(failure); }).outcome(), Outcome::unknown);
}

}  // namespace
