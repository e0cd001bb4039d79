#include "app/locale.hpp"

#include "app/locale_files.hpp"

#include <cstring>
#include <stdexcept>

namespace app {
namespace {

std::uint32_t word_at(std::string_view mo, std::size_t at, bool swapped) {
  if (at + 4 > mo.size()) throw std::runtime_error("a message catalogue is cut off");
  std::uint32_t value = 0;
  std::memcpy(&value, mo.data() + at, 4);
  return swapped ? __builtin_bswap32(value) : value;
}

std::string_view text_at(std::string_view mo, std::size_t table, std::uint32_t index, bool swapped) {
  const auto length = word_at(mo, table + index * 8, swapped);
  const auto offset = word_at(mo, table + index * 8 + 4, swapped);
  if (offset > mo.size() || length > mo.size() - offset) throw std::runtime_error("a message catalogue is cut off");
  return mo.substr(offset, length);
}

// The expression after "plural=" in the header entry.
std::string plural_rule_of(std::string_view header) {
  const auto line = header.find("Plural-Forms:");
  const auto begin = line == std::string_view::npos ? line : header.find("plural=", line);
  if (begin == std::string_view::npos) return "n != 1";
  const auto rule = header.substr(begin + 7);
  return std::string(rule.substr(0, rule.find_first_of(";\n")));
}

// Recursive descent over C's operators in order of precedence; all that gettext's rules use.
class PluralExpression {
 public:
  PluralExpression(std::string_view text, std::uint64_t n) : rest_(text), n_(n) {}

  std::uint64_t value() {
    const auto result = conditional();
    skip_blanks();
    return good_ && rest_.empty() ? result : 0;
  }

 private:
  std::uint64_t conditional() {
    const auto condition = binary(0);
    if (!take("?")) return condition;
    const auto yes = conditional();
    if (!take(":")) good_ = false;
    const auto no = conditional();
    return condition != 0 ? yes : no;
  }

  std::uint64_t binary(std::size_t level) {
    static const std::vector<std::vector<std::string_view>> levels = {
        {"||"}, {"&&"}, {"==", "!="}, {"<=", ">=", "<", ">"}, {"+", "-"}, {"*", "/", "%"}};
    if (level == levels.size()) return operand();
    auto left = binary(level + 1);
    for (;;) {
      std::string_view found;
      for (const auto op : levels[level]) {
        if (found.empty() && take(op)) found = op;
      }
      if (found.empty()) return left;
      left = apply(found, left, binary(level + 1));
    }
  }

  std::uint64_t apply(std::string_view op, std::uint64_t a, std::uint64_t b) {
    if (op == "||") return a || b;
    if (op == "&&") return a && b;
    if (op == "==") return a == b;
    if (op == "!=") return a != b;
    if (op == "<=") return a <= b;
    if (op == ">=") return a >= b;
    if (op == "<") return a < b;
    if (op == ">") return a > b;
    if (op == "+") return a + b;
    if (op == "-") return a - b;
    if (op == "*") return a * b;
    if (b == 0) good_ = false;
    if (!good_) return 0;
    return op == "/" ? a / b : a % b;
  }

  std::uint64_t operand() {
    if (take("!")) return operand() == 0;
    if (take("(")) {
      const auto inside = conditional();
      if (!take(")")) good_ = false;
      return inside;
    }
    if (take("n")) return n_;
    skip_blanks();
    std::uint64_t number = 0;
    std::size_t digits = 0;
    while (digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9')
      number = number * 10 + (rest_[digits++] - '0');
    if (digits == 0) good_ = false;
    rest_.remove_prefix(digits);
    return number;
  }

  bool take(std::string_view token) {
    skip_blanks();
    if (!good_ || !rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  void skip_blanks() {
    while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
  }

  std::string_view rest_;
  std::uint64_t n_;
  bool good_ = true;
};

}  // namespace

std::uint64_t plural_form(std::string_view rule, std::uint64_t n) { return PluralExpression(rule, n).value(); }

Catalogue::Catalogue(std::string_view mo) {
  constexpr std::uint32_t magic = 0x950412de;
  const bool swapped = word_at(mo, 0, true) == magic;
  if (!swapped && word_at(mo, 0, false) != magic) throw std::runtime_error("a message catalogue is no .mo file");
  const auto count = word_at(mo, 8, swapped);
  const auto originals = word_at(mo, 12, swapped), translations = word_at(mo, 16, swapped);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto original = text_at(mo, originals, i, swapped);
    const auto translation = text_at(mo, translations, i, swapped);
    if (original.empty()) plural_rule_ = plural_rule_of(translation);
    // A plural entry is found by its singular.
    entries_.emplace(original.substr(0, original.find('\0')), translation);
  }
}

std::string_view Catalogue::find(std::string_view msgid) const {
  const auto entry = entries_.find(msgid);
  return entry == entries_.end() || entry->second.empty() ? msgid : std::string_view(entry->second);
}

std::string_view Catalogue::find(std::string_view singular, std::string_view plural, std::uint64_t count) const {
  const auto entry = entries_.find(singular);
  if (entry == entries_.end() || entry->second.empty()) return count == 1 ? singular : plural;
  std::string_view forms = entry->second;
  for (auto skip = plural_form(plural_rule_, count); skip > 0; --skip) {
    const auto end = forms.find('\0');
    if (end == std::string_view::npos) break;
    forms.remove_prefix(end + 1);
  }
  return forms.substr(0, forms.find('\0'));
}

Texts::Texts(std::string language, std::string_view mo) : language_(std::move(language)) {
  if (!mo.empty()) catalogue_ = std::make_unique<Catalogue>(mo);
}

const std::vector<std::string>& Texts::languages() {
  static const std::vector<std::string> codes = [] {
    std::vector<std::string> all{"en"};
    for (const LocaleFile& file : locale_files()) all.emplace_back(file.language);
    return all;
  }();
  return codes;
}

const Texts& Texts::of(std::string_view language) {
  static const auto all = [] {
    std::map<std::string, std::unique_ptr<Texts>, std::less<>> texts;
    texts.emplace("en", new Texts("en", {}));
    for (const LocaleFile& file : locale_files())
      texts.emplace(file.language, new Texts(std::string(file.language), file.mo));
    return texts;
  }();
  const auto primary = language.substr(0, language.find_first_of("-_"));
  const auto found = all.find(primary);
  return found == all.end() ? *all.at("en") : *found->second;
}

std::string Texts::name() const { return language_ == "en" ? "English" : tr("English"); }

std::string_view Texts::find(std::string_view msgid) const { return catalogue_ ? catalogue_->find(msgid) : msgid; }

std::string_view Texts::find(std::string_view singular, std::string_view plural, std::uint64_t count) const {
  if (catalogue_) return catalogue_->find(singular, plural, count);
  return count == 1 ? singular : plural;
}

std::string Texts::fill(std::string_view text, const std::vector<std::string>& arguments) {
  std::string result;
  while (!text.empty()) {
    const auto open = text.find('{');
    result += text.substr(0, open);
    if (open == std::string_view::npos) break;
    text.remove_prefix(open);
    const bool placeholder = text.size() >= 3 && text[1] >= '0' && text[1] <= '9' && text[2] == '}';
    const auto index = placeholder ? static_cast<std::size_t>(text[1] - '0') : 0;
    if (placeholder && index < arguments.size()) {
      result += arguments[index];
      text.remove_prefix(3);
    } else {
      result += '{';
      text.remove_prefix(1);
    }
  }
  return result;
}

}  // namespace app
