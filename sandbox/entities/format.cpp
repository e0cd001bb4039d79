#include "sandbox/entities/format.hpp"

#include "sandbox/entities/found.hpp"
#include "sandbox/entities/links.hpp"
#include "sandbox/entities/markup.hpp"
#include "sandbox/entities/nesting.hpp"
#include "sandbox/entities/unicode.hpp"

#include <algorithm>
#include <optional>

namespace sandbox {
namespace {

Parsed parse(std::string_view text, std::string_view parse_mode) {
  const std::string mode = ascii_lower(parse_mode);
  Parsed parsed = std::unexpected("unsupported parse_mode");
  if (mode == "markdownv2") {
    parsed = parse_markdown_v2(text);
  } else if (mode == "markdown") {
    parsed = parse_markdown(text);
  } else if (mode == "html") {
    parsed = parse_html(text);
  } else {
    return parsed;
  }
  if (!parsed) return std::unexpected("can't parse entities: " + parsed.error());
  return parsed;
}

// What explicit entities say beyond their place. False: to be dropped in silence.
bool is_complete(const Entity& entity) {
  if (entity.length <= 0 || !is_sendable(entity.type)) return false;
  if (entity.type == "text_mention") return entity.user_id > 0;
  if (entity.type == "custom_emoji") return is_emoji_id(entity.custom_emoji_id);
  if (entity.type == "date_time")
    return entity.unix_time > 0 && normal_date_format(entity.date_time_format).has_value();
  return true;
}

// Normalises an explicit entity; the answer is what is wrong with it.
std::optional<std::string> normalise(Entity& entity) {
  constexpr std::int64_t kFarthest = 1'000'000;
  if (entity.offset < 0 || entity.offset > kFarthest) {
    return "receive an entity with incorrect offset " + std::to_string(entity.offset);
  }
  if (entity.length < 0 || entity.length > kFarthest) {
    return "receive an entity with incorrect length " + std::to_string(entity.length);
  }
  if (entity.type == "date_time") entity.date_time_format = normal_date_format(entity.date_time_format).value_or("");
  if (entity.type != "text_link") return std::nullopt;
  if (const auto user = user_of_link(entity.url)) {
    entity.type = "text_mention";
    entity.user_id = *user;
    entity.url.clear();
    return std::nullopt;
  }
  auto link = check_link(entity.url);
  if (!link) return "entity URL '" + entity.url + "' is invalid: " + link.error();
  entity.url = std::move(*link);
  return std::nullopt;
}

Parsed take_explicit(std::string_view text, std::vector<Entity> entities) {
  for (Entity& entity : entities) {
    if (!is_sendable(entity.type)) continue;
    if (auto fault = normalise(entity)) return std::unexpected(std::move(*fault));
  }
  std::erase_if(entities, [](const Entity& entity) { return !is_complete(entity); });
  return FormattedText{std::string(text), std::move(entities)};
}

// Bytes of invisible control that a text loses: line and paragraph marks, direction overrides, vertical strokes.
std::size_t forbidden_size(std::string_view rest) {
  const auto byte = [&rest](std::size_t i) { return i < rest.size() ? static_cast<unsigned char>(rest[i]) : 0; };
  if (byte(0) == '\r') return 1;
  if (byte(0) == 0xE2 && byte(1) == 0x80 && byte(2) >= 0xA8 && byte(2) <= 0xAE) return 3;
  if (byte(0) == 0xCC && (byte(1) == 0xB3 || byte(1) == 0xBF || byte(1) == 0x8A)) return 2;
  return 0;
}

// Removes and replaces control characters; offsets follow.
class Cleaner {
 public:
  explicit Cleaner(FormattedText& formatted) : formatted_(formatted) {
    units_ = utf16_length(formatted.text);
    shift_.reserve(static_cast<std::size_t>(units_) + 1);
  }

  std::optional<std::string> clean() {
    const std::string text = std::move(formatted_.text);
    formatted_.text.clear();
    for (std::size_t at = 0; at < text.size();) at += character(std::string_view(text).substr(at));
    mark(removed_);
    for (Entity& entity : formatted_.entities) {
      if (auto fault = move(entity)) return fault;
    }
    std::erase_if(formatted_.entities, [](const Entity& entity) { return entity.length == 0; });
    return std::nullopt;
  }

