#include "dmarket/removal_permits.hpp"

#include "dmarket/client.hpp"
#include "dmarket/requests.hpp"
#include "tests/dmarket/scripted_exchange.hpp"

#include <gtest/gtest.h>

namespace dmarket {
namespace {

const TargetId permitted_one("11111111-1111-4111-8111-111111111111"), other_one("22222222-2222-4222-8222-222222222222");
const OfferId an_offer("33333333-3333-4333-8333-333333333333");

class DryRun : public tests::ScriptedExchange {
 protected:
  void SetUp() override {
    ScriptedExchange::SetUp();
    transport_.emplace(http_, clock_, with_permits());
    client_.emplace(*transport_);
  }

  // Whether it left.
  bool deletes(std::vector<TargetId> targets) {
    const std::size_t before = asked_.size();
    answers_.emplace_back(200, "{}");
    try {
      tests_run(client_->delete_targets(std::move(targets)));
    } catch (const Error&) {
    }
    answers_.clear();
    return asked_.size() > before;
  }

  TransportSettings with_permits(bool dry_run = true) {
    TransportSettings all = settings();
    all.dry_run = dry_run;
    all.permits = &permits_;
    all.may_leave = [](Risk) { return false; };
    return all;
  }

  RemovalPermits permits_;
  std::optional<Transport> transport_;
  std::optional<Client> client_;
};

TEST_F(DryRun, ADeletionThatNobodyReleasedDoesNotLeave) {
  permits_.permit(other_one);
  EXPECT_FALSE(deletes({permitted_one}));
}

TEST_F(DryRun, AReleasedDeletionLeavesOnce) {
  permits_.permit(permitted_one);
  EXPECT_TRUE(deletes({permitted_one}));
  EXPECT_FALSE(deletes({permitted_one}));
  ASSERT_EQ(asked_.size(), 1U);
  EXPECT_EQ(asked_[0].target, endpoints::targets_delete.path);
}

TEST_F(DryRun, OneIdThatIsNotReleasedKeepsTheWholeRequestBack) {
  permits_.permit(permitted_one);
  EXPECT_FALSE(deletes({permitted_one, other_one}));
  permits_.permit(other_one);
  EXPECT_TRUE(deletes({permitted_one, other_one})) << "the permit of the first was not used up";
}

TEST_F(DryRun, APermitForATargetReleasesNoOfferAndNothingElse) {
  permits_.permit(TargetId(an_offer.text()));
  permits_.permit(permitted_one);
  const auto body_of_both = requests::delete_targets_body({permitted_one});
  for (const Endpoint& endpoint : endpoints::all) {
    if (endpoint.effect == Effect::read || endpoint.path == endpoints::targets_delete.path) continue;
    EXPECT_EQ(failure_of(transport_->call(std::string(endpoint.method), std::string(endpoint.path), body_of_both)),
              ErrorKind::refused_by_guard)
        << endpoint.path;
  }
  EXPECT_EQ(failure_of(client_->delete_offers({OfferRemoval(an_offer, AssetId())})), ErrorKind::refused_by_guard);
  EXPECT_TRUE(asked_.empty());
}

TEST_F(DryRun, ABodyThatSaysMoreThanTheDeletionDoesNotLeave) {
  permits_.permit(permitted_one);
  const std::string path(endpoints::targets_delete.path);
  std::string body = requests::delete_targets_body({permitted_one});
  body.insert(body.size() - 1, ",\"All\":true");
  EXPECT_EQ(failure_of(transport_->call("POST", path, body)), ErrorKind::refused_by_guard);
  EXPECT_EQ(failure_of(transport_->call("POST", path, "{}")), ErrorKind::refused_by_guard);
  EXPECT_TRUE(asked_.empty());
}

TEST_F(DryRun, APermitWorksInTheSwitchedDryRunToo) {
  Transport switched(http_, clock_, with_permits(false));
  Client client(switched);
  EXPECT_EQ(failure_of(client.delete_targets({permitted_one})), ErrorKind::refused_by_guard);
  permits_.permit(permitted_one);
  answers_.emplace_back(200, "{}");
  try {
    tests_run(client.delete_targets({permitted_one}));
  } catch (const Error&) {
  }
  EXPECT_EQ(asked_.size(), 1U);
}

TEST_F(DryRun, AnOfferIsReleasedByItsOwnPermit) {
  permits_.permit(an_offer);
  answers_.emplace_back(200, "{}");
  try {
    tests_run(client_->delete_offers({OfferRemoval(an_offer, AssetId())}));
  } catch (const Error&) {
  }
  EXPECT_EQ(asked_.size(), 1U);
}

}  // namespace
}  // namespace dmarket
