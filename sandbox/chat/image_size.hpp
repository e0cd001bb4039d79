#pragma once
// Width and height from the first bytes of a PNG, JPEG, GIF or WebP file.
#include <optional>
#include <string_view>

namespace sandbox {

struct ImageSize {
  int width = 0;
  int height = 0;
};

std::optional<ImageSize> image_size(std::string_view bytes);  // nullopt: none of these formats, or broken
std::string_view content_type_of(std::string_view bytes, std::string_view file_name);  // by content, then by ending

}  // namespace sandbox
