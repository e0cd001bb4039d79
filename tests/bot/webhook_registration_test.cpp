#include "tgkit/bot/webhook_registration.hpp"

#include "tests/bot/support/harness.hpp"
#include "tgkit/ops/exit_codes.hpp"
#include "tgkit/ops/service.hpp"
#include "tgkit/telegram/json.hpp"
#include "tgkit/telegram/types/update.hpp"

#include <deque>

#include <gtest/gtest.h>

namespace {

using namespace tgkit;
using namespace tgkit::bot;
using tests::api_error;
using tests::Harness;
using namespace std::chrono_literals;

const std::string address = "https://bot.example/hook";

// Telegram's side: remembers what is registered, fails when told to.
class Registration : public ::testing::Test {
 protected:
  Registration() {
    settings.wish.url = address;
    settings.wish.allowed_updates = {"message"};
    settings.key = net::Secret("1:token");
    make();
  }
  ~Registration() override {
    h.tasks.cancel();
    h.pump();
  }

  void make() {
    registration = std::make_unique<WebhookRegistration>(
        h.clock, *h.log, h.metrics, h.store,
        [this](telegram::Request request, telegram::CallOptions) { return answer(std::move(request)); }, settings);
  }
  // A new process on the same store.
  void restart() {
    h.tasks.cancel();
    h.pump();
    make();
  }
  void begin() {
    ASSERT_TRUE(h.done(h.spawn(registration->load())));
    const std::size_t begun = h.spawn(registration->begin());
    for (int i = 0; i < 10 && !h.done(begun); ++i) h.advance(1s);
    ASSERT_TRUE(h.done(begun));
    if (h.error(begun)) std::rethrow_exception(h.error(begun));
    h.tasks.spawn(registration->watch());
    h.pump();
  }

  Task<std::string> answer(telegram::Request request) {
    calls.push_back(request);
    if (std::deque<telegram::Error>& next = errors[request.method]; !next.empty()) {
      const telegram::Error error = next.front();
      next.pop_front();
      throw error;
    }
    if (request.method == "getWebhookInfo") co_return telegram::to_json(info);
    if (request.method == "setWebhook") {
      info.url = field(request, "url");
      info.max_connections = 40;
      info.allowed_updates = {"message"};
      info.has_custom_certificate = !request.files.empty();
      known_secret = field(request, "secret_token");
    } else if (request.method == "deleteWebhook") {
      info = telegram::WebhookInfo();
    }
    co_return "true";
  }
  static std::string field(const telegram::Request& request, const std::string& name) {
    const std::string start = "\"" + name + "\":\"";
    const std::size_t at = request.json.find(start);
    if (at == std::string::npos) return "";
    const std::size_t begin = at + start.size();
    return request.json.substr(begin, request.json.find('"', begin) - begin);
  }
  void pass(int seconds) {  // step by step: what waits for a while begins to wait anew
    for (int i = 0; i < seconds; ++i) h.advance(1s);
  }
  std::string ours() const { return address + "?instance=" + registration->instance(); }
  std::size_t count(std::string_view method) const {
    return static_cast<std::size_t>(std::ranges::count(calls, method, &telegram::Request::method));
  }
  void fail_delivery(const std::string& reason) {
    info.last_error_message = reason;
    info.last_error_date = ++error_date;
  }

