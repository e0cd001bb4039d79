#pragma once
// Text that cannot print itself: a token, a key. There is no conversion to a string and no stream or format operator;
// reveal() is the one way out and is called only where the bytes leave the process or are compared.
#include <string>
#include <string_view>

namespace tgkit::net {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret(Secret&&) noexcept = default;
  Secret& operator=(const Secret&) = default;
  Secret& operator=(Secret&&) noexcept = default;
  ~Secret();  // wipes the memory

  bool empty() const noexcept { return text_.empty(); }
  const std::string& reveal() const noexcept { return text_; }
  friend bool operator==(const Secret& a, const Secret& b) noexcept;  // in constant time for equal lengths

 private:
  std::string text_;
};

}  // namespace tgkit::net
