#include "app/ledger/export.hpp"

#include <charconv>
#include <ctime>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace app::ledger {
namespace {

// "2026-11-23T14:05:09Z"; empty for 0.
std::string utc_text(std::int64_t unix_seconds) {
  if (unix_seconds == 0) return {};
  const std::time_t time = unix_seconds;
  std::tm parts{};
  gmtime_r(&time, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

namespace json = boost::json;

// A row by column names; what is not set is empty.
class Row {
 public:
  explicit Row(const std::vector<Column>& columns) : columns_(columns), cells_(columns.size()) {}
  void text(std::string_view column, std::string value) {
    Cell& cell = at(column);
    cell.text = std::move(value);
  }
  void number(std::string_view column, std::int64_t value) {
    Cell& cell = at(column);
    cell.text = std::to_string(value);
    cell.is_number = true;
  }
  void count(std::string_view column, std::int64_t value) {
    if (value != 0) number(column, value);
  }
  void money(std::string_view column, Money value) {
    text(column, dmarket::to_decimal_dollars(value));
    number(std::string(column) + "_cents", value.in_cents());
  }
  void money(std::string_view column, std::optional<Money> value) {
    if (value) money(column, *value);
  }
  void reserve(std::string_view column, Money value) {
    if (value != Money()) money(column, value);
  }
  void time(std::string_view column, std::int64_t value) { text(column, utc_text(value)); }

  std::string csv() const {
    std::string line;
    for (std::size_t i = 0; i < cells_.size(); ++i) line += (i == 0 ? "" : ",") + quoted(cells_[i]);
    return line + "\r\n";
  }
  std::string json_text() const {
    json::object object;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const Cell& cell = cells_[i];
      if (cell.text.empty()) continue;
      const std::string name(columns_[i].name);
      if (cell.is_number) {
        std::int64_t value = 0;
        std::from_chars(cell.text.data(), cell.text.data() + cell.text.size(), value);
        object[name] = value;
      } else {
        object[name] = cell.text;
      }
    }
    return json::serialize(object);
  }

 private:
  struct Cell {
    std::string text;
    bool is_number = false;
  };
  static std::string quoted(const Cell& cell) {
    std::string text = cell.text;
    if (!cell.is_number && !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos &&
        text.find_first_not_of("-0123456789.") != std::string::npos)
      text.insert(0, 1, '\'');
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string doubled;
    for (const char c : text) doubled += c == '"' ? std::string("\"\"") : std::string(1, c);
    return "\"" + doubled + "\"";
  }
  Cell& at(std::string_view column) {
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (columns_[i].name == column) return cells_[i];
    throw std::logic_error("the ledger's export has no column " + std::string(column));
  }
  const std::vector<Column>& columns_;
  std::vector<Cell> cells_;
};

void put_item(Row& row, const Item& item) {
  row.text("game", item.game);
  row.text("title", item.title);
  row.text("float", item.float_value);
  row.count("paint_seed", item.paint_seed);
  row.text("phase", item.phase);
}

std::string figures_text(const Reason& reason) {
  std::string text;
  for (const auto& [name, value] : reason.figures) text += (text.empty() ? "" : "; ") + name + "=" + value;
  return text;
}

void put(Row& row, const Intent& body) {
  row.text("action", std::string(to_text(body.action)));
  put_item(row, body.item);
  row.money("price", body.price);
  row.number("amount", body.amount);
  row.reserve("reserve", body.reserve);
  row.text("float_part", body.float_part);
  row.text("target_id", body.target_id);
  row.text("offer_id", body.offer_id);
  row.text("asset_id", body.asset_id);
  row.text("rule", body.reason.rule);
  row.text("why", body.reason.why);
  row.text("figures", figures_text(body.reason));
}

void put(Row& row, const Outcome& body) {
  row.number("intent", body.intent);
  row.text("state", std::string(to_text(body.result)));
  row.text("target_id", body.target_id);
  row.text("offer_id", body.offer_id);
  row.text("why", body.code.empty() ? body.message : body.code + ": " + body.message);
  row.time("locked_until", body.locked_until);
  if (body.reconciled)
    row.text("source", "reconciled");
  else if (body.fault)
    row.text("source", std::string(to_text(*body.fault)));
}

void put(Row& row, const OrderGone& body) {
  row.text("target_id", body.target_id);
  row.text("offer_id", body.offer_id);
  row.text("why", body.why);
}

void put(Row& row, const Purchase& body) {
  row.text("source", std::string(to_text(body.source)));
  row.text("target_id", body.target_id);
  row.text("offer_id", body.offer_id);
  row.text("asset_id", body.asset_id);
  put_item(row, body.item);
  row.money("price", body.price);
  row.text("state", std::string(to_text(body.state)));
  row.time("traded_at", body.at);
  row.time("finalized_at", body.finalized_at);
}

void put(Row& row, const Sale& body) {
  row.text("offer_id", body.offer_id);
  row.text("asset_id", body.asset_id);
  row.text("target_id", body.target_id);
  put_item(row, body.item);
  row.money("price", body.price);
  row.money("fee", body.fee);
  row.text("fee_percent", body.fee_percent);
  row.text("state", std::string(to_text(body.state)));
  row.time("traded_at", body.at);
  row.time("finalized_at", body.finalized_at);
}

void put(Row& row, const Seen& body) {
  row.text("asset_id", body.asset_id);
  put_item(row, body.item);
}

void put(Row& row, const Cost& body) {
  row.text("asset_id", body.asset_id);
  row.money("price", body.price);
}

void put(Row& row, const SwitchSet& body) {
  row.text("action", std::string(to_text(body.what)));
  row.text("rule", body.user == 0 ? std::string() : "user " + std::to_string(body.user));
  row.text("why", body.why);
  if (body.expected != Money() || body.seen != Money())
    row.text("figures", "expected=" + dmarket::to_text(body.expected) + " seen=" + dmarket::to_text(body.seen));
}

void put(Row& row, const BalanceSeen& body) {
  row.money("price", body.balance);
  row.text("why", "the balance; trades had changed it by " + dmarket::to_text(body.explained));
}

void put(Row& row, const Reconciled& body) {
  row.text("why", std::to_string(body.sales) + " sales and " + std::to_string(body.purchases) + " purchases listed" +
                      (body.from == 0 ? std::string() : " since " + utc_text(body.from)));
}

Row row_of(const Entry& entry) {
  Row row(entry_columns());
  row.number("number", entry.number);
  row.time("time", entry.at);
  row.text("mode", entry.simulated ? "simulated" : "real");
  row.text("kind", std::string(kind_of(entry)));
  std::visit([&row](const auto& body) { put(row, body); }, entry.body);
  return row;
}

Row row_of(const Trade& trade) {
  Row row(trade_columns());
  const Sale& sale = trade.sale;
  row.time("traded_at", sale.at);
  row.text("state", std::string(to_text(sale.state)));
  row.time("finalized_at", sale.finalized_at);
  put_item(row, sale.item);
  row.money("price", sale.price);
  row.money("fee", sale.fee);
  row.text("fee_percent", sale.fee_percent);
  row.money("cost", trade.cost);
  row.money("profit", trade.profit);
  row.money("estimated_profit", trade.estimate);
  row.text("by", trade.by_bot ? "bot" : "hand");
  row.text("offer_id", sale.offer_id);
  row.text("asset_id", sale.asset_id);
  row.text("target_id", sale.target_id);
  return row;
}

}  // namespace

const std::vector<Column>& entry_columns() {
  static const std::vector<Column> all{
      {"number", "the entry's number, rising"},
      {"time", "when it was written, by the exchange's clock (UTC)"},
      {"mode", "real, or simulated in dry run"},
      {"kind", "intent, outcome, order_gone, purchase, sale, seen, cost, switch, reconciled, balance"},
      {"action",
       "of an intent: create_target, delete_target, create_offer, change_offer, delete_offer, buy; of a switch"},
      {"intent", "of an outcome: the number of its intent"},
      {"state", "of an outcome: done, failed, unknown; of a trade: pending, final, reverted"},
      {"source",
       "of a purchase: target or instant; of an outcome: reconciled when it was read from the lists, else "
       "whose fault an error was: ours, item, exchange, network"},
      {"game", "the exchange's id of the game"},
      {"title", "of the item"},
      {"float", "as the exchange gives it"},
      {"paint_seed", ""},
      {"phase", ""},
      {"float_part", "demanded by a target"},
      {"price", "per piece, dollars; of a trade empty: the exchange has not said it"},
      {"price_cents", "the same in cents"},
      {"amount", "pieces"},
      {"reserve", "set aside before the order, dollars"},
      {"reserve_cents", ""},
      {"fee", "as the exchange took it, dollars; empty: it has not said it"},
      {"fee_cents", ""},
      {"fee_percent", "as the exchange says it"},
      {"traded_at", "when the trade was closed (UTC)"},
      {"finalized_at", "when it became final (UTC)"},
      {"locked_until", "until when the exchange refuses a change (UTC)"},
      {"target_id", ""},
      {"offer_id", ""},
      {"asset_id", ""},
      {"rule", "the rule, or the user, that wanted it"},
      {"why", "the reason"},
      {"figures", "what it was decided on"},
  };
  return all;
}

const std::vector<Column>& trade_columns() {
  static const std::vector<Column> all{
      {"traded_at", "when the sale was closed (UTC)"},
      {"state", "pending, final, reverted"},
      {"finalized_at", "when it became final (UTC)"},
      {"game", "the exchange's id of the game"},
      {"title", "of the item"},
      {"float", ""},
      {"paint_seed", ""},
      {"phase", ""},
      {"price", "gross, dollars; empty: the exchange has not said it"},
      {"price_cents", "the same in cents"},
      {"fee", "as the exchange took it, dollars; empty: it has not said it"},
      {"fee_cents", ""},
      {"fee_percent", "as the exchange says it"},
      {"cost", "what the item had cost, dollars; empty: nobody knows"},
      {"cost_cents", ""},
      {"profit", "price less fee less cost, dollars; empty: reverted, or one of the three is not known"},
      {"profit_cents", ""},
      {"by", "bot or hand: who made the offer"},
      {"offer_id", ""},
      {"asset_id", ""},
      {"target_id", "when it was sold to a target"},
      {"estimated_profit",
       "where the exchange has not said an amount: the profit reckoned from the prices of our orders, dollars"},
      {"estimated_profit_cents", ""},
  };
  return all;
}

std::string csv_header(const std::vector<Column>& columns) {
  std::string line;
  for (const Column& column : columns) line += (line.empty() ? "" : ",") + std::string(column.name);
  return line + "\r\n";
}

std::string csv_line(const Entry& entry) { return row_of(entry).csv(); }
std::string csv_line(const Trade& trade) { return row_of(trade).csv(); }
std::string json_object(const Entry& entry) { return row_of(entry).json_text(); }
std::string json_object(const Trade& trade) { return row_of(trade).json_text(); }

std::string json_object(const Totals& totals) {
  json::object object;
  const auto money = [&object](const std::string& name, Money value) {
    object[name] = dmarket::to_decimal_dollars(value);
    object[name + "_cents"] = value.in_cents();
  };
  object["bought"] = totals.bought;
  object["purchases_reverted"] = totals.purchases_reverted;
  object["sales_pending"] = totals.sales_pending;
  object["sales_final"] = totals.sales_final;
  object["sales_reverted"] = totals.sales_reverted;
  object["sales_without_cost"] = totals.sales_without_cost;
  object["purchases_unsaid"] = totals.purchases_unsaid;
  object["sales_unsaid"] = totals.sales_unsaid;
  money("spent", totals.spent);
  money("gross_pending", totals.gross_pending);
  money("gross_final", totals.gross_final);
  money("fees_pending", totals.fees_pending);
  money("fees_final", totals.fees_final);
  money("profit_pending", totals.profit_pending);
  money("profit_final", totals.profit_final);
  money("profit_estimated", totals.profit_estimated);
  return json::serialize(object);
}

}  // namespace app::ledger
