#include "sandbox/entities/found.hpp"
#include "sandbox/entities/unicode.hpp"
#include "tests/sandbox/entities_text.hpp"

#include <gtest/gtest.h>

namespace {

using tests::Case;

// "type:covered text" of each entity, so that a wrong offset shows as wrong text.
std::string found(std::string_view text) {
  std::string all;
  for (const sandbox::Entity& entity : sandbox::find_entities(text)) {
    if (!all.empty()) all += ' ';
    all += entity.type + ':';
    all += sandbox::utf16_substr(text, entity.offset, entity.length);
  }
  return all;
}

void check(std::initializer_list<Case> cases) {
  for (const auto& [input, expected] : cases) EXPECT_EQ(found(input), expected) << input;
}

TEST(FoundEntities, commands) {
  check({{"/start", "bot_command:/start"},
         {"/start payload", "bot_command:/start"},
         {"/start@sandbox_bot x", "bot_command:/start@sandbox_bot"},
         {"go /a, /b!", "bot_command:/a bot_command:/b"},
         {"/a\n/b", "bot_command:/a bot_command:/b"},
         {"Цена /price", "bot_command:/price"},
         {"a/b", ""},
         {"//a", ""},
         {"/a/b", ""},
         {"/ценa", ""},
         {"</a>", ""},
         {"/a@bc", ""},
         {"/", ""},
         {"/1", "bot_command:/1"}});
  EXPECT_EQ(found('/' + std::string(65, 'a')), "");
}

TEST(FoundEntities, mentions) {
  check({{"@durov", "mention:@durov"},
         {"(@durov)", "mention:@durov"},
         {"😀@durov", "mention:@durov"},
         {"@dur @gif", "mention:@gif"},
         {"a@durov", ""},
         {"@durovЯ", ""},
         {"@дуров", ""}});
  EXPECT_EQ(found('@' + std::string(33, 'a')), "");
}

TEST(FoundEntities, hashtags_and_cashtags) {
  check({{"#cs2 #скины", "hashtag:#cs2 hashtag:#скины"},
         {"#123", ""},
         {"#1a", "hashtag:#1a"},
         {"#a#b", ""},
         {"x#a", ""},
         {"#a_b.c", "hashtag:#a_b"},
         {"#tag@chat", "hashtag:#tag@chat"},
         {"$USD $TON@chat", "cashtag:$USD cashtag:$TON@chat"},
         {"$1INCH", "cashtag:$1INCH"},
         {"$usd $USDx $$USD $ABCDEFGHI", ""},
         {"$12.50", ""}});
  EXPECT_EQ(found('#' + std::string(300, 'a')), "hashtag:#" + std::string(256, 'a'));
}

TEST(FoundEntities, pages) {
  check({{"https://dmarket.com/ingame-items?x=1#top", "url:https://dmarket.com/ingame-items?x=1#top"},
         {"See dmarket.com.", "url:dmarket.com"},
         {"(http://a.com/b)", "url:http://a.com/b"},
         {"https://en.wikipedia.org/wiki/C_(lang)", "url:https://en.wikipedia.org/wiki/C_(lang)"},
         {"http://a.com/x, http://b.com!", "url:http://a.com/x url:http://b.com"},
         {"http://localhost:80/", ""},
         {"http://127.0.0.1:8080/x", "url:http://127.0.0.1:8080/x"},
         {"127.0.0.1", "url:127.0.0.1"},
         {"1.2.3", ""},
         {"12.50", ""},
         {"a.com:443/x", "url:a.com:443/x"},
         {"a.com:99999", "url:a.com"},
         {"file.txt main.cpp", ""},
         {"readme.md", "url:readme.md"},
         {"президент.рф", "url:президент.рф"},
         {"Конец.Начало", ""},
         {"http://any.thing", "url:http://any.thing"},
         {"ftp://a.com/f", "url:ftp://a.com/f"},
         {"sftp://a.com/f", ""},
         {"gopher://a.com", ""},
         {"xhttp://a.com", "url:http://a.com"},
         {"tg://resolve?domain=x", "url:tg://resolve?domain=x"},
         {"http://user:pw@a.com/", "url:http://user:pw@a.com/"},
         {"a.com,b.com", "url:a.com url:b.com"},
         {"a..com", ""},
         {"-a.com", "url:-a.com"},
         {"a-.com", ""},
         {"a.com/«x»", "url:a.com/"},
         {"...", ""},
         {".", ""},
         {"a.", ""}});
}

TEST(FoundEntities, mail_addresses) {
  check({{"me@example.com", "email:me@example.com"},
         {"first.last@mail.example.co", "email:first.last@mail.example.co"},
         {"me+tag@example.com", "email:me+tag@example.com"},
         {"mailto:me@example.com", "email:me@example.com"},
         {"<me@example.com>", "email:me@example.com"},
         {"me@localhost", ""},
         {"@example.com", "mention:@example"}});
}

TEST(FoundEntities, the_earlier_and_the_longer_wins) {
  check({{"http://a.com/@durov/#x", "url:http://a.com/@durov/#x"},
         {"me@gmail.com @gmail", "email:me@gmail.com mention:@gmail"}});
}

}  // namespace
