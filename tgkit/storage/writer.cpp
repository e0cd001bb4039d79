#include "tgkit/storage/writer.hpp"

#include "tgkit/async/crash_point.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>

namespace tgkit::storage {
namespace {

constexpr std::size_t group_bytes = 1 << 20;  // a group is written when its row has this size
// 2 MB of log are copied into the tables even when busy; then it is overwritten, which costs the disk less than
// growing.
constexpr std::size_t busy_wal_pages = 512;
constexpr std::size_t idle_wal_pages = 256;  // worth copying in a quiet moment
constexpr std::int64_t sweep_batch = 200;

constexpr std::size_t busy_batch = 16;  // requests at once that mean load
constexpr std::size_t full_batch = 100;
constexpr std::chrono::milliseconds company_wait{1};
constexpr std::chrono::microseconds reader_wait{300};

bool is_write(const Request& request) {
  return std::holds_alternative<Request::Flush>(request.work) || std::holds_alternative<Request::Write>(request.work) ||
         std::holds_alternative<Request::Probe>(request.work);
}

bool is_writing(const Request* request) { return is_write(*request); }

bool is_commit(const Request* request) {
  return std::holds_alternative<Request::Write>(request->work) || std::holds_alternative<Request::Flush>(request->work);
}

bool is_early(const Request* request) {
  const auto* load = std::get_if<Request::Load>(&request->work);
  return load != nullptr && !load->after_writes;
}

void move_to_end(std::vector<InboxUpdate>& from, std::vector<InboxUpdate>& to) {
  if (to.empty()) return to.swap(from);
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

// Whether what failed as a group may succeed in part: one request may be too large for what is left of the disk.
bool may_succeed_alone(const StorageError& error) {
  const auto* known = dynamic_cast<const sqlite::Error*>(&error);
  if (known == nullptr) return false;
  const int primary = known->code() & 0xff;
  return primary == SQLITE_FULL || primary == SQLITE_IOERR || primary == SQLITE_TOOBIG || primary == SQLITE_NOMEM;
}

// Signals belong to the loop's thread.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

}  // namespace

Writer::Writer(Settings settings, Told finished, Told noticed)
    : settings_(std::move(settings)),
      finished_(std::move(finished)),
      noticed_(std::move(noticed)),
      fold_at_(settings_.fold_bytes) {
  const SignalsBlocked blocked;
  thread_ = std::thread([this] { run(); });
  pthread_setname_np(thread_.native_handle(), "store");
}

Writer::~Writer() { finish_all(); }

void Writer::finish_all() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Writer::submit(Requests& requests, std::vector<InboxUpdate>& appended, std::int64_t now) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (queued_.empty()) {
      queued_.swap(requests);
    } else {
      queued_.insert(queued_.end(), requests.begin(), requests.end());
    }
    move_to_end(appended, queued_updates_);
    now_ = now;
    wake = queued_.size() >= enough_ && std::exchange(sleeping_, false);
  }
  requests.clear();
  appended.clear();
  if (wake) wake_.notify_one();
}

bool Writer::write_here(const Requests& requests, std::vector<InboxUpdate>& appended, std::int64_t now) {
  if (settings_.file.sync_each_commit || !std::ranges::all_of(requests, is_commit)) return false;
  {
    const std::lock_guard lock(mutex_);
    if (in_use_ || !queued_.empty()) return false;
    in_use_ = true;
    now_ = batch_now_ = now;
  }
  move_to_end(appended, unwritten_);
  appended.clear();
  const bool written = keep_recent(requests);
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    in_use_ = false;
    written_here_ = true;
    house_waits_ = recent_ && recent_->half_full();
    wake = house_waits_ || std::exchange(rested_, false);
  }
  if (wake) wake_.notify_one();
  return written;
}

void Writer::take_finished(Requests& requests) {
  const std::lock_guard lock(mutex_);
  requests.swap(finished_requests_);
}

void Writer::finish(Requests& done) {
  if (done.empty()) return;
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = finished_requests_.empty();
    finished_requests_.insert(finished_requests_.end(), done.begin(), done.end());
  }
  done.clear();
  if (first) finished_();
}

std::vector<std::string> Writer::take_notices() {
  const std::lock_guard lock(mutex_);
  return std::exchange(notices_, {});
}

