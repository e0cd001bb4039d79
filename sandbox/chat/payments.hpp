#pragma once
// Invoices that bots have sent, and what people do with them. Pure: times come in.
#include "sandbox/chat/chat.hpp"
#include "sandbox/chat/update_queue.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace sandbox {

struct Invoice {
  std::int64_t bot = 0;
  std::string currency;
  std::int64_t total_amount = 0;  // in the smallest unit
  std::string payload;
};

struct Checkout {
  Invoice invoice;
  ChatKey chat;
  std::int64_t user = 0;
  std::int64_t message_id = 0;  // of the invoice
  UnixSeconds asked = 0;
  bool answered = false;
  bool ok = false;
  std::string error_message;
};

class Payments {
 public:
  static constexpr UnixSeconds answer_within = 10;  // or the payment is cancelled

  void add(ChatKey chat, std::int64_t message_id, Invoice invoice) {
    invoices_[{chat, message_id}] = std::move(invoice);
  }
  const Invoice* invoice(ChatKey chat, std::int64_t message_id) const;  // nullptr: that message is none
  std::string begin(Checkout checkout);                                 // gives the query's id
  Checkout* checkout(const std::string& id);
  const std::map<std::string, Checkout>& checkouts() const { return checkouts_; }

 private:
  std::map<std::pair<ChatKey, std::int64_t>, Invoice> invoices_;
  std::map<std::string, Checkout> checkouts_;
  std::uint64_t count_ = 0;
};

}  // namespace sandbox
