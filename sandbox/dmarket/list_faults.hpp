#pragma once
// Lists that do not show all that stands: that lag, hide entries, count more than they show, leave ids out. Pure.
#include "sandbox/faults/faults.hpp"

#include <cstdint>
#include <string>

namespace sandbox {

// lag: what was made or closed within the last `lag` seconds is not shown. hide: the entries that `ids` names (all when
// it is empty) are not shown, and not counted. short_list: the same, but `total` counts them. null_ids: their own ids
// are null. Other actions, and what is no list, leave `answer` as it is. `now`: Unix seconds.
std::string with_list_fault(const Fault& fault, std::int64_t now, std::string answer);

}  // namespace sandbox
