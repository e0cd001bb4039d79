#include "tgkit/bot/store_identity.hpp"

#include <array>
#include <stdexcept>

#include <sodium.h>

namespace tgkit::bot {
namespace {

constexpr const char* identity_record = "store_identity";
constexpr std::size_t identity_bytes = 16;

std::string make_identity() {
  if (sodium_init() < 0) throw std::runtime_error("the system gives no random numbers");
  std::array<unsigned char, identity_bytes> random{};
  randombytes_buf(random.data(), random.size());
  constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string text(sodium_base64_encoded_len(random.size(), variant), '\0');
  sodium_bin2base64(text.data(), text.size(), random.data(), random.size(), variant);
  text.pop_back();  // the terminating zero
  return text;
}

storage::StateKey identity_key() {
  storage::StateKey key;
  key.type = identity_record;
  return key;
}

}  // namespace

std::string kept_identity(std::string_view kept, std::string_view place) {
  const std::size_t end = kept.find(' ');
  if (end == std::string_view::npos || kept.substr(end + 1) != place) return {};
  return std::string(kept.substr(0, end));
}

Task<std::string> identity_of(storage::Store& store) {
  const std::string place = store.place();
  std::vector<storage::StateKey> keys(1, identity_key());
  std::vector<std::optional<storage::StateRecord>> found = co_await store.load(std::move(keys));
  std::string identity = found.front() ? kept_identity(found.front()->value, place) : std::string();
  if (!identity.empty()) co_return identity;
  identity = make_identity();
  storage::StateWrite write;
  write.key = identity_key();
  write.record.emplace();
  write.record->value = identity + " " + place;
  storage::Commit commit;
  commit.writes.push_back(std::move(write));
  co_await store.commit(std::move(commit));
  co_return identity;
}

}  // namespace tgkit::bot