// The quarantine is bounded, and what leaves it by that is worth a line.
void Writer::say_what_was_dropped() {
  const std::size_t count = database_ ? database_->take_overflow() : 0;
  if (count == 0) return;
  {
    const std::lock_guard lock(mutex_);
    notices_.push_back(settings_.file.path.string() + ": the quarantine is full: its oldest " + std::to_string(count) +
                       " updates were dropped");
  }
  noticed_();
}

bool Writer::waiting() {
  const std::lock_guard lock(mutex_);
  return !queued_.empty();
}

void Writer::run() {
  Requests batch;
  while (next_batch(batch)) {
    process(batch);
    batch.clear();
  }
  if (database_) write_last();  // after a close() there is none; without one nobody is told
  database_.reset();
}

bool Writer::due() const { return !in_use_ && (!queued_.empty() || stopping_ || house_waits_); }

void Writer::wait_until_due(std::unique_lock<std::mutex>& lock) {
  while (!due()) {
    sleeping_ = true;
    if (rested_) {
      wake_.wait(lock);
      continue;
    }
    const bool paused = wake_.wait_for(lock, settings_.idle_after) == std::cv_status::timeout;
    if (!paused || in_use_ || due()) continue;
    const bool busy = std::exchange(written_here_, false);
    in_use_ = true;
    lock.unlock();
    if (busy) {
      keep_house();
    } else {
      rest();
    }
    say_what_was_dropped();
    lock.lock();
    in_use_ = false;
  }
}

bool Writer::next_batch(Requests& batch) {
  std::unique_lock lock(mutex_);
  in_use_ = false;
  wait_until_due(lock);
  if (last_batch_ >= busy_batch && !queued_.empty() && queued_.size() < full_batch && !stopping_) {
    // Under load the next requests are a moment away: one trip to the disk can serve them, too. While some are queued
    // already, nobody writes on the loop's thread.
    enough_ = full_batch;
    sleeping_ = true;
    wake_.wait_for(lock, company_wait, [this] { return queued_.size() >= full_batch || stopping_; });
    enough_ = 1;
  }
  sleeping_ = false;
  in_use_ = true;
  batch.swap(queued_);
  take_updates();
  last_batch_ = batch.size();
  batch_now_ = now_;
  return std::exchange(house_waits_, false) || !batch.empty();
}

void Writer::take_updates() {
  move_to_end(queued_updates_, unwritten_);
  queued_updates_.clear();
}

void Writer::process(Requests& batch) {
  // Loads that depend on no write of this batch need not wait for the disk. Whoever has got what he asked for will
  // commit in a moment, and one trip to the disk can serve that, too.
  if (answer_early_loads(batch) && std::ranges::any_of(batch, is_writing) && add_company(batch))
    answer_early_loads(batch);
  Requests writes;
  std::ranges::copy_if(batch, std::back_inserter(writes), is_writing);
  write_all(writes);
  for (Request* request : batch) {
    if (!is_write(*request)) perform(*request);
  }
  finish(batch);
  keep_house();
  say_what_was_dropped();
}

// Takes them out of the batch. Finishing a request ends its life.
bool Writer::answer_early_loads(Requests& batch) {
  Requests early;
  std::ranges::copy_if(batch, std::back_inserter(early), is_early);
  if (early.empty()) return false;
  std::erase_if(batch, is_early);
  for (Request* request : early) perform(*request);
  finish(early);
  return true;
}

bool Writer::add_company(Requests& batch) {
  std::unique_lock lock(mutex_);
  sleeping_ = true;
  wake_.wait_for(lock, reader_wait, [this] { return !queued_.empty() || stopping_; });
  sleeping_ = false;
  const bool came = !queued_.empty();
  batch.insert(batch.end(), queued_.begin(), queued_.end());
  queued_.clear();
  take_updates();
  return came;
}

bool Writer::keep_recent(const Requests& commits) {
  if (!recent_) return false;
  begin_row();
  for (const Request* request : commits) encode(*request);
  const std::string& row = whole_row(commits);
  crash_point("writing");
  if (!recent_->add(row)) return false;
  crash_point("durable");
  unwritten_.clear();
  for (Request* request : commits) written(*request);
  return true;
}

