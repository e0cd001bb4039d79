#include "sandbox/webhook/queue_key.hpp"

#include "sandbox/faults/occasion.hpp"

#include <algorithm>
#include <array>

namespace sandbox {
namespace {

// Where in the update the number stands that names its queue.
enum class Subject { chat, from, user, member, poll, poll_answer };

struct Family {
  std::string_view kind;
  std::string_view queue;  // kinds with the same word share their queues
  Subject subject;
};

constexpr std::array<Family, 27> families{{
    {"message", "message", Subject::chat},
    {"edited_message", "message", Subject::chat},
    {"channel_post", "message", Subject::chat},
    {"edited_channel_post", "message", Subject::chat},
    {"inline_query", "inline_query", Subject::from},
    {"chosen_inline_result", "chosen_inline_result", Subject::from},
    {"callback_query", "callback_query", Subject::from},
    {"shipping_query", "payment", Subject::from},
    {"pre_checkout_query", "payment", Subject::from},
    {"my_chat_member", "my_chat_member", Subject::chat},
    {"chat_boost", "chat_boost", Subject::chat},
    {"removed_chat_boost", "chat_boost", Subject::chat},
    {"message_reaction", "message_reaction", Subject::chat},
    {"message_reaction_count", "message_reaction_count", Subject::chat},
    {"chat_member", "membership", Subject::member},
    {"chat_join_request", "membership", Subject::from},
    {"business_connection", "business_connection", Subject::user},
    {"managed_bot", "managed_bot", Subject::user},
    {"purchased_paid_media", "purchased_paid_media", Subject::from},
    {"business_message", "business_message", Subject::chat},
    {"edited_business_message", "business_message", Subject::chat},
    {"deleted_business_messages", "business_message", Subject::chat},
    {"guest_message", "guest_message", Subject::chat},
    {"subscription", "subscription", Subject::user},
    {"stopped_message_generation", "stopped_message_generation", Subject::chat},
    {"poll", "poll", Subject::poll},
    {"poll_answer", "poll", Subject::poll_answer},
}};

std::string id_in(const json::object& object, std::string_view key) {
  const json::object* holder = member_object(object, key);
  const auto id = holder ? member_int(*holder, "id") : std::nullopt;
  return id ? std::to_string(*id) : std::string();
}

std::string subject_of(const json::object& content, Subject subject) {
  switch (subject) {
    case Subject::chat:
      return id_in(content, "chat");
    case Subject::from:
      return id_in(content, "from");
    case Subject::user:
      return id_in(content, "user");
    case Subject::member: {
      const json::object* member = member_object(content, "new_chat_member");
      return member ? id_in(*member, "user") : std::string();
    }
    case Subject::poll:
      return member_text(content, "id");
    case Subject::poll_answer:
      return member_text(content, "poll_id");
  }
  return {};
}

}  // namespace

QueueKey queue_key(std::string_view update) {
  const auto value = parse_json(update);
  const json::object* object = value ? value->if_object() : nullptr;
  if (!object) return {};
  for (const auto& member : *object) {
    if (member.key() == "update_id") continue;
    QueueKey key;
    key.kind = std::string(member.key().data(), member.key().size());
    const auto family =
        std::find_if(families.begin(), families.end(), [&](const Family& f) { return f.kind == key.kind; });
    const json::object* content = member.value().if_object();
    if (family == families.end() || !content) return key;
    key.chat = chat_of_update(*content);
    const std::string subject = subject_of(*content, family->subject);
    if (!subject.empty()) key.queue = std::string(family->queue) + " " + subject;
    return key;
  }
  return {};
}

}  // namespace sandbox
