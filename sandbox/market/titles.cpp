// The patterns of titles, game by game.

#include "sandbox/market/catalogue.hpp"
#include "sandbox/market/random.hpp"

#include <algorithm>
#include <set>

namespace sandbox::market {
namespace {

constexpr std::string_view adjectives[] = {
    "Amber",  "Ashen",   "Azure",   "Brass",   "Broken", "Burnt",    "Cinder",  "Clouded", "Cobalt",  "Copper",
    "Coral",  "Distant", "Dusty",   "Ember",   "Faded",  "Feral",    "Frosted", "Gilded",  "Granite", "Hidden",
    "Hollow", "Indigo",  "Iron",    "Ivory",   "Jagged", "Lunar",    "Marbled", "Misty",   "Molten",  "Mossy",
    "Nimble", "Ochre",   "Painted", "Pale",    "Quiet",  "Restless", "Rusted",  "Salted",  "Scarlet", "Shaded",
    "Silent", "Solar",   "Stormy",  "Tangled", "Tidal",  "Umber",    "Velvet",  "Woven"};
constexpr std::string_view nouns[] = {
    "Anchor",  "Badger",  "Basin",   "Beacon", "Bramble", "Canyon",  "Circuit", "Comet",   "Compass", "Current",
    "Drifter", "Echo",    "Fable",   "Falcon", "Fern",    "Foundry", "Garden",  "Harbour", "Heron",   "Horizon",
    "Ledger",  "Lantern", "Magpie",  "Marsh",  "Meadow",  "Mirror",  "Mosaic",  "Orbit",   "Otter",   "Pilgrim",
    "Prairie", "Quarry",  "Relay",   "Ridge",  "River",   "Saddle",  "Signal",  "Sparrow", "Spiral",  "Summit",
    "Thicket", "Timber",  "Torrent", "Tundra", "Vault",   "Voyage",  "Willow",  "Zephyr"};

struct Kind {
  std::string_view name, type, path;
};
constexpr Kind weapons[] = {{"AK-47", "rifle", "ak-47"},
                            {"M4A4", "rifle", "m4a4"},
                            {"M4A1-S", "rifle", "m4a1-s"},
                            {"AWP", "sniper rifle", "awp"},
                            {"Galil AR", "rifle", "galil ar"},
                            {"FAMAS", "rifle", "famas"},
                            {"SG 553", "rifle", "sg 553"},
                            {"AUG", "rifle", "aug"},
                            {"SSG 08", "sniper rifle", "ssg 08"},
                            {"Desert Eagle", "pistol", "desert eagle"},
                            {"USP-S", "pistol", "usp-s"},
                            {"Glock-18", "pistol", "glock-18"},
                            {"P250", "pistol", "p250"},
                            {"CZ75-Auto", "pistol", "cz75-auto"},
                            {"Five-SeveN", "pistol", "five-seven"},
                            {"Tec-9", "pistol", "tec-9"},
                            {"MP9", "smg", "mp9"},
                            {"MAC-10", "smg", "mac-10"},
                            {"UMP-45", "smg", "ump-45"},
                            {"P90", "smg", "p90"},
                            {"Nova", "shotgun", "nova"},
                            {"XM1014", "shotgun", "xm1014"},
                            {"MAG-7", "shotgun", "mag-7"},
                            {"M249", "machinegun", "m249"},
                            {"Negev", "machinegun", "negev"}};
constexpr Kind knives[] = {{"Karambit", "knife", "karambit"},
                           {"Bayonet", "knife", "bayonet"},
                           {"Butterfly Knife", "knife", "butterfly"},
                           {"Flip Knife", "knife", "flip"},
                           {"Gut Knife", "knife", "gut"},
                           {"Talon Knife", "knife", "talon"},
                           {"Sport Gloves", "gloves", "sport"},
                           {"Driver Gloves", "gloves", "driver"}};
constexpr std::string_view qualities[] = {"consumer grade", "industrial grade", "mil-spec grade",
                                          "restricted",     "classified",       "covert"};
constexpr std::string_view heroes[] = {"juggernaut", "pudge",       "invoker",    "lina", "axe",  "sniper",
                                       "rubick",     "drow ranger", "windranger", "sven", "ursa", "phantom assassin"};
constexpr std::string_view dota_slots[] = {"Blade",     "Mantle", "Helm",   "Bracers",
                                           "Pauldrons", "Banner", "Quiver", "Mask"};
constexpr std::string_view rust_things[] = {
    "Hoodie",   "Pants",         "AK47",  "Metal Facemask", "SAR",       "Garage Door",     "Rock",
    "Thompson", "Roadsign Vest", "Boots", "Sleeping Bag",   "Large Box", "Python Revolver", "Furnace"};
constexpr std::string_view tf_things[] = {"Cap",        "Bonnet",          "Fedora",   "Goggles",
                                          "Scattergun", "Rocket Launcher", "Medi Gun", "Wrench",
                                          "Minigun",    "Sniper Rifle",    "Knapsack", "Epaulettes"};
constexpr std::string_view tf_prefixes[] = {"", "", "Strange ", "Vintage ", "Genuine ", "Unusual ", "Collector's "};
constexpr std::string_view exterior_names[] = {"",          "Factory New",   "Minimal Wear", "Field-Tested",
                                               "Well-Worn", "Battle-Scarred"};
constexpr int exterior_worth[] = {100, 180, 125, 100, 85, 78};  // percent

template <class T, std::size_t n>
const T& pick(Random& random, const T (&from)[n]) {
  return from[random.below(static_cast<std::int64_t>(n))];
}

std::string two_words(Random& random) {
  std::string text(pick(random, adjectives));
  text += ' ';
  text += pick(random, nouns);
  return text;
}

// Thousandths of a cent: most things are cheap, few are dear.
std::int64_t some_worth(Random& random, int least_tier = 0) {
  struct Tier {
    std::int64_t from, to, share;
  };
  constexpr Tier tiers[] = {{5'000, 40'000, 28},        {40'000, 300'000, 34},      {300'000, 1'000'000, 17},
                            {1'000'000, 5'000'000, 13}, {5'000'000, 40'000'000, 6}, {40'000'000, 150'000'000, 2}};
  std::int64_t draw = random.below(100);
  int chosen = 0;
  while (draw >= tiers[chosen].share) draw -= tiers[chosen++].share;
  const Tier& tier = tiers[std::max(chosen, least_tier)];
  const std::int64_t u = random.below(1'000);
  return tier.from + (tier.to - tier.from) / 1'000'000 * u * u + (tier.to - tier.from) % 1'000'000 * u * u / 1'000'000;
}

class Maker {
 public:
  Maker(std::uint64_t seed, Game game, int count)
      : random_(mixed(seed, 0x717e5, static_cast<std::uint64_t>(game))), game_(game), count_(count) {}

  std::vector<CatalogueEntry> made() {
    if (game_ == Game::cs2) add_documented();
    while (!full()) add_some();
    return std::move(entries_);
  }

 private:
  bool full() const { return static_cast<int>(entries_.size()) >= count_; }

  void add_some() {
    if (game_ == Game::cs2) return add_cs2();
    if (game_ == Game::dota2) return add_dota();
    if (game_ == Game::rust) return add_rust();
    add_tf();
  }

  void add(TitleInfo info, std::int64_t worth) {
    if (full() || !names_.insert(info.title).second) return;
    info.game = game_;
    if (info.name.empty()) info.name = info.title;
    const std::string instance = std::to_string(100'000'000 + random_.below(800'000'000));
    info.class_id = instance + ":" + std::to_string(1'000'000'000 + random_.below(4'000'000'000));
    entries_.push_back(CatalogueEntry{std::move(info), std::clamp<std::int64_t>(worth, 4'000, 900'000'000)});
  }

  void add_worn(const Kind& kind, const std::string& name, Category category, Exterior exterior, std::int64_t worth,
                const std::string& collection, std::string_view quality) {
    TitleInfo info;
    info.name = std::string(kind.name) + " | " + name;
    const bool star = kind.type == "knife" || kind.type == "gloves";
    if (star) info.title = "★ ";
    if (category == Category::stattrak) info.title += "StatTrak™ ";
    if (category == Category::souvenir) info.title += "Souvenir ";
    info.title += info.name + " (" + std::string(exterior_names[static_cast<std::size_t>(exterior)]) + ")";
    info.type = kind.type;
    info.category_path = std::string(kind.type) + "/" + std::string(kind.path);
    info.collection = collection;
    info.quality = quality;
    info.exterior = exterior;
    info.category = star ? Category::star : category;
    info.has_float = true;
    info.has_phases = name.ends_with("Doppler");
    worth = worth * exterior_worth[static_cast<std::size_t>(exterior)] / 100;
    if (category == Category::stattrak) worth = worth * 17 / 10;
    if (category == Category::souvenir) worth = worth * 13 / 10;
    add(std::move(info), worth);
  }

  void add_documented() {
    add_worn(weapons[0], "Redline", Category::normal, Exterior::field_tested, 1'500'000, "phoenix", "classified");
    add_worn(knives[0], "Doppler", Category::stattrak, Exterior::factory_new, 70'000'000, "", "covert");
  }

  void add_cs2() {
    const std::int64_t kind = random_.below(20);
    if (kind < 14) return add_skin();
    if (kind < 16) return add_star();
    if (kind == 16) return add_plain("case", "container/case", two_words(random_) + " Case");
    if (kind == 17) return add_sticker();
    if (kind == 18) return add_plain("charm", "charm", "Charm | " + two_words(random_));
    add_plain("music kit", "music kit", "Music Kit | " + two_words(random_));
  }

  void add_skin() {
    const Kind& weapon = pick(random_, weapons);
    const std::string name = two_words(random_);
    const std::string collection = lowered(two_words(random_));
    const std::int64_t worth = some_worth(random_);
    const std::string_view quality = qualities[std::min<std::int64_t>(worth / 300'000, 5)];
    const Category second = random_.chance(250'000) ? Category::souvenir : Category::stattrak;
    const auto first = random_.between(1, 2), last = random_.between(3, 5);
    for (auto exterior = first; exterior <= last; ++exterior) {
      add_worn(weapon, name, Category::normal, static_cast<Exterior>(exterior), worth, collection, quality);
      add_worn(weapon, name, second, static_cast<Exterior>(exterior), worth, collection, quality);
    }
  }

  void add_star() {
    constexpr std::string_view fades[] = {"Doppler", "Gamma Doppler"};
    const Kind& kind = pick(random_, knives);
    const bool phases = kind.type == "knife" && random_.chance(300'000);
    const std::string name = phases ? std::string(pick(random_, fades)) : two_words(random_);
    const std::int64_t worth = some_worth(random_, 4);
    const int last = phases ? 2 : 5;
    for (int exterior = phases ? 1 : 2; exterior <= last; ++exterior) {
      add_worn(kind, name, Category::normal, static_cast<Exterior>(exterior), worth, "", "covert");
      if (kind.type == "knife") {
        add_worn(kind, name, Category::stattrak, static_cast<Exterior>(exterior), worth, "", "covert");
      }
    }
  }

  void add_sticker() {
    const std::string name = "Sticker | " + two_words(random_);
    const std::int64_t worth = some_worth(random_) / 2;
    add_plain("sticker", "sticker", name, worth);
    add_plain("sticker", "sticker", name + " (Holo)", worth * 4);
    add_plain("sticker", "sticker", name + " (Foil)", worth * 7);
  }

  void add_plain(std::string_view type, std::string_view path, std::string title, std::int64_t worth = 0) {
    TitleInfo info;
    info.title = std::move(title);
    info.type = type;
    info.category_path = path;
    add(std::move(info), worth == 0 ? some_worth(random_) : worth);
  }

  void add_dota() {
    constexpr std::string_view grades[] = {"", "", "Inscribed ", "Genuine ", "Auspicious ", "Frozen "};
    TitleInfo info;
    info.name = pick(random_, dota_slots);
    info.name += " of the " + two_words(random_);
    info.title = std::string(pick(random_, grades)) + info.name;
    info.hero = pick(random_, heroes);
    info.type = "wearable";
    info.category_path = "wearable/" + info.hero;
    add(std::move(info), some_worth(random_));
  }

  void add_rust() {
    TitleInfo info;
    const std::string_view thing = pick(random_, rust_things);
    info.title = two_words(random_) + " " + std::string(thing);
    info.type = lowered(thing);
    info.category_path = "skin/" + info.type;
    add(std::move(info), some_worth(random_));
  }

  void add_tf() {
    TitleInfo info;
    const std::string_view thing = pick(random_, tf_things);
    info.name = two_words(random_) + " " + std::string(thing);
    info.craftable = !random_.chance(120'000);
    info.title = (info.craftable ? "" : "Non-Craftable ") + std::string(pick(random_, tf_prefixes)) + info.name;
    info.type = lowered(thing);
    info.category_path = "item/" + info.type;
    add(std::move(info), some_worth(random_));
  }

  Random random_;
  Game game_;
  int count_;
  std::vector<CatalogueEntry> entries_;
  std::set<std::string> names_;
};

}  // namespace

std::vector<CatalogueEntry> make_titles(std::uint64_t seed, int count) {
  const int dota = std::max(1, count * 15 / 100), rust = std::max(1, count * 15 / 100), tf = std::max(1, count / 10);
  const int counts[] = {count - dota - rust - tf, dota, rust, tf};
  std::vector<CatalogueEntry> all;
  for (const Game game : all_games) {
    auto made = Maker(seed, game, counts[static_cast<std::size_t>(game)]).made();
    std::move(made.begin(), made.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace sandbox::market
