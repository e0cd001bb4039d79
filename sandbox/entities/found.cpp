#include "sandbox/entities/found.hpp"

#include "sandbox/entities/domains.hpp"
#include "sandbox/entities/nesting.hpp"
#include "sandbox/entities/unicode.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace sandbox {
namespace {

struct Span {
  std::string_view type;
  std::size_t begin;
  std::size_t end;
};

using Spans = std::vector<Span>;

std::size_t word_end(std::string_view text, std::size_t at) {
  while (at < text.size() && is_ascii_word(static_cast<unsigned char>(text[at]))) ++at;
  return at;
}

// Calls `look(position)` for every `mark` in the text; it answers where to go on.
template <class Look>
void at_each(std::string_view text, char mark, Look look) {
  for (std::size_t at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at)) {
    at = std::max(look(at), at + 1);
  }
}

bool is_short_name(std::string_view name) {
  constexpr std::array<std::string_view, 5> kNames = {"gif", "nft", "pic", "ufc", "vid"};
  return std::find(kNames.begin(), kNames.end(), ascii_lower(name)) != kNames.end();
}

void find_mentions(std::string_view text, Spans& found) {
  at_each(text, '@', [&](std::size_t at) {
    if (is_word(character_before(text, at))) return at + 1;
    const std::size_t end = word_end(text, at + 1);
    const std::size_t size = end - at - 1;
    const bool fits = size <= 32 && (size >= 4 || is_short_name(text.substr(at + 1, size)));
    if (fits && !is_word(character_at(text, end))) found.push_back({"mention", at, end});
    return end;
  });
}

bool joins_command(char32_t c) { return is_word(c) || c == '/' || c == '<' || c == '>'; }

void find_commands(std::string_view text, Spans& found) {
  at_each(text, '/', [&](std::size_t at) {
    if (joins_command(character_before(text, at))) return at + 1;
    std::size_t end = word_end(text, at + 1);
    if (end == at + 1 || end - at - 1 > 64) return end;
    if (end < text.size() && text[end] == '@') {
      const std::size_t name = end + 1;
      end = word_end(text, name);
      if (end - name < 3 || end - name > 32) return end;
    }
    if (!joins_command(character_at(text, end))) found.push_back({"bot_command", at, end});
    return end;
  });
}

bool in_hashtag(char32_t c) {
  return c == '_' || c == 0x200C || c == 0xB7 || (c >= 0xD80 && c <= 0xDFF) || is_digit(c) || is_letter(c);
}

// "#tag@name" and "$TAG@name" belong to a chat.
std::size_t with_chat_name(std::string_view text, std::size_t end) {
  if (end >= text.size() || text[end] != '@') return end;
  const std::size_t name_end = word_end(text, end + 1);
  const std::size_t size = name_end - end - 1;
  return size >= 3 && size <= 32 ? name_end : end;
}

void find_hashtags(std::string_view text, Spans& found) {
  constexpr int kLongest = 256;
  at_each(text, '#', [&](std::size_t at) {
    if (at > 0 && in_hashtag(character_before(text, at))) return at + 1;
    std::size_t next = at + 1;
    std::size_t tag_end = next;
    bool has_letter = false;
    for (int size = 0; next < text.size();) {
      std::size_t after = next;
      const char32_t c = next_character(text, after);
      if (!in_hashtag(c)) break;
      next = after;
      if (size++ >= kLongest) continue;
      has_letter |= is_letter(c);
      tag_end = next;
    }
    if (tag_end == next) tag_end = next = with_chat_name(text, next);
    const bool doubled = next < text.size() && text[next] == '#';
    if (has_letter && !doubled) found.push_back({"hashtag", at, tag_end});
    return next;
  });
}

void find_cashtags(std::string_view text, Spans& found) {
  const auto joins = [](char32_t c) { return c == '$' || (c != 0 && in_hashtag(c)); };
  at_each(text, '$', [&](std::size_t at) {
    if (joins(character_before(text, at))) return at + 1;
    std::size_t end = at + 1;
    if (text.substr(end).starts_with("1INCH")) {
      end += 5;
    } else {
      while (end < text.size() && text[end] >= 'A' && text[end] <= 'Z') ++end;
    }
    if (end == at + 1 || end - at - 1 > 8) return end;
    end = with_chat_name(text, end);
    if (!joins(character_at(text, end))) found.push_back({"cashtag", at, end});
    return end;
  });
}

