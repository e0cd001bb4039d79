#include "tgkit/telegram/schema_table.hpp"
#include "tgkit/telegram/types/update_kind.hpp"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace tgkit::telegram::schema {
namespace {

const Field& parameter(std::string_view method, std::string_view name) {
  static const Field none{};
  const Method* found = find_method(method);
  const Field* field = found ? found->find(name) : nullptr;
  EXPECT_TRUE(field) << method << "." << name;
  return field ? *field : none;
}

// The counts of Bot API 10.3. InputFile is a type of its own, neither object nor union here.
TEST(SchemaTable, HoldsTheWholeBotApi) {
  EXPECT_EQ(version(), "10.3");
  EXPECT_EQ(methods().size(), 185u);
  std::size_t named = 0, fields = 0, parameters = 0;
  for (const Union& one : unions()) named += one.named ? 1 : 0;
  for (const Object& object : objects()) fields += object.fields.size();
  for (const Method& method : methods()) parameters += method.parameters.size();
  EXPECT_EQ(named, 26u);
  EXPECT_EQ(objects().size() + named + 1, 400u);
  EXPECT_EQ(fields, 1888u);
  EXPECT_EQ(parameters, 932u);
}

TEST(SchemaTable, HoldsTheFactsOfFields) {
  std::size_t required = 0, constants = 0, known = 0, int64 = 0, lengths = 0, bytes = 0, items = 0, ranges = 0,
              parsed = 0, files = 0, fallbacks = 0;
  const auto count = [&](std::span<const Field> fields) {
    for (const Field& field : fields) {
      required += field.required;
      constants += !field.constant.empty();
      known += !field.known.empty();
      int64 += field.int64;
      parsed += field.parsed;
      files += field.file != File::none;
      fallbacks += !field.fallback.empty();
      if (!field.limits) continue;
      lengths += bool(field.limits->length);
      bytes += bool(field.limits->bytes);
      items += bool(field.limits->items);
      ranges += bool(field.limits->range);
    }
  };
  for (const Object& object : objects()) count(object.fields);
  for (const Method& method : methods()) count(method.parameters);
  EXPECT_EQ(required, 903u + 313u);
  EXPECT_EQ(constants, 175u);
  EXPECT_EQ(known, 68u + 35u);
  EXPECT_EQ(int64, 46u + 185u);
  EXPECT_EQ(lengths, 40u + 52u);
  EXPECT_EQ(bytes, 25u + 4u);
  EXPECT_EQ(items, 8u + 16u);
  EXPECT_EQ(ranges, 31u + 23u);
  EXPECT_EQ(parsed, 24u + 19u);
  EXPECT_EQ(files, 25u + 20u);
  EXPECT_EQ(fallbacks, 10u + 22u);
}

TEST(SchemaTable, FindsAMethodWithoutRegardToCase) {
  ASSERT_TRUE(find_method("SENDmessage"));
  EXPECT_EQ(find_method("sendmessage")->name, "sendMessage");
  EXPECT_FALSE(find_method("sendMessages"));
  EXPECT_FALSE(find_method(""));
}

TEST(SchemaTable, KnowsTypesAndLimitsOfParameters) {
  const Field& text = parameter("sendMessage", "text");
  EXPECT_TRUE(text.required);
  EXPECT_TRUE(text.parsed);
  ASSERT_TRUE(text.limits);
  EXPECT_EQ(text.limits->length.maximum, 4096);
  EXPECT_TRUE(text.limits->length.holds(1));
  EXPECT_FALSE(text.limits->length.holds(0));

  const Field& chat = parameter("sendMessage", "chat_id");
  ASSERT_EQ(chat.types.size(), 2u);
  EXPECT_EQ(chat.types[0].basic, Basic::integer);
  EXPECT_EQ(chat.types[1].basic, Basic::string);

  const Field& markup = parameter("sendMessage", "reply_markup");
  ASSERT_EQ(markup.types.size(), 1u);
  ASSERT_EQ(markup.types[0].basic, Basic::one_of);
  EXPECT_FALSE(markup.types[0].one_of->named);
  EXPECT_EQ(markup.types[0].one_of->members.size(), 4u);

  const Object* button = find_object("InlineKeyboardButton");
  ASSERT_TRUE(button);
  EXPECT_EQ(button->find("callback_data")->limits->bytes.maximum, 64);
  EXPECT_EQ(find_object("InlineKeyboardMarkup")->find("inline_keyboard")->types[0].depth, 2);
  EXPECT_EQ(find_object("InlineKeyboardMarkup")->find("inline_keyboard")->types[0].object, button);

  EXPECT_EQ(parameter("sendPhoto", "photo").file, File::upload);
  EXPECT_EQ(parameter("sendLocation", "live_period").limits->also.size(), 2u);
  EXPECT_EQ(parameter("sendPoll", "is_anonymous").fallback, "true");
  EXPECT_EQ(find_object("SuggestedPostPrice")->find("amount")->limits->dependent.size(), 2u);
  EXPECT_EQ(find_method("sendMediaGroup")->attach.size(), 1u);
  EXPECT_EQ(find_method("editMessageText")->returns.size(), 2u);
}

TEST(SchemaTable, UnionsNameTheirDiscriminator) {
  EXPECT_EQ(find_union("ChatMember")->discriminator, "status");
  EXPECT_EQ(find_union("InputMessageContent")->discriminator, "");
  std::set<std::string> cached;
  for (const Member& member : find_union("InlineQueryResult")->members) {
    if (!member.key.empty()) cached.insert(std::string(member.type.object->name));
  }
  EXPECT_EQ(cached.size(), 8u);
}

TEST(SchemaTable, KindsOfUpdatesAreTheFieldsOfUpdate) {
  const Object* update = find_object("Update");
  ASSERT_EQ(update->fields.size(), update_kind_names.size());
  for (const Field& field : update->fields) {
    if (field.name == "update_id") continue;
    EXPECT_EQ(to_text(update_kind(field.name)), field.name);
  }
  EXPECT_EQ(update_kind("custom_event"), UpdateKind::unknown);
}

}  // namespace
}  // namespace tgkit::telegram::schema
