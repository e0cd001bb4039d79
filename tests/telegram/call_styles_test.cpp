// Every way of writing a call that the documents show, kept here so that the address sanitizer sees each with every
// compiler: g++ 12 destroys some temporaries of an await twice.
#include "tests/telegram/client_fixture.hpp"
#include "tgkit/json/append.hpp"
#include "tgkit/telegram/call_run.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <gmock/gmock.h>

namespace tests {

// What comes back: the JSON that was sent, so that a test sees what arrived.
struct Echo {
  std::string sent;
};

class [[nodiscard]] SendEcho : public tgkit::telegram::Call<Echo> {
 public:
  SendEcho(std::int64_t chat_id, std::string text) : Call("sendEcho") {
    draft().key("chat_id") += std::to_string(chat_id);
    tgkit::json::append_string(draft().key("text"), text);
  }
  SendEcho& silent(bool on = true) & {
    draft().key("silent") += on ? "true" : "false";
    return *this;
  }
  SendEcho&& silent(bool on = true) && { return std::move(silent(on)); }
  SendEcho& mode(std::string mode) & {
    tgkit::json::append_string(draft().key("mode"), mode);
    return *this;
  }
  SendEcho&& mode(std::string m) && { return std::move(mode(std::move(m))); }
};

class EchoApi {
 public:
  explicit EchoApi(tgkit::telegram::Client& client) : client_(client) {}
  SendEcho send(std::int64_t chat_id, std::string text = "a default text that is too long for the short string") {
    SendEcho call(chat_id, std::move(text));
    call.bind(client_);
    return call;
  }

 private:
  tgkit::telegram::Client& client_;
};

}  // namespace tests

namespace tgkit::telegram {
template <>
tests::Echo read_result<tests::Echo>(std::string_view json) {
  return tests::Echo{std::string(json)};
}
template class Call<tests::Echo>;
}  // namespace tgkit::telegram

