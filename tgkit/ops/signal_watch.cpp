#include "tgkit/ops/signal_watch.hpp"

#include "tgkit/ops/lifecycle.hpp"

#include <csignal>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

namespace tgkit::ops {

struct SignalWatch::Impl {
  Impl(Log& log_, Duration last_resort_, std::function<void(std::string)> first_)
      : log(log_), last_resort(last_resort_), first(std::move(first_)), io(1), signals(io, SIGINT, SIGTERM), timer(io) {
    wait();
    thread = std::thread([this] { io.run(); });
  }

  ~Impl() {
    io.stop();
    thread.join();
  }

  void wait() {
    signals.async_wait([this](boost::system::error_code error, int number) {
      if (error) return;
      heed(number == SIGINT ? "SIGINT" : "SIGTERM");
      wait();
    });
  }

  void heed(const char* name) {
    if (signalled) {
      log.warn("second signal: leaving at once", Field{"signal", name});
      leave(exit_code::second_signal, log);
    }
    signalled = true;
    first(name);
    arm();
  }

  void arm() {
    if (armed) return;
    armed = true;
    timer.expires_after(last_resort);
    timer.async_wait([this](boost::system::error_code error) {
      if (error) return;
      log.error("the loop hangs: leaving without a clean stop");
      leave(exit_code::unclean_stop, log);
    });
  }

  Log& log;
  Duration last_resort;
  std::function<void(std::string)> first;
  boost::asio::io_context io;
  boost::asio::signal_set signals;
  boost::asio::steady_timer timer;
  bool signalled = false, armed = false;
  std::thread thread;
};

SignalWatch::SignalWatch(Log& log, Duration last_resort, std::function<void(std::string name)> first)
    : impl_(std::make_unique<Impl>(log, last_resort, std::move(first))) {}

SignalWatch::~SignalWatch() = default;

void SignalWatch::stop_began() {
  boost::asio::post(impl_->io, [impl = impl_.get()] { impl->arm(); });
}

}  // namespace tgkit::ops
