#include "tgkit/storage/sqlite_store.hpp"

#include "tgkit/storage/attempts.hpp"
#include "tgkit/storage/database_file.hpp"
#include "tgkit/storage/doorbell.hpp"
#include "tgkit/storage/file_place.hpp"
#include "tgkit/storage/request.hpp"
#include "tgkit/storage/seen_updates.hpp"
#include "tgkit/storage/state_cache.hpp"
#include "tgkit/storage/writer.hpp"

#include <algorithm>
#include <optional>
#include <unordered_set>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tgkit::storage {
namespace {

namespace asio = boost::asio;

enum class Phase { created, open, closed };

Writer::Settings writer_settings(const SqliteStore::Settings& settings) {
  Writer::Settings result;
  result.file.path = settings.path;
  result.file.sync_each_commit = settings.durability == Durability::power;
  result.file.busy_timeout = settings.busy_timeout;
  result.file.may_begin = settings.may_begin;
  result.limits.dedupe_window = settings.dedupe_window;
  result.limits.most_quarantined = settings.most_quarantined;
  result.fold_bytes = settings.fold_bytes;
  result.idle_after = settings.idle_after;
  return result;
}

bool only_delivered(const Commit& commit) {
  return commit.writes.empty() && commit.done.empty() && commit.messages.empty() && commit.quarantined.empty() &&
         commit.timers.empty() && commit.entries.empty();
}

// FNV-1a: runs are counted by number, and the number has to be the same in the next process.
std::int64_t number_of(const TimerKey& timer) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  const auto add = [&hash](unsigned char byte) { hash = (hash ^ byte) * 0x100000001b3U; };
  for (const char c : timer.job) add(static_cast<unsigned char>(c));
  add(0);
  for (const char c : timer.key) add(static_cast<unsigned char>(c));
  return static_cast<std::int64_t>(hash);
}

// So many requests are handed over at once, however many more are on their way.
constexpr std::size_t full_hand = 256;

}  // namespace

// The loop's side. Requests are handed over together when what is ready to run makes no more of them: so a hundred
// coroutines cost one lock, one wake-up and one trip to the disk, and an update whose handler waits for nothing is
// appended and done in one.
class SqliteStore::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(Executor executor, Clock& clock, Settings settings)
      : executor_(executor),
        clock_(clock),
        settings_(std::move(settings)),
        seen_(settings_.dedupe_window),
        cache_(settings_.cache_bytes),
        lazy_(Request::Write()) {}

  Task<Unfinished> open(std::int64_t& last_message_id, std::int64_t& last_entry_number);
  std::vector<bool> append(std::vector<InboxUpdate> updates);
  std::int64_t born() const noexcept { return born_; }
  Task<> durable();
  Attempts& attempts() {
    require_open();
    return *attempts_;
  }
  Attempts& sends() {
    require_open();
    return *sends_;
  }
  Attempts& runs() {
    require_open();
    return *runs_;
  }
  Task<std::vector<std::optional<StateRecord>>> load(std::vector<StateKey> keys);
  Task<> commit(Commit commit);
  std::string place() const { return place_of(settings_.path); }
  bool knows(std::int64_t update_id) const {
    require_open();
    return seen_.knows(update_id);
  }
  Task<Request::Quarantine> quarantine(Request::Quarantine work);
  Task<std::vector<BookEntry>> entries(Request::Entries work);
  Task<> close();
  void abandon();

  // Suspends the caller, in whose frame `request` lives, until the writer has dealt with it; throws its error.
  Task<> submit(Request& request) {
    auto initiate = [this, pending = &request](auto handler) {
      pending->resume = std::move(handler);
      enqueue(*pending);
    };
    return asio::async_initiate<const asio::use_awaitable_t<Executor>, void(std::exception_ptr)>(
        initiate, asio::use_awaitable_t<Executor>());
  }
  void require_open() const {
    if (phase_ == Phase::open) return;
    const char* when = phase_ == Phase::created ? ": used before it was opened" : ": used after it was closed";
    throw StorageError(settings_.path.string() + when);
  }

 private:
  void enqueue(Request& request);
  void look_again();
  void hand_over();
  void listen();
  void deliver();
  void resume_all();
  void add_lazy_request();
  void open_marks(Unfinished& found);
  void open_runs(std::vector<UnfinishedTimer>& timers);
  void forget_sends(const std::vector<std::int64_t>& delivered);
  void lazy_finished(std::exception_ptr error);
  void start_lazy_timer();
  std::int64_t now() const {
    return std::chrono::duration_cast<std::chrono::seconds>(clock_.wall().time_since_epoch()).count();
  }
  bool answer_from_cache(const std::vector<StateKey>& keys, std::vector<std::optional<StateRecord>>& found);
  void start_writer();
  void tell(const std::vector<std::string>& notices) const;

  Executor executor_;
  Clock& clock_;
  Settings settings_;
  Phase phase_ = Phase::created;
  std::int64_t born_ = 0;
  bool abandoned_ = false;
  SeenUpdates seen_;
  std::optional<Attempts> attempts_, sends_, runs_;
  StateCache cache_;
  std::unique_ptr<Doorbell> finished_;  // rung by the writer; listened to while somebody waits for it
  std::unique_ptr<Writer> writer_;

  Writer::Requests outbound_;  // since the last hand-over
  std::vector<InboxUpdate> appended_;
  std::uint64_t appends_ = 0, durable_appends_ = 0;  // calls
  std::size_t looked_at_ = 0;                        // how many requests the last look at outbound_ saw
  Writer::Requests inbound_;
  bool hand_over_posted_ = false;
  bool outbound_writes_ = false;
  std::size_t pending_ = 0;  // with the writer
  bool listening_ = false;

  // Delivered marks that wait for a group to join. At most one request of them is under way.
  std::vector<std::int64_t> lazy_ids_;
  Request lazy_;
  bool lazy_busy_ = false;
  std::exception_ptr lazy_error_;
  Clock::Timer lazy_timer_;
};

