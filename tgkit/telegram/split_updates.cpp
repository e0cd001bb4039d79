#include "tgkit/telegram/split_updates.hpp"

#include "tgkit/json/reader.hpp"

namespace tgkit::telegram {
namespace {

using tgkit::json::Reader;

constexpr std::string_view update_begin = "{\"update_id\":";  // as Telegram's server writes it

// Telegram's server puts update_id first, but blanks may stand anywhere.
std::size_t next_update(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find('{', from); at != text.npos; at = text.find('{', at + 1)) {
    const std::size_t quote = text.find_first_not_of(" \n\r\t", at + 1);
    if (quote != text.npos && text.substr(quote).starts_with(update_begin.substr(1, 11))) return at;
  }
  return text.npos;
}

void add(SplitUpdates& out, std::string_view element) {
  std::int64_t id = 0;
  if (read_update_id(element, id)) {
    out.updates.emplace_back(id, element);
  } else {
    out.bad.emplace_back(element, element.starts_with('{') ? "an object without update_id" : "not an object");
  }
}

// Reader::skip() looks at brackets and strings only; this looks at all of it.
bool well_formed(Reader& reader, int depth) {
  if (depth == 200) return false;
  bool first = true;
  std::string_view name;
  switch (reader.peek()) {
    case Reader::Kind::object:
      reader.enter_object();
      while (reader.next_key(first, name)) {
        if (!well_formed(reader, depth + 1)) return false;
      }
      return !reader.broken();
    case Reader::Kind::array:
      reader.enter_array();
      while (reader.next_item(first)) {
        if (!well_formed(reader, depth + 1)) return false;
      }
      return !reader.broken();
    default:
      return reader.skip();
  }
}

// Where an element that is broken inside seems to hold the begin of the next update, or npos: a lost quote or bracket
// would make two updates one.
std::size_t swallowed_update(std::string_view element) {
  const std::size_t at = next_update(element, 1);
  if (at == element.npos) return at;
  Reader reader(element);
  return well_formed(reader, 0) ? element.npos : at;
}

// `text` begins behind the array's bracket.
void split_array(std::string_view text, SplitUpdates& out) {
  std::size_t at = 0;
  while (true) {
    at = text.find_first_not_of(" \n\r\t,", at);
    if (at == text.npos) {
      out.bad.emplace_back(std::string_view(), "the array has no end");
      return;
    }
    if (text[at] == ']') return;
    Reader reader(text.substr(at));
    std::string_view element;
    const bool whole = reader.raw(element);
    if (whole) {
      const std::size_t lost = swallowed_update(element);
      if (lost == element.npos) {
        add(out, element);
        at += element.size();
        continue;
      }
      out.bad.emplace_back(element.substr(0, lost), "broken JSON");
      at += lost;
      continue;
    }
    const std::size_t next = next_update(text, at + 1);
    const std::size_t end = next == text.npos ? text.size() : next;
    out.bad.emplace_back(text.substr(at, end - at), "broken JSON");
    if (next == text.npos) return;
    at = next;
  }
}

}  // namespace

SplitUpdates split_updates(std::string_view body) {
  SplitUpdates out;
  Reader reader(body);
  std::string_view name;
  if (reader.enter_object()) {
    for (bool first = true; reader.next_key(first, name);) {
      if (name == "result" && reader.peek() == Reader::Kind::array) {
        split_array(body.substr(reader.offset() + 1), out);
        return out;
      }
      if (!reader.skip()) break;
    }
  }
  out.no_result = true;
  out.bad.emplace_back(body, "no array of updates");
  return out;
}

bool read_update_id(std::string_view json, std::int64_t& update_id) {
  Reader reader(json);
  std::string_view name;
  if (!reader.enter_object()) return false;
  for (bool first = true; reader.next_key(first, name);) {
    if (name == "update_id") return reader.peek() == Reader::Kind::number && reader.integer(update_id);
    if (!reader.skip()) return false;
  }
  return false;
}

}  // namespace tgkit::telegram
