#pragma once
// A bounded channel between coroutines of one loop: push() waits while it is full, pop() while it is empty.
#include "tgkit/async/task.hpp"
#include "tgkit/async/wait_list.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

namespace tgkit {

// Not thread-safe: used on the loop's thread only. Must outlive those who wait for it.
template <class T>
class Queue {
 public:
  explicit Queue(std::size_t capacity) : capacity_(capacity) {}

  // False: the queue is closed and `value` was dropped. Throws operation_aborted when cancelled.
  Task<bool> push(T value) {
    while (items_.size() >= capacity_ && !closed_) co_await room_.wait();
    co_return try_push(std::move(value));
  }

  // Nothing: the queue is closed and empty. Throws operation_aborted when cancelled.
  Task<std::optional<T>> pop() {
    while (items_.empty() && !closed_) co_await filled_.wait();
    std::optional<T> value = try_pop();
    co_return value;
  }

  bool try_push(T value) {
    if (closed_ || items_.size() >= capacity_) return false;
    items_.push_back(std::move(value));
    filled_.wake_one();
    return true;
  }

  std::optional<T> try_pop() {
    if (items_.empty()) return std::nullopt;
    std::optional<T> value(std::move(items_.front()));
    items_.pop_front();
    room_.wake_one();
    return value;
  }

  // Takes no more; what is inside can still be popped.
  void close() {
    closed_ = true;
    filled_.wake_all();
    room_.wake_all();
  }

  std::size_t size() const noexcept { return items_.size(); }
  bool closed() const noexcept { return closed_; }

 private:
  std::size_t capacity_;
  std::deque<T> items_;
  WaitList filled_, room_;
  bool closed_ = false;
};

}  // namespace tgkit