bool in_url(char32_t c) {
  if (c >= 0x2000 && c <= 0x206F) return c == 0x200C || c == 0x200D || (c >= 0x2010 && c <= 0x2015);
  return !is_separator(c);
}

bool in_path(char32_t c) {
  return c != '\n' && c != '<' && c != '>' && c != '"' && c != 0xAB && c != 0xBB && in_url(c);
}

bool in_domain(char32_t c) {
  if (c < 0xC0) return c == '.' || c == '-' || c == '~' || is_ascii_word(c);
  return in_url(c);
}

bool in_user_part(char32_t c) {
  constexpr std::string_view kOutside = "\n/[]{}()'`<>\"@";
  if (c < 0x80 && kOutside.find(static_cast<char>(c)) != std::string_view::npos) return false;
  return c != 0xAB && c != 0xBB && in_url(c);
}

bool in_scheme(char32_t c) {
  if (c < 0x80) return is_ascii_letter(c) || is_ascii_digit(c) || c == '+' || c == '-';
  return !is_separator(c);
}

template <class Belongs>
std::size_t back_while(std::string_view text, std::size_t at, Belongs belongs) {
  while (at > 0 && belongs(character_before(text, at))) {
    --at;
    while (at > 0 && !starts_character(static_cast<unsigned char>(text[at]))) --at;
  }
  return at;
}

template <class Belongs>
std::size_t forward_while(std::string_view text, std::size_t at, Belongs belongs) {
  while (at < text.size()) {
    std::size_t after = at;
    if (!belongs(next_character(text, after))) break;
    at = after;
  }
  return at;
}

bool ends_sentence(char c) { return std::string_view(".:;,('?!`").find(c) != std::string_view::npos; }

// From the end of a domain over "/path", "?query" or "#fragment", without the punctuation of the sentence around it.
std::size_t path_end(std::string_view text, std::size_t at) {
  if (at >= text.size() || std::string_view("/?#").find(text[at]) == std::string_view::npos) return at;
  std::size_t end = forward_while(text, at + 1, in_path);
  while (end > at + 1 && ends_sentence(text[end - 1])) --end;
  return text[at] == '/' || end > at + 1 ? end : at;
}

std::size_t port_end(std::string_view text, std::size_t at) {
  if (at >= text.size() || text[at] != ':') return at;
  std::size_t end = at + 1;
  int port = 0;
  while (end < text.size() && is_ascii_digit(static_cast<unsigned char>(text[end]))) {
    port = std::min(port * 10 + (text[end++] - '0'), 100000);
  }
  return port > 0 && port <= 65535 ? end : at;
}

void find_app_links(std::string_view text, Spans& found) {
  at_each(text, ':', [&](std::size_t at) {
    if (!text.substr(at).starts_with("://")) return at + 1;
    const std::string before = ascii_lower(text.substr(at < 7 ? 0 : at - 7, std::min<std::size_t>(at, 7)));
    const std::size_t scheme = before.ends_with("tonsite") ? 7
                               : before.ends_with("ton")   ? 3
                               : before.ends_with("tg")    ? 2
                                                           : 0;
    std::size_t end = at + 3;
    while (end < text.size() && end - at - 3 < 253 &&
           (is_ascii_word(static_cast<unsigned char>(text[end])) || text[end] == '-')) {
      ++end;
    }
    if (scheme == 0 || end == at + 3) return end;
    end = path_end(text, end);
    found.push_back({"url", at - scheme, end});
    return end;
  });
}

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find_first_of(separators);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

bool is_name_part(std::string_view part) {
  return std::all_of(part.begin(), part.end(), [](unsigned char c) { return is_ascii_word(c) || c == '-'; });
}

