#pragma once
// The chat page's files, compiled into the program (sandbox/page, see cmake/embed_page.cmake).
#include <span>
#include <string_view>

namespace sandbox {

struct PageFile {
  std::string_view name;  // "index.html"
  std::string_view content_type;
  std::string_view content;
};

std::span<const PageFile> page_files();

}  // namespace sandbox
