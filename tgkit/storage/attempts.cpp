#include "tgkit/storage/attempts.hpp"

#include <atomic>
#include <cstring>

namespace tgkit::storage {
namespace {

constexpr std::array<char, 16> file_mark = {"tgkit attempts1"};

}  // namespace

Attempts::Attempts(const std::filesystem::path& path)
    : mapped_(path, sizeof(File)), file_(static_cast<File*>(mapped_.memory())) {
  read();
}

void Attempts::read() {
  if (file_->mark != file_mark) {
    std::memset(static_cast<void*>(file_), 0, sizeof(File));
    file_->mark = file_mark;
  }
  for (std::uint32_t place = places; place-- > 0;) {
    const Place& found = file_->place[place];
    if (found.attempts == 0 || !index_.try_emplace(found.update_id, place).second) free_.push_back(place);
  }
}

std::uint32_t Attempts::free_place() {
  if (free_.empty()) {
    const std::uint32_t place = next_to_give_way_;
    next_to_give_way_ = (next_to_give_way_ + 1) % places;
    index_.erase(file_->place[place].update_id);
    return place;
  }
  const std::uint32_t place = free_.back();
  free_.pop_back();
  return place;
}

// The process may die between any two stores: a count never stands beside the id of another update.
void Attempts::write(std::uint32_t place, std::int64_t update_id, std::uint32_t attempts) {
  Place& to = file_->place[place];
  if (to.update_id != update_id) {
    std::atomic_ref(to.attempts).store(0, std::memory_order_release);
    std::atomic_ref(to.update_id).store(update_id, std::memory_order_release);
  }
  std::atomic_ref(to.attempts).store(attempts, std::memory_order_release);
}

void Attempts::count(std::int64_t update_id) {
  const auto [entry, fresh] = index_.try_emplace(update_id, 0);
  if (fresh) entry->second = free_place();
  write(entry->second, update_id, fresh ? 1 : file_->place[entry->second].attempts + 1);
}

std::uint32_t Attempts::of(std::int64_t update_id) const {
  const auto entry = index_.find(update_id);
  return entry == index_.end() ? 0 : file_->place[entry->second].attempts;
}

std::vector<std::int64_t> Attempts::ids() const {
  std::vector<std::int64_t> all;
  all.reserve(index_.size());
  for (const auto& [id, place] : index_) all.push_back(id);
  return all;
}

void Attempts::take_back(std::int64_t update_id) {
  const auto entry = index_.find(update_id);
  if (entry == index_.end()) return;
  const std::uint32_t attempts = file_->place[entry->second].attempts;
  if (attempts <= 1) return forget(update_id);
  write(entry->second, update_id, attempts - 1);
}

void Attempts::forget(std::int64_t update_id) {
  const auto entry = index_.find(update_id);
  if (entry == index_.end()) return;
  write(entry->second, update_id, 0);
  free_.push_back(entry->second);
  index_.erase(entry);
}

}  // namespace tgkit::storage
