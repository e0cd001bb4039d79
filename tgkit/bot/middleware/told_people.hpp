#pragma once
// Who was told once that the bot is not for them: the newest of them, kept through restarts in pages, so that one more
// person costs one small record. Pure.
#include "tgkit/bot/state_codec.hpp"
#include "tgkit/storage/store.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <unordered_set>
#include <vector>

namespace tgkit::bot {

class ToldPeople {
 public:
  // The newest `most` at most, and nearly as many at least: the oldest are forgotten by the page.
  explicit ToldPeople(std::size_t most);

  std::vector<storage::StateKey> keys() const;
  void read(const std::vector<std::optional<storage::StateRecord>>& records);  // of keys(), in their order; once
  bool knows(std::int64_t person) const { return known_.contains(person); }
  storage::StateWrite add(std::int64_t person);  // what is to be written; nobody is added twice

  struct Page {
    std::int64_t turn = 0;  // rising: the page in use has the greatest
    std::vector<std::int64_t> people;
  };

 private:
  storage::StateKey key_of(std::size_t page) const;
  void turn_page();

  std::size_t page_size_;
  std::vector<Page> pages_;
  std::size_t current_ = 0;
  std::unordered_set<std::int64_t> known_;
};

template <>
struct Stored<ToldPeople::Page> {
  static constexpr auto fields =
      std::tuple(field("turn", &ToldPeople::Page::turn), field("people", &ToldPeople::Page::people));
};

}  // namespace tgkit::bot