void SqliteStore::Impl::enqueue(Request& request) {
  outbound_.push_back(&request);
  outbound_writes_ |= !std::holds_alternative<Request::Load>(request.work);
  if (hand_over_posted_) return;
  hand_over_posted_ = true;
  look_again();
}

void SqliteStore::Impl::look_again() {
  looked_at_ = outbound_.size();
  asio::post(executor_, [self = shared_from_this()] { self->hand_over(); });
}

void SqliteStore::Impl::hand_over() {
  if (outbound_.size() > looked_at_ && outbound_.size() < full_hand) return look_again();
  hand_over_posted_ = false;
  if (abandoned_ || outbound_.empty()) return;
  if (outbound_writes_ && !lazy_ids_.empty() && !lazy_busy_) add_lazy_request();
  outbound_writes_ = false;
  if (writer_->write_here(outbound_, appended_, now())) {
    inbound_.swap(outbound_);
    return resume_all();
  }
  pending_ += outbound_.size();
  listen();
  writer_->submit(outbound_, appended_, now());
}

void SqliteStore::Impl::listen() {
  if (std::exchange(listening_, true)) return;
  finished_->wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!self || error) return;
    self->listening_ = false;
    self->deliver();
    if (self->pending_ > 0) self->listen();
  });
}

void SqliteStore::Impl::deliver() {
  if (abandoned_) return;
  if (!writer_) return;  // closed meanwhile
  tell(writer_->take_notices());
  writer_->take_finished(inbound_);
  pending_ -= inbound_.size();
  resume_all();
}

// A resumed coroutine may enqueue, but neither hand over nor deliver: inbound_ stays as it is.
void SqliteStore::Impl::resume_all() {
  for (Request* request : inbound_) {
    if (request == &lazy_) {
      lazy_finished(std::exchange(lazy_.error, nullptr));
      continue;
    }
    // Resuming ends the request's life: nothing of it may be touched afterwards.
    auto resume = std::move(request->resume);
    resume(std::move(request->error));
  }
  inbound_.clear();
}

Task<Unfinished> SqliteStore::Impl::open(std::int64_t& last_message_id, std::int64_t& last_entry_number) {
  if (phase_ != Phase::created) throw StorageError(settings_.path.string() + ": opened twice");
  start_writer();
  Request::Open open;
  open.now = clock_.wall();
  Request request(std::move(open));
  Request::Open& done = std::get<Request::Open>(request.work);
  try {
    co_await submit(request);
  } catch (...) {
    tell(done.notices);
    throw;
  }
  tell(done.notices);
  for (const std::int64_t id : done.seen) seen_.restore_seen(id);
  for (const InboxUpdate& update : done.found.updates) seen_.restore_unfinished(update.update_id);
  open_marks(done.found);
  phase_ = Phase::open;
  last_message_id = done.last_message_id;
  last_entry_number = done.last_entry_number;
  born_ = done.born;
  co_return std::move(done.found);
}

