#pragma once
// A random id that belongs to one store and to no copy of it: made with the store, kept in it together with what tells
// its files from a copy of them (Store::place()), and made anew when the two do not fit: after a restore or a copy.
#include "tgkit/async/task.hpp"
#include "tgkit/storage/store.hpp"

#include <string>
#include <string_view>

namespace tgkit::bot {

// 22 characters of A-Z, a-z, 0-9, - and _. The store is open. Throws storage::StorageError.
Task<std::string> identity_of(storage::Store& store);

// Of what was kept; empty when it was made for another place, or cannot be read. Pure.
std::string kept_identity(std::string_view kept, std::string_view place);

}  // namespace tgkit::bot