void Writer::put(const std::string& row) {
  if (recent_ && recent_->add(row)) return;
  move_recent();
  if (!recent_ || !recent_->add(row)) database().write(row);
}

// What is written into the tables, and what is read from them, comes after these.
void Writer::move_recent() {
  if (!recent_ || recent_->empty()) return;
  database().write_recent(recent_->row(), recent_->generation());
  recent_->clear();
}

void Writer::write_all(const Requests& writes) {
  const std::span<Request* const> all(writes);
  for (std::size_t begin = 0; begin < all.size();) {
    std::size_t end = begin;
    begin_row();
    while (end < all.size() && row_.size() < group_bytes) encode(*all[end++]);
    write_group(all.subspan(begin, end - begin));
    begin = end;
  }
}

void Writer::begin_row() {
  for (std::string* row : {&row_, &whole_row_})
    if (row->capacity() > 2 * group_bytes) *row = std::string();  // one giant must not stay for ever
  row_.clear();
}

// What was appended, then row_, which holds what the group writes.
const std::string& Writer::whole_row(std::span<Request* const> group) {
  encode_appended(group);
  return unwritten_.empty() ? row_ : whole_row_;
}

void Writer::write_group(std::span<Request* const> group) {
  try {
    const std::string& row = whole_row(group);
    crash_point("writing");
    if (!row.empty()) put(row);
    crash_point("durable");
    unwritten_.clear();
    for (Request* request : group) written(*request);
  } catch (const StorageError& error) {
    if (group.size() > 1 && may_succeed_alone(error)) {
      write_one_by_one(group);
    } else {
      for (Request* request : group) request->error = std::current_exception();
    }
  }
}

void Writer::write_one_by_one(std::span<Request* const> group) {
  for (std::size_t i = 0; i < group.size(); ++i) {
    begin_row();
    encode(*group[i]);
    write_group(group.subspan(i, 1));
  }
}

void Writer::encode(const Request& request) {
  if (const auto* write = std::get_if<Request::Write>(&request.work)) journal::write_commit(row_, write->commit);
  if (std::holds_alternative<Request::Probe>(request.work)) journal::write_probe(row_);
}

// What was appended comes before the group's row. Of an update that the same row calls done nobody will read the body.
void Writer::encode_appended(std::span<Request* const> group) {
  if (unwritten_.empty()) return;
  done_.clear();
  for (const Request* request : group) {
    if (const auto* write = std::get_if<Request::Write>(&request->work))
      done_.insert(done_.end(), write->commit.done.begin(), write->commit.done.end());
  }
  std::sort(done_.begin(), done_.end());
  whole_row_.clear();
  for (const InboxUpdate& update : unwritten_) {
    const bool is_done = std::binary_search(done_.begin(), done_.end(), update.update_id);
    journal::write_append(whole_row_, update.update_id, update.at, is_done ? std::string_view() : update.body);
  }
  whole_row_ += row_;
}

std::exception_ptr Writer::try_to_move_recent() {
  try {
    move_recent();
    return nullptr;
  } catch (const StorageError&) {
    return std::current_exception();
  }
}

std::exception_ptr Writer::write_last() {
  begin_row();
  Request flush{Request::Flush()};
  Request* const group[] = {&flush};
  write_group(group);
  const std::exception_ptr unmoved = try_to_move_recent();
  return flush.error ? flush.error : unmoved;
}

void Writer::written(Request& request) {
  if (const auto* write = std::get_if<Request::Write>(&request.work)) {
    for (const StateWrite& change : write->commit.writes) database().remember(change);
  }
  if (std::holds_alternative<Request::Probe>(request.work)) {
    request.error = try_to_move_recent();
    if (!request.error) request.error = house_error_;
  }
}

void Writer::perform(Request& request) {
  try {
    if (auto* open = std::get_if<Request::Open>(&request.work)) this->open(*open);
    if (auto* load = std::get_if<Request::Load>(&request.work)) this->load(*load);
    if (auto* bad = std::get_if<Request::Quarantine>(&request.work)) look_at_quarantine(*bad);
    if (auto* asked = std::get_if<Request::Entries>(&request.work)) {
      move_recent();
      asked->found = database().entries(asked->book, asked->after, asked->most);
    }
    if (std::holds_alternative<Request::Settle>(request.work)) settle();
    if (std::holds_alternative<Request::Close>(request.work)) close();
  } catch (const std::exception&) {
    request.error = std::current_exception();
  }
}

