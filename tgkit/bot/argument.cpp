#include "tgkit/bot/argument.hpp"

namespace tgkit::bot {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

struct Word {
  std::string_view outer;  // with its quotes, as it stands in the text
  std::string_view inner;
};

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  std::size_t at = 0;
  while (true) {
    while (at < text.size() && is_blank(text[at])) ++at;
    if (at == text.size()) return words;
    const std::size_t begin = at;
    if (text[at] == '"') {
      if (const std::size_t end = text.find('"', at + 1); end != std::string_view::npos) {
        words.push_back({text.substr(begin, end + 1 - begin), text.substr(begin + 1, end - begin - 1)});
        at = end + 1;
        continue;
      }
    }
    while (at < text.size() && !is_blank(text[at])) ++at;
    words.push_back({text.substr(begin, at - begin), text.substr(begin, at - begin)});
  }
}

// From the first of `words` to the last, with the blanks between them as they were typed. One word loses its quotes.
std::string_view span_of(const std::vector<Word>& words, std::size_t first, std::size_t last) {
  if (first == last) return words[first].inner;
  const char* begin = words[first].outer.data();
  const char* end = words[last].outer.data() + words[last].outer.size();
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

Split split_arguments(std::string_view text, const std::vector<ArgumentKind>& kinds) {
  const std::vector<Word> words = words_of(text);
  Split split;
  split.pieces.resize(kinds.size());

  std::size_t left = 0, right = words.size();  // words not given away yet
  std::size_t greedy = 0;
  for (; greedy < kinds.size() && !kinds[greedy].greedy; ++greedy) {
    if (left < right) split.pieces[greedy] = words[left++].inner;
  }
  if (greedy == kinds.size()) {
    split.too_many = left < right;
    return split;
  }

  // Those behind the greedy one take from the end; the greedy one keeps at least a word.
  for (std::size_t i = kinds.size(); i-- > greedy + 1;) {
    if (right <= left + (kinds[greedy].may_be_empty ? 0 : 1)) continue;
    const std::string_view last = words[right - 1].inner;
    if (kinds[i].optional && kinds[i].readable && !kinds[i].readable(last)) continue;
    split.pieces[i] = last;
    --right;
  }
  if (left < right)
    split.pieces[greedy] = span_of(words, left, right - 1);
  else if (kinds[greedy].may_be_empty)
    split.pieces[greedy] = std::string_view();
  return split;
}

std::string usage_line(std::string_view command, const std::vector<ArgumentKind>& kinds) {
  std::string line = "/" + std::string(command);
  for (const ArgumentKind& kind : kinds) {
    const bool optional = kind.optional || kind.may_be_empty;
    line += optional ? " [" : " <";
    line += kind.name;
    line += optional ? ']' : '>';
  }
  return line;
}

}  // namespace tgkit::bot
