// Loads one bot and prints what it did as one line of JSON.
//   bench_load [options] -- /path/to/bot arguments, {port} stands for the Bot API's port, {dir} for a fresh directory
// It starts the bot, answers its calls, sends it updates and reads its CPU time and memory from outside.
#include "bench/bot_api.hpp"
#include "bench/child.hpp"
#include "bench/people.hpp"

#include <cmath>
#include <cstdio>
#include <filesystem>

#include <CLI/CLI.hpp>
#include <unistd.h>

namespace {

using namespace bench;

struct Options {
  int updates = 50'000;
  int warm_up = 2'000;
  int users = 1'000;
  double latency = 0;    // seconds until an API answer
  double rate = 0;       // updates per second; 0: a backlog
  double idle = 0;       // seconds of doing nothing before the load
  double patience = 60;  // without an answer
  std::string directory;
  std::vector<std::string> command;
};

struct Result {
  bool complete = false;
  double start_ms = 0;
  double idle_mb = 0;
  double end_mb = 0;
  double peak_mb = 0;
  double per_second = 0;
  double cpu_us = 0;
  double server_cpu_us = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  double idle_cpu_ms_per_second = 0;
  double stop_ms = 0;
  int exit_code = 0;
};

class Session {
 public:
  explicit Session(const Options& options)
      : options_(options), api_(options.latency), people_(options.users), bot_(command()) {}

  Result run() {
    Result result;
    if (!wait_for_first_poll()) return result;
    result.start_ms = 1e3 * (*api_.first_poll_at() - bot_.started_at());
    idle(result);
    release_all_and_wait(options_.warm_up);
    api_.latencies().clear();
    const std::int64_t expected = people_.answers() + options_.updates;
    const double cpu = bot_.cpu_seconds();
    const double server_cpu = own_cpu_seconds();
    const double start = now_seconds();
    if (options_.rate > 0) {
      release_at_rate();
    } else {
      api_.release(people_, options_.updates);
    }
    result.complete = wait_for_answers(expected);
    const double seconds = api_.last_answer_at() - start;
    serve_for(0.3);  // what the bot does after its last message counts as well
    result.per_second = options_.updates / seconds;
    result.cpu_us = 1e6 * (bot_.cpu_seconds() - cpu) / options_.updates;
    result.server_cpu_us = 1e6 * (own_cpu_seconds() - server_cpu) / options_.updates;
    result.end_mb = bot_.resident_megabytes();
    result.peak_mb = bot_.peak_megabytes();
    percentiles(result);
    stop(result);
    return result;
  }

  const People& people() const { return people_; }

 private:
  std::vector<std::string> command() const {
    std::vector<std::string> words = options_.command;
    for (std::string& word : words) {
      replace(word, "{port}", std::to_string(api_.port()));
      replace(word, "{dir}", options_.directory);
    }
    return words;
  }
  static void replace(std::string& word, const std::string& what, const std::string& with) {
    if (const std::size_t at = word.find(what); at != std::string::npos) word.replace(at, what.size(), with);
  }

  bool wait_for_first_poll() {
    const double until = now_seconds() + 10;
    while (!api_.first_poll_at() && now_seconds() < until && !bot_.gone()) api_.turn(0.1);
    return api_.first_poll_at().has_value();
  }

  void idle(Result& result) {
    serve_for(0.3);
    const double cpu = bot_.cpu_seconds();
    serve_for(options_.idle);
    if (options_.idle > 0) result.idle_cpu_ms_per_second = 1e3 * (bot_.cpu_seconds() - cpu) / options_.idle;
    result.idle_mb = bot_.resident_megabytes();
  }

  void serve_for(double seconds) {
    const double until = now_seconds() + seconds;
    for (double left = seconds; left > 0; left = until - now_seconds()) api_.turn(left);
  }

  void release_all_and_wait(int count) {
    if (count == 0) return;
    const std::int64_t expected = people_.answers() + count;
    api_.release(people_, count);
    wait_for_answers(expected);
    serve_for(0.2);
  }

  void release_at_rate() {
    const double start = now_seconds();
    for (int i = 0; i < options_.updates; ++i) {
      const double due = start + i / options_.rate;
      for (double left = due - now_seconds(); left > 0; left = due - now_seconds()) api_.turn(left);
      api_.release(people_, 1);
    }
  }

  bool wait_for_answers(std::int64_t expected) {
    double quiet_since = now_seconds();
    std::int64_t seen = people_.answers();
    while (people_.answers() < expected) {
      api_.turn(0.1);
      const double now = now_seconds();
      if (people_.answers() > seen) {
        seen = people_.answers();
        quiet_since = now;
      } else if (now - quiet_since > options_.patience || bot_.gone()) {
        return false;
      }
    }
    return true;
  }

  void percentiles(Result& result) {
    std::vector<float>& all = api_.latencies();
    if (all.empty()) return;
    std::sort(all.begin(), all.end());
    result.p50_ms = 1e3 * all[all.size() / 2];
    result.p99_ms = 1e3 * all[static_cast<std::size_t>(std::ceil(0.99 * static_cast<double>(all.size()))) - 1];
  }

  // A bot that stops still calls: it sends what is queued and confirms its offset.
  void stop(Result& result) {
    const double start = now_seconds();
    bot_.ask_to_stop();
    while (!bot_.gone() && now_seconds() < start + 15) api_.turn(0.002);
    result.exit_code = bot_.stop(0);
    result.stop_ms = 1e3 * (now_seconds() - start);
  }

  const Options& options_;
  BotApi api_;
  People people_;
  Child bot_;
};

void print(const Options& options, const Result& r, const People& people) {
  std::printf(
      "{\"complete\":%s,\"updates\":%d,\"users\":%d,\"answers\":%lld,\"out_of_order\":%lld,\"miscounted\":%lld,"
      "\"per_second\":%.1f,\"cpu_us\":%.3f,\"server_cpu_us\":%.3f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"start_ms\":%.2f,"
      "\"idle_mb\":%.2f,\"end_mb\":%.2f,\"peak_mb\":%.2f,\"idle_cpu_ms_per_second\":%.3f,\"stop_ms\":%.1f,"
      "\"exit_code\":%d}\n",
      r.complete ? "true" : "false", options.updates, options.users, static_cast<long long>(people.answers()),
      static_cast<long long>(people.out_of_order()), static_cast<long long>(people.miscounted()), r.per_second,
      r.cpu_us, r.server_cpu_us, r.p50_ms, r.p99_ms, r.start_ms, r.idle_mb, r.end_mb, r.peak_mb,
      r.idle_cpu_ms_per_second, r.stop_ms, r.exit_code);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Loads a bot and prints what it did as one line of JSON.");
  app.add_option("--updates", options.updates, "how many updates are measured");
  app.add_option("--warm-up", options.warm_up, "how many come before them");
  app.add_option("--users", options.users, "people who write in turn");
  app.add_option("--latency", options.latency, "seconds until the API answers a sendMessage");
  app.add_option("--rate", options.rate, "updates per second; 0: all are there at once");
  app.add_option("--idle", options.idle, "seconds of doing nothing before the load");
  app.add_option("--patience", options.patience, "seconds without an answer before giving up");
  app.add_option("command", options.command, "the bot's command line")->required();
  CLI11_PARSE(app, argc, argv);

  char pattern[] = "/tmp/bench-bot-XXXXXX";
  options.directory = mkdtemp(pattern);
  Session session(options);
  const Result result = session.run();
  print(options, result, session.people());
  std::filesystem::remove_all(options.directory);
  return result.complete ? 0 : 1;
}
