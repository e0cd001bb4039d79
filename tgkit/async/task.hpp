#pragma once
// The coroutine type of the whole program, and the executor it runs on.
//
// One thread runs one io_context; a coroutine never leaves the thread it was spawned on. Coroutines that are spawned
// take their parameters by value, since the caller is gone when they run.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

namespace tgkit {

using Executor = boost::asio::io_context::executor_type;

template <class T = void>
using Task = boost::asio::awaitable<T, Executor>;

}  // namespace tgkit