bool is_mail_domain(std::string_view domain) {
  auto parts = split(domain, ".");
  const std::string_view ending = parts.back();
  parts.pop_back();
  if (parts.empty() || parts.size() > 6 || ending.size() < 2 || ending.size() > 8) return false;
  const auto is_letter_byte = [](unsigned char c) { return is_ascii_letter(c); };
  if (!std::all_of(ending.begin(), ending.end(), is_letter_byte)) return false;
  const auto edge = [](unsigned char c) { return is_ascii_letter(c) || is_ascii_digit(c); };
  return std::all_of(parts.begin(), parts.end(), [&](std::string_view part) {
    return !part.empty() && part.size() <= 30 && is_name_part(part) && edge(static_cast<unsigned char>(part.front())) &&
           edge(static_cast<unsigned char>(part.back()));
  });
}

bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || !is_mail_domain(text.substr(at + 1))) return false;
  const auto parts = split(text.substr(0, at), ".+");
  if (parts.size() > 11 || parts.back().empty() || parts.back().size() > 35) return false;
  return std::all_of(parts.begin(), parts.end(), is_name_part) &&
         std::all_of(parts.begin(), std::prev(parts.end()), [](std::string_view part) { return part.size() <= 26; });
}

bool is_ipv4(const std::vector<std::string_view>& parts) {
  return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
           if (part.empty() || part.size() > 3 || (part.size() > 1 && part.front() == '0')) return false;
           int value = 0;
           for (const char c : part) {
             if (!is_ascii_digit(static_cast<unsigned char>(c))) return false;
             value = value * 10 + (c - '0');
           }
           return value <= 255;
         });
}

bool is_site(std::string_view domain, bool has_scheme) {
  const auto parts = split(domain, ".");
  if (parts.size() < 2) return false;
  for (const std::string_view part : parts) {
    if (part.empty() || part.size() >= 64 || part.back() == '-') return false;
  }
  if (is_ipv4(parts)) return true;
  if (domain.find_first_not_of("0123456789.") == std::string_view::npos) return false;
  const std::string_view ending = parts.back();
  if (utf8_length(ending) < 2) return false;
  if (ending.starts_with("xn--")) {
    return ending.size() > 5 && word_end(ending, 4) == ending.size() && ending.find('_', 4) == std::string_view::npos;
  }
  if (ending.find_first_of("_-") != std::string_view::npos) return false;
  if (parts[parts.size() - 2].find('_') != std::string_view::npos) return false;
  return has_scheme || is_known_ending(ending);
}

// A closing bracket that nobody opened inside the path ends it.
std::size_t balanced_size(std::string_view path) {
  constexpr std::string_view kOpening = "([{";
  constexpr std::string_view kClosing = ")]}";
  std::array<int, 3> depth{};
  std::size_t size = 0;
  for (; size < path.size(); ++size) {
    if (const std::size_t kind = kOpening.find(path[size]); kind != std::string_view::npos) ++depth[kind];
    if (const std::size_t kind = kClosing.find(path[size]); kind != std::string_view::npos && --depth[kind] < 0) break;
  }
  while (size > 0 && ends_sentence(path[size - 1])) --size;
  return size;
}

// The part of a candidate that is an address of a page; nothing when it is none.
std::optional<std::size_t> page_size(std::string_view url) {
  std::size_t begin = 0;
  const std::string lower = ascii_lower(url.substr(0, 10));
  for (const std::string_view scheme : {"http://", "https://", "ftp://", "tonsite://"}) {
    if (lower.starts_with(scheme)) begin = scheme.size();
  }
  const std::size_t domain_end = std::min(url.find_first_of("/?#", begin), url.size());
  std::string_view domain = url.substr(begin, domain_end - begin);
  if (const std::size_t at = domain.find('@'); at != std::string_view::npos) domain.remove_prefix(at + 1);
  domain = domain.substr(0, domain.rfind(':'));
  if (!is_site(domain, begin > 0)) return std::nullopt;
  return domain_end + balanced_size(url.substr(domain_end));
}

// Where a scheme before "://" begins; nothing when it is none that is linked.
std::optional<std::size_t> scheme_begin(std::string_view text, std::size_t address) {
  const std::size_t end = address - 3;
  const std::size_t begin = back_while(text, end, in_scheme);
  const std::string scheme = ascii_lower(text.substr(begin, end - begin));
  if (scheme.ends_with("http") && scheme != "shttp") return end - 4;
  if (scheme.ends_with("https")) return end - 5;
  if (scheme.ends_with("ftp") && scheme != "tftp" && scheme != "sftp") return end - 3;
  if (scheme.ends_with("tonsite")) return end - 7;
  return std::nullopt;
}

