#include "tgkit/bot/filters.hpp"

#include "tgkit/telegram/types/media.hpp"
#include "tgkit/telegram/types/message.hpp"
#include "tgkit/telegram/types/message_parts.hpp"
#include "tgkit/telegram/types/payment.hpp"
#include "tgkit/telegram/types/sticker.hpp"

#include <algorithm>
#include <iterator>

namespace tgkit::bot {

namespace {

std::string joined(const std::vector<std::string>& conditions) {
  std::string text;
  for (const std::string& condition : conditions) text += (text.empty() ? "" : " and ") + condition;
  return text.empty() ? "anything" : text;
}

std::string first_of(const std::string& a, const std::string& b) { return a.empty() ? b : a; }

void only_kind(FilterInfo& info, telegram::UpdateKind kind) {
  UpdateKinds one;
  one.set(static_cast<std::size_t>(kind));
  info.kinds &= one;
}

void need_new_message(FilterInfo& info) {
  UpdateKinds wanted;
  wanted.set(static_cast<std::size_t>(telegram::UpdateKind::message));
  wanted.set(static_cast<std::size_t>(telegram::UpdateKind::channel_post));
  info.kinds &= wanted;
  require(info, "new message");
}

void name_unless_named(FilterInfo& info, std::string name) {
  if (info.name.empty()) info.name = std::move(name);
}

std::string_view name_of(Media media) {
  switch (media) {
    case Media::photo:
      return "photo";
    case Media::video:
      return "video";
    case Media::document:
      return "document";
    case Media::audio:
      return "audio";
    case Media::voice:
      return "voice";
    case Media::animation:
      return "animation";
    case Media::sticker:
      return "sticker";
    case Media::video_note:
      return "video note";
    case Media::location:
      return "location";
    case Media::contact:
      return "contact";
    case Media::any:
      break;
  }
  return "media";
}

bool holds(const telegram::Message& m, Media media) {
  switch (media) {
    case Media::photo:
      return !m.photo.empty();
    case Media::video:
      return m.video.has_value();
    case Media::document:
      return m.document.has_value() && !m.animation;  // an animation brings a document along
    case Media::audio:
      return m.audio.has_value();
    case Media::voice:
      return m.voice.has_value();
    case Media::animation:
      return m.animation.has_value();
    case Media::sticker:
      return m.sticker.has_value();
    case Media::video_note:
      return m.video_note.has_value();
    case Media::location:
      return m.location.has_value();
    case Media::contact:
      return m.contact.has_value();
    case Media::any:
      break;
  }
  return !m.photo.empty() || m.video || m.document || m.audio || m.voice || m.animation || m.sticker || m.video_note;
}

bool is_new_message(const Event& e) {
  return e.message() != nullptr &&
         (e.kind() == telegram::UpdateKind::message || e.kind() == telegram::UpdateKind::channel_post);
}

}  // namespace

void require(FilterInfo& info, std::string condition) {
  const auto place = std::lower_bound(info.conditions.begin(), info.conditions.end(), condition);
  if (place == info.conditions.end() || *place != condition) info.conditions.insert(place, std::move(condition));
}

FilterInfo both(FilterInfo a, FilterInfo b) {
  a.kinds &= b.kinds;
  for (std::string& condition : b.conditions) require(a, std::move(condition));
  // The more telling name wins: a command's or a button's over "text".
  if (a.name.empty() || (a.command.empty() && a.payload.empty() && !b.name.empty() && a.name == "text"))
    a.name = b.name;
  a.command = first_of(a.command, b.command);
  a.usage = first_of(a.usage, b.usage);
  a.payload = first_of(a.payload, b.payload);
  return a;
}

FilterInfo either(const FilterInfo& a, const FilterInfo& b) {
  FilterInfo info;
  info.kinds = a.kinds | b.kinds;
  // What both sides ask for holds in any case, so that later routes are recognised as unreachable.
  std::set_intersection(a.conditions.begin(), a.conditions.end(), b.conditions.begin(), b.conditions.end(),
                        std::back_inserter(info.conditions));
  if (a.conditions != info.conditions && b.conditions != info.conditions)
    require(info, "(" + joined(a.conditions) + " or " + joined(b.conditions) + ")");
  info.name = first_of(a.name, b.name);
  info.command = first_of(a.command, b.command);
  info.usage = first_of(a.usage, b.usage);
  return info;
}

FilterInfo negation(const FilterInfo& a) {
  FilterInfo info;
  require(info, "not (" + joined(a.conditions) + ")");
  return info;
}

void require_kind(FilterInfo& info, telegram::UpdateKind kind) {
  only_kind(info, kind);
  require(info, "update " + std::string(telegram::to_text(kind)));
  name_unless_named(info, std::string(telegram::to_text(kind)));
}

void Any::describe(FilterInfo& info) const { name_unless_named(info, "any"); }

void InChat::describe(FilterInfo& info) const {
  const std::string_view where = first == ChatKind::private_chat ? "private chat"
                                 : first == ChatKind::channel    ? "channel"
                                                                 : "group";
  require(info, "in a " + std::string(where));
}

bool Text::is_new_text(const Event& e) { return is_new_message(e) && !e.text().empty(); }

void Text::describe(FilterInfo& info) const {
  need_new_message(info);
  require(info, "with text");
  name_unless_named(info, "text");
}

void TextIs::describe(FilterInfo& info) const {
  Text{}.describe(info);
  require(info, "text is \"" + std::string(wanted) + "\"");
  info.name = "text \"" + std::string(wanted) + "\"";
}

bool Has::accepts(const Matching&, const Event& e) const { return is_new_message(e) && holds(*e.message(), media); }

void Has::describe(FilterInfo& info) const {
  need_new_message(info);
  require(info, "with " + std::string(name_of(media)));
  name_unless_named(info, std::string(name_of(media)));
}

void FromUser::describe(FilterInfo& info) const {
  require(info, "from role " + std::to_string(static_cast<int>(least)));
}

void AnyPress::describe(FilterInfo& info) const {
  only_kind(info, telegram::UpdateKind::callback_query);
  require(info, "press");
  name_unless_named(info, "press");
}

}  // namespace tgkit::bot
