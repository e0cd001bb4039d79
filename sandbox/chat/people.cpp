#include "sandbox/chat/people.hpp"

#include <algorithm>

namespace sandbox {

json::object User::as_json() const {
  json::object object{{"id", id}, {"is_bot", false}, {"first_name", first_name}};
  if (!last_name.empty()) object["last_name"] = last_name;
  if (!username.empty()) object["username"] = username;
  if (!language_code.empty()) object["language_code"] = language_code;
  if (is_premium) object["is_premium"] = true;
  return object;
}

json::object Bot::as_json() const {
  return json::object{{"id", id}, {"is_bot", true}, {"first_name", first_name}, {"username", username}};
}

json::object Bot::me() const {
  json::object object = as_json();
  object["can_join_groups"] = true;
  object["can_read_all_group_messages"] = can_read_all_group_messages;
  object["supports_inline_queries"] = supports_inline_queries;
  object["can_connect_to_business"] = false;
  object["has_main_web_app"] = false;
  object["has_topics_enabled"] = false;
  object["allows_users_to_create_topics"] = false;
  object["can_manage_bots"] = false;
  return object;
}

bool Bot::wants(std::string_view kind) const {
  if (allowed_updates.empty()) return default_update_kind(kind);
  return std::find(allowed_updates.begin(), allowed_updates.end(), kind) != allowed_updates.end();
}

const std::vector<std::string>& update_kinds() {
  static const std::vector<std::string> kinds{"message",
                                              "edited_message",
                                              "channel_post",
                                              "edited_channel_post",
                                              "business_connection",
                                              "business_message",
                                              "edited_business_message",
                                              "deleted_business_messages",
                                              "guest_message",
                                              "message_reaction",
                                              "message_reaction_count",
                                              "inline_query",
                                              "chosen_inline_result",
                                              "callback_query",
                                              "shipping_query",
                                              "pre_checkout_query",
                                              "purchased_paid_media",
                                              "poll",
                                              "poll_answer",
                                              "my_chat_member",
                                              "chat_member",
                                              "chat_join_request",
                                              "chat_boost",
                                              "removed_chat_boost",
                                              "managed_bot",
                                              "subscription",
                                              "stopped_message_generation"};
  return kinds;
}

bool default_update_kind(std::string_view kind) {
  return kind != "chat_member" && kind != "message_reaction" && kind != "message_reaction_count";
}

}  // namespace sandbox