 private:
  static constexpr std::int64_t kInside = -1;  // second half of a surrogate pair

  void mark(std::int64_t removed) { shift_.push_back(removed); }

  std::size_t character(std::string_view rest) {
    mark(removed_);
    if (const std::size_t size = forbidden_size(rest); size > 0) {
      ++removed_;
      return size;
    }
    const auto first = static_cast<unsigned char>(rest.front());
    std::size_t size = 1;
    while (size < rest.size() && !starts_character(static_cast<unsigned char>(rest[size]))) ++size;
    if (utf16_units(first) == 2) mark(kInside);
    if (first < 0x20 && first != '\n') {
      formatted_.text += ' ';
    } else {
      formatted_.text += rest.substr(0, size);
    }
    return size;
  }

  std::optional<std::string> move(Entity& entity) const {
    const std::string offset = std::to_string(entity.offset);
    if (entity.offset > units_) return "entity begins after the end of the text at UTF-16 offset " + offset;
    if (entity.end() > units_) {
      return "entity beginning at UTF-16 offset " + offset + " ends after the end of the text at UTF-16 offset " +
             std::to_string(entity.end());
    }
    const std::int64_t begin_shift = shift_[static_cast<std::size_t>(entity.offset)];
    const std::int64_t end_shift = shift_[static_cast<std::size_t>(entity.end())];
    if (begin_shift == kInside)
      return "entity begins in a middle of a UTF-16 symbol at byte offset " + byte_of(entity.offset);
    if (end_shift == kInside) {
      return "entity beginning at UTF-16 offset " + offset + " ends in a middle of a UTF-16 symbol at byte offset " +
             byte_of(entity.end());
    }
    entity.length -= end_shift - begin_shift;
    entity.offset -= begin_shift;
    return std::nullopt;
  }

  // Byte behind the character that the unit `offset` is the second half of, in the cleaned text.
  std::string byte_of(std::int64_t offset) const {
    return std::to_string(utf16_substr(formatted_.text, 0, offset - removed_before(offset) + 1).size());
  }

  std::int64_t removed_before(std::int64_t offset) const { return shift_[static_cast<std::size_t>(offset - 1)]; }

  FormattedText& formatted_;
  std::int64_t units_ = 0;
  std::int64_t removed_ = 0;
  std::vector<std::int64_t> shift_;  // for every UTF-16 unit: how many before it are gone
};

void trim_end(FormattedText& formatted) {
  const std::size_t last = formatted.text.find_last_not_of(" \n");
  formatted.text.resize(last == std::string::npos ? 0 : last + 1);
  const std::int64_t units = utf16_length(formatted.text);
  for (Entity& entity : formatted.entities) entity.length = std::min(entity.length, units - entity.offset);
  std::erase_if(formatted.entities, [](const Entity& entity) { return entity.length <= 0; });
  sort_entities(formatted.entities);
}

// Blanks at the beginning go as far as the first entity.
void trim_begin(FormattedText& formatted) {
  std::size_t blanks = std::min(formatted.text.find_first_not_of(" \n"), formatted.text.size());
  if (!formatted.entities.empty()) {
    blanks = std::min(blanks, static_cast<std::size_t>(formatted.entities.front().offset));
  }
  formatted.text.erase(0, blanks);
  for (Entity& entity : formatted.entities) entity.offset -= static_cast<std::int64_t>(blanks);
}

}  // namespace

std::expected<FormattedText, std::string> format_text(std::string_view text, std::string_view parse_mode,
                                                      std::vector<Entity> entities, EmptyText empty) {
  if (!is_valid_utf8(text)) return std::unexpected("text must be encoded in UTF-8");
  Parsed parsed = parse_mode.empty() ? take_explicit(text, std::move(entities)) : parse(text, parse_mode);
  if (!parsed) return parsed;
  settle_nesting(parsed->entities);
  if (auto fault = Cleaner(*parsed).clean()) return std::unexpected(std::move(*fault));
  settle_nesting(parsed->entities);
  trim_end(*parsed);
  trim_begin(*parsed);
  if (parsed->text.empty() && empty == EmptyText::refused) return std::unexpected("text must be non-empty");
  keep_first_hundred(parsed->entities);
  add_found(parsed->entities, find_entities(parsed->text));
  return parsed;
}

}  // namespace sandbox
