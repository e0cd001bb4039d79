#include "tgkit/telegram/multipart_body.hpp"

#include "tests/telegram/temporary_folder.hpp"

#include <gmock/gmock.h>

namespace {

using tgkit::telegram::InputFile;
using tgkit::telegram::MultipartBody;
using tgkit::telegram::Part;
using tgkit::telegram::Request;

std::string read_all(MultipartBody& body, std::size_t at_once) {
  std::string out;
  std::string buffer(at_once, '\0');
  while (const std::size_t got = body.read(buffer.data(), at_once)) out.append(buffer, 0, got);
  return out;
}

Request photo(InputFile file, std::string json = R"({"chat_id":7,"caption":"a \"b\"\n\u0448"})") {
  Request request("sendPhoto", std::move(json));
  request.files.emplace_back("photo", std::move(file));
  return request;
}

TEST(MultipartBody, ParametersComeFirstThenTheFiles) {
  MultipartBody body(photo(InputFile::bytes("\x89PNG\r\n--B--", "a.png").content_type("image/png")), "B");
  EXPECT_EQ(read_all(body, 4096),
            "--B\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n7\r\n"
            "--B\r\nContent-Disposition: form-data; name=\"caption\"\r\n\r\na \"b\"\n\xD1\x88\r\n"
            "--B\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.png\"\r\n"
            "Content-Type: image/png\r\n\r\n\x89PNG\r\n--B--\r\n"
            "--B--\r\n");
  EXPECT_EQ(body.content_type(), "multipart/form-data; boundary=B");
}

TEST(MultipartBody, OtherValuesThanStringsStayJson) {
  MultipartBody body(photo(InputFile::bytes("x", "x"), R"({"a":[{"b":"c"}], "d":true,"e":-1.5})"), "B");
  const std::string text = read_all(body, 4096);
  EXPECT_THAT(text, testing::HasSubstr("name=\"a\"\r\n\r\n[{\"b\":\"c\"}]\r\n"));
  EXPECT_THAT(text, testing::HasSubstr("name=\"d\"\r\n\r\ntrue\r\n"));
  EXPECT_THAT(text, testing::HasSubstr("name=\"e\"\r\n\r\n-1.5\r\n"));
}

TEST(MultipartBody, AFileNameCannotBreakItsHeader) {
  MultipartBody body(photo(InputFile::bytes("x", "\xD0\xBA\xD0\xBE\xD1\x82 \"1\";\r\nX: y.png")), "B");
  EXPECT_THAT(read_all(body, 4096),
              testing::HasSubstr("filename=\"\xD0\xBA\xD0\xBE\xD1\x82 %221%22%3B%0D%0AX: y.png\"\r\n"));
}

TEST(MultipartBody, AContentTypeCannotBreakItsLine) {
  MultipartBody body(photo(InputFile::bytes("x", "x").content_type("a/b\r\nX: y")), "B");
  EXPECT_THAT(read_all(body, 4096), testing::HasSubstr("Content-Type: a/bX: y\r\n\r\nx"));
}

TEST(MultipartBody, EveryWayOfReadingGivesTheSameBytesAndTheSizeIsExact) {
  const tests::TemporaryFolder folder;
  const std::string path = folder.write("f.bin", std::string(10'000, 'f'));
  Request request = photo(InputFile::path(path));
  request.files.emplace_back("thumbnail", InputFile::bytes(std::string(333, 't'), "t.jpg"));
  MultipartBody body(request, "B");
  const std::string whole = read_all(body, 1 << 20);
  EXPECT_EQ(whole.size(), body.size());
  for (const std::size_t at_once : {1u, 7u, 1000u, 4096u}) {
    body.rewind();
    EXPECT_EQ(read_all(body, at_once), whole) << at_once;
  }
  EXPECT_THAT(whole, testing::HasSubstr("filename=\"f.bin\""));
}

TEST(MultipartBody, AnEmptyFileIsStillAFile) {
  const tests::TemporaryFolder folder;
  MultipartBody body(photo(InputFile::path(folder.write("empty.txt", ""))), "B");
  EXPECT_THAT(read_all(body, 64),
              testing::HasSubstr("filename=\"empty.txt\"\r\nContent-Type: application/octet-stream\r\n\r\n\r\n--B--"));
}

TEST(MultipartBody, AFileThatCannotBeReadIsNamed) {
  const tests::TemporaryFolder folder;
  const auto message_of = [](const std::string& path) -> std::string {
    try {
      MultipartBody body(photo(InputFile::path(path)), "B");
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return {};
  };
  EXPECT_THAT(message_of(folder.file("missing.png")),
              testing::AllOf(testing::HasSubstr(folder.file("missing.png")), testing::HasSubstr("No such file")));
  EXPECT_THAT(message_of(folder.path().string()), testing::HasSubstr("not a regular file"));
}

TEST(MultipartBody, AFileThatShrinksWhileItIsSentFailsWithItsName) {
  const tests::TemporaryFolder folder;
  const std::string path = folder.write("f.bin", std::string(1000, 'f'));
  MultipartBody body(photo(InputFile::path(path)), "B");
  folder.write("f.bin", "short");
  EXPECT_THROW(read_all(body, 64), std::runtime_error);
  EXPECT_THAT(body.failure(), testing::HasSubstr(path));
}

TEST(MultipartBody, AFileThatGrowsIsSentAsLongAsItWas) {
  const tests::TemporaryFolder folder;
  const std::string path = folder.write("f.bin", "12345");
  MultipartBody body(photo(InputFile::path(path), "{}"), "B");
  folder.write("f.bin", "1234567890");
  EXPECT_THAT(read_all(body, 64), testing::HasSubstr("\r\n\r\n12345\r\n--B--"));
}

TEST(MultipartBody, BoundariesDiffer) {
  EXPECT_NE(MultipartBody::random_boundary(), MultipartBody::random_boundary());
  EXPECT_LE(MultipartBody::random_boundary().size(), 70u);
}

}  // namespace
