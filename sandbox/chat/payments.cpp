#include "sandbox/chat/payments.hpp"

namespace sandbox {

const Invoice* Payments::invoice(ChatKey chat, std::int64_t message_id) const {
  const auto found = invoices_.find({chat, message_id});
  return found == invoices_.end() ? nullptr : &found->second;
}

std::string Payments::begin(Checkout checkout) {
  std::string id = std::to_string(5'000'000'000'000'000'000u + ++count_ * 6'007u);
  checkouts_[id] = std::move(checkout);
  return id;
}

Checkout* Payments::checkout(const std::string& id) {
  const auto found = checkouts_.find(id);
  return found == checkouts_.end() ? nullptr : &found->second;
}

}  // namespace sandbox
