// Addresses, headers, queries, form data, secrets: the pure parts.
#include "tgkit/net/http.hpp"
#include "tgkit/net/multipart.hpp"
#include "tgkit/net/query.hpp"
#include "tgkit/net/secret.hpp"
#include "tgkit/net/url.hpp"

#include <sstream>
#include <type_traits>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace tgkit::net {
namespace {

TEST(Url, IsSplitIntoOriginAndTarget) {
  const Url url = Url::parse("https://API.telegram.org/bot1:A/getMe?x=1#frag");
  EXPECT_TRUE(url.origin.tls);
  EXPECT_EQ(url.origin.host, "api.telegram.org");
  EXPECT_EQ(url.origin.port, 443);
  EXPECT_EQ(url.target, "/bot1:A/getMe?x=1");
  EXPECT_EQ(url.text(), "https://api.telegram.org/bot1:A/getMe?x=1");
}

TEST(Url, KnowsPortsAddressesAndMissingPaths) {
  EXPECT_EQ(Url::parse("http://host").target, "/");
  EXPECT_EQ(Url::parse("http://host").origin.port, 80);
  EXPECT_EQ(Url::parse("http://host?a=b").target, "/?a=b");
  EXPECT_EQ(Url::parse("http://host:8080").text(), "http://host:8080/");
  EXPECT_EQ(Url::parse("HTTP://[::1]:81/x").origin.host, "::1");
  EXPECT_EQ(Url::parse("http://[::1]:81/x").text(), "http://[::1]:81/x");
  EXPECT_EQ(Url::parse("https://host:443/").text(), "https://host/");
}

TEST(Url, RefusesWhatItCannotUseWithoutRepeatingIt) {
  for (const char* text :
       {"", "host/secret", "ftp://host/secret", "http://", "http:///secret", "http://secret@host/",
        "http://host:0/secret", "http://host:70000/secret", "http://host:x/secret", "http://[::1/secret",
        "http://[::1]secret", "http://ho st/secret", "http://host/secret\r\nX: y", "http://host:/secret"}) {
    try {
      Url::parse(text);
      ADD_FAILURE() << text;
    } catch (const std::invalid_argument& error) {
      EXPECT_EQ(std::string(error.what()).find("secret"), std::string::npos) << error.what();
    }
  }
}

TEST(PercentEncoding, RoundTripsAnything) {
  EXPECT_TRUE(rc::check([](const std::string& text) { RC_ASSERT(percent_decode(percent_encode(text)) == text); }));
  EXPECT_EQ(percent_encode("a b/c+~"), "a%20b%2Fc%2B~");
}

TEST(PercentEncoding, LeavesABrokenEscapeAsItIs) {
  EXPECT_EQ(percent_decode("100%"), "100%");
  EXPECT_EQ(percent_decode("%4"), "%4");
  EXPECT_EQ(percent_decode("%zz%41+"), "%zzA+");
}

TEST(Headers, FindTheFirstValueWithoutCase) {
  Headers headers;
  headers.add("Set-Cookie", "a");
  headers.add("set-cookie", "b");
  EXPECT_EQ(headers.find("SET-COOKIE"), "a");
  EXPECT_FALSE(headers.find("Set-Cooki"));
  EXPECT_EQ(headers.size(), 2u);
}

TEST(Headers, KeepTheirOrder) {
  Headers headers;
  headers.add("B", "1");
  headers.add("A", "");
  std::string seen;
  for (const auto& [name, value] : headers) seen += std::string(name) + "=" + std::string(value) + ";";
  EXPECT_EQ(seen, "B=1;A=;");
  const Headers copy = headers;
  headers.clear();
  EXPECT_TRUE(headers.empty());
  EXPECT_EQ(copy.find("b"), "1");
}

TEST(Headers, RefuseWhatWouldBreakTheMessage) {
  Headers headers;
  EXPECT_THROW(headers.add("", "x"), std::invalid_argument);
  EXPECT_THROW(headers.add("a b", "x"), std::invalid_argument);
  EXPECT_THROW(headers.add("a:", "x"), std::invalid_argument);
  EXPECT_THROW(headers.add("a", "x\r\nb: c"), std::invalid_argument);
  EXPECT_THROW(headers.add("a", "x\n"), std::invalid_argument);
  EXPECT_THROW(headers.add("a", std::string_view("\0", 1)), std::invalid_argument);
  EXPECT_TRUE(headers.empty());
}

TEST(Headers, KnowTheTokensOfALine) {
  Headers headers;
  headers.add("Connection", "keep-alive, Upgrade");
  headers.add("Connection", "close");
  EXPECT_TRUE(headers.lists("connection", "upgrade"));
  EXPECT_TRUE(headers.lists("connection", "close"));
  EXPECT_FALSE(headers.lists("connection", "keep"));
}

TEST(Query, IsDecodedInItsOrder) {
  const Query query = parse_query("a=1&b=two+words&&c&d=%D0%9F&a=2&e=x=y");
  EXPECT_EQ(query, (Query{{"a", "1"}, {"b", "two words"}, {"c", ""}, {"d", "П"}, {"a", "2"}, {"e", "x=y"}}));
  EXPECT_EQ(query_value(query, "a"), "1");
  EXPECT_FALSE(query_value(query, "z"));
  EXPECT_TRUE(parse_query("").empty());
}

TEST(Query, RoundTripsAnything) {
  EXPECT_TRUE(rc::check([](const Query& query) {
    RC_ASSERT(parse_query(encode_query(query)) == [&] {
      Query kept;
      for (const auto& pair : query) kept.push_back(pair);
      return kept;
    }());
  }));
  EXPECT_EQ(encode_query({{"a b", "c&d"}}), "a+b=c%26d");
}

const std::string form_type = "multipart/form-data; boundary=\"x y\"";

std::string form(const std::string& inside) { return "--x y\r\n" + inside + "\r\n--x y--\r\n"; }

TEST(Multipart, GivesFieldsAndFiles) {
  const std::string body =
      "preamble\r\n--x y\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n42\r\n--x y \r\n"
      "content-disposition: form-data; name=photo; filename=\"a \\\"b\\\".png\"\r\nContent-Type: image/png\r\n\r\n"
      "\x89PNG\r\n--x z\r\n\r\n--x y\r\nContent-Disposition: form-data; name=\"empty\"; filename=\"\"\r\n\r\n\r\n--x "
      "y--";
  const auto parts = parse_multipart(form_type, body);
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(parts[0].name, "chat_id");
  EXPECT_EQ(parts[0].data, "42");
  EXPECT_FALSE(parts[0].filename);
  EXPECT_EQ(parts[1].name, "photo");
  EXPECT_EQ(parts[1].filename, "a \"b\".png");
  EXPECT_EQ(parts[1].content_type, "image/png");
  EXPECT_EQ(parts[1].data, "\x89PNG\r\n--x z\r\n");
  EXPECT_EQ(parts[2].filename, "");
  EXPECT_EQ(parts[2].data, "");
}

TEST(Multipart, KnowsEncodedFileNames) {
  const auto parts = parse_multipart(
      form_type,
      form("Content-Disposition: form-data; name=\"d\"; filename=\"x\"; filename*=UTF-8''%D0%9F.txt\r\n\r\n1"));
  ASSERT_EQ(parts.size(), 1u);
  EXPECT_EQ(parts[0].filename, "П.txt");
}

TEST(Multipart, MayBeEmpty) { EXPECT_TRUE(parse_multipart(form_type, "--x y--\r\n").empty()); }

TEST(Multipart, RefusesWhatIsBroken) {
  const std::string head = "Content-Disposition: form-data; name=\"a\"\r\n\r\n";
  EXPECT_THROW(parse_multipart("text/plain; boundary=x", form(head)), std::invalid_argument);
  EXPECT_THROW(parse_multipart("multipart/form-data", form(head)), std::invalid_argument);
  EXPECT_THROW(parse_multipart(form_type, ""), std::invalid_argument);
  EXPECT_THROW(parse_multipart(form_type, "--x y\r\n" + head + "cut off"), std::invalid_argument);
  EXPECT_THROW(parse_multipart(form_type, form("Content-Type: a/b\r\n\r\n1")), std::invalid_argument);
  EXPECT_THROW(parse_multipart(form_type, form("Content-Disposition: form-data\r\n\r\n1")), std::invalid_argument);
  EXPECT_THROW(parse_multipart(form_type, form("Content-Disposition: form-data; name=\"a\r\n\r\n1")),
               std::invalid_argument);
  EXPECT_THROW(parse_multipart(form_type, form("no colon\r\n\r\n1")), std::invalid_argument);
}

TEST(Multipart, NeverReadsOutsideWhateverComes) {
  EXPECT_TRUE(rc::check([](const std::string& type, const std::string& body) {
    try {
      parse_multipart("multipart/form-data;boundary=b;" + type, "--b" + body);
    } catch (const std::invalid_argument&) {
    }
  }));
}

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};

TEST(Secret, CannotBePrintedAndComparesByItsText) {
  static_assert(!Printable<Secret>);
  static_assert(!std::is_convertible_v<Secret, std::string>);
  static_assert(!std::is_convertible_v<std::string, Secret>);
  EXPECT_EQ(Secret("a"), Secret("a"));
  EXPECT_FALSE(Secret("a") == Secret("b"));
  EXPECT_FALSE(Secret("a") == Secret("ab"));
  EXPECT_TRUE(Secret().empty());
  EXPECT_EQ(Secret("abc").reveal(), "abc");
}

}  // namespace
}  // namespace tgkit::net
