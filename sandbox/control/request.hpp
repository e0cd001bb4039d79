#pragma once
// What a control request says, and the parts that the handlers share.
#include "sandbox/bot_api/arguments.hpp"
#include "sandbox/bot_api/server.hpp"
#include "sandbox/chat/world.hpp"
#include "sandbox/dmarket/venue.hpp"
#include "sandbox/json.hpp"
#include "sandbox/webhook/courier.hpp"

#include <stdexcept>
#include <string>

namespace sandbox {

// A refused control call; what() tells the caller what to do.
class ControlError : public std::runtime_error {
 public:
  explicit ControlError(const std::string& text, int status = 400) : runtime_error(text), status_(status) {}
  int status() const noexcept { return status_; }

 private:
  int status_;
};

struct ControlRequest {
  World& world;
  Faults& faults;
  BotApi& bot_api;
  const Courier& courier;
  Venue& venue;
  json::object body;      // of POST; of GET the query as texts
  Arguments uploads;      // the files of a multipart body
  std::uint64_t seq = 0;  // before the act

  std::int64_t number(std::string_view key, std::int64_t fallback = 0) const;
  double seconds(std::string_view key, double fallback) const;
  std::string text(std::string_view key) const { return member_text(body, key); }
  bool has(std::string_view key) const { return body.contains(json::string_view(key.data(), key.size())); }
  bool flag(std::string_view key, bool fallback = false) const;
};

// All throw ControlError.
const User& named_user(const ControlRequest& request, std::string_view key = "user");
Bot& named_bot(const ControlRequest& request);                                // by "bot", or the only one
Chat& named_chat(const ControlRequest& request);                              // one that exists
std::int64_t id_of(const ControlRequest& request, const json::value& value);  // a number or the name of a user or bot

std::string with_seq(const ControlRequest& request, const std::string& members);  // {"seq":N,members}

// reading.cpp
std::string read_state(const ControlRequest& request);
std::string read_transcript(const ControlRequest& request);
std::string transcript_text(const ControlRequest& request);
std::string read_commands(const ControlRequest& request);
tgkit::Task<std::string> read_calls(const ControlRequest& request);
tgkit::Task<std::string> read_exchange_calls(const ControlRequest& request);
tgkit::Task<std::string> read_deliveries(const ControlRequest& request);
tgkit::Task<std::string> read_events(const ControlRequest& request);
const StoredFile& read_file(const ControlRequest& request);
std::string bot_entry(const ControlRequest& request, Bot& bot);
std::string chat_entry(const ControlRequest& request, Chat& chat);

// waiting.cpp
tgkit::Task<std::string> wait_for(const ControlRequest& request);

// people.cpp
std::string put_user(const ControlRequest& request);
std::string put_bot(const ControlRequest& request);
std::string put_chat(const ControlRequest& request);
std::string block(const ControlRequest& request);

// writing.cpp
std::string send_as_user(const ControlRequest& request);
std::string edit_as_user(const ControlRequest& request);
std::string delete_message(const ControlRequest& request);
std::string press_button(const ControlRequest& request);
std::string answer_state(const ControlRequest& request);

// trouble.cpp
std::string inject(const ControlRequest& request);
std::string flood_limits(const ControlRequest& request);

// exchange.cpp
std::string change_dmarket(const ControlRequest& request);
std::string change_switches_and_rules(const ControlRequest& request);
std::string read_books(const ControlRequest& request);

// market.cpp
std::string read_market(const ControlRequest& request);
std::string read_market_title(const ControlRequest& request);
std::string read_market_account(const ControlRequest& request);
tgkit::Task<std::string> read_market_events(const ControlRequest& request);
std::string act_in_market(const ControlRequest& request);

// inline_mode.cpp
std::string ask_inline(const ControlRequest& request);
std::string inline_state(const ControlRequest& request);
std::string choose_inline(const ControlRequest& request);

// payments.cpp
std::string pay_invoice(const ControlRequest& request);
std::string payment_state(const ControlRequest& request);

// time.cpp
std::string read_time(const ControlRequest& request);
tgkit::Task<std::string> change_time(const ControlRequest& request);

// faults.cpp
std::string change_faults(const ControlRequest& request);
std::string read_faults(const ControlRequest& request);

}  // namespace sandbox
