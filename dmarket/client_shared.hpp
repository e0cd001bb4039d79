#pragma once
// What the copies of a client share.
#include "dmarket/client.hpp"

namespace dmarket {

struct Client::Shared {
  std::function<void()> on_change;
};

}  // namespace dmarket
