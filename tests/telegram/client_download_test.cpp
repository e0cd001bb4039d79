#include "tests/telegram/client_fixture.hpp"
#include "tests/telegram/temporary_folder.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>
#include <gmock/gmock.h>

namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using tgkit::telegram::Error;

class ClientDownload : public tests::ClientTest {
 protected:
  void download(const std::string& file_path, const std::string& target, tgkit::net::Progress progress = {}) {
    tests::run(io, client().download(file_path, target, std::move(progress)));
  }
  tests::TemporaryFolder folder;
};

TEST_F(ClientDownload, AFileIsFetchedToItsPlaceWithProgress) {
  const std::string content(500'000, 'd');
  peer.answer(200, content);
  std::uint64_t last = 0;
  std::optional<std::uint64_t> total;
  download("photos/file 1.jpg", folder.file("out.jpg"), [&](std::uint64_t done, std::optional<std::uint64_t> of) {
    EXPECT_GT(done, last);
    last = done;
    total = of;
  });
  EXPECT_EQ(peer.seen().at(0).line, std::string("GET /file/bot") + tests::token + "/photos/file%201.jpg HTTP/1.1");
  EXPECT_TRUE(folder.read("out.jpg") == content);
  EXPECT_EQ(folder.count(), 1u);
  EXPECT_EQ(last, content.size());
  EXPECT_EQ(total, content.size());
}

TEST_F(ClientDownload, TheTestEnvironmentHasItsOwnPathForFiles) {
  auto with = settings();
  with.test_environment = true;
  client(std::move(with));
  peer.answer(200, "x");
  download("a", folder.file("a"));
  EXPECT_EQ(peer.seen().at(0).line, std::string("GET /file/bot") + tests::token + "/test/a HTTP/1.1");
}

TEST_F(ClientDownload, AnOlderFileIsReplacedOnlyByAWholeOne) {
  folder.write("out", "old");
  peer.answer_raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
  error_of([&] { download("a", folder.file("out")); });
  EXPECT_EQ(folder.read("out"), "old");
  peer.answer(200, "new");
  download("a", folder.file("out"));
  EXPECT_EQ(folder.read("out"), "new");
}

TEST_F(ClientDownload, AFailureMidwayLeavesNoFileAtAll) {
  peer.answer_raw("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + std::string(300'000, 'x'));
  const Error error = error_of([&] { download("a", folder.file("out")); });
  EXPECT_EQ(error.kind(), Error::Kind::transport);
  EXPECT_EQ(error.method(), "download");
  EXPECT_TRUE(error.retryable());
  EXPECT_EQ(folder.count(), 0u);
}

TEST_F(ClientDownload, ACancelledDownloadLeavesNoFileAtAll) {
  peer.answer_and_wait("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + std::string(300'000, 'x'));
  boost::asio::cancellation_signal stop;
  std::exception_ptr failure;
  const auto progress = [&](std::uint64_t, std::optional<std::uint64_t>) {
    EXPECT_EQ(folder.count(), 1u);
    boost::asio::post(io, [&] { stop.emit(boost::asio::cancellation_type::terminal); });
  };
  boost::asio::co_spawn(
      io, client().download("a", folder.file("out"), progress),
      boost::asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr error) { failure = error; }));
  while (!failure) io.run_one();
  EXPECT_THROW(std::rethrow_exception(failure), boost::system::system_error);
  EXPECT_EQ(folder.count(), 0u);
}

TEST_F(ClientDownload, ARefusalIsAnErrorAndLeavesNoFile) {
  peer.answer(404, R"({"ok":false,"error_code":404,"description":"Not Found"})");
  const Error error = error_of([&] { download("a", folder.file("out")); });
  EXPECT_EQ(error.error_code(), 404);
  peer.answer(502, "<html>");
  EXPECT_TRUE(error_of([&] { download("a", folder.file("out")); }).retryable());
  EXPECT_EQ(folder.count(), 0u);
}

TEST_F(ClientDownload, ATargetThatCannotBeWrittenIsNamed) {
  const std::string target = folder.file("no/such/folder/out");
  const Error error = error_of([&] { download("a", target); });
  EXPECT_EQ(error.kind(), Error::Kind::local);
  EXPECT_THAT(error.what(), HasSubstr(target));
  EXPECT_EQ(peer.connections(), 0u);
}

TEST_F(ClientDownload, ATargetThatIsAFolderIsNamed) {
  std::filesystem::create_directory(folder.file("out"));
  peer.answer(200, "x");
  const Error error = error_of([&] { download("a", folder.file("out")); });
  EXPECT_THAT(error.what(), HasSubstr(folder.file("out")));
  EXPECT_EQ(folder.count(), 1u);
}

TEST_F(ClientDownload, AFileOfALocalServerIsCopied) {
  const std::string source = folder.write("source", "local");
  download(source, folder.file("out"));
  EXPECT_EQ(folder.read("out"), "local");
  EXPECT_EQ(peer.connections(), 0u);
  const Error error = error_of([&] { download(folder.file("missing"), folder.file("other")); });
  EXPECT_THAT(error.what(), HasSubstr(folder.file("missing")));
}

TEST_F(ClientDownload, AFileIdIsResolvedFirst) {
  peer.answer(200, R"({"ok":true,"result":{"file_id":"A","file_path":"documents\/f.txt","file_size":7}})");
  peer.answer(200, "content");
  const std::uint64_t bytes = tests::run(io, client().download_file("A\"", folder.file("out")));
  EXPECT_EQ(bytes, 7u);
  EXPECT_EQ(peer.seen().at(0).body, R"({"file_id":"A\""})");
  EXPECT_EQ(peer.seen().at(1).line, std::string("GET /file/bot") + tests::token + "/documents/f.txt HTTP/1.1");
  EXPECT_EQ(folder.read("out"), "content");
}

TEST_F(ClientDownload, AFileWithoutAPathIsAnError) {
  peer.answer(200, R"({"ok":true,"result":{"file_id":"A"}})");
  const Error error = error_of([&] { tests::run(io, client().download_file("A", folder.file("out"))); });
  EXPECT_EQ(error.kind(), Error::Kind::local);
  EXPECT_EQ(folder.count(), 0u);
}

}  // namespace
