#pragma once
// What people ask bots from the input field of any chat, and what the bots offer them. Pure.
#include "sandbox/chat/update_queue.hpp"
#include "sandbox/json.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace sandbox {

struct InlineQuery {
  std::int64_t bot = 0;
  std::int64_t user = 0;
  std::string query;
  UnixSeconds asked = 0;
  bool answered = false;
  json::array results;  // of InlineQueryResult, as the bot wrote them
  std::string next_offset;
};

class InlineQueries {
 public:
  static constexpr UnixSeconds answer_within = 30;  // as long as the update itself lives
  static constexpr std::size_t kept = 10'000;

  std::string begin(InlineQuery query) {  // gives its id
    std::string id = std::to_string(6'000'000'000'000'000'000u + ++count_ * 4'001u);
    queries_[id] = std::move(query);
    if (queries_.size() > kept) queries_.erase(queries_.begin());
    return id;
  }
  InlineQuery* find(const std::string& id) {  // nullptr: there is none
    const auto found = queries_.find(id);
    return found == queries_.end() ? nullptr : &found->second;
  }

 private:
  std::map<std::string, InlineQuery> queries_;
  std::uint64_t count_ = 0;
};

}  // namespace sandbox
