#include "tgkit/telegram/error.hpp"

#include <gtest/gtest.h>

namespace {

using tgkit::telegram::Error;
using tgkit::telegram::Outcome;

Error refused(int code, const std::string& description) {
  Error::Details details;
  details.kind = Error::Kind::answered;
  details.method = "editMessageText";
  details.error_code = details.http_status = code;
  details.description = description;
  return Error(std::move(details));
}

TEST(Error, DescriptionsAreMatchedWithoutRegardToCase) {
  EXPECT_TRUE(refused(400, "Bad Request: message is not modified: specified new message content").is_not_modified());
  EXPECT_TRUE(refused(400, "Bad Request: MESSAGE IS NOT MODIFIED").is_not_modified());
  EXPECT_FALSE(refused(400, "Bad Request: message is modified").is_not_modified());
}

TEST(Error, ASentenceCountsOnlyWithItsCode) {
  EXPECT_FALSE(refused(500, "message is not modified").is_not_modified());
  EXPECT_FALSE(refused(403, "chat not found").is_chat_not_found());
  EXPECT_FALSE(refused(400, "bot was blocked by the user").is_blocked());
}

TEST(Error, AMessageThatIsGoneIsKnownWhateverWasToBeDone) {
  for (const char* what : {"edit", "delete", "forward", "copy", "pin", "be replied"}) {
    EXPECT_TRUE(refused(400, std::string("Bad Request: message to ") + what + " not found").is_message_gone()) << what;
  }
  EXPECT_FALSE(refused(400, "Bad Request: message thread not found").is_message_gone());
}

TEST(Error, OtherSentencesAreKnown) {
  EXPECT_TRUE(refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
                  .is_query_too_old());
  EXPECT_TRUE(refused(400, "Bad Request: can't parse entities: Unexpected end tag at byte offset 3").is_parse_error());
  EXPECT_TRUE(refused(400, "Bad Request: message is too long").is_too_large());
  EXPECT_TRUE(refused(413, "Request Entity Too Large").is_too_large());
  EXPECT_TRUE(refused(421, "Misdirected Request: unallowed token specified").is_unauthorized());
}

TEST(Error, AFileThatIsTemporarilyUnavailableIsRetryableThoughRefused) {
  EXPECT_TRUE(refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable").retryable());
  EXPECT_FALSE(refused(400, "Bad Request: wrong file identifier/HTTP URL specified").retryable());
}

TEST(Error, RetryableFollowsTheCode) {
  for (const int code : {429, 500, 502, 503, 504}) EXPECT_TRUE(refused(code, "x").retryable()) << code;
  for (const int code : {400, 401, 403, 404, 409, 413, 421, 501}) EXPECT_FALSE(refused(code, "x").retryable()) << code;
}

TEST(Error, AnOutcomeHasAWord) {
  EXPECT_EQ(to_text(Outcome::sent), "sent");
  EXPECT_EQ(to_text(Outcome::not_sent), "not_sent");
  EXPECT_EQ(to_text(Outcome::unknown), "unknown");
}

}  // namespace