namespace {

using tests::Echo;
using tests::EchoApi;
using tests::SendEcho;
using tgkit::Task;
using tgkit::telegram::Call;

constexpr const char* long_text = "a text that is too long for the short string";

class CallStyles : public tests::ClientTest {
 protected:
  // Answers each request with what it said.
  void SetUp() override {
    for (int i = 1; i <= 8; ++i) peer.answer(200, R"({"ok":true,"result":{"n":)" + std::to_string(i) + "}}");
  }
  std::vector<std::string> sent() const {
    std::vector<std::string> bodies;
    for (const tests::SeenRequest& request : peer.seen()) bodies.push_back(request.body);
    return bodies;
  }
  template <class T>
  T run(Task<T> (*style)(EchoApi)) {
    return tests::run(io, style(EchoApi(client())));
  }
};

Task<std::string> temporary(EchoApi api) {
  const Echo echo = co_await api.send(1, long_text).silent().mode("html");
  co_return echo.sent;
}

TEST_F(CallStyles, ATemporaryWithSetters) {
  EXPECT_EQ(run(temporary), R"({"n":1})");
  EXPECT_EQ(sent().at(0), std::string(R"({"chat_id":1,"text":")") + long_text + R"(","silent":true,"mode":"html"})");
}

Task<> no_result(EchoApi api) {
  co_await api.send(1, long_text);
  (void)co_await api.send(2, long_text).silent();
}

TEST_F(CallStyles, AResultThatIsNotUsed) {
  run(no_result);
  EXPECT_EQ(sent().size(), 2u);
}

Task<std::string> named(EchoApi api) {
  SendEcho call = api.send(1, long_text);
  call.silent();
  call.mode("x").silent(false);
  const Echo echo = co_await std::move(call);
  co_return echo.sent;
}

TEST_F(CallStyles, ANamedCallThatIsChangedAndThenMovedIntoTheAwait) {
  EXPECT_EQ(run(named), R"({"n":1})");
  EXPECT_EQ(sent().at(0), std::string(R"({"chat_id":1,"text":")") + long_text + R"(","mode":"x","silent":false})");
}

Task<> moved(EchoApi api) {
  SendEcho first = api.send(1, long_text).silent();
  SendEcho second = std::move(first);
  second.mode("moved");
  auto third = std::move(second).silent(false);
  co_await std::move(third);
}

TEST_F(CallStyles, ACallThatWasMovedAbout) {
  run(moved);
  EXPECT_EQ(sent().at(0), std::string(R"({"chat_id":1,"text":")") + long_text + R"(","mode":"moved","silent":false})");
}

Task<int> in_a_loop(EchoApi api) {
  int count = 0;
  for (const std::string text : {"one", "two", "three"}) {
    const auto answer = co_await api.send(count, text + long_text).silent(count > 0);
    if (answer.sent.empty()) co_return -1;
    ++count;
  }
  co_return count;
}

TEST_F(CallStyles, InALoop) {
  EXPECT_EQ(run(in_a_loop), 3);
  EXPECT_EQ(sent().size(), 3u);
}

Task<> with_defaults(EchoApi api) { co_await api.send(1); }

TEST_F(CallStyles, WithDefaultArguments) {
  run(with_defaults);
  EXPECT_EQ(sent().at(0), R"({"chat_id":1,"text":"a default text that is too long for the short string"})");
}

Task<> nested(EchoApi api) {
  co_await api.send(2, (co_await api.send(1, long_text).silent()).sent).mode((co_await api.send(3, "x")).sent);
}

TEST_F(CallStyles, CallsAsArgumentsOfCalls) {
  run(nested);
  EXPECT_EQ(sent().size(), 3u);
  EXPECT_EQ(sent().at(2), R"({"chat_id":2,"text":"{\"n\":1}","mode":"{\"n\":2}"})");
}

Task<std::string> chosen(EchoApi api, bool html) {
  SendEcho call = api.send(1, long_text);
  if (html) call.mode("html");
  co_return (co_await std::move(call)).sent;
}

TEST_F(CallStyles, WithAnOptionOnlySometimes) {
  EXPECT_EQ(tests::run(io, chosen(EchoApi(client()), true)), R"({"n":1})");
  EXPECT_THAT(sent().at(0), testing::HasSubstr("html"));
}

Task<Echo> handed_on(EchoApi api) { return api.send(1, long_text).silent(); }

TEST_F(CallStyles, ACallIsATaskAndCanBeReturnedAsOne) { EXPECT_EQ(run(handed_on).sent, R"({"n":1})"); }

Task<> kept(EchoApi api) {
  Task<Echo> later = api.send(1, long_text).silent();
  co_await api.send(2, "first");
  co_await std::move(later);
}

TEST_F(CallStyles, ATaskOutlivesTheCallItWasMadeFrom) {
  run(kept);
  EXPECT_THAT(sent().at(1), testing::HasSubstr(long_text));
}

Task<> side_by_side(EchoApi api) {
  using namespace boost::asio::experimental::awaitable_operators;
  co_await (api.send(1, long_text).silent() && api.send(2, long_text));
}

TEST_F(CallStyles, TwoAtOnce) {
  run(side_by_side);
  EXPECT_EQ(sent().size(), 2u);
}

Task<std::string> caught(EchoApi api) {
  std::string text;
  try {
    co_await api.send(1, long_text).silent();
  } catch (const tgkit::telegram::Error& error) {
    text = error.what();
  }
  co_return text;
}

TEST(CallStylesWithErrors, AnErrorIsCaughtAroundTheAwait) {
  boost::asio::io_context io;
  tgkit::ManualClock clock;
  tgkit::net::HttpClient http(io.get_executor(), clock, {});
  tests::ScriptedPeer peer(io);
  peer.answer(400, R"({"ok":false,"error_code":400,"description":"Bad Request: text is empty"})");
  tgkit::telegram::Client client(
      http, clock,
      tgkit::telegram::Settings(tgkit::net::Secret("1:a"),
                                tgkit::net::Url::parse("http://127.0.0.1:" + std::to_string(peer.port()))));
  EXPECT_EQ(tests::run(io, caught(EchoApi(client))), "sendEcho: 400 Bad Request: text is empty");
}

Task<> with_options(EchoApi api) {
  SendEcho call = api.send(1, long_text);
  call.options().trace_id = "trace";
  co_await std::move(call);
}

TEST_F(CallStyles, WithOptions) {
  std::string trace;
  auto with = settings();
  with.on_call = [&](const tgkit::telegram::CallReport& report) { trace = report.trace_id; };
  client(std::move(with));
  run(with_options);
  EXPECT_EQ(trace, "trace");
}

TEST(UnsentCall, GivesItsRequestOnce) {
  SendEcho call(1, "x");
  EXPECT_EQ(call.method(), "sendEcho");
  const tgkit::telegram::Request request = call.silent().request();
  EXPECT_EQ(request.method, "sendEcho");
  EXPECT_EQ(request.json, R"({"chat_id":1,"text":"x","silent":true})");
  EXPECT_THROW(call.request(), std::logic_error);
  EXPECT_EQ(SendEcho(2, "y").silent().request().json, R"({"chat_id":2,"text":"y","silent":true})");
}

Task<> await_unbound() { co_await SendEcho(1, long_text); }

TEST(UnsentCall, CannotBeAwaitedWithoutAClient) {
  boost::asio::io_context io;
  EXPECT_THROW(tests::run(io, await_unbound()), std::logic_error);
}

}  // namespace
