#pragma once
// What must never be bought: titles, or words in them.
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dmarket::trading {

class Blacklist {
 public:
  Blacklist() = default;
  // Empty entries are left out: they would be part of every title.
  explicit Blacklist(std::span<const std::string> entries);

  // Whether an entry is the title or a part of it, whatever the case of ASCII letters.
  bool blocks(std::string_view title) const;
  std::span<const std::string> entries() const { return entries_; }  // in lower case

 private:
  std::vector<std::string> entries_;
};

}  // namespace dmarket::trading
