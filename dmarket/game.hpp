#pragma once
// The four games that are traded.
#include <array>
#include <optional>
#include <string_view>

namespace dmarket {

enum class Game { cs2, dota2, rust, tf2 };

inline constexpr std::array all_games{Game::cs2, Game::dota2, Game::rust, Game::tf2};

std::string_view game_id(Game game);    // "a8db": gameId in every call but one
std::string_view sync_name(Game game);  // "CSGO": what the synchronisation with Steam calls it
std::string_view game_name(Game game);  // "CS2": for people
std::optional<Game> game_of_id(std::string_view game_id);

}  // namespace dmarket