void SqliteStore::Impl::open_marks(Unfinished& found) {
  attempts_.emplace(settings_.path.string() + "-attempts");
  sends_.emplace(settings_.path.string() + "-sends");
  std::unordered_set<std::int64_t> waiting;
  for (OutboxMessage& message : found.messages) {
    waiting.insert(message.id);
    message.begun = sends_->of(message.id) > 0;
  }
  // A death between a commit and the forgetting of its marks leaves some behind. An update that is not known may have
  // died before it was written down: it comes again, and its attempts count.
  for (const std::int64_t id : attempts_->ids())
    if (seen_.is_done(id)) attempts_->forget(id);
  for (const std::int64_t id : sends_->ids())
    if (!waiting.contains(id)) sends_->forget(id);
  open_runs(found.timers);
}

void SqliteStore::Impl::open_runs(std::vector<UnfinishedTimer>& timers) {
  runs_.emplace(settings_.path.string() + "-runs");
  std::unordered_set<std::int64_t> set;
  for (UnfinishedTimer& timer : timers) {
    const std::int64_t number = number_of(timer.key);
    set.insert(number);
    timer.begun = runs_->of(number);
  }
  for (const std::int64_t number : runs_->ids())
    if (!set.contains(number)) runs_->forget(number);
}

void SqliteStore::Impl::forget_sends(const std::vector<std::int64_t>& delivered) {
  for (const std::int64_t id : delivered) sends_->forget(id);
}

void SqliteStore::Impl::tell(const std::vector<std::string>& notices) const {
  if (!settings_.on_notice) return;
  for (const std::string& notice : notices) settings_.on_notice(notice);
}

void SqliteStore::Impl::start_writer() {
  if (writer_) return;  // an open that failed is tried again
  finished_ = std::make_unique<Doorbell>(executor_);
  auto finished = [bell = finished_.get()] { bell->ring(); };
  auto noticed = [weak = weak_from_this(), executor = executor_] {
    asio::post(executor, [weak] {
      if (const auto self = weak.lock()) self->deliver();
    });
  };
  writer_ = std::make_unique<Writer>(writer_settings(settings_), std::move(finished), std::move(noticed));
}

std::vector<bool> SqliteStore::Impl::append(std::vector<InboxUpdate> updates) {
  require_open();
  ++appends_;
  const std::int64_t at = now();
  std::vector<bool> fresh;
  fresh.reserve(updates.size());
  for (InboxUpdate& update : updates) {
    fresh.push_back(seen_.take(update.update_id));
    if (!fresh.back()) continue;
    if (update.at == 0) update.at = at;
    appended_.push_back(std::move(update));
  }
  return fresh;
}

Task<> SqliteStore::Impl::durable() {
  require_open();
  const std::uint64_t wanted = appends_;
  if (durable_appends_ >= wanted) co_return;
  Request request{Request::Flush()};
  co_await submit(request);
  durable_appends_ = std::max(durable_appends_, wanted);
}

bool SqliteStore::Impl::answer_from_cache(const std::vector<StateKey>& keys,
                                          std::vector<std::optional<StateRecord>>& found) {
  const std::int64_t at = now();
  for (const StateKey& key : keys) {
    const std::optional<StateRecord>* record = cache_.find(key);
    if (record == nullptr) return false;
    if (*record && !expired(**record, at)) {
      found.push_back(*record);
    } else {
      found.emplace_back();
    }
  }
  return true;
}

Task<std::vector<std::optional<StateRecord>>> SqliteStore::Impl::load(std::vector<StateKey> keys) {
  require_open();
  std::vector<std::optional<StateRecord>> found;
  found.reserve(keys.size());
  if (answer_from_cache(keys, found)) co_return found;
  Request::Load load;
  for (const StateKey& key : keys) load.after_writes |= cache_.being_written(key);
  load.keys = std::move(keys);
  Request request(std::move(load));
  co_await submit(request);
  Request::Load& done = std::get<Request::Load>(request.work);
  for (std::size_t i = 0; i < done.keys.size(); ++i) cache_.fill(std::move(done.keys[i]), done.found[i]);
  co_return std::move(done.found);
}

