// Whatever bytes an answer of getUpdates or a webhook's body has: splitting and reading neither crash nor hang, what
// simdjson calls JSON is read by us too, and what was read once is written and read again without loss.
#include "tgkit/telegram/split_updates.hpp"
#include "tgkit/telegram/types/message.hpp"
#include "tgkit/telegram/types/rich_text.hpp"
#include "tgkit/telegram/types/update.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <simdjson.h>

namespace {

using namespace tgkit::telegram;

bool is_json_object(std::string_view text) {
  static simdjson::dom::parser parser;
  const auto document = parser.parse(simdjson::padded_string(text));
  return document.error() == simdjson::SUCCESS && document.is_object();
}

template <class T>
void read(std::string_view text) {
  const bool strict = is_json_object(text);
  std::string once;
  try {
    once = to_json(from_json<T>(text));
  } catch (const ParseError&) {
    if (strict) std::abort();
    return;
  }
  if (strict && !is_json_object(once)) std::abort();
  // A message without a date reads as an inaccessible one the second time: compare from there on.
  const std::string twice = to_json(from_json<T>(once));
  if (to_json(from_json<T>(twice)) != twice) std::abort();
}

void split(std::string_view body) {
  const SplitUpdates all = split_updates(body);
  const char* behind = body.data();
  for (const RawUpdate& update : all.updates) {
    if (update.json.data() < behind || update.json.data() + update.json.size() > body.data() + body.size())
      std::abort();
    behind = update.json.data() + update.json.size();
    std::int64_t id = 0;
    if (!read_update_id(update.json, id) || id != update.update_id) std::abort();
    read<Update>(update.json);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read<Update>(text);
  read<RichText>(text);
  split(text);
  split("{\"ok\":true,\"result\":[" + std::string(text) + "]}");
  return 0;
}
