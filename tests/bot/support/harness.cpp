#include "tests/bot/support/harness.hpp"

#include "tgkit/json/reader.hpp"

#include <algorithm>
#include <filesystem>

namespace tests {

using namespace tgkit;
using namespace tgkit::bot;

telegram::Error api_error(int code, const std::string& description, int retry_after) {
  telegram::Error::Details details;
  details.kind = telegram::Error::Kind::answered;
  details.method = "sendMessage";
  details.error_code = details.http_status = code;
  details.description = description;
  if (retry_after > 0) details.retry_after = std::chrono::seconds(retry_after);
  details.outcome = code >= 500 ? telegram::Outcome::unknown : telegram::Outcome::not_sent;
  return telegram::Error(details);
}

telegram::Error network_error(telegram::Outcome outcome) {
  telegram::Error::Details details;
  details.kind = telegram::Error::Kind::transport;
  details.method = "sendMessage";
  details.description = "connection broke";
  details.outcome = outcome;
  return telegram::Error(details);
}

telegram::Error unauthorized() { return api_error(401, "Unauthorized"); }

namespace {

// As a file may be called: parameterised tests have a slash.
std::string test_name() {
  std::string name =
      "bot_test_" + std::to_string(::getpid()) + "_" + ::testing::UnitTest::GetInstance()->current_test_info()->name();
  std::ranges::replace(name, '/', '_');
  return name;
}

}  // namespace

Harness::Harness(DispatcherSettings dispatcher_settings, OutboxSettings outbox_settings)
    : log_file((std::filesystem::temp_directory_path() / (test_name() + ".log")).string()),
      log([this] {
        ops::Log::Settings settings;
        settings.level = ops::Level::debug;
        settings.file = log_file;
        return std::make_unique<ops::Log>(settings);
      }()),
      tasks(io.get_executor(), [](const std::exception_ptr&) {}),
      dispatcher_settings_(dispatcher_settings),
      outbox_settings_(outbox_settings) {}

Harness::~Harness() {
  if (dispatcher) {
    answer = nullptr;
    const std::size_t a = spawn(dispatcher->stop());
    for (int i = 0; i < 100 && !done(a); ++i) advance(1s);
    const std::size_t b = spawn(outbox->stop());
    for (int i = 0; i < 100 && !done(b); ++i) advance(1s);
  }
  std::filesystem::remove(log_file);
}

void Harness::start() {
  router.seal(services);
  environment.clock = &clock;
  environment.log = log.get();
  environment.store = &store;
  environment.locks = &locks;
  environment.tasks = &tasks;
  environment.services = &services;
  environment.texts = &texts_spoken;
  environment.matching.id = 4242;
  environment.matching.username = "our_bot";
  outbox = std::make_unique<Outbox>(
      io.get_executor(), clock, *log, store, metrics,
      [this](telegram::Request request, telegram::CallOptions options) {
        return receive(std::move(request), std::move(options));
      },
      outbox_settings_);
  dispatcher =
      std::make_unique<Dispatcher>(io.get_executor(), environment, router, *outbox, metrics, dispatcher_settings_);
}

Task<std::string> Harness::receive(telegram::Request request, telegram::CallOptions options) {
  sent.push_back(
      {std::move(request.method), std::move(request.json), std::move(options.trace_id), std::move(options.on_upload)});
  if (!answer) co_return "{}";
  Sent last = sent.back();
  co_return co_await answer(std::move(last));
}

void Harness::pump() {
  io.restart();
  while (io.poll() > 0) {
  }
}

void Harness::advance(Duration by) {
  clock.advance(by);
  pump();
}

void Harness::take(const std::string& json) {
  telegram::Update parsed = update(json);
  const std::int64_t id = parsed.update_id;
  store.put_inbox(id, json);
  dispatcher->take(std::move(parsed), json);
}

void Harness::handle(const std::string& json) {
  take(json);
  pump();
}

std::size_t Harness::spawn(Task<> task) {
  auto finished = finished_.emplace_back(std::make_shared<bool>(false));
  auto failure = errors_.emplace_back(std::make_shared<std::exception_ptr>());
  boost::asio::co_spawn(io.get_executor(), std::move(task), [finished, failure](std::exception_ptr error) {
    *finished = true;
    *failure = error;
  });
  pump();
  return finished_.size() - 1;
}

std::vector<std::string> Harness::texts() const {
  std::vector<std::string> all;
  for (const Sent& request : sent) {
    if (request.method != "sendMessage") continue;
    tgkit::json::Reader reader(request.json);
    std::string_view key;
    for (bool first = reader.enter_object(); reader.next_key(first, key);) {
      std::string text;
      if (key == "text" && reader.string(text))
        all.push_back(text);
      else
        reader.skip();
    }
  }
  return all;
}

std::size_t Harness::count(std::string_view method) const {
  return static_cast<std::size_t>(std::ranges::count(sent, method, &Sent::method));
}

std::string Harness::log_text() {
  log->flush();
  std::stringstream text;
  text << std::ifstream(log_file).rdbuf();
  return text.str();
}

}  // namespace tests
