#pragma once
// A bot without a network: updates are handed to the dispatcher, what leaves is recorded, time is moved by hand.
#include "tests/bot/support/scripted_store.hpp"
#include "tests/bot/support/updates.hpp"
#include "tgkit/async/clock.hpp"
#include "tgkit/async/task_group.hpp"
#include "tgkit/bot/command.hpp"
#include "tgkit/bot/dispatcher.hpp"
#include "tgkit/bot/outbox.hpp"
#include "tgkit/bot/router.hpp"
#include "tgkit/bot/texts.hpp"
#include "tgkit/ops/log.hpp"
#include "tgkit/ops/metrics.hpp"

#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace tests {

using namespace std::chrono_literals;

// A request that has left, and how Telegram answers it.
struct Sent {
  std::string method, json, trace;
  tgkit::net::Progress on_upload;
};
tgkit::telegram::Error api_error(int code, const std::string& description, int retry_after = 0);
tgkit::telegram::Error network_error(tgkit::telegram::Outcome outcome);
tgkit::telegram::Error unauthorized();

class Harness {
 public:
  // Fill `router`, then start().
  explicit Harness(tgkit::bot::DispatcherSettings dispatcher_settings = {},
                   tgkit::bot::OutboxSettings outbox_settings = {});
  ~Harness();

  void start();
  void pump();                           // runs what is ready, without waiting
  void advance(tgkit::Duration by);      // moves time, runs what becomes ready
  void take(const std::string& json);    // as the poller does: appended, then handed over
  void handle(const std::string& json);  // take, pump
  // Starts a coroutine and pumps; done(i) says whether the i-th has ended.
  std::size_t spawn(tgkit::Task<> task);
  bool done(std::size_t i) const { return *finished_[i]; }
  std::exception_ptr error(std::size_t i) const { return *errors_[i]; }

  std::vector<std::string> texts() const;  // of all sendMessage that have left
  std::size_t count(std::string_view method) const;
  std::string log_text();

  boost::asio::io_context io;
  tgkit::ManualClock clock;
  std::string log_file;
  std::unique_ptr<tgkit::ops::Log> log;
  tgkit::ops::Metrics metrics;
  ScriptedStore store;
  tgkit::bot::Services services;
  tgkit::bot::Texts texts_spoken;
  tgkit::bot::Router router;
  tgkit::bot::StateLocks locks;
  tgkit::TaskGroup tasks;
  tgkit::bot::Environment environment;
  std::vector<Sent> sent;
  std::function<tgkit::Task<std::string>(Sent)> answer;  // of Telegram; empty: ok
  std::unique_ptr<tgkit::bot::Outbox> outbox;
  std::unique_ptr<tgkit::bot::Dispatcher> dispatcher;

 private:
  tgkit::Task<std::string> receive(tgkit::telegram::Request request, tgkit::telegram::CallOptions options);
  tgkit::bot::DispatcherSettings dispatcher_settings_;
  tgkit::bot::OutboxSettings outbox_settings_;
  std::vector<std::shared_ptr<bool>> finished_;
  std::vector<std::shared_ptr<std::exception_ptr>> errors_;
};

}  // namespace tests
