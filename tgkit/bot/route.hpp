#pragma once
// A route as data: what /help, Telegram's command menu, allowed_updates, metric labels and the admin list are made of.
#include "tgkit/async/clock.hpp"
#include "tgkit/bot/services.hpp"

#include <bitset>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tgkit::bot {

enum class Role { none, viewer, admin };  // rising

// Which updates wait for each other.
enum class OrderBy { chat, user, chat_and_user, none };

struct RateLimit {
  int requests = 30;
  Duration window = std::chrono::seconds{60};
};

// By the number of telegram::UpdateKind.
using UpdateKinds = std::bitset<64>;

// What a filter says about itself. A route whose conditions contain all conditions of an earlier one is never reached.
struct FilterInfo {
  UpdateKinds kinds = UpdateKinds{}.set();
  std::vector<std::string> conditions;  // sorted; all must hold
  std::string name;                     // "/price", "press buy": the route's name unless it is given one
  std::string command;                  // "price"
  std::string usage;                    // "/price <item> [amount]"
  std::string payload;                  // a button payload's tag
};

struct RouteInfo {
  std::string name;     // closed set: a label of metrics
  std::string command;  // without slash; empty for other routes
  std::string usage;
  std::map<std::string, std::string, std::less<>> help;  // by language code; "" is the default language
  OrderBy order = OrderBy::chat;
  std::optional<Duration> timeout;  // none: the dispatcher's default
  std::optional<RateLimit> limit;   // beside the general one
  Role role = Role::none;           // the least role that may use it; enforced by middleware `access`
  bool hidden = false;              // not in /help and not in the menu
  bool long_running = false;        // no time limit
  bool unlimited = false;           // not counted by `rate_limit`
  bool for_everybody = false;       // its replies to a command hold nothing private: see Route::for_everybody
  FilterInfo filter;
  std::vector<ServiceKey> services;  // what the handler takes as Use<S>

  std::string_view help_in(std::string_view language) const;  // falls back to the default language
};

}  // namespace tgkit::bot
