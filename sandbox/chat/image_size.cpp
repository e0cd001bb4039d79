#include "sandbox/chat/image_size.hpp"

#include <array>
#include <cstdint>
#include <utility>

namespace sandbox {
namespace {

unsigned byte(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }
int big16(std::string_view bytes, std::size_t at) {
  return static_cast<int>(byte(bytes, at) << 8 | byte(bytes, at + 1));
}
int little16(std::string_view bytes, std::size_t at) {
  return static_cast<int>(byte(bytes, at + 1) << 8 | byte(bytes, at));
}

std::optional<ImageSize> jpeg_size(std::string_view bytes) {
  std::size_t at = 2;
  while (at + 9 < bytes.size()) {
    if (byte(bytes, at) != 0xFF) return std::nullopt;
    const unsigned marker = byte(bytes, at + 1);
    const bool start_of_frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (start_of_frame) return ImageSize{big16(bytes, at + 7), big16(bytes, at + 5)};
    if (marker == 0xFF) {  // padding
      ++at;
      continue;
    }
    at += 2 + static_cast<std::size_t>(big16(bytes, at + 2));
  }
  return std::nullopt;
}

std::optional<ImageSize> webp_size(std::string_view bytes) {
  const std::string_view kind = bytes.substr(12, 4);
  if (kind == "VP8X") {
    const auto little24 = [&](std::size_t at) {
      return little16(bytes, at) | static_cast<int>(byte(bytes, at + 2) << 16);
    };
    return ImageSize{little24(24) + 1, little24(27) + 1};
  }
  if (kind == "VP8 ") return ImageSize{little16(bytes, 26) & 0x3FFF, little16(bytes, 28) & 0x3FFF};
  if (kind == "VP8L") {
    const unsigned bits = byte(bytes, 21) | byte(bytes, 22) << 8 | byte(bytes, 23) << 16 | byte(bytes, 24) << 24;
    return ImageSize{static_cast<int>(bits & 0x3FFF) + 1, static_cast<int>((bits >> 14) & 0x3FFF) + 1};
  }
  return std::nullopt;
}

}  // namespace

std::optional<ImageSize> image_size(std::string_view bytes) {
  if (bytes.size() >= 24 && bytes.starts_with("\x89PNG\r\n\x1a\n")) {
    return ImageSize{big16(bytes, 16) << 16 | big16(bytes, 18), big16(bytes, 20) << 16 | big16(bytes, 22)};
  }
  if (bytes.size() >= 10 && bytes.starts_with("GIF8")) return ImageSize{little16(bytes, 6), little16(bytes, 8)};
  if (bytes.size() >= 4 && bytes.starts_with("\xFF\xD8")) return jpeg_size(bytes);
  if (bytes.size() >= 30 && bytes.starts_with("RIFF") && bytes.substr(8, 4) == "WEBP") return webp_size(bytes);
  return std::nullopt;
}

std::string_view content_type_of(std::string_view bytes, std::string_view file_name) {
  if (bytes.starts_with("\x89PNG")) return "image/png";
  if (bytes.starts_with("\xFF\xD8\xFF")) return "image/jpeg";
  if (bytes.starts_with("GIF8")) return "image/gif";
  if (bytes.starts_with("RIFF") && bytes.size() > 12 && bytes.substr(8, 4) == "WEBP") return "image/webp";
  if (bytes.starts_with("%PDF")) return "application/pdf";
  if (bytes.starts_with("OggS")) return "audio/ogg";
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> endings{{{".txt", "text/plain"},
                                                                                  {".csv", "text/csv"},
                                                                                  {".json", "application/json"},
                                                                                  {".html", "text/html"},
                                                                                  {".mp4", "video/mp4"},
                                                                                  {".mp3", "audio/mpeg"},
                                                                                  {".zip", "application/zip"},
                                                                                  {".svg", "image/svg+xml"},
                                                                                  {".log", "text/plain"}}};
  for (const auto& [ending, type] : endings) {
    if (file_name.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

}  // namespace sandbox
