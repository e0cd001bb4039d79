#include "app/store_tool.hpp"

#include "app/config.hpp"
#include "app/data_files.hpp"
#include "app/version.hpp"
#include "tgkit/ops/admin_socket.hpp"
#include "tgkit/ops/exit_codes.hpp"
#include "tgkit/ops/single_start.hpp"
#include "tgkit/storage/sqlite_store.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace app {
namespace {

using tgkit::Task;
using tgkit::ops::AdminAnswer;
using tgkit::storage::SqliteStore;
namespace exit_code = tgkit::ops::exit_code;

constexpr std::chrono::seconds patience{300};  // thousands of entries take their time
// A bot that holds the lock and has no socket is starting or stopping, or has said in its log why there is none.
constexpr int looks = 20;
constexpr std::chrono::milliseconds between_looks{100};

// The command's own words, and what is left for the configuration: everything from the first flag on.
struct Words {
  std::vector<std::string> own;
  std::vector<const char*> rest;
};

bool is_own(const StoreTool& tool, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  return std::ranges::find(tool.flags, name) != tool.flags.end() ||
         std::ranges::find(tool.flags_with_value, name) != tool.flags_with_value.end();
}

Words split(const StoreTool& tool, int argc, const char* const* argv) {
  Words words;
  words.rest.push_back(argv[0]);
  bool value_follows = false;
  for (int i = 2; i < argc; ++i) {
    const std::string word = argv[i];
    if (value_follows || is_own(tool, word) || (!word.starts_with('-') && words.rest.size() == 1))
      words.own.push_back(word);
    else
      words.rest.push_back(argv[i]);
    value_follows = !value_follows && std::ranges::find(tool.flags_with_value, word) != tool.flags_with_value.end();
  }
  return words;
}

Task<AdminAnswer> ask_store(const StoreTool& tool, SqliteStore& store, tgkit::Clock& clock, tgkit::ops::Log& log,
                            std::vector<std::string> words) {
  co_await store.open();
  AdminAnswer answer = co_await tool.on_store(store, clock, log, std::move(words));
  co_await store.close();
  co_return answer;
}

AdminAnswer ask_stopped_bot(const StoreTool& tool, const DataFiles& files, const std::vector<std::string>& words) {
  boost::asio::io_context io(1);
  tgkit::SystemClock clock(io.get_executor());
  tgkit::ops::Log::Settings quiet;
  quiet.level = tgkit::ops::Level::error;
  tgkit::ops::Log log(quiet);
  SqliteStore::Settings settings;
  settings.path = files.database;
  settings.may_begin = false;  // a tool only looks
  settings.on_notice = [](const std::string& notice) { std::cerr << notice << '\n'; };
  SqliteStore store(io.get_executor(), clock, settings);
  AdminAnswer answer;
  std::exception_ptr failure;
  boost::asio::co_spawn(io, ask_store(tool, store, clock, log, words),
                        [&](const std::exception_ptr& error, AdminAnswer got) {
                          failure = error;
                          answer = std::move(got);
                        });
  io.run();
  if (failure) std::rethrow_exception(failure);
  return answer;
}

AdminAnswer ask(const StoreTool& tool, const DataFiles& files, const std::vector<std::string>& words) {
  std::vector<std::string> to_running(1, std::string(tool.name));  // the first word says whom it is for
  to_running.insert(to_running.end(), words.begin(), words.end());
  if (!std::filesystem::exists(files.database))
    return {exit_code::start_failed, files.database.string() + ": there is no database: is DATA_DIR right?\n"};
  for (int look = 1;; ++look) {
    if (tgkit::ops::objection_to_socket_path(files.admin_socket.string()).empty()) {
      if (auto answer = tgkit::ops::ask_admin(files.admin_socket, to_running, patience)) return *answer;
    }
    try {
      const tgkit::ops::SingleStart alone(files.directory);
      return ask_stopped_bot(tool, files, words);
    } catch (const tgkit::ops::AlreadyRunning& error) {
      if (look == looks)
        return {exit_code::already_running, std::string(error.what()) + ", but it cannot be asked at " +
                                                files.admin_socket.string() + ": " +
                                                tgkit::ops::objection_to_socket_path(files.admin_socket.string()) +
                                                "; stop it and try again, or see its log\n"};
    }
    std::this_thread::sleep_for(between_looks);
  }
}

}  // namespace

std::optional<int> run_store_tool(const StoreTool& tool, int argc, const char* const* argv) {
  if (argc < 2 || argv[1] != tool.name) return std::nullopt;
  Words words = split(tool, argc, argv);
  Config config;
  config.needs_token = false;
  tgkit::ops::Options options("dmarket-bot", std::string(version), tool.usage);
  declare_options(options, config);
  if (const auto code = options.load(static_cast<int>(words.rest.size()), words.rest.data())) return *code;
  settle(options, config);
  try {
    const AdminAnswer answer = ask(tool, DataFiles(config.data_dir), words.own);
    (answer.exit_code == exit_code::ok ? std::cout : std::cerr) << answer.text << std::flush;
    return answer.exit_code;
  } catch (const tgkit::storage::NewerStore& error) {
    std::cerr << error.what() << '\n';
    return exit_code::newer_database;
  } catch (const tgkit::storage::UnusableStore& error) {
    std::cerr << error.what() << '\n';
    return exit_code::unusable_database;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return exit_code::start_failed;
  }
}

}  // namespace app
