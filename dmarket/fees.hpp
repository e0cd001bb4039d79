#pragma once
// GET /exchange/v1/customized-fees: the default fee of a game and the titles that pay less, within a window of prices
// and until a moment. What a sale costs is computed in dmarket/trading.
#include "dmarket/fee_rate.hpp"
#include "dmarket/game.hpp"
#include "dmarket/item.hpp"
#include "dmarket/money.hpp"
#include "tgkit/async/clock.hpp"

#include <optional>
#include <string>
#include <vector>

namespace dmarket {

struct FeesQuery {
  explicit FeesQuery(Game game_) : game(game_) {}
  Game game;
  bool p2p = false;
  int limit = 1000;  // at least 1
  int offset = 0;
};

struct DefaultFee {
  std::optional<FeeRate> fraction;
  std::optional<Money> min_amount;
};

struct ReducedFee {
  std::string title;
  std::optional<FeeRate> fraction;
  std::optional<Money> min_price;
  std::optional<Money> max_price;  // 0: no upper end
  std::optional<tgkit::WallTime> expires_at;
  UnknownFields unknown;
};

struct CustomizedFees {
  DefaultFee default_fee;
  std::vector<ReducedFee> reduced;
};

}  // namespace dmarket
