#include "dmarket/game.hpp"

#include "dmarket/ids.hpp"

namespace dmarket {

std::string_view game_id(Game game) {
  switch (game) {
    case Game::cs2:
      return "a8db";
    case Game::dota2:
      return "9a92";
    case Game::rust:
      return "rust";
    case Game::tf2:
      return "tf2";
  }
  return "";
}

std::string_view sync_name(Game game) {
  switch (game) {
    case Game::cs2:
      return "CSGO";
    case Game::dota2:
      return "Dota2";
    case Game::rust:
      return "Rust";
    case Game::tf2:
      return "TF2";
  }
  return "";
}

std::string_view game_name(Game game) {
  switch (game) {
    case Game::cs2:
      return "CS2";
    case Game::dota2:
      return "Dota 2";
    case Game::rust:
      return "Rust";
    case Game::tf2:
      return "TF2";
  }
  return "";
}

std::optional<Game> game_of_id(std::string_view id) {
  for (const Game game : all_games) {
    if (game_id(game) == id) return game;
  }
  return std::nullopt;
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i != text.size(); ++i) {
    const char c = text[i];
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (dash ? c != '-' : !hex) return false;
  }
  return true;
}

}  // namespace dmarket
