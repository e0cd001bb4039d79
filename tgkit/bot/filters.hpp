#pragma once
// Filters: constant values that say which updates a route takes and hand over what they matched.
//
//   text && in_private                 all must hold; the handler takes the values of all, in order
//   command<"start"> || command<"go">  one must hold; both sides hand over the same types
//   !in_group                          hands over nothing
//
// A filter decides in two steps: accepts() says whose update it is, cheaply, when the update arrives; extract() makes
// the handler's values right before the handler runs, and may refuse what a person typed (BadArgument).
#include "tgkit/bot/event.hpp"
#include "tgkit/bot/matching.hpp"
#include "tgkit/bot/route.hpp"

#include <concepts>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace tgkit::bot {

class Context;

// What a person typed cannot be read as the route's argument.
struct BadArgument {
  enum class Problem { missing, unreadable, too_many };
  Problem problem = Problem::missing;
  std::string argument;  // its name in the usage line; empty for too_many
  std::string reason;    // of Argument<T>::parse, may be empty
};

template <class Values>
using Extracted = std::expected<Values, BadArgument>;

template <class F>
concept Filter = requires(const F filter, const Matching& matching, const Event& event, FilterInfo& info) {
  typename F::Values;
  { filter.accepts(matching, event) } -> std::same_as<bool>;
  { filter.extract(matching, event) } -> std::same_as<Extracted<typename F::Values>>;
  filter.describe(info);
};

// A filter that hands over nothing derives from this.
struct PlainFilter {
  using Values = std::tuple<>;
  Extracted<Values> extract(const Matching&, const Event&) const { return Values{}; }
};

// A condition on saved state, looked at after acceptance (see dialog.hpp); the next matching route is tried when it
// does not hold.
template <class F>
concept HasCheck = requires(const F filter, Context& ctx) {
  filter.check(ctx);
};

void require(FilterInfo& info, std::string condition);  // adds a condition
FilterInfo both(FilterInfo a, FilterInfo b);
FilterInfo either(const FilterInfo& a, const FilterInfo& b);
FilterInfo negation(const FilterInfo& a);

template <class F>
FilterInfo info_of(const F& filter) {
  FilterInfo info;
  filter.describe(info);
  return info;
}

template <Filter A, Filter B>
struct And {
  using Values = decltype(std::tuple_cat(std::declval<typename A::Values>(), std::declval<typename B::Values>()));
  static_assert(!(HasCheck<A> && HasCheck<B>), "a filter can hold one condition on a dialog");
  A a;
  B b;

  bool accepts(const Matching& m, const Event& e) const { return a.accepts(m, e) && b.accepts(m, e); }
  Extracted<Values> extract(const Matching& m, const Event& e) const {
    auto left = a.extract(m, e);
    if (!left) return std::unexpected(std::move(left.error()));
    auto right = b.extract(m, e);
    if (!right) return std::unexpected(std::move(right.error()));
    return std::tuple_cat(std::move(*left), std::move(*right));
  }
  void describe(FilterInfo& info) const { info = both(info_of(a), info_of(b)); }
  auto check(Context& ctx) const requires(HasCheck<A> || HasCheck<B>) {
    if constexpr (HasCheck<A>)
      return a.check(ctx);
    else
      return b.check(ctx);
  }
};

template <Filter A, Filter B>
struct Or {
  static_assert(std::same_as<typename A::Values, typename B::Values>,
                "both sides of || must hand over the same types to the handler");
  static_assert(!HasCheck<A> && !HasCheck<B>, "a condition on a dialog cannot stand in ||");
  using Values = typename A::Values;
  A a;
  B b;

  bool accepts(const Matching& m, const Event& e) const { return a.accepts(m, e) || b.accepts(m, e); }
  Extracted<Values> extract(const Matching& m, const Event& e) const {
    return a.accepts(m, e) ? a.extract(m, e) : b.extract(m, e);
  }
  void describe(FilterInfo& info) const { info = either(info_of(a), info_of(b)); }
};

