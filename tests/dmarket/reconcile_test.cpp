#include "dmarket/reconcile.hpp"

#include <gtest/gtest.h>

namespace dmarket {
namespace {

using std::chrono::seconds;

const tgkit::WallTime sent{seconds(1'790'000'000)};
const AssetId asset("asset");
const OfferId old_offer("old"), new_offer("new");

Look early() { return Look(sent, sent + seconds(5)); }
Look late() { return Look(sent, sent + longest_change + list_lag); }

template <class Item>
Listed<Item> all(std::vector<Item> items) {
  return {std::move(items), ListEnd::complete};
}

template <class Item>
Listed<Item> part(std::vector<Item> items) {
  return {std::move(items), ListEnd::repeated_cursor};
}

Target target(const std::string& id, const std::string& title, std::int64_t cents, std::int64_t amount = 1) {
  Target t;
  t.target_id = TargetId(id);
  t.title = title;
  t.price = Money::cents(cents);
  t.amount = amount;
  return t;
}

ClosedTarget bought(const std::string& target_id, const std::string& title, std::int64_t cents) {
  ClosedTarget t;
  t.target_id = TargetId(target_id);
  t.asset_id = asset;
  t.title = title;
  t.price = Money::cents(cents);
  t.closed_at = sent + seconds(3);
  return t;
}

Offer offered(const OfferId& id, std::int64_t cents) {
  Offer o;
  o.offer_id = id;
  o.price = Money::cents(cents);
  o.attributes.id = asset;
  return o;
}

ClosedOffer sold(const OfferId& id, std::int64_t cents) {
  ClosedOffer o;
  o.offer_id = id;
  o.asset_id = asset;
  o.price = Money::cents(cents);
  o.closed_at = sent + seconds(3);
  o.status = Spelled<TradeStatus>(TradeStatus::trade_protected, "trade_protected");
  return o;
}

InventoryItem owned(const AssetId& id, const std::string& title = "title", const std::string& float_value = "0.1") {
  InventoryItem i;
  i.attributes.id = id;
  i.attributes.title = title;
  i.attributes.float_value = float_value;
  return i;
}

// --- targets that were to be created

Finding created(const TargetIntent& intent, const Listed<Target>& targets, const Listed<ClosedTarget>& closed,
                const Look& look, const std::vector<TargetId>& known = {}) {
  return find_created_targets({intent}, known, targets, closed, look).at(0);
}

TEST(CreatedTargets, ANewOneLikeItProvesItWhenever) {
  const TargetIntent intent("x", Money::cents(100));
  const auto found = created(intent, part<Target>({target("t", "x", 100)}), part<ClosedTarget>({}), early());
  EXPECT_EQ(found.verdict, Verdict::done);
  EXPECT_EQ(found.target_id, TargetId("t"));
}

TEST(CreatedTargets, OneThatWasThereBeforeProvesNothing) {
  const TargetIntent intent("x", Money::cents(100));
  const auto found =
      created(intent, all<Target>({target("t", "x", 100)}), all<ClosedTarget>({}), late(), {TargetId("t")});
  EXPECT_EQ(found.verdict, Verdict::not_done);
}

TEST(CreatedTargets, AnotherPriceTitleOrDemandIsAnotherTarget) {
  TargetIntent intent("x", Money::cents(100));
  intent.attributes.float_part = "FT-0";
  auto like_it = target("t", "x", 100);
  EXPECT_EQ(created(intent, all<Target>({like_it}), all<ClosedTarget>({}), late()).verdict, Verdict::not_done);
  like_it.attributes.float_part = "FT-0";
  EXPECT_EQ(created(intent, all<Target>({like_it}), all<ClosedTarget>({}), late()).verdict, Verdict::done);
  like_it.price = Money::cents(101);
  EXPECT_EQ(created(intent, all<Target>({like_it}), all<ClosedTarget>({}), late()).verdict, Verdict::not_done);
  like_it = target("t", "X", 100);
  EXPECT_EQ(created(intent, all<Target>({like_it}), all<ClosedTarget>({}), late()).verdict, Verdict::not_done);
}

TEST(CreatedTargets, OneThatIsBeingFilledHasLessLeft) {
  TargetIntent intent("x", Money::cents(100));
  intent.amount = 3;
  EXPECT_EQ(created(intent, all<Target>({target("t", "x", 100, 2)}), all<ClosedTarget>({}), late()).verdict,
            Verdict::done);
  EXPECT_EQ(created(intent, all<Target>({target("t", "x", 100, 4)}), all<ClosedTarget>({}), late()).verdict,
            Verdict::not_done);
}

TEST(CreatedTargets, OneThatWasExecutedAtOnceIsFoundAmongThePurchases) {
  const TargetIntent intent("x", Money::cents(100));
  const auto found = created(intent, all<Target>({}), all<ClosedTarget>({bought("t", "x", 98)}), early());
  EXPECT_EQ(found.verdict, Verdict::traded);
  EXPECT_EQ(found.price, Money::cents(98));
  EXPECT_EQ(found.asset_id, asset);
  auto long_ago = bought("t", "x", 98);
  long_ago.closed_at = sent - std::chrono::hours(1);
  EXPECT_EQ(created(intent, all<Target>({}), all<ClosedTarget>({long_ago}), late()).verdict, Verdict::not_done);
  EXPECT_EQ(created(intent, all<Target>({}), all<ClosedTarget>({bought("t", "x", 101)}), late()).verdict,
            Verdict::not_done);
}

TEST(CreatedTargets, AbsenceProvesNothingTooEarlyOrInAPartOfTheList) {
  const TargetIntent intent("x", Money::cents(100));
  EXPECT_EQ(created(intent, all<Target>({}), all<ClosedTarget>({}), early()).verdict, Verdict::undecided);
  EXPECT_EQ(created(intent, part<Target>({}), all<ClosedTarget>({}), late()).verdict, Verdict::undecided);
  EXPECT_EQ(created(intent, all<Target>({}), part<ClosedTarget>({}), late()).verdict, Verdict::undecided);
  EXPECT_EQ(created(intent, all<Target>({}), all<ClosedTarget>({}), late()).verdict, Verdict::not_done);
}

TEST(CreatedTargets, OneWithoutAPriceProvesNeitherThatItIsThereNorThatItIsNot) {
  const TargetIntent intent("x", Money::cents(100));
  Target stands = target("t", "x", 100);
  stands.price.reset();
  EXPECT_EQ(created(intent, all<Target>({stands}), all<ClosedTarget>({}), late()).verdict, Verdict::undecided);
  ClosedTarget traded = bought("t", "x", 100);
  traded.price.reset();
  EXPECT_EQ(created(intent, all<Target>({}), all<ClosedTarget>({traded}), late()).verdict, Verdict::undecided);
  const std::vector<TargetId> known{TargetId("t")};
  EXPECT_EQ(created(intent, all<Target>({stands}), all<ClosedTarget>({traded}), late(), known).verdict,
            Verdict::not_done)
      << "it was there before";
}

TEST(CreatedTargets, TwoAlikeNeedTwo) {
  const TargetIntent intent("x", Money::cents(100));
  const auto one =
      find_created_targets({intent, intent}, {}, all<Target>({target("t", "x", 100)}), all<ClosedTarget>({}), late());
  EXPECT_EQ(one.at(0).verdict, Verdict::done);
  EXPECT_EQ(one.at(1).verdict, Verdict::not_done);
  const auto mixed = find_created_targets({intent, intent}, {}, all<Target>({target("t", "x", 100)}),
                                          all<ClosedTarget>({bought("t2", "x", 100)}), late());
  EXPECT_EQ(mixed.at(0).verdict, Verdict::done);
  EXPECT_EQ(mixed.at(1).verdict, Verdict::traded);
}

TEST(CreatedTargets, AWholeOneIsNotTakenForAPartlyFilledLargerOne) {
  TargetIntent three("x", Money::cents(100));
  three.amount = 3;
  const TargetIntent one("x", Money::cents(100));
  const auto found =
      find_created_targets({three, one}, {}, all<Target>({target("t1", "x", 100, 1)}), all<ClosedTarget>({}), late());
  EXPECT_EQ(found.at(0).verdict, Verdict::not_done);
  EXPECT_EQ(found.at(1).target_id, TargetId("t1"));
}

// A target of three, one piece of which is bought: the purchase is no second target.
TEST(CreatedTargets, AFillOfTheFoundTargetIsNotASecondOne) {
  TargetIntent three("x", Money::cents(100));
  three.amount = 3;
  const TargetIntent one("x", Money::cents(100));
  const auto found = find_created_targets({three, one}, {}, all<Target>({target("t", "x", 100, 2)}),
                                          all<ClosedTarget>({bought("t", "x", 100)}), late());
  EXPECT_EQ(found.at(0).verdict, Verdict::done);
  EXPECT_EQ(found.at(1).verdict, Verdict::not_done);
}

// --- targets that were to be deleted

TEST(DeletedTargets, AreGoneExecutedOrStillThere) {
  const TargetId id("t");
  const auto none = all<Target>({});
  const auto nothing = all<ClosedTarget>({});
  const auto there = all<Target>({target("t", "x", 100)});
  EXPECT_EQ(find_deleted_target(id, none, nothing, early()).verdict, Verdict::done);
  EXPECT_EQ(find_deleted_target(id, there, nothing, early()).verdict, Verdict::undecided);
  EXPECT_EQ(find_deleted_target(id, there, nothing, late()).verdict, Verdict::not_done);
  EXPECT_EQ(find_deleted_target(id, none, all<ClosedTarget>({bought("t", "x", 90)}), early()).verdict, Verdict::traded);
  EXPECT_EQ(find_deleted_target(id, part<Target>({}), nothing, late()).verdict, Verdict::undecided);
  EXPECT_EQ(find_deleted_target(id, none, part<ClosedTarget>({}), late()).verdict, Verdict::undecided);
}

// --- offers

TEST(CreatedOffers, AreFoundByTheirAsset) {
  const OfferDraft draft(asset, Money::cents(100));
  const auto none = all<Offer>({});
  const auto nothing = all<ClosedOffer>({});
  const auto have = all<InventoryItem>({owned(asset)});
  const auto found = find_created_offer(draft, all<Offer>({offered(new_offer, 100)}), nothing, have, early());
  EXPECT_EQ(found.verdict, Verdict::done);
  EXPECT_EQ(found.offer_id, new_offer);
  EXPECT_EQ(find_created_offer(draft, none, all<ClosedOffer>({sold(new_offer, 100)}), have, early()).verdict,
            Verdict::traded);
  EXPECT_EQ(find_created_offer(draft, none, nothing, have, early()).verdict, Verdict::undecided);
  EXPECT_EQ(find_created_offer(draft, none, nothing, have, late()).verdict, Verdict::not_done);
  EXPECT_EQ(find_created_offer(draft, none, nothing, all<InventoryItem>({}), late()).verdict, Verdict::undecided);
  EXPECT_EQ(find_created_offer(draft, part<Offer>({}), nothing, have, late()).verdict, Verdict::undecided);
}

TEST(CreatedOffers, ARevertedSaleIsNone) {
  auto reverted = sold(new_offer, 100);
  reverted.status = Spelled<TradeStatus>(TradeStatus::reverted, "reverted");
  EXPECT_EQ(find_created_offer(OfferDraft(asset, Money::cents(100)), all<Offer>({}), all<ClosedOffer>({reverted}),
                               all<InventoryItem>({owned(asset)}), late())
                .verdict,
            Verdict::not_done);
}

TEST(ChangedOffers, AreToldByTheirNewId) {
  const OfferChange change(old_offer, asset, Money::cents(120));
  const auto nothing = all<ClosedOffer>({});
  const auto done = find_changed_offer(change, all<Offer>({offered(new_offer, 120)}), nothing, early());
  EXPECT_EQ(done.verdict, Verdict::done);
  EXPECT_EQ(done.offer_id, new_offer);
  EXPECT_EQ(find_changed_offer(change, all<Offer>({offered(old_offer, 100)}), nothing, early()).verdict,
            Verdict::undecided);
  EXPECT_EQ(find_changed_offer(change, all<Offer>({offered(old_offer, 100)}), nothing, late()).verdict,
            Verdict::not_done);
  EXPECT_EQ(find_changed_offer(change, all<Offer>({offered(new_offer, 130)}), nothing, late()).verdict,
            Verdict::undecided);
  const auto at_new = find_changed_offer(change, all<Offer>({}), all<ClosedOffer>({sold(new_offer, 120)}), early());
  EXPECT_EQ(at_new.verdict, Verdict::traded);
  EXPECT_EQ(at_new.price, Money::cents(120));
  const auto at_old = find_changed_offer(change, all<Offer>({}), all<ClosedOffer>({sold(old_offer, 100)}), early());
  EXPECT_EQ(at_old.verdict, Verdict::traded);
  EXPECT_EQ(at_old.price, Money::cents(100));
  EXPECT_EQ(find_changed_offer(change, all<Offer>({}), nothing, late()).verdict, Verdict::undecided);
}

TEST(RemovedOffers, AreGoneSoldOrStillThere) {
  const OfferRemoval removal(old_offer, asset);
  const auto nothing = all<ClosedOffer>({});
  EXPECT_EQ(find_removed_offer(removal, all<Offer>({}), nothing, early()).verdict, Verdict::done);
  EXPECT_EQ(find_removed_offer(removal, all<Offer>({offered(old_offer, 1)}), nothing, early()).verdict,
            Verdict::undecided);
  EXPECT_EQ(find_removed_offer(removal, all<Offer>({offered(old_offer, 1)}), nothing, late()).verdict,
            Verdict::not_done);
  EXPECT_EQ(find_removed_offer(removal, all<Offer>({}), all<ClosedOffer>({sold(old_offer, 1)}), early()).verdict,
            Verdict::traded);
  EXPECT_EQ(find_removed_offer(removal, part<Offer>({}), nothing, late()).verdict, Verdict::undecided);
}

// --- purchases

PurchaseIntent wanted() {
  PurchaseIntent intent(old_offer, "title", Money::cents(100));
  intent.asset = asset;
  intent.float_value = "0.1";
  return intent;
}

TEST(Purchases, AreProvedByTheCopyInTheInventory) {
  const auto nowhere = all<Offer>({});
  EXPECT_EQ(find_purchase(wanted(), {}, all<InventoryItem>({owned(asset)}), nowhere, early()).verdict, Verdict::done);
  // Under another id, but with its float.
  const auto renamed = find_purchase(wanted(), {}, all<InventoryItem>({owned(AssetId("other"))}), nowhere, early());
  EXPECT_EQ(renamed.verdict, Verdict::done);
  EXPECT_EQ(renamed.asset_id, AssetId("other"));
}

TEST(Purchases, ACopyThatWasOwnedBeforeProvesNothing) {
  EXPECT_EQ(
      find_purchase(wanted(), {AssetId("other")}, all<InventoryItem>({owned(AssetId("other"))}), all<Offer>({}), late())
          .verdict,
      Verdict::not_done);
}

TEST(Purchases, ANewCopyOfTheTitleWithoutAFloatIsOnlyAHint) {
  auto intent = wanted();
  intent.asset.reset();
  intent.float_value.reset();
  EXPECT_EQ(find_purchase(intent, {}, all<InventoryItem>({owned(AssetId("other"))}), all<Offer>({}), late()).verdict,
            Verdict::undecided);
}

TEST(Purchases, AnOfferThatIsStillOpenWasNotBought) {
  auto open = all<Offer>({offered(old_offer, 100)});
  const auto empty = all<InventoryItem>({});
  EXPECT_EQ(find_purchase(wanted(), {}, empty, open, early()).verdict, Verdict::undecided);
  EXPECT_EQ(find_purchase(wanted(), {}, empty, open, late()).verdict, Verdict::not_done);
  open.items[0].locked = true;
  EXPECT_EQ(find_purchase(wanted(), {}, empty, open, late()).verdict, Verdict::undecided);
}

TEST(Purchases, AnOfferThatIsGoneWasBoughtBySomebodyElseOnceThatIsSettled) {
  const auto empty = all<InventoryItem>({});
  EXPECT_EQ(find_purchase(wanted(), {}, empty, all<Offer>({}), early()).verdict, Verdict::undecided);
  EXPECT_EQ(find_purchase(wanted(), {}, empty, all<Offer>({}), late()).verdict, Verdict::not_done);
  EXPECT_EQ(find_purchase(wanted(), {}, part<InventoryItem>({}), all<Offer>({}), late()).verdict, Verdict::undecided);
  EXPECT_EQ(find_purchase(wanted(), {}, empty, part<Offer>({}), late()).verdict, Verdict::undecided);
}

}  // namespace
}  // namespace dmarket
