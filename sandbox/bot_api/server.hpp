#pragma once
// The Bot API as an HTTP service: addresses, tokens, parameters, faults, and the record of calls.
#include "sandbox/bot_api/answer.hpp"
#include "sandbox/bot_api/call_log.hpp"
#include "sandbox/bot_api/flood_limits.hpp"
#include "sandbox/chat/world.hpp"
#include "sandbox/faults/travel.hpp"
#include "tgkit/net/server.hpp"

#include <chrono>
#include <optional>
#include <set>
#include <string>

namespace sandbox {

struct BotApiSettings {
  std::chrono::milliseconds latency{0};  // added to every call but getUpdates
  std::set<std::string> revoked_tokens;  // answered with 401
  FloodSettings flood;
  std::size_t keep_calls = 20'000;  // and as many deliveries to webhooks
};

// Not thread-safe: used on the loop's thread only.
class BotApi {
 public:
  BotApi(World& world, Faults& faults, BotApiSettings settings)
      : world_(world),
        faults_(faults),
        settings_(std::move(settings)),
        flood_(settings_.flood),
        calls_(settings_.keep_calls) {}

  // For paths that begin with /bot and /file/bot. Throws ConnectionDropped and cancellation only.
  tgkit::Task<tgkit::net::ServerResponse> handle(tgkit::net::ServerRequest request);

  // A call that a webhook's answer asked for: carried out and recorded, its result goes nowhere. Throws cancellation
  // only.
  tgkit::Task<> perform(Bot& bot, std::string method, Arguments arguments);

  const CallLog& calls() const { return calls_; }
  FloodControl& flood() { return flood_; }

 private:
  std::optional<std::int64_t> flood_wait(const Bot& bot, std::string_view method, const Arguments& arguments);
  Bot* admit(std::string_view token);  // nullptr: 401
  tgkit::net::ServerResponse download(std::string_view path);
  tgkit::Task<tgkit::net::ServerResponse> recorded(Bot& bot, std::string method, std::string http_method,
                                                   const Arguments& arguments);
  tgkit::Task<Answer> carry_out(Bot& bot, const Arguments& arguments, const std::optional<Fault>& fault,
                                RecordedCall& record);
  tgkit::Task<Answer> answer(Bot& bot, std::string_view method, const Arguments& arguments);

  World& world_;
  Faults& faults_;
  BotApiSettings settings_;
  FloodControl flood_;
  CallLog calls_;
};

}  // namespace sandbox
