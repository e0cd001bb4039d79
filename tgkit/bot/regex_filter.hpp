#pragma once
// regex<"^(\\d+) x (\\d+)$">: a new text message in which the pattern (ECMAScript) is found; hands over its groups.
#include "tgkit/bot/filters.hpp"
#include "tgkit/bot/fixed_string.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tgkit::bot {

// [0] is the whole match, then the groups; a group that took no part is empty. Bytes of UTF-8, not characters.
struct Captures {
  std::vector<std::string> groups;
  const std::string& operator[](std::size_t i) const { return groups.at(i); }
  std::size_t size() const { return groups.size(); }
};

// Compiled once, when it is first used or described; throws std::invalid_argument that names the pattern.
class Pattern {
 public:
  explicit Pattern(std::string_view pattern);
  ~Pattern();
  bool found_in(std::string_view text) const;
  Captures search(std::string_view text) const;

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

template <FixedString pattern>
struct Regex {
  using Values = std::tuple<Captures>;
  bool accepts(const Matching&, const Event& e) const { return Text::is_new_text(e) && compiled().found_in(e.text()); }
  Extracted<Values> extract(const Matching&, const Event& e) const { return Values{compiled().search(e.text())}; }
  void describe(FilterInfo& info) const {
    compiled();
    Text{}.describe(info);
    require(info, "regex " + std::string(pattern.view()));
    info.name = "regex " + std::string(pattern.view());
  }

 private:
  static const Pattern& compiled() {
    static const Pattern once(pattern.view());
    return once;
  }
};
template <FixedString pattern>
inline constexpr Regex<pattern> regex{};

}  // namespace tgkit::bot
