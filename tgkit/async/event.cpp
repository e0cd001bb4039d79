#include "tgkit/async/event.hpp"

namespace tgkit {

Task<> Event::wait() {
  if (!set_) {
    co_await waiting_.wait();
  } else if (reset_ == Reset::automatic) {
    set_ = false;
  }
}

void Event::set() {
  if (reset_ == Reset::automatic) {
    if (!waiting_.wake_one()) set_ = true;
  } else {
    set_ = true;
    waiting_.wake_all();
  }
}

}  // namespace tgkit
