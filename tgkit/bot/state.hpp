#pragma once
// What the bot remembers, typed: handlers take UserState<T> (one per person), ChatState<T> (one per chat) and Dialog<T>
// (dialog.hpp). Loaded before the handler, written in the handler's commit and only if changed; a handler that throws
// changes nothing. They lead into the running route and must not be kept.
//
// Two updates that use the same state wait for each other, also when their order keys differ: nothing that a person
// does in two chats at once is overwritten.
#include "tgkit/async/clock.hpp"
#include "tgkit/bot/context.hpp"
#include "tgkit/bot/state_codec.hpp"

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace tgkit::bot {

// The stored record was written by a newer version of the program: it is neither read nor overwritten.
class NewerState : public std::runtime_error {
 public:
  using runtime_error::runtime_error;
};

enum class StateScope { user, chat, dialog };

// Whose state an update concerns: "u42", "c-100", "u42c-100". Throws std::logic_error when the update has no such
// owner.
storage::StateKey state_key(const Event& event, StateScope scope, std::string_view type);
bool has_state_owner(const Event& event, StateScope scope);

namespace detail {
[[noreturn]] void throw_newer_state(const storage::StateKey& key, std::uint32_t found, std::uint32_t known);
[[noreturn]] void throw_unreadable_state(const storage::StateKey& key);
}  // namespace detail

// One value on its way: decoded from a record before the handler, compared and written after it.
template <StoredState T>
class StateCell {
 public:
  explicit StateCell(storage::StateKey key) : key_(std::move(key)) {}

  const storage::StateKey& key() const { return key_; }

  // Throws NewerState, or std::runtime_error when the record is no JSON: it is better kept than overwritten.
  void read(const storage::StateRecord* record) {
    if (!record) return;
    if (record->version > stored_version<T>()) detail::throw_newer_state(key_, record->version, stored_version<T>());
    before_ = record->value;
    migrated_ = record->version < stored_version<T>();
    existed_ = true;
    value = decode(*record);
  }

  void write(Context& ctx) const {
    if (erased) {
      if (existed_) ctx.write({key_, std::nullopt});
      return;
    }
    storage::StateRecord record{encode_state(value), stored_version<T>(), expires(ctx)};
    const bool fresh = !existed_ && record.value == encode_state(T{});
    const bool unchanged = existed_ && !migrated_ && record.value == before_;
    if (!fresh && !unchanged) ctx.write({key_, std::move(record)});
  }

  bool existed() const { return existed_; }

  T value{};
  bool erased = false;

 private:
  T decode(const storage::StateRecord& record) const {
    if constexpr (requires { Stored<T>::migrate(record.version, std::string_view(record.value)); }) {
      if (migrated_) return Stored<T>::migrate(record.version, std::string_view(record.value));
    }
    std::optional<T> decoded = decode_state<T>(record.value);
    if (!decoded) detail::throw_unreadable_state(key_);
    return std::move(*decoded);
  }

  std::int64_t expires([[maybe_unused]] const Context& ctx) const {
    if constexpr (requires { Stored<T>::expiry; }) {
      const auto at = ctx.clock().wall() + Stored<T>::expiry;
      return std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
    } else {
      return 0;
    }
  }

  storage::StateKey key_;
  std::string before_;
  bool existed_ = false, migrated_ = false;
};

// What UserState and ChatState have in common.
template <StoredState T, StateScope owner>
class StateOf {
 public:
  using Value = T;
  static constexpr StateScope scope = owner;

  explicit StateOf(StateCell<T>& cell) : cell_(&cell) {}
  T* operator->() { return &cell_->value; }
  const T* operator->() const { return &cell_->value; }
  T& operator*() { return cell_->value; }
  const T& operator*() const { return cell_->value; }
  bool existed() const { return cell_->existed(); }  // before this update
  // Takes the record away with the commit; the value reads as the default from now on.
  void erase() {
    cell_->value = T{};
    cell_->erased = true;
  }

 protected:
  StateCell<T>* cell_;
};

template <StoredState T>
struct UserState : StateOf<T, StateScope::user> {
  using StateOf<T, StateScope::user>::StateOf;
};
template <StoredState T>
struct ChatState : StateOf<T, StateScope::chat> {
  using StateOf<T, StateScope::chat>::StateOf;
};

}  // namespace tgkit::bot
