#include "sandbox/bot_api/media.hpp"

#include "sandbox/bot_api/text.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace sandbox {
namespace {

constexpr std::size_t most_photo = 10u << 20;  // the cloud's limits for uploads
constexpr std::size_t most_file = 50u << 20;
constexpr int most_photo_sides = 10'000;  // width and height together
constexpr int most_photo_ratio = 20;

std::string capitalised(std::string_view kind) {  // "video_note" -> "VideoNote"
  std::string out;
  bool upper = true;
  for (const char c : kind) {
    if (c == '_') {
      upper = true;
      continue;
    }
    out += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    upper = false;
  }
  return out;
}

const StoredFile& upload(Call& call, const UploadedFile& file, std::string_view kind) {
  if (file.content.empty()) throw bad_request("file must be non-empty");
  if (file.content.size() > most_file) throw Refusal(413, "Request Entity Too Large");
  const StoredFile& stored = call.world.files().add(std::string(kind), file.name, file.content_type, file.content);
  if (kind == "photo") {
    if (file.content.size() > most_photo) throw bad_request("file is too big");
    if (stored.width == 0 || stored.height == 0) throw bad_request("IMAGE_PROCESS_FAILED");
    const auto [shorter, longer] = std::minmax(stored.width, stored.height);
    if (longer + shorter > most_photo_sides || longer > shorter * most_photo_ratio) {
      throw bad_request("PHOTO_INVALID_DIMENSIONS");
    }
  }
  return stored;
}

json::object file_members(const StoredFile& file) {
  return json::object{
      {"file_id", file.file_id}, {"file_unique_id", file.file_unique_id}, {"file_size", file.content->size()}};
}

json::object photo_size(const StoredFile& file) {
  json::object size = file_members(file);
  size["width"] = file.width;
  size["height"] = file.height;
  return size;
}

// The sizes that Telegram makes of a photo: at most 90, 320, 800 and 1280 pixels on the longer side.
json::array photo_sizes(World& world, const StoredFile& file) {
  json::array sizes;
  const int longer = std::max(file.width, file.height);
  for (const int side : {90, 320, 800}) {
    if (longer <= side) break;
    const auto scaled = [&](int pixels) { return std::max(1, pixels * side / longer); };
    sizes.push_back(photo_size(world.files().add_variant(file, "photo", scaled(file.width), scaled(file.height))));
  }
  sizes.push_back(photo_size(file));
  return sizes;
}

void copy_details(const json::object& details, json::object& media, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    if (const json::value* value = details.if_contains(key)) media[key] = *value;
  }
}

}  // namespace

const StoredFile& input_file(Call& call, std::string_view field, const std::string& value, std::string_view kind) {
  if (const UploadedFile* file = call.arguments.file(field); file && value.empty()) return upload(call, *file, kind);
  if (value.empty()) throw bad_request(fmt::format("there is no {} in the request", field));
  constexpr std::string_view attach = "attach://";
  if (value.starts_with(attach)) {
    const UploadedFile* file = call.arguments.file(std::string_view(value).substr(attach.size()));
    if (!file) throw bad_request(fmt::format("there is no {} in the request", field));
    return upload(call, *file, kind);
  }
  if (value.starts_with("http://") || value.starts_with("https://")) {
    throw bad_request("failed to get HTTP URL content");  // there is no internet in here
  }
  const StoredFile* known = call.world.files().by_id(value);
  if (!known) {
    throw bad_request("wrong remote file identifier specified: can't unserialize it. Wrong last symbol");
  }
  if (known->kind != kind) {
    throw bad_request(fmt::format("can't use file of type {} as {}", capitalised(known->kind), capitalised(kind)));
  }
  return *known;
}

void put_media(World& world, std::string_view kind, const StoredFile& file, const json::object& details,
               json::object& content) {
  if (kind == "photo") {
    content["photo"] = photo_sizes(world, file);
    return;
  }
  json::object media;
  if (kind == "video" || kind == "animation") {
    media["duration"] = 0;
    media["width"] = file.width;
    media["height"] = file.height;
  } else if (kind == "audio" || kind == "voice") {
    media["duration"] = 0;
  } else if (kind == "video_note") {
    media["duration"] = 0;
    media["length"] = 240;
  } else if (kind == "sticker") {
    media = json::object{{"width", file.width == 0 ? 512 : file.width},
                         {"height", file.height == 0 ? 512 : file.height},
                         {"is_animated", false},
                         {"is_video", false},
                         {"type", "regular"}};
  }
  copy_details(details, media, {"duration", "width", "height", "length", "performer", "title", "emoji"});
  const bool named = kind != "voice" && kind != "video_note" && kind != "sticker";
  if (named && !file.name.empty()) media["file_name"] = file.name;
  if (kind != "sticker" && kind != "video_note") media["mime_type"] = file.mime_type;
  for (auto& member : file_members(file)) media[member.key()] = std::move(member.value());
  if (kind == "animation") content["document"] = media;  // undocumented: both are written
  content[json::string_view(kind.data(), kind.size())] = std::move(media);
}

json::object media_content(Call& call, const json::object& input_media) {
  const std::string kind = member_text(input_media, "type");
  constexpr std::string_view kinds[] = {"photo", "video", "animation", "audio", "document"};
  if (std::find(std::begin(kinds), std::end(kinds), kind) == std::end(kinds)) {
    throw bad_request("can't parse InputMedia: type must be one of photo, video, animation, audio, document");
  }
  const std::string source = member_text(input_media, "media");
  if (source.empty()) throw bad_request("can't parse InputMedia: media not found");
  json::object content;
  put_media(call.world, kind, input_file(call, "media", source, kind), input_media, content);
  put_caption(call.world, input_media, content);
  if (member_bool(input_media, "has_spoiler")) content["has_media_spoiler"] = true;
  if (member_bool(input_media, "show_caption_above_media")) content["show_caption_above_media"] = true;
  return content;
}

}  // namespace sandbox
