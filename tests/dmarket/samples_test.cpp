// Answers that were recorded, or printed in DMarket's documentation; samples/README.md says which is which.
#include "dmarket/answers.hpp"
#include "tgkit/json/reader.hpp"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace dmarket {
namespace {

std::string sample(const std::string& name) {
  std::ifstream file(std::string(SAMPLES) + "/" + name);
  std::stringstream text;
  text << file.rdbuf();
  if (text.str().empty()) throw std::runtime_error("no sample " + name);
  return text.str();
}

// The value of one member of an object.
std::string member(std::string_view object, std::string_view name) {
  tgkit::json::Reader json(object);
  std::string_view key, value;
  for (bool first = json.enter_object(); json.next_key(first, key);) {
    if (key == name && json.raw(value)) return std::string(value);
    if (key != name) json.skip();
  }
  throw std::runtime_error("no member " + std::string(name));
}

TEST(Samples, TheRecordedTargetsAreReadToTheLastDemand) {
  Oddities odd;
  const Page<Target> page = read_user_targets(sample("user-targets-recorded.json"), odd);
  EXPECT_EQ(odd.count, 0u) << odd.first;
  ASSERT_EQ(page.items.size(), 3u);
  const Target& generic = page.items[0];
  EXPECT_EQ(generic.target_id->text(), "00000000-0000-4000-8000-000000000001");
  EXPECT_EQ(generic.title, "Galil AR | Metallic Squeezer (Minimal Wear)");
  EXPECT_EQ(generic.price, Money::cents(9));
  EXPECT_EQ(generic.amount, 1);
  EXPECT_EQ(generic.status, TargetStatus::active);
  EXPECT_TRUE(generic.attributes.generic()) << generic.attributes.unknown;
  EXPECT_EQ(generic.created_at, tgkit::WallTime(std::chrono::seconds(1789504222)));
  EXPECT_TRUE(generic.unknown.empty()) << generic.unknown;
  const Target& advanced = page.items[2];
  EXPECT_EQ(advanced.attributes.paint_seed, 13);
  EXPECT_FALSE(advanced.attributes.generic());
}

TEST(Samples, ATimeLockIsARefusalWithTheTimeThatIsLeft) {
  Oddities odd;
  const OfferId offer("00000000-0000-0000-0000-000000000000");
  const std::vector<OfferChange> asked{OfferChange(offer, AssetId("a"), Money::cents(1))};
  const auto outcomes = read_offers_updated(sample("batch-update-time-locked.json"), asked, odd);
  ASSERT_EQ(outcomes.size(), 1u);
  EXPECT_EQ(outcomes[0].fate, ItemFate::refused);
  EXPECT_EQ(outcomes[0].code, "AssetTimeLocked");
  EXPECT_EQ(outcomes[0].locked_for, std::chrono::seconds(12 * 60 + 19));
}

TEST(Samples, TheRecordedRefusalOfASignatureNamesItsCode) {
  EXPECT_EQ(read_error_body(sample("error-401-recorded.json")).code, "Unauthorized");
}

TEST(Samples, AnOfferAndItsCopyAreRead) {
  Oddities odd;
  const Page<Offer> page = read_market_offers(sample("offers-synthetic.json"), odd);
  EXPECT_EQ(odd.count, 0u) << odd.first;
  ASSERT_EQ(page.items.size(), 1u);
  const Offer& offer = page.items[0];
  EXPECT_EQ(offer.price, Money::cents(1599));
  EXPECT_EQ(offer.locked, false);
  EXPECT_EQ(offer.attributes.category, Category::normal);
  EXPECT_EQ(offer.attributes.float_value, "0.2356");
  EXPECT_EQ(offer.attributes.paint_seed, 412);
  EXPECT_EQ(offer.attributes.trade_lock_days, 0);
  EXPECT_TRUE(page.cursor.empty());
}

TEST(Samples, ASaleIsReadInDollarsAndItsWireNameOfATargetIsKnown) {
  Oddities odd;
  const auto sales = read_last_sales(sample("last-sales-synthetic.json"), odd);
  EXPECT_EQ(odd.count, 0u) << odd.first;
  ASSERT_EQ(sales.size(), 1u);
  EXPECT_EQ(sales[0].price, Money::cents(1599));
  EXPECT_EQ(sales[0].kind, SaleKind::target);
  EXPECT_EQ(sales[0].float_value, "0.2905");
  EXPECT_EQ(sales[0].paint_seed, 89);
  EXPECT_EQ(sales[0].phase, std::nullopt);
  EXPECT_EQ(sales[0].to_advanced_target, true);
}

TEST(Samples, AnOrderWithADemandIsNotGeneric) {
  Oddities odd;
  const auto orders = read_targets_by_title(sample("targets-by-title-synthetic.json"), odd);
  EXPECT_EQ(odd.count, 0u) << odd.first;
  ASSERT_EQ(orders.size(), 1u);
  EXPECT_EQ(orders[0].price, Money::cents(155000));
  EXPECT_EQ(orders[0].amount, 2);
  EXPECT_EQ(orders[0].attributes.float_part, "FT-2");
  EXPECT_EQ(orders[0].attributes.paint_seed, std::nullopt);
  EXPECT_FALSE(orders[0].attributes.generic());
}

TEST(Samples, FeesComeWithTheirWindow) {
  Oddities odd;
  const CustomizedFees fees = read_customized_fees(sample("customized-fees-synthetic.json"), odd);
  EXPECT_EQ(odd.count, 0u) << odd.first;
  EXPECT_EQ(fees.default_fee.fraction, FeeRate::millionths(20'000));
  EXPECT_EQ(fees.default_fee.min_amount, Money::cents(2));
  ASSERT_EQ(fees.reduced.size(), 1u);
  EXPECT_EQ(fees.reduced[0].fraction, FeeRate::millionths(15'000));
  EXPECT_EQ(fees.reduced[0].min_price, Money::cents(100));
  EXPECT_EQ(fees.reduced[0].max_price, Money::cents(50000));
  EXPECT_EQ(fees.reduced[0].expires_at, tgkit::WallTime(std::chrono::seconds(1790812800)));
}

TEST(Samples, TheShapesOfTheDocumentationAreReadAsWell) {
  Oddities odd;
  const std::string all = sample("documented-answers.json");
  const auto offers = read_market_offers(member(all, "GET /marketplace-api/v2/offers"), odd);
  const auto own = read_user_offers(member(all, "GET /marketplace-api/v2/user/offers"), odd);
  EXPECT_EQ(odd.count, 0u) << odd.first;
  ASSERT_EQ(offers.items.size(), 1u);
  EXPECT_EQ(offers.items[0].price, Money::cents(1599));
  EXPECT_EQ(offers.items[0].attributes.float_value, "0.2356");
  EXPECT_EQ(offers.items[0].attributes.exterior, "field-tested");
  EXPECT_EQ(offers.total, 128);
  EXPECT_EQ(offers.cursor, "eyJvZmZzZXQiOjEwfQ==");
  ASSERT_EQ(own.items.size(), 1u);
  EXPECT_EQ(own.total, 7);
}

}  // namespace
}  // namespace dmarket
