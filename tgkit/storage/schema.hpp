#pragma once
// The tables of the store's file and their versions. Internal to the storage.
#include "tgkit/async/clock.hpp"
#include "tgkit/storage/sqlite.hpp"

#include <cstdint>

namespace tgkit::storage::schema {

inline constexpr std::int64_t application_id =
    0x74676b74;                             // "tgkt": tells our files from others (PRAGMA application_id)
inline constexpr std::int64_t version = 4;  // PRAGMA user_version

// Creates the tables of an empty file and migrates those of an older version, in one transaction.
// `now` is noted as the birth of one that is new.
void bring_up_to_date(sqlite::Connection& connection, WallTime now);

}  // namespace tgkit::storage::schema
