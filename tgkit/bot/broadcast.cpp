#include "tgkit/bot/broadcast.hpp"

#include "tgkit/async/timeout.hpp"
#include "tgkit/json/append.hpp"
#include "tgkit/json/reader.hpp"

#include <algorithm>
#include <stdexcept>
#include <unordered_map>
#include <utility>

namespace tgkit::bot {

namespace {

constexpr std::string_view list_type = "tgkit.broadcasts";
constexpr std::uint32_t record_version = 1;
constexpr Duration store_pause = std::chrono::seconds{1};

storage::StateKey list_key() { return {std::string(list_type), "active"}; }

storage::StateWrite head_write(const std::string& id, const BroadcastHead& head, std::int64_t expires_at) {
  storage::StateWrite write;
  write.key = broadcast_head_key(id);
  write.record = storage::StateRecord{encode(head), record_version, expires_at};
  return write;
}

std::vector<std::string> read_list(std::string_view json) {
  std::vector<std::string> ids;
  json::Reader reader(json);
  std::string id;
  for (bool first = reader.enter_array(); reader.next_item(first) && reader.string(id);) ids.push_back(id);
  return ids;
}

BroadcastResult result_of(SendResult result) {
  switch (result) {
    case SendResult::sent:
      return BroadcastResult::sent;
    case SendResult::refused:
      return BroadcastResult::failed;
    case SendResult::unreachable:
      return BroadcastResult::blocked;
    case SendResult::unknown:
      return BroadcastResult::unknown;
    case SendResult::not_sent:
      break;
  }
  return BroadcastResult::waiting;
}

bool has_ended(BroadcastState state) { return state == BroadcastState::cancelled || state == BroadcastState::finished; }

}  // namespace

// One broadcast that has not ended, as the outbox sees it.
class Broadcasts::Run final : public SendWatcher {
 public:
  Run(Broadcasts& owner, std::string id_, BroadcastHead head_, BroadcastLedger ledger_)
      : id(std::move(id_)), head(std::move(head_)), ledger(std::move(ledger_)), owner_(owner) {}

  // Written down before it leaves.
  Task<bool> begins(std::int64_t message) override {
    const std::size_t index = queued.at(message);
    if (head.state != BroadcastState::running || owner_.stopping_) {
      queued.erase(message);
      arrived(index);  // it may have been tried before
      ledger.set(index, BroadcastResult::waiting);
      ledger.give_back(index);
      changed.set();
      co_return false;
    }
    if (ledger.result(index) != BroadcastResult::on_its_way) ++on_their_way;
    ledger.set(index, BroadcastResult::on_its_way);
    storage::Commit commit;
    commit.writes = ledger.writes_of(index);
    const std::vector<storage::StateWrite> writes = commit.writes;
    try {
      co_await owner_.store_.commit(std::move(commit));
    } catch (...) {
      ledger.give_back(writes);
      held(message);
      throw;
    }
    co_return true;
  }

  void held(std::int64_t message) override {
    const std::size_t index = queued.at(message);
    arrived(index);
    ledger.set(index, BroadcastResult::waiting);
    changed.set();
  }

  void ended(std::int64_t message, SendResult result) override {
    const auto entry = queued.find(message);
    const std::size_t index = entry->second;
    queued.erase(entry);
    arrived(index);
    const BroadcastResult become = result_of(result);
    ledger.set(index, become);
    if (become == BroadcastResult::waiting)
      ledger.give_back(index);
    else
      owner_.counters_.at(become)->increment();
    changed.set();
  }

  BroadcastProgress progress() const { return {id, head.state, ledger.size(), ledger.counts()}; }

  const std::string id;
  BroadcastHead head;
  BroadcastLedger ledger;
  std::unordered_map<std::int64_t, std::size_t> queued;  // the outbox's message to the recipient
  std::size_t on_their_way = 0;
  tgkit::Event changed{tgkit::Event::Reset::automatic};
  TimePoint told{};
  bool ending = false;