Task<> SqliteStore::Impl::commit(Commit commit) {
  require_open();
  if (only_delivered(commit)) {
    lazy_ids_.insert(lazy_ids_.end(), commit.delivered.begin(), commit.delivered.end());
    if (!lazy_ids_.empty()) start_lazy_timer();
    co_return;
  }
  for (const StateWrite& write : commit.writes) cache_.begin_write(write.key);
  Request::Write write;
  write.commit = std::move(commit);
  Request request(std::move(write));
  Commit& done = std::get<Request::Write>(request.work).commit;
  try {
    co_await submit(request);
  } catch (...) {
    for (const StateWrite& failed : done.writes) cache_.not_written(failed.key);
    throw;
  }
  for (StateWrite& write : done.writes) cache_.written(write.key, std::move(write.record));
  for (const std::int64_t id : done.done) {
    seen_.done(id);
    attempts_->forget(id);
  }
  forget_sends(done.delivered);
  for (const TimerWrite& timer : done.timers) runs_->forget(number_of(timer.key));
}

void SqliteStore::Impl::start_lazy_timer() {
  if (lazy_timer_.pending() || lazy_busy_) return;
  lazy_timer_ = clock_.call_in(settings_.delivered_lag, [this] {
    if (!lazy_ids_.empty() && !lazy_busy_) add_lazy_request();
  });
}

void SqliteStore::Impl::add_lazy_request() {
  lazy_timer_.cancel();
  lazy_busy_ = true;
  std::get<Request::Write>(lazy_.work).commit.delivered.swap(lazy_ids_);
  enqueue(lazy_);
}

void SqliteStore::Impl::lazy_finished(std::exception_ptr error) {
  lazy_busy_ = false;
  lazy_error_ = error;
  std::vector<std::int64_t>& ids = std::get<Request::Write>(lazy_.work).commit.delivered;
  if (error)
    lazy_ids_.insert(lazy_ids_.end(), ids.begin(), ids.end());  // they try again with the next group
  else
    forget_sends(ids);
  ids.clear();
  if (!lazy_ids_.empty() && phase_ == Phase::open) start_lazy_timer();
}

Task<Request::Quarantine> SqliteStore::Impl::quarantine(Request::Quarantine work) {
  require_open();
  Request request(std::move(work));
  co_await submit(request);
  Request::Quarantine done = std::move(std::get<Request::Quarantine>(request.work));
  if (done.what == Request::Quarantine::What::replay && done.dropped > 0) {
    seen_.restore_unfinished(done.update.update_id);
    attempts_->forget(done.update.update_id);
  }
  co_return done;
}

Task<std::vector<BookEntry>> SqliteStore::Impl::entries(Request::Entries work) {
  require_open();
  Request request(std::move(work));
  co_await submit(request);
  co_return std::move(std::get<Request::Entries>(request.work).found);
}

Task<> SqliteStore::Impl::close() {
  require_open();
  phase_ = Phase::closed;
  if (!lazy_ids_.empty() && !lazy_busy_) add_lazy_request();
  Request marks{Request::Write()};
  if (!lazy_ids_.empty()) {  // more came while others were under way
    std::get<Request::Write>(marks.work).commit.delivered.swap(lazy_ids_);
    co_await submit(marks);
    forget_sends(std::get<Request::Write>(marks.work).commit.delivered);
  }
  Request request{Request::Close()};
  co_await submit(request);
  writer_.reset();
  if (lazy_error_) std::rethrow_exception(lazy_error_);
}

void SqliteStore::Impl::abandon() {
  abandoned_ = true;
  lazy_timer_.cancel();
  Writer::Requests unanswered;
  if (writer_) {
    if (!lazy_ids_.empty() && !lazy_busy_) add_lazy_request();
    writer_->submit(outbound_, appended_, now());
    auto last = std::move(writer_);
    last->finish_all();
    last->take_finished(unanswered);
  }
  // Whoever still waits is never resumed; dropping the handler frees his frame, and the request with it.
  for (Request* request : unanswered) {
    if (request != &lazy_) const auto dropped = std::move(request->resume);
  }
  finished_.reset();
}