Database& Writer::database() {
  if (!database_) throw StorageError(settings_.file.path.string() + ": not open");
  return *database_;
}

void Writer::open(Request::Open& open) {
  database_ = open_database(settings_.file, settings_.limits, open.now, open.notices);
  open_recent(open.notices);
  open.found = database_->unfinished();
  open.seen = database_->seen();
  open.last_message_id = database_->last_message_id();
  open.last_entry_number = database_->last_entry_number();
  open.born = database_->born();
}

// What a process that died has left is taken over whatever the durability is now.
void Writer::open_recent(std::vector<std::string>& notices) {
  const bool wanted = !settings_.file.sync_each_commit;
  if (!wanted && !std::filesystem::exists(recent_path())) return;
  recent_ = std::make_unique<RecentRows>(recent_path());
  const std::uint64_t last = database_->recent_generation();
  if (recent_->generation() == last + 1) {
    move_recent();
    database_->fold();
  } else if (recent_->generation() > last && !recent_->empty()) {
    // The rows between are missing: these must not count without them.
    notices.push_back(recent_path().string() +
                      " does not continue this database, which has lost its last moments (a power cut) or is another "
                      "one (a copy): what it held was dropped");
  }
  recent_->clear(last);
  if (!wanted) return forget_recent();
  database_->expect_recent(recent_->generation());
}

// A file without rows in it could only be taken for one that has some.
void Writer::forget_recent() {
  if (!recent_) return;
  recent_.reset();
  std::filesystem::remove(recent_path());
}

void Writer::load(Request::Load& load) {
  load.found.clear();
  load.found.reserve(load.keys.size());
  for (const StateKey& key : load.keys) load.found.push_back(database().load(key, batch_now_));
}

void Writer::look_at_quarantine(Request::Quarantine& request) {
  move_recent();
  switch (request.what) {
    case Request::Quarantine::What::list:
      request.found = database().quarantine(request.most, request.before);
      break;
    case Request::Quarantine::What::drop:
      request.dropped = database().drop_quarantined(request.numbers);
      break;
    case Request::Quarantine::What::replay:
      request.dropped = database().replay(request.numbers.front(), request.update) ? 1 : 0;
      break;
  }
}

void Writer::fold() {
  move_recent();
  crash_point("folding");
  database().fold();
  crash_point("folded");
  fold_at_ = settings_.fold_bytes;
}

void Writer::settle() {
  fold();
  while (database().sweep(batch_now_, sweep_batch) == sweep_batch) {
  }
  database().checkpoint();
}

void Writer::close() {
  const std::exception_ptr unwritten = write_last();
  // Even when the last folding fails: everything is in the journal, and the next start folds it.
  const std::unique_ptr<Database> last = std::move(database_);
  if (!last) throw StorageError(settings_.file.path.string() + ": not open");
  last->close();
  if (unwritten) std::rethrow_exception(unwritten);
  forget_recent();
}

// After each batch, when nobody waits for it any more. A failure harms no commit; the next probe reports it.
void Writer::keep_house() {
  rested_ = false;
  if (!database_ || try_to_move_recent()) return;  // it is tried again, and the next probe says why it fails
  try {
    if (database_->journal_bytes() >= fold_at_) {
      fold_at_ = database_->journal_bytes() + settings_.fold_bytes;  // when it fails: not again for every batch
      fold();
      database_->sweep(batch_now_, sweep_batch);
      house_error_ = nullptr;
    }
    if (database_->wal_pages() >= busy_wal_pages) {
      database_->checkpoint();
      house_error_ = nullptr;
    }
  } catch (const StorageError&) {
    house_error_ = std::current_exception();
  }
}

// In a quiet moment.
void Writer::rest() {
  rested_ = true;
  if (!database_) return;
  try {
    fold();
    while (!waiting() && database_->sweep(batch_now_, sweep_batch) == sweep_batch) {
    }
    if (database_->wal_pages() >= idle_wal_pages && !waiting()) database_->checkpoint();
    house_error_ = nullptr;
  } catch (const StorageError&) {
    house_error_ = std::current_exception();
  }
}

}  // namespace tgkit::storage
