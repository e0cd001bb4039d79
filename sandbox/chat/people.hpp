#pragma once
// Who takes part: people and bots.
#include "sandbox/chat/command_lists.hpp"
#include "sandbox/chat/signal.hpp"
#include "sandbox/chat/update_queue.hpp"
#include "sandbox/chat/world_clock.hpp"
#include "sandbox/json.hpp"
#include "tgkit/net/secret.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace sandbox {

struct User {
  std::int64_t id = 0;
  std::string first_name;
  std::string last_name;
  std::string username;
  std::string language_code;
  bool is_premium = false;

  json::object as_json() const;  // the Bot API's User
};

struct Webhook {
  std::string url;  // empty: none
  std::string ip_address;
  std::string certificate;  // PEM; empty: the usual authorities
  std::optional<tgkit::net::Secret> secret_token;
  std::int64_t max_connections = 40;
  std::int64_t last_error_date = 0;  // 0: no delivery has failed
  std::string last_error;
};

// What getUpdates remembers of its callers.
struct Polling {
  std::uint64_t newest = 0;  // number of the newest call; an older one that still waits has been replaced
  bool waiting = false;
  std::int64_t previous_offset = -1;
  std::optional<tgkit::TimePoint> previous_start;
  std::optional<tgkit::TimePoint> next_conflict;  // further 409 answers are held back until then
};

// Another world has other numbers: a bot that remembers those of the last one must not take new updates for known ones.
inline std::uint64_t fresh_seed() {
  std::random_device device;
  return static_cast<std::uint64_t>(device()) << 32U | device();
}

struct Bot {
  Bot(std::int64_t id_, tgkit::Executor executor, WorldClock& clock)
      : id(id_), queue(fresh_seed()), arrived(executor, clock, clock.real()) {}

  std::int64_t id;
  std::optional<tgkit::net::Secret> secret;  // behind the colon of the token; set at its first use
  std::string username;
  std::string first_name;
  bool can_read_all_group_messages = false;
  bool supports_inline_queries = false;
  bool logged_out = false;

  UpdateQueue queue;
  Signal arrived;  // an update was queued, or a waiting poll has to look again
  Polling polling;
  std::vector<std::string> allowed_updates;  // empty: the default set
  Webhook webhook;
  std::optional<tgkit::TimePoint> webhook_changed;

  CommandLists commands;
  std::map<std::string, std::string> names, descriptions, short_descriptions;  // by language
  json::object menu_button{{"type", "default"}};
  std::map<std::int64_t, json::object> menu_buttons;  // of single private chats

  json::object as_json() const;             // as the sender of a message
  json::object me() const;                  // as getMe answers
  bool wants(std::string_view kind) const;  // an update of this kind is made for it
};

// Every kind of update in Bot API 10.3.
const std::vector<std::string>& update_kinds();
bool default_update_kind(std::string_view kind);

}  // namespace sandbox
