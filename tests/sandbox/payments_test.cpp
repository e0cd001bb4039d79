#include "tests/sandbox/scene.hpp"

#include <fmt/format.h>

namespace sandbox {
namespace {

using std::chrono::seconds;

class PaymentsOfPeople : public Scene {
 protected:
  void SetUp() override {
    begin_chat();
    message_id = result("sendInvoice", invoice).at("message_id").as_int64();
  }
  std::string pay() { return member_text(control("pay", R"({"user":"anna"})"), "pre_checkout_query_id"); }
  json::object state(const std::string& id) { return look("payment-state?pre_checkout_query_id=" + id); }

  static constexpr char invoice[] =
      R"({"chat_id":100000001,"title":"t","description":"d","payload":"order 5","currency":"XTR",
          "prices":[{"label":"l","amount":30}]})";
  std::int64_t message_id = 0;
};

TEST_F(PaymentsOfPeople, a_yes_is_followed_by_the_payment) {
  const std::string id = pay();
  const json::value query = updates().back().at("pre_checkout_query");
  EXPECT_EQ(query.at("id").as_string(), id);
  EXPECT_EQ(query.at("invoice_payload").as_string(), "order 5");
  EXPECT_EQ(query.at("total_amount").as_int64(), 30);
  EXPECT_FALSE(state(id).at("answered").as_bool());
  result("answerPreCheckoutQuery", fmt::format(R"({{"pre_checkout_query_id":"{}","ok":true}})", id));
  EXPECT_TRUE(state(id).at("ok").as_bool());
  advance(seconds{4});
  const json::value payment = updates().back().at("message").at("successful_payment");
  EXPECT_EQ(payment.at("invoice_payload").as_string(), "order 5");
  EXPECT_EQ(payment.at("currency").as_string(), "XTR");
}

TEST_F(PaymentsOfPeople, a_no_needs_a_reason_and_is_followed_by_nothing) {
  const std::string id = pay();
  const auto before = look("transcript?chat=100000001").at("messages").as_array().size();
  EXPECT_EQ(refusal("answerPreCheckoutQuery", fmt::format(R"({{"pre_checkout_query_id":"{}","ok":false}})", id)),
            "Bad Request: parameter \"error_message\" is required");
  result("answerPreCheckoutQuery",
         fmt::format(R"({{"pre_checkout_query_id":"{}","ok":false,"error_message":"sold out"}})", id));
  EXPECT_EQ(state(id).at("error_message").as_string(), "sold out");
  EXPECT_EQ(look("transcript?chat=100000001").at("messages").as_array().size(), before);
}

TEST_F(PaymentsOfPeople, an_answer_after_ten_seconds_is_too_late) {
  const std::string id = pay();
  advance(seconds{11});
  EXPECT_TRUE(state(id).at("cancelled").as_bool());
  EXPECT_EQ(refusal("answerPreCheckoutQuery", fmt::format(R"({{"pre_checkout_query_id":"{}","ok":true}})", id)),
            "Bad Request: query is too old and response timeout expired or query ID is invalid");
}

TEST_F(PaymentsOfPeople, invoices_show_a_button_and_are_checked) {
  const json::value message = look("transcript?chat=100000001").at("messages").at(1).at("message");
  EXPECT_EQ(message.at("invoice").at("total_amount").as_int64(), 30);
  EXPECT_TRUE(message.at("reply_markup").at("inline_keyboard").at(0).at(0).at("pay").as_bool());
  const auto with = [](const char* currency, const char* prices, const char* more) {
    return fmt::format(
        R"({{"chat_id":100000001,"title":"t","description":"d","payload":"p","currency":"{}","prices":{}{}}})",
        currency, prices, more);
  };
  EXPECT_EQ(refusal("sendInvoice", with("XTR", R"([{"label":"a","amount":1},{"label":"b","amount":1}])", "")),
            "Bad Request: STARS_INVOICE_INVALID");
  EXPECT_EQ(refusal("sendInvoice", with("XTR", R"([{"label":"a","amount":0}])", "")),
            "Bad Request: CURRENCY_TOTAL_AMOUNT_INVALID");
  EXPECT_EQ(refusal("sendInvoice", with("EUR", R"([{"label":"a","amount":1}])", "")),
            "Bad Request: PAYMENT_PROVIDER_INVALID");
  result("sendInvoice", with("EUR", R"([{"label":"a","amount":1}])", R"(,"provider_token":"test")"));
}

}  // namespace
}  // namespace sandbox
