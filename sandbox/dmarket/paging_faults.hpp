#pragma once
// Lists that page badly, as the real ones were seen to. Pure.
#include "sandbox/faults/faults.hpp"

#include <string>
#include <string_view>

namespace sandbox {

// empty_page: no entries, and a cursor all the same. same_cursor: the cursor that was asked with comes again. Other
// actions, and what is no list, leave `answer` as it is.
std::string with_paging_fault(Fault::Action action, std::string_view query, std::string_view body, std::string answer);

}  // namespace sandbox