struct Candidate {
  std::size_t begin;
  std::size_t end;
  bool good;
};

// The longest thing around the dot at `dot` that looks like an address, not reaching back before `from`.
Candidate candidate_at(std::string_view whole, std::size_t from, std::size_t dot) {
  const std::string_view text = whole.substr(from);
  dot -= from;
  std::size_t begin = back_while(text, dot, in_domain);
  bool has_at = false;
  const std::size_t domain_end = forward_while(text, dot, [&has_at](char32_t c) {
    has_at |= c == '@';
    return c == '@' || in_domain(c);
  });
  if (has_at) begin = back_while(text, begin, in_user_part);
  std::size_t end = path_end(text, port_end(text, domain_end));
  while (end > dot + 1 && text[end - 1] == '.') --end;
  bool good = true;
  if (begin > 0 && text[begin - 1] == '@') {
    const std::size_t user = back_while(text, begin - 1, in_user_part);
    good = !has_at && user != begin - 1;
    begin = user;
  }
  if (begin >= 6 && text.substr(0, begin).ends_with("://")) {
    const auto scheme = scheme_begin(text, begin);
    good = good && scheme.has_value();
    begin = scheme.value_or(begin);
  } else if (begin > 0) {
    const char32_t before = character_before(text, begin);
    good = good && !is_word(before) && before != '/' && before != '#' && before != '@';
  }
  return {from + begin, from + end, good && end > dot + 1};
}

void add_address(std::string_view text, const Candidate& candidate, Spans& found) {
  const std::string_view url = text.substr(candidate.begin, candidate.end - candidate.begin);
  if (is_email(url)) {
    found.push_back({"email", candidate.begin, candidate.end});
  } else if (url.starts_with("mailto:") && is_email(url.substr(7))) {
    found.push_back({"email", candidate.begin + 7, candidate.end});
  } else if (const auto size = page_size(url)) {
    found.push_back({"url", candidate.begin, candidate.begin + *size});
  }
}

void find_addresses(std::string_view text, Spans& found) {
  std::size_t from = 0;
  for (std::size_t dot = text.find('.'); dot != std::string_view::npos && dot + 1 < text.size();
       dot = text.find('.', from)) {
    if (text[dot + 1] == ' ') {
      from = dot + 2;
      continue;
    }
    Candidate candidate = candidate_at(text, from, dot);
    if (candidate.good) {
      add_address(text, candidate, found);
      while (candidate.end < text.size() && text[candidate.end] == '.') ++candidate.end;
    } else {
      candidate.end = text.rfind('.', candidate.end - 1) + 1;
    }
    from = std::max(candidate.end, dot + 1);
  }
}

// Bytes to UTF-16 units; the spans are sorted and disjoint.
std::vector<Entity> to_entities(std::string_view text, const Spans& spans) {
  std::vector<Entity> entities;
  std::size_t at = 0;
  std::int64_t units = 0;
  for (const Span& span : spans) {
    units += utf16_length(text.substr(at, span.begin - at));
    const std::int64_t length = utf16_length(text.substr(span.begin, span.end - span.begin));
    entities.push_back(Entity{.type = std::string(span.type), .offset = units, .length = length});
    units += length;
    at = span.end;
  }
  return entities;
}

}  // namespace

std::vector<Entity> find_entities(std::string_view text) {
  Spans found;
  find_mentions(text, found);
  find_commands(text, found);
  find_hashtags(text, found);
  find_cashtags(text, found);
  find_app_links(text, found);
  find_addresses(text, found);
  std::sort(found.begin(), found.end(), [](const Span& left, const Span& right) {
    return left.begin != right.begin ? left.begin < right.begin : left.end > right.end;
  });
  std::size_t end = 0;
  std::erase_if(found, [&end](const Span& span) {
    if (span.begin < end) return true;
    end = span.end;
    return false;
  });
  return to_entities(text, found);
}

}  // namespace sandbox
