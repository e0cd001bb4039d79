#include "tgkit/json/writer.hpp"

#include "tgkit/json/reader.hpp"

#include <gtest/gtest.h>

namespace tgkit::json {
namespace {

TEST(JsonWriter, WritesWhatTheReaderReads) {
  const std::string odd = "\u2605 \"quoted\" \\ \n\x01 end";
  Writer json;
  json.object().text("a", odd).key("b").array().number(-5).object().end_object().raw("1.50").quoted(7).end_array();
  json.flag("c", true).null("d").end_object();
  const std::string text = json.take();
  EXPECT_EQ(text,
            "{\"a\":\"\u2605 \\\"quoted\\\" \\\\ \\n\\u0001 end\",\"b\":[-5,{},1.50,\"7\"],\"c\":true,\"d\":null}");
  Reader reader(text);
  std::string_view key, value;
  bool first = reader.enter_object();
  ASSERT_TRUE(reader.next_key(first, key));
  ASSERT_TRUE(reader.string(value));
  EXPECT_EQ(value, odd);
}

}  // namespace
}  // namespace tgkit::json
