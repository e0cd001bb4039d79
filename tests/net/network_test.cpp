#include "tgkit/net/network.hpp"

#include <gtest/gtest.h>

namespace tgkit::net {
namespace {

std::string refusal(std::string_view text) {
  try {
    Network::parse(text);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(Network, ContainsItsFirstAndLastAddressAndNothingBeside) {
  struct Case {
    const char *network, *address;
    bool inside;
  };
  constexpr Case cases[] = {
      {"149.154.160.0/20", "149.154.160.0", true},
      {"149.154.160.0/20", "149.154.175.255", true},
      {"149.154.160.0/20", "149.154.159.255", false},
      {"149.154.160.0/20", "149.154.176.0", false},
      {"91.108.4.0/22", "91.108.7.255", true},
      {"91.108.4.0/22", "91.108.8.0", false},
      {"192.0.2.7", "192.0.2.7", true},
      {"192.0.2.7", "192.0.2.6", false},
      {"0.0.0.0/0", "203.0.113.9", true},
      {"0.0.0.0/0", "2001:db8::1", false},
      {"2001:db8::/33", "2001:db8:7fff::1", true},
      {"2001:db8::/33", "2001:db8:8000::1", false},
      {"::/0", "2001:db8::1", true},
      {"127.0.0.0/8", "::ffff:127.0.0.1", true},
      {"127.0.0.0/8", "", false},
      {"127.0.0.0/8", "localhost", false},
      {"0.0.0.0/0", "unknown", false},
  };
  for (const Case& c : cases)
    EXPECT_EQ(Network::parse(c.network).contains(c.address), c.inside) << c.network << " " << c.address;
}

TEST(Network, IsWrittenAsItWasRead) {
  for (const char* text : {"149.154.160.0/20", "192.0.2.7/32", "2001:db8::/32", "0.0.0.0/0"})
    EXPECT_EQ(Network::parse(text).text(), text);
}

TEST(Network, AMistakeIsNamed) {
  EXPECT_NE(refusal("telegram").find("149.154.160.0/20"), std::string::npos);
  EXPECT_NE(refusal("").find("address"), std::string::npos);
  EXPECT_NE(refusal("10.0.0.0/33").find("0 to 32"), std::string::npos);
  EXPECT_NE(refusal("2001:db8::/129").find("0 to 128"), std::string::npos);
  EXPECT_NE(refusal("10.0.0.0/").find("size"), std::string::npos);
  EXPECT_NE(refusal("10.0.0.0/8x").find("size"), std::string::npos);
  EXPECT_NE(refusal("10.0.0.1/8").find("first"), std::string::npos);
}

struct Client : ::testing::Test {
  std::string of(std::string_view peer, std::vector<std::string> forwarded) const {
    Headers headers;
    for (const std::string& line : forwarded) headers.add("x-forwarded-for", line);
    return client_address(peer, headers, trusted);
  }
  std::vector<Network> trusted = {Network::parse("127.0.0.0/8"), Network::parse("10.0.0.0/8")};
};

TEST_F(Client, IsThePeerUnlessThePeerIsATrustedProxy) {
  EXPECT_EQ(of("203.0.113.5", {"149.154.160.1"}), "203.0.113.5");
  EXPECT_EQ(of("127.0.0.1", {"149.154.160.1"}), "149.154.160.1");
}

TEST_F(Client, IsTheLastOneThatIsNoTrustedProxy) {
  EXPECT_EQ(of("127.0.0.1", {"149.154.160.1, 203.0.113.5"}), "203.0.113.5");
  EXPECT_EQ(of("127.0.0.1", {"149.154.160.1, 203.0.113.5, 10.1.2.3"}), "203.0.113.5");
  EXPECT_EQ(of("127.0.0.1", {"149.154.160.1", "203.0.113.5,10.1.2.3"}), "203.0.113.5");
}

TEST_F(Client, IsTheFirstWhenAllAreTrusted) {
  EXPECT_EQ(of("127.0.0.1", {"10.0.0.1, 10.0.0.2"}), "10.0.0.1");
  EXPECT_EQ(of("127.0.0.1", {}), "127.0.0.1");
}

TEST_F(Client, IsNobodyWhenTheEntryIsNoAddress) {
  EXPECT_EQ(of("127.0.0.1", {"149.154.160.1, unknown"}), "");
  EXPECT_EQ(of("127.0.0.1", {"149.154.160.1,"}), "");
  EXPECT_EQ(of("127.0.0.1", {"[::1"}), "");
}

TEST_F(Client, MayBeWrittenWithItsPort) {
  EXPECT_EQ(of("127.0.0.1", {"149.154.160.1:4711"}), "149.154.160.1");
  EXPECT_EQ(of("127.0.0.1", {"[2001:db8::1]:4711"}), "2001:db8::1");
  EXPECT_EQ(of("127.0.0.1", {"2001:db8::1"}), "2001:db8::1");
}

}  // namespace
}  // namespace tgkit::net