  Harness h;
  WebhookRegistration::Settings settings;
  telegram::WebhookInfo info;
  std::string known_secret;
  std::map<std::string, std::deque<telegram::Error>> errors;
  std::vector<telegram::Request> calls;
  std::int64_t error_date = 1'790'000'000;
  std::unique_ptr<WebhookRegistration> registration;
};

TEST_F(Registration, IsMadeOnceAndFoundAgainByTheNextProcess) {
  begin();
  EXPECT_TRUE(registration->view().registered);
  EXPECT_EQ(info.url, ours());
  EXPECT_EQ(known_secret, registration->secret().reveal());
  EXPECT_EQ(known_secret.size(), 43U);
  const std::string first = known_secret;
  restart();
  begin();
  EXPECT_TRUE(registration->view().registered);
  EXPECT_EQ(registration->secret().reveal(), first);
  EXPECT_EQ(count("setWebhook"), 1U);
}

TEST_F(Registration, AnotherSecretIsToldThoughTelegramDoesNotShowIt) {
  settings.secret = net::Secret("first");
  make();
  begin();
  settings.secret = net::Secret("second");
  restart();
  begin();
  EXPECT_EQ(count("setWebhook"), 2U);
  EXPECT_EQ(known_secret, "second");
}

TEST_F(Registration, ANoteThatAKillCutShortVouchesForNothing) {
  settings.secret = net::Secret("first");
  make();
  begin();
  settings.secret = net::Secret("second");
  restart();
  errors["setWebhook"] = {tests::network_error(telegram::Outcome::unknown)};
  begin();
  known_secret = "second";  // it had arrived
  settings.secret = net::Secret("first");
  restart();
  begin();
  EXPECT_EQ(known_secret, "first");
}

TEST_F(Registration, TheSecretIsInNoLogLineAndAGivenOneNotInTheStore) {
  settings.secret = net::Secret("given-by-the-operator");
  make();
  begin();
  EXPECT_EQ(h.log_text().find("given-by"), std::string::npos);
  for (const auto& [key, record] : h.store.states) EXPECT_EQ(record.value.find("given-by"), std::string::npos);
}

TEST_F(Registration, ACertificateIsUploadedAndItsChangeToo) {
  settings.wish.certificate = "-----BEGIN CERTIFICATE-----1";
  make();
  begin();
  ASSERT_EQ(calls.back().method, "setWebhook");
  ASSERT_EQ(calls.back().files.size(), 1U);
  EXPECT_EQ(calls.back().files[0].name, "certificate");
  EXPECT_EQ(*calls.back().files[0].file.content(), settings.wish.certificate);
  settings.wish.certificate = "-----BEGIN CERTIFICATE-----2";
  restart();
  begin();
  EXPECT_EQ(count("setWebhook"), 2U);
}

TEST_F(Registration, WhatPassesIsTriedAgainAndItIsNotReadyUntilThen) {
  errors["getWebhookInfo"] = {tests::network_error(telegram::Outcome::not_sent)};
  errors["setWebhook"] = {api_error(429, "Too Many Requests: retry after 50", 50), api_error(409, "Conflict")};
  begin();
  EXPECT_FALSE(registration->view().registered);
  h.advance(1s);
  EXPECT_EQ(count("setWebhook"), 1U);
  h.advance(49s);
  EXPECT_EQ(count("setWebhook"), 1U);
  for (int i = 0; i < 60 && !registration->view().registered; ++i) h.advance(1s);
  EXPECT_TRUE(registration->view().registered);
  EXPECT_EQ(count("setWebhook"), 3U);
}

TEST_F(Registration, WhatTelegramRefusesEndsTheStartWithItsReason) {
  errors["setWebhook"] = {api_error(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")};
  try {
    begin();
    ADD_FAILURE() << "it began";
  } catch (const ops::StartError& error) {
    EXPECT_EQ(error.exit_code(), ops::exit_code::start_failed);
    EXPECT_NE(std::string(error.what()).find("An HTTPS URL"), std::string::npos);
  }
  errors["getWebhookInfo"] = {tests::unauthorized()};
  errors["getMe"] = {tests::unauthorized(), tests::unauthorized()};
  try {
    begin();
    ADD_FAILURE() << "it began";
  } catch (const ops::StartError& error) {
    EXPECT_EQ(error.exit_code(), ops::exit_code::token_refused);
  }
}

TEST_F(Registration, ARefusalOfTheTokenThatGetMeDoesNotConfirmIsTriedAgain) {
  errors["getWebhookInfo"] = {tests::unauthorized()};
  errors["getMe"] = {tests::unauthorized()};
  begin();
  for (int i = 0; i < 60 && !registration->view().registered; ++i) h.advance(1s);
  EXPECT_TRUE(registration->view().registered);
}

TEST_F(Registration, ARemovedOneIsMadeAgainWithGrowingPauses) {
  begin();
  std::vector<TimePoint> made;
  for (int seconds = 0; seconds < 3000; ++seconds) {
    info.url.clear();
    const std::size_t before = count("setWebhook");
    h.advance(1s);
    if (count("setWebhook") > before) made.push_back(h.clock.now());
  }
  ASSERT_GE(made.size(), 5U);
  EXPECT_LE(made.size(), 60U);
  EXPECT_EQ(made[0] - TimePoint{}, 60s);
}

TEST_F(Registration, AnotherInstanceThatTookOverIsYieldedTo) {
  begin();
  EXPECT_EQ(info.url, ours());
  info.url = "https://other.example/hook";
  h.advance(1min);
  EXPECT_FALSE(registration->view().registered);
  EXPECT_TRUE(registration->ownership().stepped_down());
  h.advance(1h);
  EXPECT_EQ(count("setWebhook"), 1U);
  EXPECT_EQ(info.url, "https://other.example/hook");
  info.url.clear();  // it is gone, and has cleaned up
  for (int i = 0; i < 700; ++i) h.advance(1s);
  EXPECT_TRUE(registration->view().registered);
  EXPECT_EQ(info.url, ours());
  EXPECT_FALSE(registration->ownership().stepped_down());
  const std::string log = h.log_text();
  EXPECT_EQ(log.find("another instance"), log.rfind("another instance")) << log;
}

TEST_F(Registration, AnInstanceWithTheSameAddressIsYieldedToUntilUpdatesWaitThatItDoesNotTake) {
  begin();
  info.url = address + "?instance=another";
  h.advance(1min);
  EXPECT_FALSE(registration->view().registered);
  h.advance(1h);
  EXPECT_EQ(count("setWebhook"), 1U);
  info.pending_update_count = 1;
  pass(9);
  EXPECT_EQ(count("setWebhook"), 1U);
  pass(6);
  EXPECT_EQ(info.url, ours());
  EXPECT_TRUE(registration->view().registered);
  info.url = address + "?instance=another";  // it was alive, only slow
  pass(5);
  pass(15);
  EXPECT_EQ(count("setWebhook"), 2U) << "the looks are further apart now";
}

TEST_F(Registration, AnotherInstancesSecretIsSteppedDownForUntilUpdatesWaitThatNobodyTakes) {
  begin();
  fail_delivery("Wrong response from the webhook: 401 Unauthorized");
  h.advance(1min);
  EXPECT_TRUE(registration->ownership().stepped_down());
  EXPECT_NE(h.log_text().find("does a second bot run?"), std::string::npos);
  h.advance(1h);  // the same old error is no news, and nothing says that the secret is ours again
  EXPECT_TRUE(registration->ownership().stepped_down());
  EXPECT_EQ(count("setWebhook"), 1U);
  info.pending_update_count = 1;
  pass(16);
  EXPECT_EQ(count("setWebhook"), 2U);
  EXPECT_FALSE(registration->ownership().stepped_down());
}

TEST_F(Registration, ADeliveryForAnotherInstanceStepsDownAtOnceUnlessItMayBeLate) {
  begin();
  registration->suspect(true);
  EXPECT_FALSE(registration->ownership().stepped_down()) << "it was on its way when we registered";
  for (int i = 0; i < 65; ++i) h.advance(1s);
  registration->suspect(false);
  EXPECT_FALSE(registration->ownership().stepped_down()) << "a stranger";
  registration->suspect(true);
  EXPECT_TRUE(registration->ownership().stepped_down());
}

TEST_F(Registration, WhatTelegramSaysAboutDeliveriesIsShownOnceAndForgottenWhenItIsOver) {
  begin();
  info.pending_update_count = 7;
  fail_delivery("Connection refused");
  h.advance(1min);
  EXPECT_EQ(registration->view().trouble, "Connection refused");
  EXPECT_EQ(registration->view().pending, 7);
  EXPECT_EQ(h.metrics.sum("tgkit_webhook_pending_updates"), 7);
  EXPECT_TRUE(registration->view().registered);
  fail_delivery("Connection refused");
  h.advance(1min);
  h.advance(1min);
  EXPECT_EQ(registration->view().trouble, "");
  const std::string log = h.log_text();
  EXPECT_NE(log.find("Connection refused"), std::string::npos);
  EXPECT_EQ(log.find("Connection refused"), log.rfind("Connection refused"));
}

TEST_F(Registration, OldTroubleOfAnEarlierRunIsNoNews) {
  fail_delivery("Wrong response from the webhook: 401 Unauthorized");
  begin();
  h.advance(2min);
  EXPECT_EQ(registration->view().trouble, "");
  EXPECT_EQ(count("setWebhook"), 1U);
}

TEST_F(Registration, WhatWaitsIsTakenBeforeAnotherWebhookIsReplacedAndOnlyThen) {
  std::vector<std::string> order;
  settings.take_pending = [&](std::int64_t waiting) -> Task<> {
    EXPECT_EQ(info.url, "");
    order.push_back("take " + std::to_string(waiting) + " after " + std::to_string(count("deleteWebhook")));
    co_return;
  };
  settings.on_pending = [&](std::int64_t waiting) { order.push_back("stay " + std::to_string(waiting)); };
  info.url = "https://other.example/hook";
  info.pending_update_count = 3;
  restart();
  begin();
  EXPECT_EQ(order, std::vector<std::string>{"take 3 after 1"});
  EXPECT_EQ(count("setWebhook"), 1U);
  EXPECT_EQ(info.url, ours());
}

TEST_F(Registration, WhatWaitsForAWebhookThatIsOursAlreadyIsDelivered) {
  bool taken = false;
  std::int64_t staying = 0;
  settings.take_pending = [&](std::int64_t) -> Task<> {
    taken = true;
    co_return;
  };
  settings.on_pending = [&](std::int64_t waiting) { staying = waiting; };
  restart();
  begin();
  info.pending_update_count = 3;
  restart();
  begin();
  EXPECT_FALSE(taken);
  EXPECT_EQ(staying, 3);
  EXPECT_EQ(count("setWebhook"), 1U);
}

TEST_F(Registration, IsRemovedWhenAskedUnlessItIsAnothers) {
  begin();
  EXPECT_TRUE(h.done(h.spawn(registration->remove())));
  EXPECT_EQ(info.url, "");
  info.url = "https://other.example/hook";
  EXPECT_TRUE(h.done(h.spawn(registration->remove())));
  EXPECT_EQ(info.url, "https://other.example/hook");
}

}  // namespace
