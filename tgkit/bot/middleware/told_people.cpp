#include "tgkit/bot/middleware/told_people.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace tgkit::bot {

namespace {

constexpr std::string_view told_type = "tgkit.told";
constexpr std::uint32_t told_version = 1;
constexpr std::size_t most_pages = 100;

}  // namespace

ToldPeople::ToldPeople(std::size_t most) : page_size_(0) {
  most = std::max<std::size_t>(most, 1);
  pages_.resize(std::min(most, most_pages));
  page_size_ = most / pages_.size();
}

storage::StateKey ToldPeople::key_of(std::size_t page) const { return {std::string(told_type), std::to_string(page)}; }

std::vector<storage::StateKey> ToldPeople::keys() const {
  std::vector<storage::StateKey> all;
  for (std::size_t page = 0; page < pages_.size(); ++page) all.push_back(key_of(page));
  return all;
}

// A page of another program's version is written anew when its turn comes.
void ToldPeople::read(const std::vector<std::optional<storage::StateRecord>>& records) {
  for (std::size_t i = 0; i < std::min(records.size(), pages_.size()); ++i) {
    if (!records[i] || records[i]->version != told_version) continue;
    pages_[i] = decode_state<Page>(records[i]->value).value_or(Page());
    known_.insert(pages_[i].people.begin(), pages_[i].people.end());
  }
  const auto newest = std::ranges::max_element(pages_, {}, &Page::turn);
  current_ = static_cast<std::size_t>(newest - pages_.begin());
}

void ToldPeople::turn_page() {
  const std::int64_t turn = pages_[current_].turn + 1;
  current_ = (current_ + 1) % pages_.size();
  for (const std::int64_t person : pages_[current_].people) known_.erase(person);
  pages_[current_] = Page{turn, {}};
}

storage::StateWrite ToldPeople::add(std::int64_t person) {
  if (known_.insert(person).second) {
    if (pages_[current_].people.size() >= page_size_) turn_page();
    pages_[current_].people.push_back(person);
  }
  return {key_of(current_), storage::StateRecord{encode_state(pages_[current_]), told_version, 0}};
}

}  // namespace tgkit::bot
