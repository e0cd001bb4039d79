#pragma once
// Files in calls: uploaded, named by file_id, or given by address; and what they look like inside a message.
#include "sandbox/bot_api/call.hpp"

#include <string_view>

namespace sandbox {

// The file of parameter `field`: a part of that name, attach://part, a file_id of the same kind, an address.
const StoredFile& input_file(Call& call, std::string_view field, const std::string& value, std::string_view kind);

// The members of a message for one item of an album or of editMessageMedia: {"type","media","caption",...}.
json::object media_content(Call& call, const json::object& input_media);

// "photo":[...], "document":{...} ...: written into `content`. `details` may hold duration, width, performer, ...
void put_media(World& world, std::string_view kind, const StoredFile& file, const json::object& details,
               json::object& content);

}  // namespace sandbox