 private:
  void arrived(std::size_t index) {
    if (ledger.result(index) != BroadcastResult::on_its_way) return;
    --on_their_way;
    owner_.arrived_.wake_all();
  }

  Broadcasts& owner_;
};

Broadcasts::Broadcasts(Executor executor, Clock& clock, ops::Log& log, storage::Store& store, ops::Metrics& metrics,
                       Outbox& outbox, BroadcastSettings settings)
    : clock_(clock),
      log_(log),
      store_(store),
      outbox_(outbox),
      settings_(std::move(settings)),
      tasks_(executor, [&log](const std::exception_ptr&) { log.error("a broadcast ended by an error"); }) {
  for (const BroadcastResult result :
       {BroadcastResult::sent, BroadcastResult::blocked, BroadcastResult::failed, BroadcastResult::unknown})
    counters_[result] =
        &metrics.counter("tgkit_broadcast_messages_total", ops::Labels("result", std::string(to_text(result))));
}

Broadcasts::~Broadcasts() = default;

storage::StateWrite Broadcasts::list_write() const {
  storage::StateWrite write;
  write.key = list_key();
  if (listed_.empty()) return write;
  std::string json;
  json::append_strings(json, {listed_.begin(), listed_.end()});
  write.record = storage::StateRecord{std::move(json), record_version, 0};
  return write;
}

Task<> Broadcasts::start() {
  std::vector<storage::StateKey> keys(1, list_key());
  const std::vector<std::optional<storage::StateRecord>> list = co_await store_.load(std::move(keys));
  if (!list.front()) co_return;
  const std::vector<std::string> ids = read_list(list.front()->value);
  for (const std::string& id : ids) {
    listed_.insert(id);
    std::unique_ptr<Run> run = co_await load(id);
    if (!run) {
      log_.error("a broadcast cannot be read; it was left as it is", ops::Field("broadcast", id));
      continue;
    }
    const BroadcastCounts& counts = run->ledger.counts();
    log_.info("going on with a broadcast", ops::Field("broadcast", id), ops::Field("waiting", counts.waiting),
              ops::Field("sent", counts.sent), ops::Field("unknown", counts.unknown));
    launch(std::move(run));
  }
}

Task<std::optional<BroadcastHead>> Broadcasts::load_head(std::string id) {
  std::vector<storage::StateKey> keys(1, broadcast_head_key(id));
  const std::vector<std::optional<storage::StateRecord>> records = co_await store_.load(std::move(keys));
  std::optional<BroadcastHead> head;
  if (records.front()) head = decode_broadcast_head(records.front()->value);
  co_return head;
}

Task<std::unique_ptr<Broadcasts::Run>> Broadcasts::load(std::string id) {
  std::unique_ptr<Run> run;
  std::optional<BroadcastHead> head = co_await load_head(id);
  if (!head) co_return run;
  BroadcastLedger ledger(id, head->total);
  const std::vector<std::optional<storage::StateRecord>> records = co_await store_.load(ledger.keys());
  const bool repeat = head->if_unknown == IfUnknown::repeat;
  if (ledger.read(records, repeat)) run = std::make_unique<Run>(*this, id, std::move(*head), std::move(ledger));
  co_return run;
}

void Broadcasts::launch(std::unique_ptr<Run> run) {
  Run& launched = *run;
  runs_.emplace(launched.id, std::move(run));
  tasks_.spawn(drive(launched));
}

Task<bool> Broadcasts::start(std::string id, telegram::Request call, std::vector<std::int64_t> chats,
                             IfUnknown if_unknown) {
  if (id.empty()) throw std::invalid_argument("a broadcast needs an id");
  if (!call.files.empty())
    throw std::invalid_argument("a broadcast cannot upload: send the file once and broadcast its file_id");
  if (!listed_.insert(id).second) co_return false;
  bool begun = false;
  std::exception_ptr failure;
  try {
    begun = co_await begin(id, std::move(call), std::move(chats), if_unknown);
  } catch (...) {
    failure = std::current_exception();
  }
  if (!begun) listed_.erase(id);
  if (failure) std::rethrow_exception(failure);
  co_return begun;
}

Task<bool> Broadcasts::begin(std::string id, telegram::Request call, std::vector<std::int64_t> chats,
                             IfUnknown if_unknown) {
  const std::optional<BroadcastHead> known = co_await load_head(id);
  if (known) co_return false;
  BroadcastHead head;
  head.if_unknown = if_unknown == IfUnknown::repeat ? if_unknown : IfUnknown::report;
  head.method = std::move(call.method);
  head.body = std::move(call.json);
  BroadcastLedger ledger(id, std::move(chats));
  head.total = ledger.size();
  storage::Commit commit;
  commit.writes = ledger.all_writes(0);
  commit.writes.push_back(head_write(id, head, 0));
  commit.writes.push_back(list_write());
  co_await store_.commit(std::move(commit));
  launch(std::make_unique<Run>(*this, std::move(id), std::move(head), std::move(ledger)));
  co_return true;
}

// One coroutine per broadcast: what has become of its messages is committed in groups, as many as came while the last
// commit was under way.
Task<> Broadcasts::drive(Run& run) {
  tell(run, true);
  while (!stopping_) {
    fill(run);
    const bool saved = co_await save(run);
    if (!saved) {
      co_await clock_.sleep_for(store_pause);
      continue;
    }
    tell(run, false);
    const bool nothing_left = run.ledger.counts().waiting == 0 || run.head.state == BroadcastState::cancelled;
    if (nothing_left && run.queued.empty()) break;
    co_await run.changed.wait();
  }
  if (!stopping_) co_await end(run);
}

void Broadcasts::fill(Run& run) {
  std::vector<std::unique_ptr<Outgoing>> messages;
  while (run.head.state == BroadcastState::running && run.queued.size() < settings_.ahead) {
    const std::optional<std::size_t> index = run.ledger.next();
    if (!index) break;
    const std::int64_t chat = run.ledger.chat(*index);
    if (outbox_.recipients().unreachable(outbox_.recipients().current(chat))) {
      run.ledger.set(*index, BroadcastResult::blocked);
      counters_.at(BroadcastResult::blocked)->increment();
      continue;
    }
    telegram::Request request(run.head.method, with_chat(run.head.body, chat));
    const Delivery delivery(SendLane::broadcast, run.head.if_unknown);
    messages.push_back(outbox_.prepare_watched(std::move(request), delivery, run));
    run.queued.emplace(messages.back()->message.id, *index);
  }
  outbox_.accept(std::move(messages));
}

// False: not now.
Task<bool> Broadcasts::save(Run& run) {
  storage::Commit commit;
  commit.writes = run.ledger.take_writes();
  if (commit.writes.empty()) co_return true;
  const std::vector<storage::StateWrite> writes = commit.writes;
  try {
    co_await store_.commit(std::move(commit));
    co_return true;
  } catch (const storage::StorageError& error) {
    log_.error("a broadcast's results are not written; trying again", ops::Field("broadcast", run.id),
               ops::Field("reason", error.what()));
    run.ledger.give_back(writes);
  } catch (...) {
    run.ledger.give_back(writes);
    throw;
  }
  co_return false;
}

// Nothing of it is in the outbox any more.
Task<> Broadcasts::end(Run& run) {
  run.ending = true;
  BroadcastHead head = run.head;
  if (!has_ended(head.state)) head.state = BroadcastState::finished;
  head.counts = run.ledger.counts();
  const auto until =
      std::chrono::duration_cast<std::chrono::seconds>(clock_.wall().time_since_epoch()) + settings_.keep;
  const std::string id = run.id;
  while (true) {
    listed_.erase(id);
    storage::Commit commit;
    commit.writes = run.ledger.all_writes(until.count());
    commit.writes.push_back(head_write(run.id, head, until.count()));
    commit.writes.push_back(list_write());
    try {
      co_await store_.commit(std::move(commit));
      break;
    } catch (const storage::StorageError& error) {
      listed_.insert(id);
      log_.error("the end of a broadcast is not written; trying again", ops::Field("broadcast", run.id),
                 ops::Field("reason", error.what()));
    }
    co_await clock_.sleep_for(store_pause);
  }
  run.head = head;
  log_.info("broadcast ended", ops::Field("broadcast", run.id), ops::Field("state", to_text(head.state)),
            ops::Field("sent", head.counts.sent), ops::Field("blocked", head.counts.blocked),
            ops::Field("failed", head.counts.failed), ops::Field("unknown", head.counts.unknown),
            ops::Field("waiting", head.counts.waiting));
  tell(run, true);
  runs_.erase(id);
}

Task<bool> Broadcasts::change(std::string id, BroadcastState state) {
  const auto found = runs_.find(id);
  if (found == runs_.end() || found->second->ending || has_ended(found->second->head.state)) co_return false;
  BroadcastHead head = found->second->head;
  head.state = state;
  storage::Commit commit;
  commit.writes.push_back(head_write(id, head, 0));
  co_await store_.commit(std::move(commit));
  const auto still = runs_.find(id);  // it may have finished meanwhile
  if (still == runs_.end() || still->second->ending) co_return false;
  still->second->head.state = state;
  still->second->changed.set();
  tell(*still->second, true);
  co_return true;
}

Task<bool> Broadcasts::pause(std::string id) { return change(std::move(id), BroadcastState::paused); }
Task<bool> Broadcasts::resume(std::string id) { return change(std::move(id), BroadcastState::running); }
Task<bool> Broadcasts::cancel(std::string id) { return change(std::move(id), BroadcastState::cancelled); }

void Broadcasts::tell(Run& run, bool changed) {
  if (!settings_.on_progress) return;
  const TimePoint now = clock_.now();
  if (!changed && now - run.told < settings_.tell_every) return;
  run.told = now;
  settings_.on_progress(run.progress());
}

std::vector<BroadcastProgress> Broadcasts::active() const {
  std::vector<BroadcastProgress> all;
  for (const auto& [id, run] : runs_) all.push_back(run->progress());
  return all;
}

Task<std::optional<BroadcastProgress>> Broadcasts::progress(std::string id) {
  std::optional<BroadcastProgress> progress;
  if (const auto found = runs_.find(id); found != runs_.end()) {
    progress = found->second->progress();
    co_return progress;
  }
  const std::optional<BroadcastHead> head = co_await load_head(id);
  if (!head) co_return progress;
  progress.emplace();
  progress->id = id;
  progress->state = head->state;
  progress->total = head->total;
  progress->counts = head->counts;
  co_return progress;
}

Task<std::vector<BroadcastUser>> Broadcasts::results(std::string id) {
  std::vector<BroadcastUser> users;
  if (const auto found = runs_.find(id); found != runs_.end()) {
    users = found->second->ledger.users();
    co_return users;
  }
  const std::unique_ptr<Run> run = co_await load(id);
  if (run) users = run->ledger.users();
  co_return users;
}

std::size_t Broadcasts::on_their_way() const {
  std::size_t all = 0;
  for (const auto& [id, run] : runs_) all += run->on_their_way;
  return all;
}

Task<> Broadcasts::quiet() {
  while (on_their_way() > 0) co_await arrived_.wait();
}

void Broadcasts::limit_stop(Duration limit) { settings_.drain = std::min(settings_.drain, ops::wait_within(limit)); }

Task<> Broadcasts::stop() {
  stopping_ = true;
  bool in_time = true;
  try {
    co_await with_timeout(clock_, settings_.drain, quiet());
  } catch (const TimedOut&) {
    in_time = false;
  }
  tasks_.cancel();
  co_await tasks_.join();
  for (const auto& [id, run] : runs_) co_await save(*run);
  if (!in_time)
    throw std::runtime_error(std::to_string(on_their_way()) + " messages of broadcasts are still on their way");
}

}  // namespace tgkit::bot
