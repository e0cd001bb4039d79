#include "dmarket/keys.hpp"

#include "tests/dmarket/test_keys.hpp"

#include <gtest/gtest.h>

namespace dmarket {
namespace {

using tgkit::net::Secret;

std::string refusal(const std::string& public_hex, const std::string& secret_hex) {
  const auto keys = KeyPair::make(public_hex, Secret(secret_hex));
  return keys ? "" : keys.error();
}

TEST(Keys, ThePublicKeyIsDerivedFromTheSeedOrTheWholeSecret) {
  EXPECT_EQ(KeyPair::make("", Secret(tests::seed_hex))->public_hex(), tests::public_hex);
  EXPECT_EQ(KeyPair::make("", Secret(tests::secret_hex))->public_hex(), tests::public_hex);
  EXPECT_EQ(KeyPair::make(tests::public_hex, Secret(tests::secret_hex))->public_hex(), tests::public_hex);
}

TEST(Keys, CapitalsAreAcceptedAndSentInLowerCase) {
  std::string upper = tests::public_hex;
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_EQ(KeyPair::make(upper, Secret(tests::seed_hex + upper))->public_hex(), tests::public_hex);
}

TEST(Keys, EachMistakeHasASentenceThatRepeatsNothingOfTheSecret) {
  std::string damaged = tests::secret_hex;
  damaged.back() = '0';
  std::string not_hex = tests::secret_hex;
  not_hex[3] = 'g';
  const std::string other_public(64, 'a');
  for (const auto& [public_hex, secret, expected] :
       {std::tuple{std::string(), std::string("abc"), "128 hex characters"},
        std::tuple{std::string(), not_hex, "not 0-9 or a-f"}, std::tuple{std::string(), damaged, "second half"},
        std::tuple{other_public, tests::secret_hex, "does not belong"},
        std::tuple{std::string("03a1"), tests::secret_hex, "does not belong"}}) {
    const std::string text = refusal(public_hex, secret);
    EXPECT_NE(text.find(expected), std::string::npos) << text;
    EXPECT_EQ(text.find(secret.substr(0, 8)), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace dmarket
