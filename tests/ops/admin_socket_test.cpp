#include "tgkit/ops/admin_socket.hpp"

#include "tests/ops/temporary_folder.hpp"
#include "tests/support/run_task.hpp"

#include <filesystem>
#include <fstream>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace {

using namespace tgkit;
using namespace tgkit::ops;
using namespace std::chrono_literals;

class Admin : public ::testing::Test {
 protected:
  Admin() { path = folder.path("admin.sock"); }

  void make() {
    socket = std::make_unique<AdminSocket>(io.get_executor(), clock, log, path,
                                           [this](std::vector<std::string> words) { return answer(std::move(words)); });
    tests::run(io, socket->start());
  }
  Task<AdminAnswer> answer(std::vector<std::string> words) {
    if (words.front() == "fail") throw std::runtime_error("no such thing");
    std::string text;
    for (const std::string& word : words) text += "[" + word + "]";
    text += std::string(100'000, '.');
    co_return AdminAnswer(7, text);
  }
  // Asked from another thread, as from another process, while the loop runs.
  std::optional<AdminAnswer> ask(std::vector<std::string> words) {
    std::optional<AdminAnswer> got;
    bool ended = false;
    std::thread asking([&] {
      got = ask_admin(path, words, 10s);
      boost::asio::post(io, [&] { ended = true; });
    });
    io.restart();
    while (!ended && io.run_one() > 0) {
    }
    asking.join();
    return got;
  }
  void stop() { tests::run(io, socket->stop()); }

  tests::TemporaryFolder folder;
  boost::asio::io_context io{1};
  SystemClock clock{io.get_executor()};
  Log log{[] {
    Log::Settings settings;
    settings.level = Level::error;
    return settings;
  }()};
  std::string path;
  std::unique_ptr<AdminSocket> socket;
};

TEST_F(Admin, CarriesWordsThereAndAnAnswerOfAnyLengthBack) {
  make();
  const auto got = ask({"list", "with blanks", ""});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->exit_code, 7);
  EXPECT_TRUE(got->text.starts_with("[list][with blanks][]...")) << got->text.substr(0, 40);
  EXPECT_GT(got->text.size(), 100'000U);
  stop();
}

TEST_F(Admin, AnErrorIsAnsweredWithItsText) {
  make();
  const auto got = ask({"fail"});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->exit_code, 1);
  EXPECT_EQ(got->text, "no such thing\n");
  stop();
}

TEST_F(Admin, OnlyItsOwnerMayConnectAndTheFileGoesWithTheStop) {
  make();
  struct stat found {};
  ASSERT_EQ(::stat(path.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
  stop();
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_FALSE(ask_admin(path, {"list"}, 1s));
}

TEST_F(Admin, ASocketThatADeadProcessLeftIsReplaced) {
  make();
  const std::string kept = path + ".kept";
  std::filesystem::rename(path, kept);  // a stop would take the file away
  stop();
  std::filesystem::rename(kept, path);
  EXPECT_FALSE(ask_admin(path, {"list"}, 1s));
  make();
  EXPECT_TRUE(ask({"list"}));
  stop();
}

TEST_F(Admin, AFileOfThatNameIsLeftAlone) {
  std::ofstream(path) << "precious";
  make();
  EXPECT_FALSE(socket->open());
  stop();
  EXPECT_EQ(std::filesystem::file_size(path), 8U);
}

TEST_F(Admin, ATooLongPathIsExplainedAndTheProgramGoesOn) {
  path = folder.path(std::string(120, 'x'));
  make();
  EXPECT_FALSE(socket->open());
  EXPECT_NE(objection_to_socket_path(path).find("shorter DATA_DIR"), std::string::npos);
  EXPECT_THROW(ask_admin(path, {"list"}, 1s), std::runtime_error);
  stop();
}

}  // namespace
