#pragma once
// The buttons of the bot: what they carry, and the keyboards they stand in. A tag never changes: old buttons live on.
#include "app/locale.hpp"
#include "tgkit/bot/context.hpp"
#include "tgkit/bot/payload.hpp"
#include "tgkit/telegram/types/keyboard.hpp"

#include <string>
#include <tuple>
#include <utility>

namespace app {

struct OpenMenu {};
struct OpenBalance {};
struct OpenStatus {};
struct OpenOrders {
  OpenOrders() = default;
  explicit OpenOrders(std::size_t page_) : page(static_cast<std::uint32_t>(page_)) {}
  std::uint32_t page = 0;
};
struct OpenStats {};
struct OpenHelp {};
struct OpenSettings {};
struct OpenTimeZones {};
struct SetLanguage {
  tgkit::bot::ShortText<8> code;
};
struct SetTimeZone {
  tgkit::bot::ShortText<36> name;
};

struct OpenTrading {};
struct PressPanic {};
struct ConfirmLive {
  std::int64_t user = 0;     // who asked; nobody else may confirm
  std::int64_t expires = 0;  // Unix seconds
  std::int64_t number = 0;   // of the question: each is answered once
};
struct SetTrading {
  std::uint8_t what = 0;  // ledger::Switched: dry_run, pause or resume
};

struct AnswerDoubt {
  std::uint8_t answer = 0;       // trader::Answer
  tgkit::bot::ShortText<36> id;  // of the question
};

struct OpenRealOrders {  // in dry run: /orders shows the simulated ones
  OpenRealOrders() = default;
  explicit OpenRealOrders(std::size_t page_) : page(static_cast<std::uint32_t>(page_)) {}
  std::uint32_t page = 0;
};
struct OpenTakeDown {};
struct ConfirmTakeDown {
  std::int64_t user = 0;     // who was asked
  std::int64_t expires = 0;  // Unix seconds
  std::int64_t number = 0;   // of the question: each is answered once
};

// What a payload without fields derives its description from.
struct NoFields {
  static constexpr auto fields = std::tuple();
};

// Built row by row.
class Keyboard {
 public:
  explicit Keyboard(const tgkit::bot::Context& ctx) : Keyboard(ctx.matching().key) {}
  explicit Keyboard(const tgkit::bot::CallbackKey& key) : key_(&key) {}  // it must outlive this
  template <class Payload>
  Keyboard& button(std::string label, const Payload& payload) {
    return add(std::move(label), tgkit::bot::pack(*key_, payload));
  }
  Keyboard& row();
  tgkit::telegram::InlineKeyboardMarkup markup() && { return std::move(markup_); }

 private:
  Keyboard& add(std::string label, std::string data);
  const tgkit::bot::CallbackKey* key_;
  tgkit::telegram::InlineKeyboardMarkup markup_;
};

// One screen: text (HTML, escaped by who made it) and buttons.
struct Page {
  Page(std::string html_, Keyboard keyboard_) : html(std::move(html_)), keyboard(std::move(keyboard_).markup()) {}
  std::string html;
  tgkit::telegram::InlineKeyboardMarkup keyboard;
  bool offers_takedown = false;  // it has the button that takes real orders down in dry run, or their list
};

// Where real orders stand although the bot is in dry run, every page says so, with the button that takes them down.
// As a new message after a command; in place of the old screen after a press.
void show(tgkit::bot::Context& ctx, Page page);

// The way back that stands under every page but the menu.
Keyboard back_to_menu(const tgkit::bot::Context& ctx, const Texts& texts);

}  // namespace app

template <>
struct tgkit::bot::Payload<app::OpenMenu> : app::NoFields {
  static constexpr std::string_view tag = "menu";
};
template <>
struct tgkit::bot::Payload<app::OpenBalance> : app::NoFields {
  static constexpr std::string_view tag = "balance";
};
template <>
struct tgkit::bot::Payload<app::OpenStatus> : app::NoFields {
  static constexpr std::string_view tag = "status";
};
template <>
struct tgkit::bot::Payload<app::OpenOrders> {
  static constexpr std::string_view tag = "orders";
  static constexpr auto fields = std::tuple(&app::OpenOrders::page);
};
template <>
struct tgkit::bot::Payload<app::OpenStats> : app::NoFields {
  static constexpr std::string_view tag = "stats";
};
template <>
struct tgkit::bot::Payload<app::OpenHelp> : app::NoFields {
  static constexpr std::string_view tag = "help";
};
template <>
struct tgkit::bot::Payload<app::OpenSettings> : app::NoFields {
  static constexpr std::string_view tag = "settings";
};
template <>
struct tgkit::bot::Payload<app::OpenTimeZones> : app::NoFields {
  static constexpr std::string_view tag = "time zones";
};
template <>
struct tgkit::bot::Payload<app::OpenTrading> : app::NoFields {
  static constexpr std::string_view tag = "trading";
};
template <>
struct tgkit::bot::Payload<app::PressPanic> : app::NoFields {
  static constexpr std::string_view tag = "panic";
};
template <>
struct tgkit::bot::Payload<app::ConfirmLive> {
  static constexpr std::string_view tag = "confirm live";
  static constexpr auto fields =
      std::tuple(&app::ConfirmLive::user, &app::ConfirmLive::expires, &app::ConfirmLive::number);
};
template <>
struct tgkit::bot::Payload<app::OpenRealOrders> {
  static constexpr std::string_view tag = "real orders";
  static constexpr auto fields = std::tuple(&app::OpenRealOrders::page);
};
template <>
struct tgkit::bot::Payload<app::OpenTakeDown> : app::NoFields {
  static constexpr std::string_view tag = "take down";
};
template <>
struct tgkit::bot::Payload<app::ConfirmTakeDown> {
  static constexpr std::string_view tag = "confirm take down";
  static constexpr auto fields =
      std::tuple(&app::ConfirmTakeDown::user, &app::ConfirmTakeDown::expires, &app::ConfirmTakeDown::number);
};
template <>
struct tgkit::bot::Payload<app::SetTrading> {
  static constexpr std::string_view tag = "set trading";
  static constexpr auto fields = std::tuple(&app::SetTrading::what);
};
template <>
struct tgkit::bot::Payload<app::AnswerDoubt> {
  static constexpr std::string_view tag = "answer doubt";
  static constexpr auto fields = std::tuple(&app::AnswerDoubt::answer, &app::AnswerDoubt::id);
};
template <>
struct tgkit::bot::Payload<app::SetLanguage> {
  static constexpr std::string_view tag = "set language";
  static constexpr auto fields = std::tuple(&app::SetLanguage::code);
};
template <>
struct tgkit::bot::Payload<app::SetTimeZone> {
  static constexpr std::string_view tag = "set time zone";
  static constexpr auto fields = std::tuple(&app::SetTimeZone::name);
};
