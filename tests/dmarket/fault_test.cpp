#include "dmarket/fault.hpp"

#include <gtest/gtest.h>

namespace tests {
namespace {

using dmarket::Error;
using dmarket::ErrorKind;
using dmarket::Fault;

Fault of(ErrorKind kind, int status = 0, const char* code = "") {
  return fault_of(Error(kind, "POST /marketplace-api/v1/user-targets/create", status, code, ""));
}

TEST(FaultTest, ARefusalByABusinessCodeIsTheItems) {
  for (const char* code : {"", "3", "InventoryItemsNotFound", "BalanceInsufficientFunds", "AssetCannotBeSold"}) {
    EXPECT_EQ(of(ErrorKind::rejected, 400, code), Fault::item) << code;
    EXPECT_EQ(dmarket::fault_of_code(code), Fault::item) << code;
  }
  EXPECT_EQ(of(ErrorKind::rejected, 403, "WrongOwner"), Fault::item);
  EXPECT_EQ(of(ErrorKind::invalid_request), Fault::item);
}

TEST(FaultTest, WhatWouldFailForEverythingIsTheExchanges) {
  EXPECT_EQ(of(ErrorKind::unknown_outcome, 500), Fault::exchange);
  EXPECT_EQ(of(ErrorKind::unavailable, 503), Fault::exchange);
  EXPECT_EQ(of(ErrorKind::rate_limited, 429), Fault::exchange);
  EXPECT_EQ(of(ErrorKind::api_changed, 404), Fault::exchange);
  EXPECT_EQ(of(ErrorKind::rejected, 403), Fault::exchange);
  EXPECT_EQ(of(ErrorKind::rejected, 403, "Forbidden"), Fault::exchange);
  for (const char* code : {"13", "14", "8", "InternalServerError", "ServiceUnavailable"})
    EXPECT_EQ(dmarket::fault_of_code(code), Fault::exchange) << code;
}

TEST(FaultTest, NoAnswerIsTheNetworksAndAKeyThatIsNotTakenOurs) {
  EXPECT_EQ(of(ErrorKind::unavailable), Fault::network);
  EXPECT_EQ(of(ErrorKind::unknown_outcome), Fault::network);
  EXPECT_EQ(of(ErrorKind::unauthorized, 401), Fault::ours);
  EXPECT_EQ(of(ErrorKind::refused_by_guard), Fault::ours);
  EXPECT_EQ(of(ErrorKind::no_keys), Fault::ours);
  EXPECT_EQ(dmarket::fault_of_code("Unauthorized"), Fault::ours);
}

}  // namespace
}  // namespace tests
