#pragma once
// What filters need beside the update: who we are, who may do what, and the key that signs our buttons.
#include "tgkit/bot/callback_key.hpp"
#include "tgkit/bot/route.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace tgkit::bot {

struct Matching {
  std::int64_t id = 0;   // ours, from getMe; 0: not known
  std::string username;  // ours, without '@'; from getMe
  CallbackKey key;
  std::function<Role(std::int64_t user_id)> roles;  // empty: everybody is viewer

  Role role_of(std::int64_t user_id) const { return roles ? roles(user_id) : Role::viewer; }
};

}  // namespace tgkit::bot
