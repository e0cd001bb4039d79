#include "app/ledger/ledger.hpp"

namespace app::ledger {
namespace {

using tgkit::Task;
using tgkit::storage::BookEntry;

constexpr std::size_t piece = 1000;  // entries in memory at once

}  // namespace

Task<> read_entries(tgkit::storage::Store& store, const std::function<void(const Entry&)>& each) {
  for (std::int64_t after = 0;;) {
    const std::vector<BookEntry> some = co_await store.entries(std::string(book_name), after, piece);
    for (const BookEntry& kept : some) {
      Entry entry = decode(kept.body);
      entry.number = after = kept.number;
      each(entry);
    }
    if (some.size() < piece) co_return;
  }
}

Task<> Ledger::start() {
  const std::function<void(const Entry&)> each = [this](const Entry& entry) { apply(entry); };
  co_await read_entries(store_, each);
}

Task<std::vector<std::int64_t>> Ledger::append(std::vector<Entry> entries) {
  std::vector<std::int64_t> numbers;
  if (entries.empty()) co_return numbers;
  tgkit::storage::Commit commit;
  for (Entry& entry : entries) {
    entry.number = store_.next_entry_number();
    numbers.push_back(entry.number);
    BookEntry& kept = commit.entries.emplace_back();
    kept.number = entry.number;
    kept.book = book_name;
    kept.body = encode(entry);
  }
  co_await store_.commit(std::move(commit));
  for (const Entry& entry : entries) apply(entry);
  co_return numbers;
}

}  // namespace app::ledger
