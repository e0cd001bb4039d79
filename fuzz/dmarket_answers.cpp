// Whatever bytes an answer of the exchange has: reading neither crashes nor hangs, what simdjson calls a JSON object is
// read by us too, no price is below zero, and what is kept as unknown is JSON again.
#include "dmarket/answers.hpp"
#include "dmarket/endpoints.hpp"
#include "dmarket/requests.hpp"
#include "dmarket/signature.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <simdjson.h>

namespace {

using namespace dmarket;

bool is_json_object(std::string_view text) {
  static simdjson::dom::parser parser;
  const auto document = parser.parse(simdjson::padded_string(text));
  return document.error() == simdjson::SUCCESS && document.is_object();
}

struct Input {
  std::string_view body;
  bool strict;  // it is a JSON object
};

void check_price(const std::optional<Money>& price) {
  if (price && *price < Money()) std::abort();
}

void check_unknown(const Input& input, const UnknownFields& unknown) {
  if (input.strict && !unknown.empty() && !is_json_object("{" + unknown + "}")) std::abort();
}

// A title that came from an answer may be asked for again: it is refused, or it is a listed read.
void check_title(const std::optional<std::string>& title) {
  if (!title) return;
  try {
    const std::string target = requests::targets_by_title(Game::cs2, *title);
    if (!is_listed_read("GET", target)) std::abort();
    if (text_to_sign("GET", target, "", 0).find(*title) == std::string::npos) std::abort();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::invalid_request) std::abort();
  }
}

// Returns what was read; nothing when the answer was refused, which a JSON object never is.
template <class Read>
auto read(const Input& input, Read read_answer)
    -> std::optional<decltype(read_answer(input.body, std::declval<Oddities&>()))> {
  Oddities oddities;
  try {
    return read_answer(input.body, oddities);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::api_changed || input.strict) std::abort();
  }
  return std::nullopt;
}

template <class Read>
void read_strictly(const Input& input, Read read_answer) {
  try {
    read_answer(input.body);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::api_changed) std::abort();
  }
}

void market(const Input& input) {
  for (const auto& read_offers : {read_market_offers, read_user_offers}) {
    const auto offers = read(input, read_offers);
    if (!offers) continue;
    for (const Offer& offer : offers->items) {
      check_price(offer.price);
      check_unknown(input, offer.unknown);
      check_unknown(input, offer.attributes.unknown);
      check_title(offer.attributes.title);
    }
  }
  if (const auto orders = read(input, read_targets_by_title)) {
    for (const TargetOrder& order : *orders) {
      check_price(order.price);
      check_unknown(input, order.attributes.unknown);
    }
  }
  if (const auto prices = read(input, read_aggregated_prices)) {
    for (const AggregatedPrice& price : prices->items) {
      check_price(price.order_best_price);
      check_price(price.offer_best_price);
      check_unknown(input, price.unknown);
    }
  }
  if (const auto sales = read(input, read_last_sales)) {
    for (const Sale& sale : *sales) {
      check_price(sale.price);
      check_unknown(input, sale.unknown);
    }
  }
  read(input, read_customized_fees);
  read(input, read_market_depth);
  read(input, read_deposit_blocked_titles);
}

void account(const Input& input) {
  if (const auto items = read(input, read_inventory)) {
    for (const InventoryItem& item : items->items) check_unknown(input, item.unknown);
  }
  if (const auto targets = read(input, read_user_targets)) {
    for (const Target& target : targets->items) check_price(target.price);
  }
  if (const auto sales = read(input, read_closed_offers)) {
    for (const ClosedOffer& sale : sales->items) {
      check_price(sale.price);
      check_price(sale.fee.amount);
    }
  }
  if (const auto purchases = read(input, read_closed_targets)) {
    for (const ClosedTarget& purchase : purchases->items) check_price(purchase.price);
  }
  read(input, read_deposit_status);
  read_strictly(input, read_balance);
  read_strictly(input, read_user_profile);
}

void changes(const Input& input) {
  static const std::vector<OfferDraft> drafts{OfferDraft(AssetId("a"), Money::cents(1)),
                                              OfferDraft(AssetId("b"), Money::cents(2))};
  static const std::vector<OfferChange> updates{OfferChange(OfferId("o"), AssetId("a"), Money::cents(1))};
  static const std::vector<OfferRemoval> removals{OfferRemoval(OfferId("o"), AssetId("a"))};
  static const std::vector<TargetDraft> targets{TargetDraft("t", Money::cents(1)), TargetDraft("u", Money::cents(1))};
  static const std::vector<TargetId> ids{TargetId("t"), TargetId("u")};
  const auto matches = [](std::size_t asked, const auto& outcomes) {
    if (outcomes && outcomes->size() != asked) std::abort();
  };
  matches(2, read(input, [](std::string_view b, Oddities& o) { return read_offers_created(b, drafts, o); }));
  matches(1, read(input, [](std::string_view b, Oddities& o) { return read_offers_updated(b, updates, o); }));
  matches(1, read(input, [](std::string_view b, Oddities& o) { return read_offers_deleted(b, removals, o); }));
  matches(2, read(input, [](std::string_view b, Oddities& o) { return read_targets_created(b, targets, o); }));
  matches(2, read(input, [](std::string_view b, Oddities& o) { return read_targets_deleted(b, ids, o); }));
  read(input, read_buy_answer);
  read_strictly(input, read_deposit_id);
  read_strictly(input, read_transfer_id);
  read_error_body(input.body);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input;
  input.body = std::string_view(reinterpret_cast<const char*>(data), size);
  input.strict = is_json_object(input.body);
  market(input);
  account(input);
  changes(input);
  return 0;
}
