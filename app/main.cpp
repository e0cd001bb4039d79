// dmarket-bot: reads its configuration, makes sure it is alone, and runs the application.
#include "app/application.hpp"
#include "app/data_files.hpp"
#include "app/data_folder.hpp"
#include "app/ledger_command.hpp"
#include "app/quarantine_command.hpp"
#include "app/version.hpp"
#include "tgkit/ops/exit_codes.hpp"
#include "tgkit/ops/private_directory.hpp"
#include "tgkit/ops/process_guard.hpp"
#include "tgkit/ops/single_start.hpp"
#include "tgkit/storage/store.hpp"

#include <csignal>
#include <cstdio>
#include <exception>

namespace {

tgkit::ops::Log::Settings log_settings(const app::Config& config) {
  tgkit::ops::Log::Settings settings;
  settings.level = config.log_level;
  settings.json = config.log_format == app::LogFormat::json;
  return settings;
}

int run(app::Config config) {
  tgkit::ops::tell_of_crashes(config.log_format == app::LogFormat::json);
  std::signal(SIGHUP, SIG_IGN);  // a reload that comes before the lifecycle listens ends nothing
  tgkit::ops::Log log(log_settings(config));
  try {
    const bool was_used = app::was_used(config.data_dir);
    const tgkit::ops::SingleStart alone(config.data_dir);
    for (const std::string& open : tgkit::ops::make_private(config.data_dir, app::data_file_names))
      log.warn("data is open to others", tgkit::ops::Field("reason", open));
    app::begin_store(config, was_used, std::chrono::system_clock::now(), log);
    boost::asio::io_context io(1);
    app::Application application(io, log, std::move(config));
    return application.run();
  } catch (const tgkit::ops::AlreadyRunning& error) {
    log.error("already running", tgkit::ops::Field("reason", error.what()));
    return tgkit::ops::exit_code::already_running;
  } catch (const tgkit::storage::NewerStore& error) {
    log.error("cannot start", tgkit::ops::Field("reason", error.what()));
    return tgkit::ops::exit_code::newer_database;
  } catch (const tgkit::storage::UnusableStore& error) {
    log.error("cannot start", tgkit::ops::Field("reason", error.what()));
    app::advise_about_database(log);
    return tgkit::ops::exit_code::unusable_database;
  } catch (const std::exception& error) {
    log.error("cannot start", tgkit::ops::Field("reason", error.what()));
    return tgkit::ops::exit_code::start_failed;
  }
}

}  // namespace

int main(int argc, char** argv) {
  tgkit::ops::guard_process();
  if (const auto code = app::run_quarantine_command(argc, argv)) return *code;
  if (const auto code = app::run_ledger_command(argc, argv)) return *code;
  app::Config config;
  tgkit::ops::Options options(
      "dmarket-bot", std::string(app::version),
      "a Telegram bot for DMarket traders.\nUpdates that were set aside: dmarket-bot quarantine --help\n"
      "What was bought and sold: dmarket-bot ledger --help");
  app::declare_options(options, config);
  if (const auto code = options.load(argc, argv)) return *code;
  app::settle(options, config);
  return run(std::move(config));
}
