#include "dmarket/endpoints.hpp"

#include <string>

#include <gtest/gtest.h>

namespace dmarket {
namespace {

std::string example_of(const Endpoint& endpoint) {
  std::string path(endpoint.path);
  for (auto at = path.find('*'); at != std::string::npos; at = path.find('*'))
    path.replace(at, 1, "AK-47%20%7C%20Redline");
  return path;
}

TEST(ListedReads, EachEndpointIsReadExactlyWhenTheTableSaysSo) {
  int reads = 0;
  for (const Endpoint& endpoint : endpoints::all) {
    const std::string path = example_of(endpoint);
    EXPECT_EQ(is_listed_read(endpoint.method, path), endpoint.effect == Effect::read) << path;
    EXPECT_EQ(is_listed_read(endpoint.method, path + "?gameId=a8db"), endpoint.effect == Effect::read) << path;
    reads += endpoint.effect == Effect::read;
  }
  EXPECT_EQ(endpoints::all.size(), 24u);
  EXPECT_EQ(reads, 15);
}

TEST(ListedReads, NoOtherMethodOnAListedPathIsARead) {
  for (const Endpoint& endpoint : endpoints::all) {
    for (const char* method :
         {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE", "get", "GET ", ""}) {
      if (endpoint.method == method) continue;
      EXPECT_FALSE(is_listed_read(method, example_of(endpoint))) << method << ' ' << endpoint.path;
    }
  }
}

TEST(ListedReads, LookAlikesOfAReadAreNotReads) {
  for (const char* target : {"/account/v1/balance/",
                             "//account/v1/balance",
                             "/account//v1/balance",
                             "/account/v1/./balance",
                             "/exchange/v1/../../account/v1/balance",
                             "/account/v1/balance/../../../exchange/v1/offers-buy",
                             "/account/v1/Balance",
                             "/account/v1/balanc%65",
                             "account/v1/balance",
                             "/account/v1/balance#x",
                             "/account/v1/balance;x",
                             "",
                             "/",
                             "/marketplace-api/v1/targets-by-title/a8db",
                             "/marketplace-api/v1/targets-by-title/a8db/x/y",
                             "/marketplace-api/v1/targets-by-title/a8db/..",
                             "/marketplace-api/v1/targets-by-title/a8db/%2e%2e",
                             "/marketplace-api/v1/targets-by-title/a8db/x%2f..%2f..",
                             "/marketplace-api/v1/targets-by-title//x",
                             "/marketplace-api/v1/targets-by-title/a8db/x%5cy",
                             "/marketplace-api/v1/deposit-status/",
                             "/exchange/v1/market/items",
                             "http://other/account/v1/balance"}) {
    EXPECT_FALSE(is_listed_read("GET", target)) << target;
  }
}

}  // namespace
}  // namespace dmarket
