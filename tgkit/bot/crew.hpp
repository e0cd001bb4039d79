#pragma once
// Coroutines that share a queue of work: as many as there is work for, at most so many. Each goes on as long as it
// finds work and then waits; one is called at a time, and calls the next when there is more, so that a burst that never
// suspends is done by one.
#include "tgkit/async/task.hpp"
#include "tgkit/async/wait_list.hpp"

#include <cstddef>
#include <functional>
#include <list>

#include <boost/asio/cancellation_signal.hpp>

namespace tgkit::bot {

// Not thread-safe: used on the loop's thread only. dismiss() before it is destroyed.
class Crew {
 public:
  // One of the coroutines, as its current work sees it.
  class Member {
   public:
    // The work under way sees operation_aborted at its current wait and at every further one, until it has reset the
    // coroutine's cancellation state (boost::asio::this_coro::reset_cancellation_state). Work that ends by it ends the
    // member.
    void interrupt() { signal_.emit(boost::asio::cancellation_type::terminal); }

   private:
    friend class Crew;
    boost::asio::cancellation_signal signal_;
  };

  // One piece of work; throws only when the member is to end. Called while has_work() says so.
  using Work = std::function<Task<>(Member&)>;
  using HasWork = std::function<bool()>;

  Crew(Executor executor, std::size_t most, HasWork has_work, Work work);
  ~Crew();

  void call();       // there is more work
  void interrupt();  // every member; those that wait for work end
  Task<> dismiss();  // returns when all have ended, each after its current work and with nothing left to do
  std::size_t size() const noexcept { return members_.size(); }

 private:
  Task<> serve(std::list<Member>::iterator self);
  void ended(std::list<Member>::iterator self);

  Executor executor_;
  std::size_t most_;
  HasWork has_work_;
  Work work_;
  std::list<Member> members_;
  WaitList idle_, dismissed_;
  bool called_ = false;  // one is on its way
  bool closing_ = false;
};

}  // namespace tgkit::bot
