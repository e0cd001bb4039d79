#include "tgkit/bot/payload.hpp"

#include "tests/bot/support/updates.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace {

enum class Side : std::uint8_t { buy = 1, sell = 2 };
struct Deal {
  std::int64_t offer = 0;
  Side side = Side::buy;
  bool quick = false;
  std::int32_t cents = 0;
  tgkit::bot::ShortText<12> note;
};
struct Full {
  tgkit::bot::ShortText<37> text;
};
struct Other {
  std::int64_t offer = 0;
};

}  // namespace

template <>
struct tgkit::bot::Payload<Deal> {
  static constexpr std::string_view tag = "order";
  static constexpr auto fields = std::tuple(&Deal::offer, &Deal::side, &Deal::quick, &Deal::cents, &Deal::note);
};
template <>
struct tgkit::bot::Payload<Full> {
  static constexpr std::string_view tag = "full";
  static constexpr auto fields = std::tuple(&Full::text);
};
template <>
struct tgkit::bot::Payload<Other> {
  static constexpr std::string_view tag = "other";
  static constexpr auto fields = std::tuple(&Other::offer);
};

namespace {

using namespace tgkit::bot;

const CallbackKey key{tgkit::net::Secret("123:token")};

TEST(Payload, ComesBackAsItWasPacked) {
  const Deal order{-1234567890123, Side::sell, true, -5, "caf\xc3\xa9"};
  const auto back = unpack<Deal>(key, pack(key, order));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->offer, order.offer);
  EXPECT_EQ(back->side, Side::sell);
  EXPECT_TRUE(back->quick);
  EXPECT_EQ(back->cents, -5);
  EXPECT_EQ(back->note.view(), "caf\xc3\xa9");
}

TEST(Payload, ExtremesOfNumbersSurvive) {
  for (const std::int64_t offer : {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()})
    EXPECT_EQ(unpack<Deal>(key, pack(key, Deal{offer}))->offer, offer);
}

TEST(Payload, TheLargestOneFitsTelegramsLimit) {
  const std::string data = pack(key, Full{std::string(37, 'x')});
  EXPECT_EQ(data.size(), callback_data_limit);
  EXPECT_EQ(unpack<Full>(key, data)->text.view(), std::string(37, 'x'));
}

TEST(Payload, DataIsPlainAsciiWithoutCharactersThatNeedEscaping) {
  const std::string data = pack(key, Deal{-1, Side::sell, true, -1, "\xff\xfe"});
  EXPECT_EQ(data.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), data.npos);
}

TEST(Payload, EveryChangedCharacterIsNoticed) {
  const std::string data = pack(key, Deal{42, Side::buy, false, 100, "note"});
  for (std::size_t i = 0; i < data.size(); ++i) {
    for (const char c : {'A', 'z', '0', '_'}) {
      std::string forged = data;
      if (forged[i] == c) continue;
      forged[i] = c;
      EXPECT_FALSE(unpack<Deal>(key, forged)) << i;
    }
  }
}

TEST(Payload, CutLengthenedForeignAndEmptyDataIsRefused) {
  const std::string data = pack(key, Deal{42});
  EXPECT_FALSE(unpack<Deal>(key, data.substr(0, data.size() - 1)));
  EXPECT_FALSE(unpack<Deal>(key, data + "A"));
  EXPECT_FALSE(unpack<Deal>(key, ""));
  EXPECT_FALSE(unpack<Deal>(key, "not base64!"));
  EXPECT_FALSE(unpack<Deal>(key, std::string(200, 'A')));
  EXPECT_FALSE(unpack<Deal>(key, std::string("\xff\x00\x80", 3)));
}

TEST(Payload, AnotherBotsKeyDoesNotOpenIt) {
  EXPECT_FALSE(unpack<Deal>(CallbackKey(tgkit::net::Secret("456:other")), pack(key, Deal{42})));
}

TEST(Payload, OnePayloadIsNotTakenForAnother) {
  EXPECT_FALSE(unpack<Other>(key, pack(key, Deal{42})));
  EXPECT_FALSE(unpack<Deal>(key, pack(key, Other{42})));
}

TEST(Payload, ATextTooLongIsCutAtAWholeCharacter) {
  EXPECT_EQ(ShortText<12>("abcdefghijk\xc3\xa9").view(), "abcdefghijk");
  EXPECT_EQ(ShortText<12>("abcdefghij\xc3\xa9").view(), "abcdefghij\xc3\xa9");
  EXPECT_EQ(ShortText<2>("\xf0\x9f\x98\x80").view(), "");
}

TEST(PressedFilter, TakesOnlyPressesWithOurSignature) {
  const Matching matching{.username = "our_bot", .key = key, .roles = {}};
  const std::string data = pack(key, Deal{42});
  const Event ours = tests::event(tests::press_json(1, data));
  ASSERT_TRUE(pressed<Deal>.accepts(matching, ours));
  EXPECT_EQ(std::get<0>(*pressed<Deal>.extract(matching, ours)).offer, 42);
  EXPECT_FALSE(pressed<Other>.accepts(matching, ours));
  std::string forged = data;
  forged[5] = forged[5] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(pressed<Deal>.accepts(matching, tests::event(tests::press_json(1, forged))));
  EXPECT_FALSE(pressed<Deal>.accepts(matching, tests::event(tests::message_json(1, data))));
}

}  // namespace
