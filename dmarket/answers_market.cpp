#include "dmarket/answer_parts.hpp"

#include <algorithm>
#include <array>

namespace dmarket {
namespace {

constexpr std::array<std::pair<std::string_view, SaleKind>, 3> sale_kinds{
    {{"Offer", SaleKind::offer}, {"Target", SaleKind::target}, {"Order", SaleKind::target}}};

void read_offer(AnswerReader& reader, Offer& to) {
  reader.object(
      [&](std::string_view key) {
        if (key == "offerId") {
          reader.id(to.offer_id);
        } else if (key == "priceCents") {
          reader.price_cents(to.price);
        } else if (key == "createdAt") {
          reader.timestamp(to.created_at);
        } else if (key == "locked") {
          reader.boolean(to.locked);
        } else if (key == "attributes") {
          read_item_attributes(reader, to.attributes);
        } else {
          return false;
        }
        return true;
      },
      to.unknown);
}

void read_target_order(AnswerReader& reader, TargetOrder& to) {
  reader.object(
      [&](std::string_view key) {
        if (key == "title") {
          reader.text(to.title);
        } else if (key == "price") {
          reader.price_cents(to.price);
        } else if (key == "amount") {
          reader.integer(to.amount);
        } else if (key == "attributes") {
          read_target_attributes(reader, to.attributes);
        } else {
          return false;
        }
        return true;
      },
      to.unknown);
}

// A best price of zero is how a title without offers or orders may be written.
void read_best_price(AnswerReader& reader, std::optional<Money>& to) {
  reader.cents_object(to);
  if (to == Money()) to.reset();
}

void read_aggregated_price(AnswerReader& reader, AggregatedPrice& to) {
  reader.object(
      [&](std::string_view key) {
        if (key == "title") {
          reader.text(to.title);
        } else if (key == "orderBestPrice") {
          read_best_price(reader, to.order_best_price);
        } else if (key == "orderCount") {
          reader.integer(to.order_count);
        } else if (key == "offerBestPrice") {
          read_best_price(reader, to.offer_best_price);
        } else if (key == "offerCount") {
          reader.integer(to.offer_count);
        } else {
          return false;
        }
        return true;
      },
      to.unknown);
}

// Of the copy that was sold only what tells it from others; there are many sales, and most of them say little.
void read_sold_item(AnswerReader& reader, Sale& to) {
  reader.object([&](std::string_view key) {
    if (key == "floatValue" || key == "float") {
      reader.scalar(to.float_value);
    } else if (key == "paintSeed") {
      reader.integer(to.paint_seed);
      if (to.paint_seed && *to.paint_seed <= 0) to.paint_seed.reset();
    } else if (key == "phaseTitle" || key == "phase") {
      std::string phase;
      if (reader.text(phase)) to.phase = normal_phase(phase);
    } else {
      reader.skip();
    }
    return true;
  });
}

void read_sale(AnswerReader& reader, Sale& to) {
  reader.object(
      [&](std::string_view key) {
        if (key == "price") {
          reader.price_dollars(to.price);
        } else if (key == "date") {
          reader.timestamp(to.date);
        } else if (key == "txOperationType") {
          reader.spelled(to.kind, sale_kinds);
        } else if (key == "offerAttributes") {
          read_sold_item(reader, to);
        } else if (key == "orderAttributes") {
          reader.object([&](std::string_view inner) {
            if (inner != "isAdvanced") return false;
            reader.boolean(to.to_advanced_target);
            return true;
          });
        } else {
          return false;
        }
        return true;
      },
      to.unknown);
}

void read_rate(AnswerReader& reader, std::optional<FeeRate>& to) {
  std::string fraction;
  reader.scalar(fraction);
  if (fraction.empty()) return;
  const auto rate = parse_fee_rate(fraction);
  if (rate) {
    to = *rate;
  } else {
    reader.odd("is no fee rate");
  }
}

void read_reduced_fee(AnswerReader& reader, ReducedFee& to) {
  reader.object(
      [&](std::string_view key) {
        if (key == "title") {
          reader.text(to.title);
        } else if (key == "fraction") {
          read_rate(reader, to.fraction);
        } else if (key == "minPrice") {
          reader.price_cents(to.min_price);
        } else if (key == "maxPrice") {
          reader.price_cents(to.max_price);
        } else if (key == "expiresAt") {
          reader.timestamp(to.expires_at);
        } else {
          return false;
        }
        return true;
      },
      to.unknown);
}

void read_default_fee(AnswerReader& reader, DefaultFee& to) {
  reader.object([&](std::string_view key) {
    if (key == "fraction") {
      read_rate(reader, to.fraction);
    } else if (key == "minAmount") {
      reader.price_cents(to.min_amount);
    } else {
      return false;
    }
    return true;
  });
}

void read_depth_line(AnswerReader& reader, DepthLine& to) {
  reader.object(
      [&](std::string_view key) {
        if (key == "price") {
          reader.price_cents(to.price);
        } else if (key == "amount") {
          reader.integer(to.amount);
        } else {
          return false;
        }
        return true;
      },
      to.unknown);
}

void read_blocked_title(AnswerReader& reader, BlockedTitle& to) {
  reader.object(
      [&](std::string_view key) {
        if (key == "title") {
          reader.text(to.title);
        } else if (key == "reason") {
          reader.text(to.reason);
        } else {
          return false;
        }
        return true;
      },
      to.unknown);
}

// An entry whose title is missing can be matched with nothing.
template <class Item>
void drop_untitled(std::vector<Item>& items, Oddities& oddities) {
  const auto dropped = std::erase_if(items, [](const Item& item) { return item.title.empty(); });
  if (dropped > 0) oddities.add("title", "is missing");
}

}  // namespace

Page<Offer> read_market_offers(std::string_view body, Oddities& oddities) {
  return read_page<Offer>(endpoints::market_offers, body, oddities, PageNames(), read_offer);
}

Page<Offer> read_user_offers(std::string_view body, Oddities& oddities) {
  return read_page<Offer>(endpoints::user_offers, body, oddities, PageNames(), read_offer);
}

std::vector<TargetOrder> read_targets_by_title(std::string_view body, Oddities& oddities) {
  auto page =
      read_page<TargetOrder>(endpoints::targets_by_title, body, oddities, PageNames{"orders"}, read_target_order);
  const auto better = [](const TargetOrder& a, const TargetOrder& b) {
    return a.price > b.price;  // one without a price comes last
  };
  if (!std::is_sorted(page.items.begin(), page.items.end(), better))
    std::sort(page.items.begin(), page.items.end(), better);
  return std::move(page.items);
}

Page<AggregatedPrice> read_aggregated_prices(std::string_view body, Oddities& oddities) {
  auto page = read_page<AggregatedPrice>(endpoints::aggregated_prices, body, oddities,
                                         PageNames{"aggregatedPrices", "total", "nextCursor"}, read_aggregated_price);
  drop_untitled(page.items, oddities);
  return page;
}

std::vector<Sale> read_last_sales(std::string_view body, Oddities& oddities) {
  auto page = read_page<Sale>(endpoints::last_sales, body, oddities, PageNames{"sales"}, read_sale);
  return std::move(page.items);
}

CustomizedFees read_customized_fees(std::string_view body, Oddities& oddities) {
  CustomizedFees fees;
  AnswerReader reader(endpoints::customized_fees, body, oddities);
  bool has_default = false;
  UnknownFields unknown;
  reader.document(
      [&](std::string_view key) {
        if (key == "defaultFee") {
          has_default = true;
          read_default_fee(reader, fees.default_fee);
        } else if (key == "reducedFees") {
          reader.array([&] { read_reduced_fee(reader, fees.reduced.emplace_back()); });
        } else {
          return false;
        }
        return true;
      },
      unknown);
  if (!has_default && !unknown.empty()) oddities.add("defaultFee", "is missing");
  drop_untitled(fees.reduced, oddities);
  return fees;
}

MarketDepth read_market_depth(std::string_view body, Oddities& oddities) {
  MarketDepth depth;
  AnswerReader reader(endpoints::market_depth, body, oddities);
  UnknownFields unknown;
  const auto lines = [&](std::vector<DepthLine>& to) {
    reader.array([&] { read_depth_line(reader, to.emplace_back()); });
  };
  reader.document(
      [&](std::string_view key) {
        if (key != "offers" && key != "orders") return false;
        lines(key == "offers" ? depth.offers : depth.orders);
        return true;
      },
      unknown);
  return depth;
}

Page<BlockedTitle> read_deposit_blocked_titles(std::string_view body, Oddities& oddities) {
  auto page = read_page<BlockedTitle>(endpoints::deposit_blocked_titles, body, oddities, PageNames{"titles"},
                                      read_blocked_title);
  drop_untitled(page.items, oddities);
  return page;
}

}  // namespace dmarket
