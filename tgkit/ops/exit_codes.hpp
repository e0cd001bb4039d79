#pragma once
// Exit codes of every program that uses the lifecycle. They are part of the contract with operators: do not renumber.
namespace tgkit::ops::exit_code {

inline constexpr int ok = 0;                 // asked to stop, everything stopped in order
inline constexpr int unclean_stop = 1;       // a service failed while running, or did not stop in its time
inline constexpr int bad_configuration = 2;  // every reason was printed; restarting does not help
inline constexpr int already_running = 3;    // another instance holds the data directory
inline constexpr int start_failed = 4;       // a service could not start: port taken, store unusable, no network
inline constexpr int token_refused = 5;      // Telegram does not know the bot's token; restarting does not help
inline constexpr int newer_database = 6;     // the database is a newer version's; it was left as it is
inline constexpr int unusable_database = 7;  // it is missing, empty, damaged or foreign; nothing was begun instead
inline constexpr int second_signal = 130;    // a second SIGINT or SIGTERM: left at once, unfinished work is kept

}  // namespace tgkit::ops::exit_code
