#pragma once
// The compiled message catalogues, generated at build time from app/locale/*.po.
#include <span>
#include <string_view>

namespace app {

struct LocaleFile {
  std::string_view language;
  std::string_view mo;
};

std::span<const LocaleFile> locale_files();

}  // namespace app
