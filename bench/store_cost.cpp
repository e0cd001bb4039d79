// What the store costs per update: append, load, commit (state, done, one message), delivered. CPU of both threads.
//   store_cost memory|power|process PATH [updates] [users] [rate per second, 0: as fast as it goes]
#include "tgkit/async/clock.hpp"
#include "tgkit/async/task_group.hpp"
#include "tgkit/storage/memory_store.hpp"
#include "tgkit/storage/sqlite_store.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <sys/resource.h>

namespace {

using namespace tgkit;
using namespace tgkit::storage;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double resident_megabytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::atof(line.c_str() + 6) / 1024;
  }
  return 0;
}

class Load {
 public:
  Load(Store& store, Clock& clock, int updates, int users, int rate)
      : store_(store), clock_(clock), updates_(updates), users_(users), rate_(rate) {}

  Task<> run(TaskGroup& group) {
    if (rate_ > 0) {
      const TimePoint start = clock_.now();
      for (int i = 0; i < updates_; ++i) {
        co_await clock_.sleep_until(start + std::chrono::nanoseconds(1'000'000'000LL * i / rate_));
        group.spawn(take(group, i, 1));
      }
    } else {
      for (int first = 0; first < updates_; first += 100) {
        co_await take(group, first, 100);
        while (group.size() > 300) co_await clock_.sleep_for(std::chrono::microseconds(200));
      }
    }
    co_await group.join();
  }

 private:
  // As the poller does it.
  Task<> take(TaskGroup& group, int first, int count) {
    std::vector<InboxUpdate> batch(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
      batch[static_cast<std::size_t>(i)].update_id = first + i + 1;
      batch[static_cast<std::size_t>(i)].body = body_;
    }
    co_await store_.append(std::move(batch));
    for (int i = first; i < first + count; ++i) group.spawn(handle(i));
    co_await store_.durable();
  }
  Task<> handle(int i) {
    const std::string owner = "u" + std::to_string(100'000'000 + (i * 7919LL) % users_);
    std::vector<StateKey> keys(1);
    keys[0].type = "counter";
    keys[0].owner = owner;
    const auto found = co_await store_.load(keys);
    const int counter = found[0] ? std::atoi(found[0]->value.c_str() + 9) : 0;
    Commit commit;
    commit.writes.resize(1);
    commit.writes[0].key = std::move(keys[0]);
    commit.writes[0].record.emplace();
    commit.writes[0].record->value = "{\"count\":" + std::to_string(counter + 1) + filler_;
    commit.done.push_back(i + 1);
    const std::int64_t id = store_.next_message_id();
    commit.messages.resize(1);
    commit.messages[0].id = id;
    commit.messages[0].chat_id = 100'000'000 + i;
    commit.messages[0].method = "sendMessage";
    commit.messages[0].body = message_;
    co_await store_.commit(std::move(commit));
    Commit delivered;
    delivered.delivered.push_back(id);
    co_await store_.commit(std::move(delivered));
  }

  Store& store_;
  Clock& clock_;
  const int updates_;
  const int users_;
  const int rate_;
  const std::string body_ = std::string(450, 'b');
  const std::string message_ = std::string(120, 'm');
  const std::string filler_ = ",\"filler\":\"" + std::string(60, 'f') + "\"}";
};

Task<> measure(Store& store, Clock& clock, Executor executor, int updates, int users, int rate) {
  TaskGroup group(executor, [](std::exception_ptr error) {
    try {
      std::rethrow_exception(error);
    } catch (const std::exception& e) {
      std::fprintf(stderr, "%s\n", e.what());
      std::exit(1);
    }
  });
  co_await store.open();
  const double cpu = cpu_seconds();
  const TimePoint start = clock.now();
  Load load(store, clock, updates, users, rate);
  co_await load.run(group);
  const double wall = std::chrono::duration<double>(clock.now() - start).count();
  const double spent = cpu_seconds() - cpu;
  const double resident = resident_megabytes();
  co_await store.close();
  std::printf("%d updates, %d users: %.0f/s, %.1f us CPU per update, %.1f with close, RSS %.1f MB\n", updates, users,
              updates / wall, 1e6 * spent / updates, 1e6 * (cpu_seconds() - cpu) / updates, resident);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::string kind = argv[1];
  const int updates = argc > 3 ? std::atoi(argv[3]) : 100'000;
  const int users = argc > 4 ? std::atoi(argv[4]) : 1000;
  const int rate = argc > 5 ? std::atoi(argv[5]) : 0;
  boost::asio::io_context io(1);
  SystemClock clock(io.get_executor());
  std::unique_ptr<Store> store;
  if (kind == "memory") {
    store = std::make_unique<MemoryStore>(clock);
  } else {
    SqliteStore::Settings settings;
    settings.path = argv[2];
    settings.durability = kind == "power" ? Durability::power : Durability::process;
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(settings.path.string() + suffix);
    store = std::make_unique<SqliteStore>(io.get_executor(), clock, std::move(settings));
  }
  boost::asio::co_spawn(io, measure(*store, clock, io.get_executor(), updates, users, rate),
                        [](std::exception_ptr error) {
                          if (error) std::rethrow_exception(error);
                        });
  io.run();
  return 0;
}
