#pragma once
// Deny by default: who is on no list and turns to the bot (addressed.hpp) gets one short answer, once, through
// restarts, and then silence; it leaves behind everything else. A route's role() is enforced here too.
#include "tgkit/bot/context.hpp"
#include "tgkit/bot/middleware.hpp"
#include "tgkit/bot/route.hpp"
#include "tgkit/ops/metrics.hpp"

#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

namespace tgkit::bot {

class AccessList {
 public:
  AccessList() = default;  // nobody
  static AccessList everyone(Role role = Role::viewer);
  void allow(std::int64_t user_id, Role role);  // the greater of two roles counts
  Role role_of(std::int64_t user_id) const;

 private:
  std::unordered_map<std::int64_t, Role> roles_;
  Role others_ = Role::none;
};

// Pure: what becomes of an update.
enum class Access { granted, told, silent };
struct AccessQuestion {
  Role has = Role::none;      // the person's
  Role needs = Role::viewer;  // the route's, at least viewer
  bool told_before = false;
};
Access decide_access(const AccessQuestion& question);

// Roles are those of Matching::roles (BotSettings::roles). The newest `remembered` strangers are remembered as
// told, in the store: one router of a bot has it.
Middleware access(ops::Metrics* metrics = nullptr, std::size_t remembered = 10'000);

}  // namespace tgkit::bot
