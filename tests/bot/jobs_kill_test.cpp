// Jobs over the store on a disk, in a process that is killed (-9) at any moment, again and again: a job that counts,
// says its number and sets its own next run must neither lose nor repeat a run.
#include "tests/support/run_task.hpp"
#include "tgkit/bot/jobs.hpp"
#include "tgkit/bot/state.hpp"
#include "tgkit/storage/sqlite_store.hpp"
#include "tgkit/telegram/calls/messages.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

struct Step {
  std::int64_t number = 0;
};

}  // namespace

template <>
struct tgkit::bot::Stored<Step> {
  static constexpr std::string_view name = "step";
  static constexpr auto fields = std::tuple(field("number", &Step::number));
};

namespace {

using namespace tgkit;
using namespace tgkit::bot;

constexpr std::int64_t wrong = -1;  // said instead of a number: a run was lost or repeated

// The state counts what the timers number: as long as both are true together, they agree.
Task<> take_step(Context& ctx, Step step) {
  StateCell<Step> counted(storage::StateKey{"step", "bot"});
  std::vector<storage::StateKey> keys(1, counted.key());
  co_await ctx.load(std::move(keys));
  counted.read(ctx.loaded(counted.key()));
  const bool agree = counted.value.number + 1 == step.number;
  counted.value.number = step.number;
  counted.write(ctx);
  ctx.send(telegram::SendMessage(1, std::to_string(agree ? step.number : wrong)));
  ctx.after(Duration(0), Step{step.number + 1}, "chain");
}

// One life of a bot that has nothing but jobs; everything it sends is written to `to` as a number.
class Life {
 public:
  Life(const std::filesystem::path& path, int to)
      : clock_(io_.get_executor()),
        log_(quiet()),
        store_(io_.get_executor(), clock_, file(path)),
        tasks_(io_.get_executor(), [](const std::exception_ptr&) {}),
        outbox_(
            io_.get_executor(), clock_, log_, store_, metrics_,
            [to](telegram::Request request, telegram::CallOptions) { return say(std::move(request), to); },
            OutboxSettings()),
        environment_(shared()),
        jobs_(io_.get_executor(), environment_, outbox_, metrics_, table(), JobsSettings()) {
    environment_.jobs = &jobs_;
  }

  void live() {
    boost::asio::co_spawn(io_, begin(), [](const std::exception_ptr& error) {
      if (error) _exit(8);
    });
    io_.run();
  }

 private:
  static ops::Log::Settings quiet() {
    ops::Log::Settings settings;
    settings.file = "/dev/null";
    return settings;
  }
  static storage::SqliteStore::Settings file(const std::filesystem::path& path) {
    storage::SqliteStore::Settings settings;
    settings.path = path;
    settings.durability = storage::Durability::process;
    settings.fold_bytes = 20'000;  // folding, too, is hit
    return settings;
  }
  static JobTable table() {
    JobTable table;
    table.on<Step>(take_step);
    return table;
  }
  Environment shared() {
    Environment all;
    all.clock = &clock_;
    all.log = &log_;
    all.store = &store_;
    all.locks = &locks_;
    all.tasks = &tasks_;
    all.services = &services_;
    return all;
  }
  static Task<std::string> say(telegram::Request request, int to) {
    const std::size_t digits = request.json.find("\"text\":\"") + 8;
    const std::int64_t number = std::stoll(request.json.substr(digits));
    if (::write(to, &number, sizeof number) != sizeof number) _exit(7);
    co_return "{}";
  }
  Task<> begin() {
    storage::Unfinished found = co_await store_.open();
    co_await outbox_.start();
    outbox_.resume(std::move(found.messages));
    if (found.timers.empty()) {
      JobTimer first;
      first.key = {"step", "chain"};
      first.record.payload = encode_state(Step{1});
      storage::Commit commit;
      commit.timers.push_back(first.write());
      found.timers.push_back({first.key, *commit.timers[0].record, 0});
      co_await store_.commit(std::move(commit));
    }
    jobs_.resume(std::move(found.timers));
    co_await jobs_.start();
  }

  boost::asio::io_context io_{1};
  SystemClock clock_;
  ops::Log log_;
  ops::Metrics metrics_;
  storage::SqliteStore store_;
  StateLocks locks_;
  TaskGroup tasks_;
  Services services_;
  Outbox outbox_;
  Environment environment_;
  Jobs jobs_;
};

// Gives what it said before it was killed, which happens when it has said `until` numbers.
std::vector<std::int64_t> life_of(const std::filesystem::path& path, std::size_t until) {
  std::array<int, 2> ends{};
  EXPECT_EQ(pipe(ends.data()), 0);
  const pid_t child = fork();
  if (child == 0) {
    Life(path, ends[1]).live();
    _exit(9);
  }
  ::close(ends[1]);
  std::vector<std::int64_t> said;
  std::int64_t heard = 0;
  while (said.size() < until && read(ends[0], &heard, sizeof heard) == sizeof heard) said.push_back(heard);
  kill(child, SIGKILL);
  while (read(ends[0], &heard, sizeof heard) == sizeof heard) said.push_back(heard);
  ::close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself with " << WEXITSTATUS(status);
  return said;
}

TEST(JobsKill, NoRunIsLostOrRepeatedHoweverOftenTheProcessIsKilled) {
  std::string pattern = (std::filesystem::temp_directory_path() / "jobs-test-XXXXXX").string();
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  const std::filesystem::path path = std::filesystem::path(pattern) / "bot.sqlite";
  constexpr std::int64_t lives = 30;
  std::vector<std::int64_t> said;
  for (std::int64_t life = 0; life < lives; ++life) {
    const std::vector<std::int64_t> more = life_of(path, 1 + static_cast<std::size_t>(life * 7 % 40));
    said.insert(said.end(), more.begin(), more.end());
  }
  std::filesystem::remove_all(pattern);
  ASSERT_GT(said.size(), static_cast<std::size_t>(lives));
  EXPECT_EQ(std::ranges::count(said, wrong), 0);
  for (std::size_t i = 1; i < said.size(); ++i) EXPECT_LT(said[i - 1], said[i]) << "said twice";
  // Of a message on its way at a kill nobody knows whether it was sent, so that it is not sent again: one per life.
  EXPECT_LE(said.back() - static_cast<std::int64_t>(said.size()), lives);
}

}  // namespace
