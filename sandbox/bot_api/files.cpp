// Files by id, and the profile photos of people (who have none here).
#include "sandbox/bot_api/methods.hpp"

namespace sandbox {
namespace {

constexpr std::size_t most_download = 20u << 20;  // the cloud's limit

Result get_file(Call& call) {
  if (!call.arguments.has("file_id")) throw bad_request("file_id not specified");
  const StoredFile* file = call.world.files().by_id(call.text("file_id"));
  if (!file) throw bad_request("invalid file_id");
  if (file->content->size() > most_download) throw bad_request("file is too big");
  return to_wire(json::object{{"file_id", file->file_id},
                              {"file_unique_id", file->file_unique_id},
                              {"file_size", file->content->size()},
                              {"file_path", file->path}});
}

Result get_user_profile_photos(Call& call) {
  required_user(call);
  return to_wire(json::object{{"total_count", 0}, {"photos", json::array()}});
}

constexpr Method methods[] = {{"getFile", get_file}, {"getUserProfilePhotos", get_user_profile_photos}};

}  // namespace

std::span<const Method> file_methods() { return methods; }

}  // namespace sandbox
