#pragma once
// Cuts what Telegram delivers into single updates before anything is parsed, so that one that cannot be read does not
// take its neighbours with it.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tgkit::telegram {

struct RawUpdate {
  RawUpdate(std::int64_t update_id_, std::string_view json_) : update_id(update_id_), json(json_) {}
  std::int64_t update_id;
  std::string_view json;  // one object, inside the text that was split
};

// An element that is no update: to be put aside with its bytes.
struct BadUpdate {
  BadUpdate(std::string_view bytes_, std::string reason_) : bytes(bytes_), reason(std::move(reason_)) {}
  std::string_view bytes;
  std::string reason;
};

struct SplitUpdates {
  SplitUpdates() = default;
  std::vector<RawUpdate> updates;  // in the order of the body
  std::vector<BadUpdate> bad;
  // No array of updates was found; the reason is in bad. Nothing of such a body may be confirmed.
  bool no_result = false;
};

// `body`: the whole answer of getUpdates, `{"ok":true,"result":[...]}`. Where the structure is broken inside an
// element, the next update is looked for behind it. Never throws; the views point into `body`.
SplitUpdates split_updates(std::string_view body);

// Of one update, as a webhook receives it. False when it is no object or has no update_id.
bool read_update_id(std::string_view json, std::int64_t& update_id);

}  // namespace tgkit::telegram
