#include "sandbox/market/types.hpp"

#include "sandbox/market/values.hpp"

#include <algorithm>

namespace sandbox::market {
namespace {

constexpr std::string_view ids[] = {"a8db", "9a92", "rust", "tf2"};
constexpr std::string_view sync_names[] = {"CSGO", "Dota2", "Rust", "TF2"};
constexpr int apps[] = {730, 570, 252490, 440};
constexpr std::string_view exteriors[] = {"",          "factory new",   "minimal wear", "field-tested",
                                          "well-worn", "battle-scarred"};
constexpr std::string_view phases[] = {"",     "phase-1",  "phase-2", "phase-3",    "phase-4",
                                       "ruby", "sapphire", "emerald", "black-pearl"};
constexpr std::string_view categories[] = {"normal", "stattrak_tm", "souvenir", "★"};
constexpr std::string_view parts[] = {"",     "FN-0", "FN-1", "FN-2", "FN-3", "FN-4", "FN-5", "FN-6", "MW-0", "MW-1",
                                      "MW-2", "MW-3", "MW-4", "FT-0", "FT-1", "FT-2", "FT-3", "FT-4", "WW-0", "WW-1",
                                      "WW-2", "WW-3", "WW-4", "BS-0", "BS-1", "BS-2", "BS-3", "BS-4"};
// Where each part begins, in hundredths; the last ends at 1.
constexpr int part_ends[] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 15, 18,
                             21, 24, 27, 38, 39, 40, 41, 42, 45, 50, 63, 76, 80, 100};
constexpr std::int32_t hundredth = 10'000'000;

template <class E, std::size_t n>
std::optional<E> find(const std::string_view (&texts)[n], std::string_view text) {
  const auto found = std::find(std::begin(texts), std::end(texts), text);
  if (found == std::end(texts)) return std::nullopt;
  return static_cast<E>(found - std::begin(texts));
}

template <std::size_t n, class E>
std::string_view at(const std::string_view (&texts)[n], E value) {
  return texts[static_cast<std::size_t>(value)];
}

void add_hex(std::string& text, std::uint64_t value, int digits) {
  for (int i = digits - 1; i >= 0; --i) text += "0123456789abcdef"[value >> (4 * i) & 15];
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decimals(std::int64_t value, int digits) {
  std::string text(static_cast<std::size_t>(digits), '0');
  for (int i = digits - 1; i >= 0; --i, value /= 10)
    text[static_cast<std::size_t>(i)] = static_cast<char>('0' + value % 10);
  return std::to_string(value) + "." + text;
}

}  // namespace

std::string_view game_id(Game game) { return at(ids, game); }
std::string_view sync_name(Game game) { return at(sync_names, game); }
int steam_app(Game game) { return apps[static_cast<std::size_t>(game)]; }
std::optional<Game> game_by_id(std::string_view id) { return find<Game>(ids, id); }
std::optional<Game> game_by_sync_name(std::string_view name) { return find<Game>(sync_names, name); }

std::string_view to_text(Exterior exterior) { return at(exteriors, exterior); }
std::optional<Exterior> exterior_of(std::string_view text) { return find<Exterior>(exteriors, text); }
std::string_view to_text(Phase phase) { return at(phases, phase); }
std::optional<Phase> phase_of(std::string_view text) { return find<Phase>(phases, text); }
std::string_view to_text(Category category) { return at(categories, category); }
std::optional<Category> category_of(std::string_view text) { return find<Category>(categories, text); }

std::string_view to_text(FloatPart part) { return parts[part.number]; }
std::optional<FloatPart> float_part_of(std::string_view text) {
  const auto found = std::find(std::begin(parts), std::end(parts), text);
  if (found == std::end(parts)) return std::nullopt;
  return FloatPart{static_cast<std::uint8_t>(found - std::begin(parts))};
}
std::int32_t float_part_from(FloatPart part) { return part_ends[part.number - 1] * hundredth; }
std::int32_t float_part_to(FloatPart part) { return part_ends[part.number] * hundredth; }

FloatPart float_part_at(std::int32_t float_value) {
  if (float_value < 0) return {};
  for (int number = 1; number < float_parts; ++number) {
    if (float_value < part_ends[number] * hundredth) return FloatPart{static_cast<std::uint8_t>(number)};
  }
  return FloatPart{float_parts};
}

std::string float_text(std::int32_t float_value) { return float_value < 0 ? std::string() : decimals(float_value, 9); }

std::string to_text(const Uuid& id) {
  if (id.empty()) return {};
  std::string text;
  text.reserve(36);
  add_hex(text, id.high >> 32, 8);
  text += '-';
  add_hex(text, id.high >> 16, 4);
  text += '-';
  add_hex(text, id.high, 4);
  text += '-';
  add_hex(text, id.low >> 48, 4);
  text += '-';
  add_hex(text, id.low, 12);
  return text;
}

std::optional<Uuid> parse_uuid(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Uuid id;
  int digits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const int value = hex_value(text[i]);
    if (value < 0) return std::nullopt;
    std::uint64_t& half = digits++ < 16 ? id.high : id.low;
    half = half << 4 | static_cast<std::uint64_t>(value);
  }
  return id;
}

int lock_days(const Copy& copy, Time now) {
  return copy.unlock_at <= now ? 0 : static_cast<int>((copy.unlock_at - now + 86'399) / 86'400);
}

bool satisfies(const Copy& copy, const Demand& demand) {
  if (demand.float_part.number != 0 && demand.float_part != copy.float_part()) return false;
  if (demand.phase != Phase::none && demand.phase != copy.phase) return false;
  return demand.paint_seed == 0 || demand.paint_seed == copy.paint_seed;
}

std::string to_text(Fraction fraction) {
  std::string text = decimals(fraction.millionths, 6);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::string_view to_text(TradeState state) {
  constexpr std::string_view texts[] = {"pending", "trade_protected", "successful", "reverted", "failed"};
  return at(texts, state);
}

std::string_view to_text(DepositStatus status) {
  constexpr std::string_view texts[] = {"TransferStatusPending", "TransferStatusCreated",
                                        "TransferStatusSuccess", "TransferStatusFailedToCreate",
                                        "TransferStatusError",   "TransferStatusOnHold"};
  return at(texts, status);
}

}  // namespace sandbox::market
