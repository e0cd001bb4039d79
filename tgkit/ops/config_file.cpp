#include "tgkit/ops/config_sources.hpp"

#include <toml++/toml.h>

namespace tgkit::ops {
namespace {

Parsed<std::string> scalar_text(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* truth = node.as_boolean()) return std::string(truth->get() ? "true" : "false");
  return std::unexpected("must be a text in quotes, a whole number, true or false");
}

Parsed<std::string> value_text(const toml::node& node) {
  if (node.is_table()) return std::unexpected("is a table: every key of this file stands at the top level");
  const auto* list = node.as_array();
  if (list == nullptr) return scalar_text(node);
  std::string joined;
  for (const auto& element : *list) {
    const auto text = scalar_text(element);
    if (!text) return std::unexpected("must be a list of numbers or texts");
    joined += (joined.empty() ? "" : ",") + *text;
  }
  return joined;
}

}  // namespace

Parsed<std::vector<FileEntry>> read_toml(const std::string& text) {
  try {
    const toml::table table = toml::parse(std::string_view(text));
    std::vector<FileEntry> entries;
    for (const auto& [key, node] : table) {
      entries.push_back({std::string(key.str()), node.source().begin.line, value_text(node)});
    }
    std::ranges::sort(entries, {}, &FileEntry::line);
    return entries;
  } catch (const toml::parse_error& error) {
    // The library's own text may quote what stands there: a secret without quotes.
    const auto at = error.source().begin;
    return std::unexpected("is not valid TOML at line " + std::to_string(at.line) + ", column " +
                           std::to_string(at.column) + ": each line is a key, =, and a value (texts in quotes)");
  }
}

}  // namespace tgkit::ops
