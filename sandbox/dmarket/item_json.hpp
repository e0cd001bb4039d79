#pragma once
// Items, offers and targets of the v2 lists as they go over the wire.
#include "sandbox/dmarket/json_writer.hpp"
#include "sandbox/dmarket/switches.hpp"
#include "sandbox/market/values.hpp"

namespace sandbox {

// Fields without weight that are null or missing now and then, as with the real server. The same field of the same
// thing is always the same.
class Gaps {
 public:
  explicit Gaps(const ApiSwitches& switches)
      : percent_(static_cast<std::uint64_t>(switches.missing_percent)),
        seed_(static_cast<std::uint64_t>(switches.missing_seed)) {}

  // True: the caller writes the member. Otherwise it is null, which this writes, or it is left out.
  bool present(JsonWriter& json, std::uint64_t thing, std::string_view field) const;

 private:
  std::uint64_t percent_, seed_;
};

class ItemWriter {
 public:
  ItemWriter(const ApiSwitches& switches, market::Time now) : switches_(switches), gaps_(switches), now_(now) {}

  void offer(const market::Offer& offer);
  void inventory_item(const market::InventoryItem& item);
  void target(const market::Target& target);

  void begin(std::size_t items) {
    json.reserve(256 + items * 1100);
    json.object().key("items").array();
  }
  std::string end(std::int64_t total, std::string_view cursor);  // the whole answer

  JsonWriter json;

 private:
  struct Item;
  void integer(std::string_view name, std::int64_t value);  // 64 bits: text or number by the switch
  void attributes(const Item& item);
  void lock(const Item& item);
  void game_part(const Item& item);
  void cs2_part(const Item& item);

  const ApiSwitches& switches_;
  Gaps gaps_;
  market::Time now_;
};

// "EXTERIOR_FACTORY_NEW", "PHASE_TITLE_BLACK_PEARL", "FLOAT_PART_FT_4": `text` as treeFilters spell it.
std::string enum_name(std::string_view prefix, std::string_view text);
std::string_view category_name(market::Category category);  // "CATEGORY_STATTRACK"

}  // namespace sandbox
