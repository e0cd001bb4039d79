#include "sandbox/market/filter.hpp"

namespace sandbox::market {

std::string cursor_text(const RowKey& key) {
  return std::to_string(key.value) + "." + std::to_string(key.title) + "." + std::to_string(key.serial);
}

std::optional<RowKey> read_cursor(std::string_view text) {
  RowKey key;
  const char* at = text.data();
  const char* end = at + text.size();
  const auto number = [&](auto& into, bool last) {
    const auto [stop, error] = std::from_chars(at, end, into);
    if (error != std::errc() || last != (stop == end) || (!last && *stop != '.')) return false;
    at = last ? stop : stop + 1;
    return true;
  };
  if (!number(key.value, false) || !number(key.title, false) || !number(key.serial, true)) return std::nullopt;
  return key;
}

std::optional<Refusal> check(const Paging& paging, int largest) {
  if (paging.limit < 1 || paging.limit > largest) {
    return Refusal{"InvalidArgument", "limit is between 1 and " + std::to_string(largest)};
  }
  if (!paging.cursor.empty() && !read_cursor(paging.cursor)) return Refusal{"InvalidArgument", "the cursor is none"};
  return std::nullopt;
}

bool admits(const Filter& filter, const TitleInfo& info) {
  // Titles whose copies have no phase or float are left out as a whole.
  if (!info.has_phases && !filter.phase.admits(Phase::none)) return false;
  if (!info.has_float && !filter.float_part.admits(FloatPart{})) return false;
  return filter.exterior.admits(info.exterior) && filter.category.admits(info.category) &&
         filter.collection.admits(info.collection) && filter.type.admits(info.type) && filter.hero.admits(info.hero) &&
         info.category_path.starts_with(filter.category_path) &&
         (!filter.craftable || *filter.craftable == info.craftable);
}

bool looks_at_copies(const Filter& filter) {
  return !filter.float_part.any_of.empty() || !filter.phase.any_of.empty() || !filter.paint_seed.any_of.empty() ||
         filter.lock_days_from || filter.lock_days_to || filter.tradable;
}

bool admits(const Filter& filter, const Copy& copy, Time now) {
  if (!filter.float_part.admits(copy.float_part()) || !filter.phase.admits(copy.phase)) return false;
  if (!filter.paint_seed.admits(copy.paint_seed)) return false;
  const int days = lock_days(copy, now);
  if (filter.lock_days_from && days < *filter.lock_days_from) return false;
  if (filter.lock_days_to && days >= *filter.lock_days_to) return false;
  return !filter.tradable || *filter.tradable == (days == 0);
}

bool admits(const Filter& filter, Money price) {
  return (!filter.price_from || price >= *filter.price_from) && (!filter.price_to || price <= *filter.price_to);
}

std::uint64_t Ordering::value(std::int64_t price, Time created, Time updated, std::int32_t float_value,
                              std::uint32_t rank, int discount) const {
  std::uint64_t value = 0;
  switch (by) {
    case OrderBy::none:
      break;
    case OrderBy::price:
      value = static_cast<std::uint64_t>(price);
      break;
    case OrderBy::title:
      value = rank;
      break;
    case OrderBy::created_at:
      value = static_cast<std::uint64_t>(created);
      break;
    case OrderBy::updated_at:
      value = static_cast<std::uint64_t>(updated);
      break;
    case OrderBy::float_value:
      value = static_cast<std::uint64_t>(float_value + std::int64_t{1});
      break;
    case OrderBy::discount:
      value = static_cast<std::uint64_t>(discount);
      break;
  }
  return descending ? ~value : value;
}

}  // namespace sandbox::market
