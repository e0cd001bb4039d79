#pragma once
// Order where order matters: items of one key come out one after the other, each when the one before it is finished;
// items of different keys come out side by side, urgent ones first. Suspects come out one after the other whatever
// their keys, before all others. Pure: it neither waits nor runs anything.
#include "tgkit/bot/order_key.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <utility>

namespace tgkit::bot {

// An Item has `OrderKey key`, `bool urgent`, `bool suspect` and `std::unique_ptr<Item> next`, which belongs to the
// queue.
template <class Item>
class KeyedQueue {
 public:
  void push(std::unique_ptr<Item> item) {
    ++size_;
    if (item->key == OrderKey{}) return ready(std::move(item));
    const auto [lane, fresh] = lanes_.try_emplace(item->key);
    if (fresh)
      ready(std::move(item));
    else
      lane->second.push(std::move(item));
  }

  // Null when nothing may run now. Whoever takes an item calls finished() for it.
  std::unique_ptr<Item> next() {
    std::unique_ptr<Item> item;
    if (!suspect_out_) item = suspects_.pop();
    if (item) suspect_out_ = true;
    if (!item) item = urgent_.pop();
    if (!item) item = usual_.pop();
    if (item) --size_;
    return item;
  }

  // An item that next() gave is done: the one behind it may run.
  void finished(const Item& item) {
    if (item.suspect) suspect_out_ = false;
    if (item.key == OrderKey{}) return;
    const auto lane = lanes_.find(item.key);
    if (lane == lanes_.end()) return;
    if (std::unique_ptr<Item> behind = lane->second.pop())
      ready(std::move(behind));
    else
      lanes_.erase(lane);
  }

  bool has_ready() const noexcept {
    return !urgent_.empty() || !usual_.empty() || (!suspect_out_ && !suspects_.empty());
  }
  std::size_t size() const noexcept { return size_; }  // those that next() has not given yet

 private:
  class List {
   public:
    List() = default;
    List(List&&) = delete;
    ~List() {
      while (pop()) {  // one by one: a chain of destructors could be deep
      }
    }
    bool empty() const noexcept { return !first_; }
    void push(std::unique_ptr<Item> item) {
      Item* added = item.get();
      (last_ ? last_->next : first_) = std::move(item);
      last_ = added;
    }
    std::unique_ptr<Item> pop() {
      std::unique_ptr<Item> item = std::move(first_);
      if (!item) return nullptr;
      first_ = std::move(item->next);
      if (!first_) last_ = nullptr;
      return item;
    }

   private:
    std::unique_ptr<Item> first_;
    Item* last_ = nullptr;
  };

  void ready(std::unique_ptr<Item> item) {
    List& list = item->suspect ? suspects_ : item->urgent ? urgent_ : usual_;
    list.push(std::move(item));
  }

  List suspects_, urgent_, usual_;
  bool suspect_out_ = false;
  std::unordered_map<OrderKey, List, OrderKeyHash> lanes_;  // of keys with an item out; what waits behind it
  std::size_t size_ = 0;
};

}  // namespace tgkit::bot
