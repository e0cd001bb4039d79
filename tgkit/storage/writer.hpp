#pragma once
// The thread that does the database's work. It takes all requests that were queued while it worked, commits what they
// write as one group, and gives them back in one hand-over. Where a commit is no trip to the disk, the loop's thread
// makes it by itself while this one rests: a change of thread costs more than the commit. Internal to the storage.
#include "tgkit/storage/database.hpp"
#include "tgkit/storage/recent_rows.hpp"
#include "tgkit/storage/request.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace tgkit::storage {

class Writer {
 public:
  using Requests = std::vector<Request*>;
  using Told = std::function<void()>;

  struct Settings {
    DatabaseFileOptions file;
    DatabaseLimits limits;
    std::size_t fold_bytes = 0;
    std::chrono::milliseconds idle_after{};
  };

  // Both are called on the writer's thread. `finished`: requests wait for take_finished(), and none did before.
  // `noticed`: there is something in take_notices().
  Writer(Settings settings, Told finished, Told noticed);
  ~Writer();

  // Empties both. The appended updates are written with the next write, and kept until one succeeds. `now`: Unix
  // seconds.
  void submit(Requests& requests, std::vector<InboxUpdate>& appended, std::int64_t now);
  // With Durability::process, while the thread rests and when they are nothing but commits: keeps them where the death
  // of the process cannot take them, on the caller's thread; the thread brings them into the database later. True: they
  // are finished. False: submit them; `appended` may have been emptied already.
  bool write_here(const Requests& requests, std::vector<InboxUpdate>& appended, std::int64_t now);
  // Swaps the finished ones into `requests`, which must be empty.
  void take_finished(Requests& requests);
  std::vector<std::string> take_notices();  // of what happened beside the requests, as sentences
  void finish_all();                        // returns when all that was submitted is finished, and ends the thread

 private:
  void run();
  bool next_batch(Requests& batch);  // false: nothing more will come
  bool due() const;                  // with mutex_ held: is there work for the thread?
  void wait_until_due(std::unique_lock<std::mutex>& lock);
  bool waiting();       // has somebody submitted?
  void take_updates();  // with mutex_ held
  void process(Requests& batch);
  bool answer_early_loads(Requests& batch);
  bool add_company(Requests& batch);
  void finish(Requests& done);

  bool keep_recent(const Requests& commits);
  void put(const std::string& row);
  void move_recent();
  std::exception_ptr try_to_move_recent();
  void write_all(const Requests& writes);
  void write_group(std::span<Request* const> group);
  const std::string& whole_row(std::span<Request* const> group);
  void write_one_by_one(std::span<Request* const> group);
  void begin_row();
  void encode(const Request& request);
  void encode_appended(std::span<Request* const> group);
  std::exception_ptr write_last();  // what was appended and belongs to no commit; everything into the database
  void written(Request& request);

  void perform(Request& request);
  void open(Request::Open& open);
  void open_recent(std::vector<std::string>& notices);
  void forget_recent();
  std::filesystem::path recent_path() const { return settings_.file.path.string() + "-recent"; }
  void load(Request::Load& load);
  void look_at_quarantine(Request::Quarantine& request);
  void say_what_was_dropped();
  void settle();
  void close();

  void keep_house();
  void rest();
  void fold();
  Database& database();

  const Settings settings_;
  const Told finished_;
  const Told noticed_;

  std::mutex mutex_;
  std::condition_variable wake_;
  Requests queued_;                          // guarded by mutex_
  std::vector<InboxUpdate> queued_updates_;  // guarded by mutex_
  Requests finished_requests_;               // guarded by mutex_
  std::vector<std::string> notices_;         // guarded by mutex_
  std::int64_t now_ = 0;                     // guarded by mutex_
  bool stopping_ = false;                    // guarded by mutex_
  bool sleeping_ = false;                    // guarded by mutex_
  bool in_use_ = false;                      // guarded by mutex_: one of the two threads works on what stands below
  bool house_waits_ = false;                 // guarded by mutex_: for the thread
  bool written_here_ = false;                // guarded by mutex_: since the thread last looked
  std::size_t enough_ = 1;                   // guarded by mutex_: so many queued requests wake the sleeper

  // Whoever has set in_use_.
  std::unique_ptr<Database> database_;
  std::unique_ptr<RecentRows> recent_;  // with Durability::process
  std::int64_t batch_now_ = 0;
  std::size_t last_batch_ = 0;
  std::vector<InboxUpdate> unwritten_;  // appended and not in the file yet
  std::string row_;
  std::string whole_row_;           // what was appended, then row_
  std::vector<std::int64_t> done_;  // by the group that is being written, sorted
  std::size_t fold_at_;             // the journal's size at which to fold
  bool rested_ = true;              // nothing came since the last quiet moment
  std::exception_ptr house_error_;  // why folding or checkpointing failed last
  std::thread thread_;
};

}  // namespace tgkit::storage