SqliteStore::SqliteStore(Executor executor, Clock& clock, Settings settings)
    : impl_(std::make_shared<Impl>(executor, clock, std::move(settings))) {}

SqliteStore::~SqliteStore() { impl_->abandon(); }

Task<Unfinished> SqliteStore::open() { return impl_->open(last_message_id_, last_entry_number_); }

Task<std::vector<bool>> SqliteStore::append(std::vector<InboxUpdate> updates) {
  co_return impl_->append(std::move(updates));
}

Task<> SqliteStore::durable() { return impl_->durable(); }
void SqliteStore::count_attempt(std::int64_t update_id) { impl_->attempts().count(update_id); }
void SqliteStore::take_back_attempt(std::int64_t update_id) { impl_->attempts().take_back(update_id); }
std::uint32_t SqliteStore::attempts(std::int64_t update_id) const { return impl_->attempts().of(update_id); }
bool SqliteStore::knows(std::int64_t update_id) const { return impl_->knows(update_id); }
// A mark that gave way would let its message be sent twice.
bool SqliteStore::begin_send(std::int64_t message_id) {
  Attempts& sends = impl_->sends();
  if (sends.of(message_id) == 0 && sends.size() >= Attempts::places) return false;
  sends.count(message_id);
  return true;
}
void SqliteStore::take_back_send(std::int64_t message_id) { impl_->sends().take_back(message_id); }
void SqliteStore::begin_run(const TimerKey& timer) { impl_->runs().count(number_of(timer)); }
void SqliteStore::take_back_run(const TimerKey& timer) { impl_->runs().take_back(number_of(timer)); }

Task<std::vector<std::optional<StateRecord>>> SqliteStore::load(std::vector<StateKey> keys) {
  return impl_->load(std::move(keys));
}

Task<> SqliteStore::commit(Commit commit) { return impl_->commit(std::move(commit)); }

Task<std::vector<QuarantinedUpdate>> SqliteStore::quarantine(std::size_t most, std::int64_t before) {
  Request::Quarantine work;
  work.most = most;
  work.before = before;
  Request::Quarantine done = co_await impl_->quarantine(std::move(work));
  co_return std::move(done.found);
}

Task<std::optional<QuarantinedUpdate>> SqliteStore::find_quarantined(std::int64_t number) {
  std::vector<QuarantinedUpdate> found = co_await quarantine(1, number + 1);
  if (found.empty() || found.front().number != number) co_return std::nullopt;
  co_return std::move(found.front());
}

Task<std::size_t> SqliteStore::drop_quarantined(std::vector<std::int64_t> numbers) {
  Request::Quarantine work;
  work.what = Request::Quarantine::What::drop;
  work.numbers = std::move(numbers);
  const Request::Quarantine done = co_await impl_->quarantine(std::move(work));
  co_return done.dropped;
}

Task<bool> SqliteStore::replay(std::int64_t number, InboxUpdate update) {
  Request::Quarantine work;
  work.what = Request::Quarantine::What::replay;
  work.numbers.push_back(number);
  work.update = std::move(update);
  const Request::Quarantine done = co_await impl_->quarantine(std::move(work));
  co_return done.dropped > 0;
}

Task<std::vector<BookEntry>> SqliteStore::entries(std::string book, std::int64_t after, std::size_t most) {
  Request::Entries work;
  work.book = std::move(book);
  work.after = after;
  work.most = most;
  return impl_->entries(std::move(work));
}

std::string SqliteStore::place() const { return impl_->place(); }

Task<> SqliteStore::probe() {
  impl_->require_open();
  Request request{Request::Probe()};
  co_await impl_->submit(request);
}

Task<> SqliteStore::close() { return impl_->close(); }

Task<> SqliteStore::settle() {
  impl_->require_open();
  Request request{Request::Settle()};
  co_await impl_->submit(request);
}

std::int64_t SqliteStore::born() const noexcept { return impl_->born(); }

std::vector<std::string> begin_database(const std::filesystem::path& path, WallTime now) {
  DatabaseFileOptions options;
  options.path = path;
  DatabaseFile file = open_database_file(options, now);
  file.connection->run("PRAGMA wal_checkpoint(TRUNCATE)");
  return file.notices;
}

}  // namespace tgkit::storage
