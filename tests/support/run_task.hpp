#pragma once
// Runs a coroutine in a test: ASSERT_* cannot be used inside a coroutine, so await here and check outside.
#include "tgkit/async/task.hpp"

#include <exception>
#include <optional>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace tests {

// Runs `io` until `task` has finished; returns its value or throws what it threw.
template <class T>
T run(boost::asio::io_context& io, tgkit::Task<T> task) {
  std::exception_ptr error;
  bool finished = false;
  io.restart();
  if constexpr (std::is_void_v<T>) {
    boost::asio::co_spawn(io.get_executor(), std::move(task), [&](std::exception_ptr e) {
      error = e;
      finished = true;
    });
    while (!finished && io.run_one() > 0) {
    }
    if (error) std::rethrow_exception(error);
    if (!finished) throw std::runtime_error("the coroutine waits for something that never comes");
  } else {
    std::optional<T> result;
    boost::asio::co_spawn(io.get_executor(), std::move(task), [&](std::exception_ptr e, T value) {
      error = e;
      finished = true;
      if (!e) result = std::move(value);
    });
    while (!finished && io.run_one() > 0) {
    }
    if (error) std::rethrow_exception(error);
    if (!finished) throw std::runtime_error("the coroutine waits for something that never comes");
    return std::move(*result);
  }
}

}  // namespace tests
