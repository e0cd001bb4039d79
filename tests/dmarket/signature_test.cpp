#include "dmarket/signature.hpp"

#include "tests/dmarket/test_keys.hpp"

#include <fstream>
#include <sstream>

#include <boost/json.hpp>
#include <gtest/gtest.h>
#include <sodium.h>

namespace dmarket {
namespace {

struct Vector {
  std::string name, method, target, body, timestamp, sha256, request_sign;
  bool accepted = true;
};

std::vector<Vector> vectors() {
  std::ifstream file(SIGN_VECTORS);
  std::stringstream text;
  text << file.rdbuf();
  const auto document = boost::json::parse(text.str());
  std::vector<Vector> all;
  for (const auto& item : document.at("vectors").as_array()) {
    const auto field = [&](const char* name) { return std::string(item.at(name).as_string()); };
    all.push_back({field("name"), field("method"), field("target"), field("body"), field("timestamp"),
                   field("text_sha256"), field("request_sign"), item.at("accepted").as_bool()});
  }
  return all;
}

std::string sha256_hex(const std::string& text) {
  std::string hash(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()), reinterpret_cast<const unsigned char*>(text.data()),
                     text.size());
  return to_hex(hash);
}

TEST(Signature, EveryVectorIsReproducedByteForByte) {
  const auto keys = tests::test_keys();
  int good = 0;
  for (const Vector& v : vectors()) {
    if (!v.accepted) continue;
    const auto date = std::stoll(v.timestamp);
    EXPECT_EQ(sha256_hex(text_to_sign(v.method, v.target, v.body, date)), v.sha256) << v.name;
    EXPECT_EQ(request_sign(keys, v.method, v.target, v.body, date), v.request_sign) << v.name;
    EXPECT_TRUE(verify(tests::public_hex, v.request_sign, v.method, v.target, v.body, v.timestamp)) << v.name;
    ++good;
  }
  EXPECT_EQ(good, 8);
}

TEST(Signature, ThePathSignedInItsEncodedFormIsRefused) {
  int bad = 0;
  for (const Vector& v : vectors()) {
    if (v.accepted) continue;
    EXPECT_NE(request_sign(tests::test_keys(), v.method, v.target, v.body, std::stoll(v.timestamp)), v.request_sign);
    EXPECT_FALSE(verify(tests::public_hex, v.request_sign, v.method, v.target, v.body, v.timestamp));
    ++bad;
  }
  EXPECT_EQ(bad, 1);
}

TEST(Signature, AnyOtherPartMakesItInvalid) {
  const auto sign = request_sign(tests::test_keys(), "GET", "/a?b=c", "body", 1000);
  ASSERT_TRUE(verify(tests::public_hex, sign, "GET", "/a?b=c", "body", "1000"));
  EXPECT_FALSE(verify(tests::public_hex, sign, "POST", "/a?b=c", "body", "1000"));
  EXPECT_FALSE(verify(tests::public_hex, sign, "GET", "/a?b=d", "body", "1000"));
  EXPECT_FALSE(verify(tests::public_hex, sign, "GET", "/a?b=c", "bodY", "1000"));
  EXPECT_FALSE(verify(tests::public_hex, sign, "GET", "/a?b=c", "body", "1001"));
  EXPECT_FALSE(verify(std::string(64, 'a'), sign, "GET", "/a?b=c", "body", "1000"));
  EXPECT_FALSE(verify(tests::public_hex, sign.substr(5), "GET", "/a?b=c", "body", "1000"));
  EXPECT_FALSE(verify(tests::public_hex, "", "GET", "/a?b=c", "body", "1000"));
}

}  // namespace
}  // namespace dmarket
