#pragma once
// The parts that several answers have in common.
#include "dmarket/answer_reader.hpp"

#include <string_view>

namespace dmarket {

void read_item_attributes(AnswerReader& reader, ItemAttributes& to);
void read_target_attributes(AnswerReader& reader, TargetAttributes& to);

// How a list names its three parts.
struct PageNames {
  std::string_view items = "items", total = "total", cursor = "cursor";
};

// `read_item(reader, item)` reads one value of the list. A list that is missing while something unknown stands in the
// answer is an oddity: it has probably been renamed.
template <class Item, class ReadItem>
Page<Item> read_page(const Endpoint& endpoint, std::string_view body, Oddities& oddities, const PageNames& names,
                     ReadItem read_item) {
  Page<Item> page;
  AnswerReader reader(endpoint, body, oddities);
  page.listed = false;
  UnknownFields unknown;
  reader.document(
      [&](std::string_view key) {
        if (key == names.items) {
          page.listed = reader.peek() == tgkit::json::Reader::Kind::array;
          reader.array([&] {
            if (reader.take_null())
              page.has_nulls = true;
            else
              read_item(reader, page.items.emplace_back());
          });
        } else if (key == names.total) {
          reader.integer(page.total);
        } else if (key == names.cursor) {
          if (!reader.take_null()) reader.text(page.cursor);
        } else {
          return false;
        }
        return true;
      },
      unknown);
  if (!page.listed && !unknown.empty()) oddities.add(names.items, "is missing");
  if (page.total == 0) page.listed = true;  // some leave an empty list out, or write null
  return page;
}

}  // namespace dmarket
