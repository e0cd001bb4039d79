#include "app/notices.hpp"

#include "tests/support/run_task.hpp"
#include "tgkit/storage/memory_store.hpp"
#include "tgkit/telegram/call_options.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace app {
namespace {

using tgkit::Task;

class NoticesTest : public testing::Test {
 protected:
  NoticesTest() {
    tests::run(io, store.open());
    tests::run(io, outbox.start());
  }

  Task<std::string> send(tgkit::telegram::Request request) {
    sent.push_back(request.json);
    co_return "{}";
  }

  void choose_language(std::int64_t user, const char* code) {
    Preferences chosen;
    chosen.language = code;
    tgkit::storage::Commit commit;
    commit.writes.push_back({{"preferences", "u" + std::to_string(user)},
                             tgkit::storage::StateRecord{tgkit::bot::encode_state(chosen), 0, 0}});
    tests::run(io, store.commit(std::move(commit)));
  }

  Notices notices_for(std::vector<std::int64_t> readers) {
    return Notices(io.get_executor(), store, outbox, log, tgkit::bot::CallbackKey(), std::move(readers), Defaults(),
                   heard);
  }

  void let_it_leave(Notices& notices) {
    tests::run(io, notices.stop());
    tests::run(io, outbox.stop());
  }

  boost::asio::io_context io{1};
  tgkit::ManualClock clock;
  tgkit::storage::MemoryStore store{clock};
  tgkit::ops::Log log{quiet()};
  tgkit::ops::Metrics metrics;
  std::vector<std::string> sent;
  HeardLanguages heard;
  tgkit::bot::Outbox outbox{
      io.get_executor(),
      clock,
      log,
      store,
      metrics,
      [this](tgkit::telegram::Request request, tgkit::telegram::CallOptions) { return send(std::move(request)); },
      {}};

 private:
  static tgkit::ops::Log::Settings quiet() {
    tgkit::ops::Log::Settings settings;
    settings.file = "/dev/null";
    return settings;
  }
};

TEST_F(NoticesTest, EveryReaderIsToldInHisOwnLanguage) {
  choose_language(7, "ru");
  Notices notices = notices_for({7, 8});
  notices.tell("test", [](const Texts& t, Keyboard keyboard) {
    keyboard.button(t.tr("Menu"), OpenMenu{});
    return Page(t.tr("Trading goes on."), std::move(keyboard));
  });
  let_it_leave(notices);
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_NE(sent[0].find("Торговля продолжается"), std::string::npos) << sent[0];
  EXPECT_NE(sent[1].find("Trading goes on."), std::string::npos) << sent[1];
  EXPECT_NE(sent[1].find("callback_data"), std::string::npos) << "its buttons are signed";
}

TEST_F(NoticesTest, WhoHasChosenNoLanguageIsToldInTheOneThatTelegramNames) {
  heard.hear(7, "ru-RU");
  Notices notices = notices_for({7});
  notices.tell("test", [](const Texts& t, Keyboard keyboard) { return Page(t.tr("Menu"), std::move(keyboard)); });
  let_it_leave(notices);
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_NE(sent[0].find("Меню"), std::string::npos) << sent[0];
}

TEST_F(NoticesTest, AnEditNamesItsMessage) {
  Notices notices = notices_for({});
  notices.edit(5, 77, Page("text", notices.keyboard()));
  let_it_leave(notices);
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_NE(sent[0].find("\"message_id\":77"), std::string::npos) << sent[0];
}

}  // namespace
}  // namespace app
