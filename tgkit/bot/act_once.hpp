#pragma once
// An action on the world outside that must not be done twice (a purchase), from a handler that may be run again after a
// crash:
//
//   const auto buy = [&](std::string key) -> Task<Receipt> { ... };
//   const auto find = [&](std::string key) -> Task<std::optional<Receipt>> { ... };
//   const Receipt receipt = co_await act_once<Receipt>(ctx, "buy", buy, find);
//
// That it begins is durable before `buy` is called, its result after it has returned; a run that finds the result gives
// it without calling anything. A run that finds it begun and not ended does not know whether it was done, and asks
// `find`: what that gives is the result, and nullopt says that it surely was not done, after which `buy` is called.
// `key` names the action: the same in every run of this update and in no other. Where the other side takes a key of
// ours (an order's number), it makes `find` exact.
//
// What the action throws passes through. It counts as begun and not ended then, and is asked about by the next call.
#include "tgkit/bot/context.hpp"
#include "tgkit/bot/state_codec.hpp"
#include "tgkit/storage/store.hpp"

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace tgkit::bot {

// What is known about one action; the part of act_once that needs no types.
class OnceRecord {
 public:
  // How long it is kept when the update is done. An update that is not done keeps it for ever.
  static constexpr std::chrono::hours kept{24 * 7};

  OnceRecord(Context& ctx, std::string_view name);

  const std::string& key() const noexcept { return key_; }
  Task<> load();  // throws storage::StorageError, as begin() does
  bool begun() const noexcept { return begun_; }
  const std::optional<std::string>& result() const noexcept { return result_; }  // encoded; absent: not ended
  Task<> begin();
  // A store that cannot write does not make the action undone: the result then goes with the update's own commit.
  Task<> end(std::string result);

 private:
  storage::StateWrite record(std::string value, bool for_good) const;
  Task<> keep(std::string value);

  Context& ctx_;
  storage::StateKey at_;
  std::string key_;
  bool begun_ = false;
  std::optional<std::string> result_;
};

// R: what state_codec.hpp can store. `name`: one word, different for each action of a handler. `act` and `find` are
// named objects of the caller: a lambda with captures inside a co_await expression does not live long enough.
template <class R, class Act, class Find>
Task<R> act_once(Context& ctx, std::string_view name, const Act& act, const Find& find) {
  OnceRecord record(ctx, name);
  co_await record.load();
  if (record.result()) {
    std::optional<R> known = decode_state<R>(*record.result());
    if (!known) throw std::runtime_error("the result of action " + record.key() + " cannot be read");
    co_return std::move(*known);
  }
  std::optional<R> result;
  if (record.begun())
    result = co_await find(record.key());
  else
    co_await record.begin();
  if (!result) result = co_await act(record.key());
  std::string encoded = encode_state(*result);
  co_await record.end(std::move(encoded));
  co_return std::move(*result);
}

}  // namespace tgkit::bot
