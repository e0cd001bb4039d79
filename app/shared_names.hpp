#pragma once
// Settings whose names other programs use, too: what stands in the environment may have been written for them, and is
// read as they would read it. Pure.
#include "tgkit/ops/config_values.hpp"
#include "tgkit/ops/log.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace app {

// "ru", or gettext's list of languages, the dearest first ("ru_RU.UTF-8:en"): the first of them that we speak.
std::optional<std::string> language_in(std::string_view list);

// Our words in any case, and what others call them: "WARNING", "critical", "notice".
tgkit::ops::Parsed<tgkit::ops::Level> level_in(std::string_view word);
std::string_view word_of(tgkit::ops::Level level);

// An address without a scheme, which curl and others take for an http proxy.
std::string proxy_address_in(std::string_view text);

}  // namespace app
