#pragma once
// Texts in a person's language: gettext catalogues compiled into the program, one per language; English stands in the
// code. xgettext's keywords are tr and tr_n.
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace app {

// A gettext .mo file in memory, with its plural rule. Throws std::runtime_error when it is no such file.
class Catalogue {
 public:
  explicit Catalogue(std::string_view mo);
  // The translation, or `msgid` itself.
  std::string_view find(std::string_view msgid) const;
  // The form of `singular` that goes with `count`.
  std::string_view find(std::string_view singular, std::string_view plural, std::uint64_t count) const;
  const std::map<std::string, std::string, std::less<>>& entries() const { return entries_; }  // forms joined by '\0'

 private:
  std::map<std::string, std::string, std::less<>> entries_;
  std::string plural_rule_ = "n != 1";
};

// Value of a gettext plural expression such as "n%10==1 && n%100!=11 ? 0 : 1"; 0 when it is malformed.
std::uint64_t plural_form(std::string_view rule, std::uint64_t n);

// One language's texts. `{0}`, `{1}` are replaced by the arguments, in any order.
class Texts {
 public:
  // The language's texts, English when it is not spoken. Lives as long as the program.
  static const Texts& of(std::string_view language);
  static const std::vector<std::string>& languages();  // codes, English first

  const std::string& language() const { return language_; }
  std::string name() const;  // of the language, in itself: "Русский"

  template <class... A>
  std::string tr(std::string_view msgid, const A&... arguments) const {
    return fill(find(msgid), {to_text(arguments)...});
  }
  // {0} is the count itself; further arguments follow.
  template <class... A>
  std::string tr_n(std::string_view singular, std::string_view plural, std::uint64_t count,
                   const A&... arguments) const {
    return fill(find(singular, plural, count), {std::to_string(count), to_text(arguments)...});
  }

 private:
  Texts(std::string language, std::string_view mo);
  std::string_view find(std::string_view msgid) const;
  std::string_view find(std::string_view singular, std::string_view plural, std::uint64_t count) const;
  static std::string fill(std::string_view text, const std::vector<std::string>& arguments);
  static std::string to_text(std::string_view text) { return std::string(text); }
  static std::string to_text(std::integral auto number) { return std::to_string(number); }

  std::string language_;
  std::unique_ptr<Catalogue> catalogue_;  // none: English
};

}  // namespace app
