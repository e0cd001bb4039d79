#pragma once
// The ledger for a spreadsheet or another program. Amounts stand twice: as dollars with two decimals and as whole
// cents; an empty field means that there is nothing to say. docs: `dmarket-bot ledger --help`.
#include "app/ledger/books.hpp"
#include "app/ledger/entry.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace app::ledger {

struct Column {
  std::string_view name;
  std::string_view meaning;
};

const std::vector<Column>& entry_columns();  // in order
const std::vector<Column>& trade_columns();

// RFC 4180: CRLF, quotes where they are needed. A field that a spreadsheet would take for a formula gets a quote (')
// before it.
std::string csv_header(const std::vector<Column>& columns);
std::string csv_line(const Entry& entry);
std::string csv_line(const Trade& trade);
// One object, without a line end; amounts as "price": "15.99" and "price_cents": 1599. Fields that are empty are left
// out.
std::string json_object(const Entry& entry);
std::string json_object(const Trade& trade);
std::string json_object(const Totals& totals);

}  // namespace app::ledger