template <Filter A>
struct Not : PlainFilter {
  static_assert(!HasCheck<A>, "a condition on a dialog cannot be negated");
  A a;
  constexpr explicit Not(A inner) : a(inner) {}
  bool accepts(const Matching& m, const Event& e) const { return !a.accepts(m, e); }
  void describe(FilterInfo& info) const { info = negation(info_of(a)); }
};

template <Filter A, Filter B>
constexpr And<A, B> operator&&(A a, B b) {
  return {a, b};
}
template <Filter A, Filter B>
constexpr Or<A, B> operator||(A a, B b) {
  return {a, b};
}
template <Filter A>
constexpr Not<A> operator!(A a) {
  return Not<A>(a);
}

// --- which update -----------------------------------------------------------------------------------------------

struct Any : PlainFilter {
  bool accepts(const Matching&, const Event&) const { return true; }
  void describe(FilterInfo& info) const;
};
inline constexpr Any any{};

void require_kind(FilterInfo& info, telegram::UpdateKind kind);

template <telegram::UpdateKind wanted>
struct OfKind : PlainFilter {
  bool accepts(const Matching&, const Event& e) const { return e.kind() == wanted; }
  void describe(FilterInfo& info) const { require_kind(info, wanted); }
};
template <telegram::UpdateKind wanted>
inline constexpr OfKind<wanted> kind{};

// --- where ------------------------------------------------------------------------------------------------------

struct InChat : PlainFilter {
  ChatKind first, second;
  constexpr InChat(ChatKind one, ChatKind other) : first(one), second(other) {}
  bool accepts(const Matching&, const Event& e) const { return e.chat_kind() == first || e.chat_kind() == second; }
  void describe(FilterInfo& info) const;
};
inline constexpr InChat in_private{ChatKind::private_chat, ChatKind::private_chat};
inline constexpr InChat in_group{ChatKind::group, ChatKind::supergroup};
inline constexpr InChat in_channel{ChatKind::channel, ChatKind::channel};

// --- what a message holds ---------------------------------------------------------------------------------------

// A new message with text; hands the text over.
struct Text {
  using Values = std::tuple<std::string>;
  bool accepts(const Matching&, const Event& e) const { return is_new_text(e); }
  Extracted<Values> extract(const Matching&, const Event& e) const { return Values{std::string(e.text())}; }
  void describe(FilterInfo& info) const;
  static bool is_new_text(const Event& e);
};
inline constexpr Text text{};

// A new message whose whole text is this (a reply keyboard's button).
struct TextIs : PlainFilter {
  std::string_view wanted;
  constexpr explicit TextIs(std::string_view text) : wanted(text) {}  // a literal: the view is kept
  bool accepts(const Matching&, const Event& e) const { return Text::is_new_text(e) && e.text() == wanted; }
  void describe(FilterInfo& info) const;
};
constexpr TextIs text_is(std::string_view text) { return TextIs(text); }

enum class Media { photo, video, document, audio, voice, animation, sticker, video_note, location, contact, any };

struct Has : PlainFilter {
  Media media;
  constexpr explicit Has(Media wanted) : media(wanted) {}
  bool accepts(const Matching&, const Event& e) const;
  void describe(FilterInfo& info) const;
};
inline constexpr Has has_photo{Media::photo}, has_video{Media::video}, has_document{Media::document},
    has_audio{Media::audio}, has_voice{Media::voice}, has_animation{Media::animation}, has_sticker{Media::sticker},
    has_video_note{Media::video_note}, has_location{Media::location}, has_contact{Media::contact},
    has_media{Media::any};

// --- who --------------------------------------------------------------------------------------------------------

struct FromUser : PlainFilter {
  Role least;
  constexpr explicit FromUser(Role role) : least(role) {}
  bool accepts(const Matching& m, const Event& e) const { return m.role_of(e.user_id()) >= least; }
  void describe(FilterInfo& info) const;
};
constexpr FromUser from_user(Role least) { return FromUser(least); }

// Any button press, whatever it carries: for the answer to buttons that no route knows any more.
struct AnyPress : PlainFilter {
  bool accepts(const Matching&, const Event& e) const { return e.callback_query() != nullptr; }
  void describe(FilterInfo& info) const;
};
inline constexpr AnyPress any_press{};

}  // namespace tgkit::bot
