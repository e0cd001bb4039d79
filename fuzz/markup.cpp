// Any bytes as the text of a message, in every mode: nothing crashes, and what is accepted obeys the rules.

#include "sandbox/entities/format.hpp"
#include "sandbox/entities/nesting.hpp"
#include "sandbox/entities/unicode.hpp"

#include <algorithm>
#include <cstdlib>

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const sandbox::FormattedText& formatted) {
  const std::int64_t units = sandbox::utf16_length(formatted.text);
  require(sandbox::is_valid_utf8(formatted.text));
  require(std::is_sorted(formatted.entities.begin(), formatted.entities.end(), sandbox::entity_order));
  for (const sandbox::Entity& entity : formatted.entities) {
    require(entity.length > 0 && entity.offset >= 0 && entity.end() <= units);
  }
}

// The bytes also make up some entities.
std::vector<sandbox::Entity> entities_from(std::string_view bytes) {
  static constexpr const char* kTypes[] = {"bold", "italic",     "spoiler",   "code",
                                           "pre",  "blockquote", "text_link", "url"};
  std::vector<sandbox::Entity> entities;
  for (std::size_t i = 0; i + 2 < bytes.size() && entities.size() < 8; i += 3) {
    sandbox::Entity entity;
    entity.type = kTypes[static_cast<unsigned char>(bytes[i]) % 8];
    entity.offset = static_cast<unsigned char>(bytes[i + 1]) % 32;
    entity.length = static_cast<unsigned char>(bytes[i + 2]) % 32;
    entity.url = "https://a.b/";
    entities.push_back(std::move(entity));
  }
  return entities;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const char* mode : {"", "HTML", "Markdown", "MarkdownV2"}) {
    const auto formatted = sandbox::format_text(text, mode, entities_from(text), sandbox::EmptyText::allowed);
    if (formatted) check(*formatted);
  }
  return 0;
}
