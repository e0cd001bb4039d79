#pragma once
// Texts and captions of calls: parsed, counted, and turned into the members of a message.
#include "sandbox/bot_api/call.hpp"
#include "sandbox/entities/entity.hpp"

#include <string_view>

namespace sandbox {

json::array entities_json(const World& world, const FormattedText& formatted);

void put_text(Call& call, json::object& content);     // refuses an empty one
void put_caption(Call& call, json::object& content);  // nothing when there is none
// The same from a JSON object inside a parameter (album items, media of an edit).
void put_caption(const World& world, const json::object& from, json::object& content);

}  // namespace sandbox
