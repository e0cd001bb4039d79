#include "tgkit/telegram/entities.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

namespace tgkit::telegram {
namespace {

// A place between two characters, in both measures.
struct Place {
  std::size_t byte = 0;
  std::int64_t unit = 0;
};

// Where one piece ends and the next begins; between them at most one dropped character.
struct Cut {
  Place end, next;
};

std::int64_t end_of(const MessageEntity& entity) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  return entity.offset > 0 && entity.length > most - entity.offset ? most : entity.offset + entity.length;
}

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

class Splitter {
 public:
  Splitter(const FormattedText& whole, std::size_t limit) : whole_(whole), limit_(std::max<std::size_t>(limit, 1)) {}

  std::vector<FormattedText> run() {
    Place begin;
    while (begin.byte < whole_.text.size()) {
      const Cut cut = next_cut(begin);
      add(begin, cut.end);
      begin = cut.next;
    }
    return std::move(pieces_);
  }

 private:
  std::string_view text() const { return whole_.text; }

  Place step(Place at) const {
    const bool pair = static_cast<unsigned char>(text()[at.byte]) >= 0xF0u;
    at.unit += pair ? 2 : 1;
    ++at.byte;
    while (at.byte < text().size() && (static_cast<unsigned char>(text()[at.byte]) & 0xC0u) == 0x80u) ++at.byte;
    return at;
  }

  bool inside_entity(Place at) const {
    return std::ranges::any_of(whole_.entities, [&](const MessageEntity& entity) {
      return entity.offset < at.unit && at.unit < end_of(entity);
    });
  }

  bool begins_entity(Place at) const {
    return std::ranges::any_of(whole_.entities, [&](const MessageEntity& entity) { return entity.offset == at.unit; });
  }

  // One walk over as much as a piece can hold, remembering the last place of each kind.
  Cut next_cut(Place begin) const {
    std::optional<Cut> line, late_line, blank, before, inner_line, inner_blank;
    Place at = begin;
    for (std::size_t count = 0; at.byte < text().size(); ++count) {
      const char c = text()[at.byte];
      const Place after = step(at);
      if (count > 0 && (is_blank(c) || begins_entity(at))) {
        const bool outside = !inside_entity(at);
        if (c == '\n') {
          (outside ? line : inner_line) = Cut{at, after};
          if (outside && count >= limit_ / 2) late_line = line;
        } else if (is_blank(c)) {
          (outside ? blank : inner_blank) = Cut{at, after};
        } else if (outside) {
          before = Cut{at, at};
        }
      }
      // A line's end in the first half would leave a short piece, so a blank further on comes before it.
      if (count == limit_) return best({late_line, blank, line, before, inner_line, inner_blank}, at);
      at = after;
    }
    return Cut{at, at};
  }

  static Cut best(std::initializer_list<std::optional<Cut>> choices, Place otherwise) {
    for (const std::optional<Cut>& choice : choices) {
      if (choice) return *choice;
    }
    return Cut{otherwise, otherwise};
  }

  void add(Place begin, Place end) {
    while (end.byte > begin.byte && is_blank(text()[end.byte - 1])) {
      --end.byte;
      --end.unit;
    }
    if (end.byte == begin.byte) return;
    const std::string_view part = text().substr(begin.byte, end.byte - begin.byte);
    FormattedText piece{std::string(part)};
    for (const MessageEntity& entity : whole_.entities) {
      const std::int64_t from = std::max(entity.offset, begin.unit);
      const std::int64_t to = std::min(end_of(entity), end.unit);
      if (from >= to) continue;
      MessageEntity& kept = piece.entities.emplace_back(entity);
      kept.offset = from - begin.unit;
      kept.length = to - from;
    }
    pieces_.push_back(std::move(piece));
  }

  const FormattedText& whole_;
  std::size_t limit_;
  std::vector<FormattedText> pieces_;
};

}  // namespace

std::vector<FormattedText> split(const FormattedText& text, std::size_t limit) { return Splitter(text, limit).run(); }

std::vector<FormattedText> split(const Text& text, std::size_t limit) { return split(to_entities(text), limit); }

}  // namespace tgkit::telegram
