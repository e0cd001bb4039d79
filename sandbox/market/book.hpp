#pragma once
// The orders of one title. Small records: half a million of them are held.
#include "sandbox/market/values.hpp"
#include "sandbox/market/worth.hpp"

#include <vector>

namespace sandbox::market {

inline constexpr std::int64_t least_price = 2, most_price = 100'000'000;  // cents

struct BookOffer {
  std::uint32_t price = 0;  // cents
  std::uint32_t serial = 0;
  std::uint32_t asset = 0;  // the serial that its asset's id is made from
  std::int32_t float_value = -1;
  std::uint32_t created = 0, unlock = 0;  // Unix seconds
  std::uint16_t paint_seed = 0;
  Phase phase = Phase::none;
  bool mine : 1 = false;
  bool reserved : 1 = false;  // in a purchase under way
};

struct BookTarget {
  std::uint32_t price = 0;
  std::uint32_t serial = 0;
  std::uint32_t created = 0;
  std::uint16_t amount = 1;
  std::uint16_t paint_seed = 0;
  FloatPart float_part;
  Phase phase = Phase::none;
  bool mine : 1 = false;
  bool uncovered : 1 = false;  // its owner lacks the money: it does not execute
  Demand demand() const { return {float_part, phase, paint_seed}; }
};

struct SaleRecord {
  std::uint32_t price = 0;
  std::uint32_t at = 0;
  std::int32_t float_value = -1;
  std::uint16_t paint_seed = 0, demand_seed = 0;
  Phase phase = Phase::none, demand_phase = Phase::none;
  FloatPart demand_part;
  SaleBy by = SaleBy::offer;
};

Copy copy_of(const BookOffer& offer, std::uint16_t paint_index);
void set_copy(BookOffer& offer, const Copy& copy);
bool fits(const BookOffer& offer, const BookTarget& target);  // the copy and the demand; not the prices

// Offers cheapest first, targets dearest first; of equal prices the older (lower serial) first.
class Book {
 public:
  std::vector<BookOffer>& offers() { return offers_; }
  const std::vector<BookOffer>& offers() const { return offers_; }
  std::vector<BookTarget>& targets() { return targets_; }
  const std::vector<BookTarget>& targets() const { return targets_; }
  const std::vector<SaleRecord>& sales() const { return sales_; }  // oldest first; the newest thousand or more

  std::uint32_t next_serial() { return ++serial_; }  // offers, targets and assets of the title count together
  BookOffer& insert(BookOffer offer);
  BookTarget& insert(BookTarget target);
  BookOffer* find_offer(std::uint32_t serial);  // nullptr: there is none
  BookTarget* find_target(std::uint32_t serial);
  bool erase_offer(std::uint32_t serial);
  bool erase_target(std::uint32_t serial);
  void take_one(BookTarget& target);  // one copy less; the last one takes the target away
  void record(const BookOffer& sold, std::int64_t price, Time at, SaleBy by, const Demand& demand);
  void sort();  // after prices were changed in place

  // The cheapest offer of another trader, or the dearest target that executes; nullptr: none.
  const BookOffer* cheapest() const;
  const BookTarget* dearest() const;

 private:
  std::vector<BookOffer> offers_;
  std::vector<BookTarget> targets_;
  std::vector<SaleRecord> sales_;
  std::uint32_t serial_ = 0;
};

}  // namespace sandbox::market
