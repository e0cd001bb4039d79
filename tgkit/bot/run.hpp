#pragma once
// A whole program around a router, for bots that need nothing special: client, store, log, signals, exit codes.
//
//   int main() {
//     Router router;
//     router.on(text, echo);
//     return run(std::move(router));
//   }
#include "tgkit/bot/bot.hpp"
#include "tgkit/bot/router.hpp"
#include "tgkit/bot/services.hpp"
#include "tgkit/net/secret.hpp"
#include "tgkit/ops/log.hpp"
#include "tgkit/storage/sqlite_store.hpp"

#include <string>

namespace tgkit::bot {

struct RunSettings {
  net::Secret token;    // empty: from TELEGRAM_BOT_TOKEN
  std::string api_url;  // empty: from TELEGRAM_API_URL, else Telegram's, which alone is paced if nothing is said
  std::string store;    // an SQLite file; empty: from BOT_STORE, else memory
  storage::Durability durability = storage::Durability::power;
  ops::Level log_level = ops::Level::info;
  Services services;
  BotSettings bot;  // callback_secret is filled in from the token when empty
};

// Runs until SIGTERM or SIGINT; returns the exit code of main (tgkit/ops/exit_codes.hpp). What keeps it from starting
// is logged.
int run(Router router, RunSettings settings = {});

}  // namespace tgkit::bot
