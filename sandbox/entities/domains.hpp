#pragma once

#include <string_view>

namespace sandbox {

// Whether a bare "name.tld" in a text is taken for an address: the ending is a well-known top-level domain.
bool is_known_ending(std::string_view top_level_domain);

}  // namespace sandbox
