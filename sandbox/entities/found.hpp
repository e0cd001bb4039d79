#pragma once

// Entities that nobody marked: mentions, commands, hashtags, cashtags, addresses of pages and of people.

#include "sandbox/entities/entity.hpp"

#include <string_view>
#include <vector>

namespace sandbox {

// Sorted and disjoint, with UTF-16 offsets. The text must be valid UTF-8.
std::vector<Entity> find_entities(std::string_view text);

}  // namespace sandbox
