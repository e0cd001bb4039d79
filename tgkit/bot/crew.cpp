#include "tgkit/bot/crew.hpp"

#include <utility>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

namespace tgkit::bot {

namespace asio = boost::asio;

Crew::Crew(Executor executor, std::size_t most, HasWork has_work, Work work)
    : executor_(executor), most_(most), has_work_(std::move(has_work)), work_(std::move(work)) {}

Crew::~Crew() = default;

void Crew::call() {
  if (called_ || !has_work_()) return;
  if (!idle_.empty()) {
    called_ = true;
    idle_.wake_one();
  } else if (members_.size() < most_) {
    called_ = true;
    const auto self = members_.emplace(members_.end());
    asio::co_spawn(
        executor_, serve(self),
        asio::bind_cancellation_slot(self->signal_.slot(), [this, self](const std::exception_ptr&) { ended(self); }));
  }
}

Task<> Crew::serve(std::list<Member>::iterator self) {
  called_ = false;
  while (true) {
    while (has_work_()) {
      Task<> work = work_(*self);  // takes its piece
      call();                      // somebody for the next one, should this one wait
      co_await std::move(work);
    }
    if (closing_) co_return;
    co_await idle_.wait();
    called_ = false;
  }
}

void Crew::ended(std::list<Member>::iterator self) {
  members_.erase(self);
  if (members_.empty()) dismissed_.wake_all();
}

void Crew::interrupt() {
  for (Member& member : members_) member.interrupt();
}

Task<> Crew::dismiss() {
  closing_ = true;
  idle_.wake_all();
  while (!members_.empty()) co_await dismissed_.wait();
}

}  // namespace tgkit::bot
