#include "dmarket/listing.hpp"

namespace dmarket {

std::string_view to_text(ListEnd end) {
  switch (end) {
    case ListEnd::open:
      return "open";
    case ListEnd::complete:
      return "complete";
    case ListEnd::empty_page:
      return "an empty page pointed to another one";
    case ListEnd::repeated_cursor:
      return "the list pointed back to a page that was there";
    case ListEnd::too_many_pages:
      return "the list had too many pages";
    case ListEnd::no_list:
      return "an answer held no list";
    case ListEnd::unnamed_entries:
      return "an entry did not say what it is about";
    case ListEnd::fewer_than_total:
      return "there were fewer entries than the list itself counts";
  }
  return "unknown";
}

ListEnd ListProof::judge(ListEnd walked) const {
  if (walked != ListEnd::complete) return walked;
  if (!listed_) return ListEnd::no_list;
  if (!named_) return ListEnd::unnamed_entries;
  return read_ < total_ ? ListEnd::fewer_than_total : walked;
}

void CursorWalk::took(std::size_t items, const std::string& next_cursor) {
  seen_.insert(cursor_);
  if (next_cursor.empty()) {
    end_ = ListEnd::complete;
  } else if (items == 0) {
    end_ = ListEnd::empty_page;
  } else if (seen_.contains(next_cursor)) {
    end_ = ListEnd::repeated_cursor;
  } else if (seen_.size() >= most_pages_) {
    end_ = ListEnd::too_many_pages;
  }
  cursor_ = next_cursor;
}

}  // namespace dmarket
