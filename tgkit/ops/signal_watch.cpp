#include "tgkit/ops/signal_watch.hpp"

#include "tgkit/ops/lifecycle.hpp"
#include "tgkit/ops/signal_meaning.hpp"

#include <csignal>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

namespace tgkit::ops {

struct SignalWatch::Impl {
  Impl(Log& log_, Duration last_resort_, std::function<void(std::string)> stop_, std::function<void()> reload_)
      : log(log_),
        last_resort(last_resort_),
        stop(std::move(stop_)),
        reload(std::move(reload_)),
        io(1),
        signals(io, SIGINT, SIGTERM, SIGHUP),
        timer(io) {
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
      heed(number, number == SIGINT ? "SIGINT" : "SIGTERM");
      wait();
    });
  }

  void heed(int number, const char* name) {
    switch (reader.read(number, std::chrono::steady_clock::now())) {
      case SignalMeaning::reload:
        return reload();
      case SignalMeaning::stop:
        stop(name);
        return arm();
      case SignalMeaning::same_stop:
        return log.info("the same signal again: the stop goes on", Field{"signal", name});
      case SignalMeaning::leave_now:
        log.warn("second signal: leaving at once", Field{"signal", name});
        leave(exit_code::second_signal, log);
    }
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
  std::function<void(std::string)> stop;
  std::function<void()> reload;
  SignalReader reader;
  boost::asio::io_context io;
  boost::asio::signal_set signals;
  boost::asio::steady_timer timer;
  bool armed = false;
  std::thread thread;
};

SignalWatch::SignalWatch(Log& log, Duration last_resort, std::function<void(std::string name)> stop,
                         std::function<void()> reload)
    : impl_(std::make_unique<Impl>(log, last_resort, std::move(stop), std::move(reload))) {}

SignalWatch::~SignalWatch() = default;

void SignalWatch::stop_began() {
  boost::asio::post(impl_->io, [impl = impl_.get()] { impl->arm(); });
}

}  // namespace tgkit::ops
