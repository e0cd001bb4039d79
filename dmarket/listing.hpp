#pragma once
// A list of many pages as a stream. Lists move while they are read: what came before is dropped, and a list that leads
// in a circle is left.
#include "dmarket/page.hpp"
#include "tgkit/async/task.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace dmarket {

enum class ListEnd {
  open,             // there may be more
  complete,         // the exchange said that this was all, and it was
  empty_page,       // a page without items pointed to another: left
  repeated_cursor,  // the list pointed back to a page that was there: left
  too_many_pages,   // more than the walk's bound: left
  // Read to its end, and yet no proof that something is not in it:
  no_list,           // an answer held no list at all
  unnamed_entries,   // an entry did not say what it is about
  fewer_than_total,  // there were fewer entries than the list itself counts
};

std::string_view to_text(ListEnd end);

// Where to go on and when to stop.
class CursorWalk {
 public:
  explicit CursorWalk(std::size_t most_pages = 10'000) : most_pages_(most_pages) {}
  void took(std::size_t items, const std::string& next_cursor);   // the page at cursor()
  const std::string& cursor() const noexcept { return cursor_; }  // of the next page; empty: the first
  ListEnd end() const noexcept { return end_; }

 private:
  std::size_t most_pages_;
  std::unordered_set<std::string> seen_;
  std::string cursor_;
  ListEnd end_ = ListEnd::open;
};

// Whether what was read is all that the exchange has.
class ListProof {
 public:
  template <class Item>
  void took(const Page<Item>& page) {
    listed_ &= page.listed;
    named_ &= !page.has_nulls;
    if (page.total) total_ = std::max(total_, *page.total);
  }
  void kept(std::size_t items, std::size_t unnamed) {  // of a page, when it was sieved
    read_ += static_cast<std::int64_t>(items);
    named_ &= unnamed == 0;
  }
  ListEnd judge(ListEnd walked) const;
  std::int64_t read() const noexcept { return read_; }
  std::int64_t total() const noexcept { return total_; }  // the largest that a page named; 0: none did

 private:
  bool listed_ = true, named_ = true;
  std::int64_t read_ = 0, total_ = 0;
};

// What a walk over a list has given.
template <class Item>
struct Listed {
  std::vector<Item> items;
  ListEnd end = ListEnd::open;
  std::int64_t read = 0, total = 0;  // entries that were read, and as the exchange counts them; 0: it did not say
  // Only a complete list proves that something is not in it.
  bool complete() const noexcept { return end == ListEnd::complete; }
};

// Not thread-safe. Must outlive its own calls; refers to the client that made it.
template <class Item>
class Listing {
 public:
  using Fetch = std::function<tgkit::Task<Page<Item>>(std::string cursor)>;
  // Drops what was on earlier pages. Gives how many of the others have no name.
  using Sieve = std::function<std::size_t(std::vector<Item>& page)>;
  using Notice = std::function<void(ListEnd end)>;  // called once when the list ended in another way

  Listing(Fetch fetch, Sieve sieve, Notice notice = {})
      : fetch_(std::move(fetch)), sieve_(std::move(sieve)), notice_(std::move(notice)) {}

  // The next item, or nothing at the end: then end() says which end. Throws what the call throws; the stream can go on
  // after it, with the same page.
  tgkit::Task<std::optional<Item>> next() {
    while (waiting_.empty() && walk_.end() == ListEnd::open) co_await fetch_page();
    std::optional<Item> item;
    if (!waiting_.empty()) {
      item.emplace(std::move(waiting_.front()));
      waiting_.pop_front();
    }
    co_return item;
  }

  // What is left of the list. A name and not a temporary: the listing keeps what it has read if a call fails.
  tgkit::Task<Listed<Item>> rest() {
    while (walk_.end() == ListEnd::open) co_await fetch_page();
    Listed<Item> all;
    all.end = end();
    all.read = proof_.read();
    all.total = proof_.total();
    all.items.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(waiting_.end()));
    waiting_.clear();
    co_return all;
  }

  ListEnd end() const { return proof_.judge(walk_.end()); }
  const std::optional<std::int64_t>& total() const noexcept { return total_; }

 private:
  tgkit::Task<> fetch_page() {
    Page<Item> page = co_await fetch_(walk_.cursor());
    walk_.took(page.items.size(), page.cursor);
    proof_.took(page);
    if (page.total) total_ = page.total;
    const std::size_t unnamed = sieve_(page.items);
    proof_.kept(page.items.size(), unnamed);
    for (Item& item : page.items) waiting_.push_back(std::move(item));
    if (notice_ && end() != ListEnd::open && end() != ListEnd::complete) notice_(end());
  }

  Fetch fetch_;
  Sieve sieve_;
  Notice notice_;
  CursorWalk walk_;
  ListProof proof_;
  std::deque<Item> waiting_;
  std::optional<std::int64_t> total_;
};

}  // namespace dmarket
