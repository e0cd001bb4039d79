#include "sandbox/chat/file_store.hpp"

#include "sandbox/chat/image_size.hpp"

#include <fmt/format.h>

namespace sandbox {
namespace {

// The first characters of a real file_id tell its kind; bots have been seen to look at them.
std::string_view id_prefix(std::string_view kind) {
  if (kind == "photo") return "AgACAgIAAxkBAAI";
  if (kind == "voice") return "AwACAgIAAxkBAAI";
  if (kind == "video") return "BAACAgIAAxkBAAI";
  if (kind == "audio") return "CQACAgIAAxkBAAI";
  if (kind == "sticker") return "CAACAgIAAxkBAAI";
  if (kind == "animation") return "CgACAgIAAxkBAAI";
  if (kind == "video_note") return "DQACAgIAAxkBAAI";
  if (kind == "thumbnail") return "AAMCAgADGQEAA";
  return "BQACAgIAAxkBAAI";
}

// Letters that look like an id: a number scrambled, so that nobody counts on its order.
std::string letters(std::uint64_t number, std::size_t length) {
  constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  std::string out;
  std::uint64_t state = number * 0x9E3779B97F4A7C15u + 0x632BE59BD9B4E019u;
  while (out.size() < length) {
    state ^= state >> 29;
    state *= 0xBF58476D1CE4E5B9u;
    state ^= state >> 32;
    out += alphabet[state & 63];
  }
  return out;
}

std::string ending(std::string_view name, std::string_view mime_type) {
  if (const std::size_t dot = name.rfind('.'); dot != std::string_view::npos && name.size() - dot <= 6) {
    return std::string(name.substr(dot));
  }
  if (mime_type == "image/png") return ".png";
  if (mime_type == "image/jpeg") return ".jpg";
  return "";
}

std::string folder(std::string_view kind) {
  if (kind == "thumbnail") return "thumbnails";
  if (kind == "voice" || kind == "video_note") return std::string(kind) + "s";
  if (kind == "audio") return "music";
  return std::string(kind) + "s";
}

}  // namespace

const StoredFile& FileStore::store(StoredFile file) {
  const std::uint64_t number = ++count_;
  file.file_id = std::string(id_prefix(file.kind)) + letters(number, 48) + "AAzYE";
  file.file_unique_id = "AQAD" + letters(number + 0x5851F42D4C957F2Du, 11);
  file.path = fmt::format("{}/file_{}{}", folder(file.kind), number, ending(file.name, file.mime_type));
  const auto stored = std::make_shared<StoredFile>(std::move(file));
  by_id_[stored->file_id] = stored;
  by_unique_id_[stored->file_unique_id] = stored;
  by_path_[stored->path] = stored;
  return *stored;
}

const StoredFile& FileStore::add(std::string kind, std::string name, std::string mime_type, std::string content) {
  StoredFile file;
  file.kind = std::move(kind);
  file.mime_type = mime_type.empty() || mime_type == "application/octet-stream"
                       ? std::string(content_type_of(content, name))
                       : std::move(mime_type);
  file.name = std::move(name);
  if (const auto size = image_size(content)) {
    file.width = size->width;
    file.height = size->height;
  }
  file.content = std::make_shared<const std::string>(std::move(content));
  return store(std::move(file));
}

const StoredFile& FileStore::add_variant(const StoredFile& of, std::string kind, int width, int height) {
  StoredFile file = of;
  file.kind = std::move(kind);
  file.width = width;
  file.height = height;
  return store(std::move(file));
}

namespace {
template <class Map>
const StoredFile* look_up(const Map& map, std::string_view key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : found->second.get();
}
}  // namespace

const StoredFile* FileStore::by_id(std::string_view file_id) const { return look_up(by_id_, file_id); }
const StoredFile* FileStore::by_unique_id(std::string_view id) const { return look_up(by_unique_id_, id); }
const StoredFile* FileStore::by_path(std::string_view path) const { return look_up(by_path_, path); }

}  // namespace sandbox
