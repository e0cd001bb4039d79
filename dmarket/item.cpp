#include "dmarket/item.hpp"

namespace dmarket {
namespace {

constexpr std::string_view unset = "UNSPECIFIED";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Without its prefix, in small letters, with `joint` for the blanks, underscores and dashes in it; nothing where the
// text says that there is none.
std::optional<std::string> plain(std::string_view text, std::string_view prefix, char joint) {
  if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  if (text.empty() || text == unset || text == "any" || text == "Any") return std::nullopt;
  std::string result;
  for (const char c : text) result += c == '_' || c == ' ' || c == '-' ? joint : lower(c);
  return result;
}

}  // namespace

std::optional<std::string> normal_float_part(std::string_view text) {
  constexpr std::string_view prefix = "FLOAT_PART_";
  if (!text.starts_with(prefix)) return text.empty() || text == "any" ? std::nullopt : std::optional<std::string>(text);
  text.remove_prefix(prefix.size());
  if (text == unset) return std::nullopt;
  std::string result(text);
  for (char& c : result) {
    if (c == '_') c = '-';
  }
  return result;
}

std::optional<std::string> normal_phase(std::string_view text) {
  auto phase = plain(text, "PHASE_TITLE_", '-');
  // "PHASE_TITLE_1" and "phase1" mean phase-1.
  if (phase && phase->size() == 1) phase = "phase-" + *phase;
  if (phase && phase->size() == 6 && phase->starts_with("phase")) phase->insert(5, 1, '-');
  return phase;
}

std::optional<std::string> normal_exterior(std::string_view text) {
  auto exterior = plain(text, "EXTERIOR_", ' ');
  // These keep their dash.
  if (exterior == "field tested") exterior = "field-tested";
  if (exterior == "well worn") exterior = "well-worn";
  if (exterior == "battle scarred") exterior = "battle-scarred";
  return exterior;
}

Spelled<Category> read_category(std::string_view text) {
  Category category = Category::unknown;
  if (text == "CATEGORY_NORMAL" || text == "normal") category = Category::normal;
  if (text == "CATEGORY_STATTRACK" || text == "CATEGORY_STATTRAK" || text == "stattrak_tm")
    category = Category::stattrak;
  if (text == "CATEGORY_SOUVENIR" || text == "souvenir") category = Category::souvenir;
  if (text == "CATEGORY_STAR" || text == "★") category = Category::star;
  return {category, std::string(text)};
}

}  // namespace dmarket
