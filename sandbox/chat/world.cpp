#include "sandbox/chat/world.hpp"

#include "sandbox/faults/occasion.hpp"
#include "sandbox/faults/spoil.hpp"

#include <fmt/format.h>

namespace sandbox {
namespace {

constexpr UnixSeconds day = 86'400;
// A readable number around things that are not what they should be.
constexpr char poison[] = R"({"update_id":{id},"message":{"message_id":"none","chat":[7],"date":{},"text":null}})";
constexpr std::int64_t first_group = -5'000'000'001;
constexpr std::int64_t first_supergroup = -1'001'000'000'001;

json::object rights_of_administrator() {
  json::object rights;
  for (const char* name : {"can_manage_chat", "can_change_info", "can_delete_messages", "can_invite_users",
                           "can_restrict_members", "can_pin_messages", "can_manage_video_chats", "can_post_stories",
                           "can_edit_stories", "can_delete_stories", "can_promote_members"}) {
    rights[name] = true;
  }
  rights["is_anonymous"] = false;
  rights["can_be_edited"] = false;
  rights["can_manage_voice_chats"] = true;
  return rights;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string_view without_at(std::string_view name) {
  if (name.starts_with('@')) name.remove_prefix(1);
  return name;
}

}  // namespace

World::World(tgkit::Executor executor, tgkit::Clock& real, Faults& faults, WorldOptions options)
    : executor_(executor),
      clock_(real),
      faults_(faults),
      options_(std::move(options)),
      events_(options_.keep_events),
      changed_(executor, real) {}

UnixSeconds World::now() const {
  return std::chrono::duration_cast<std::chrono::seconds>(clock_.wall().time_since_epoch()).count();
}

double World::exact_now() const {
  return static_cast<double>(
             std::chrono::duration_cast<std::chrono::microseconds>(clock_.wall().time_since_epoch()).count()) /
         1e6;
}

tgkit::Task<> World::hold(tgkit::Duration duration) {
  Signal nobody(executor_, clock_, clock_.real());
  co_await nobody.wait_until(clock_.now() + duration);
}

User& World::put_user(User user) {
  User& stored = users_[user.id] = std::move(user);
  tell("user", nullptr, 0, fmt::format(R"(,"user":{},"entry":{})", stored.id, to_wire(stored.as_json())));
  return stored;
}

const User* World::user(std::int64_t id) const {
  const auto found = users_.find(id);
  return found == users_.end() ? nullptr : &found->second;
}

const User* World::user(std::string_view username) const {
  for (const auto& [id, user] : users_) {
    if (!user.username.empty() && same_name(user.username, without_at(username))) return &user;
  }
  return nullptr;
}

Bot& World::ensure_bot(std::int64_t id) {
  if (Bot* known = bot(id)) return *known;
  auto made = std::make_unique<Bot>(id, executor_, clock_);
  const std::size_t number = bots_.size() + 1;
  made->username = number == 1 ? "sandbox_bot" : fmt::format("sandbox{}_bot", number);
  made->first_name = number == 1 ? "Sandbox bot" : fmt::format("Sandbox bot {}", number);
  Bot& stored = *(bots_[id] = std::move(made));
  bot_changed(stored);
  return stored;
}

Bot* World::bot(std::int64_t id) {
  const auto found = bots_.find(id);
  return found == bots_.end() ? nullptr : found->second.get();
}

Bot* World::bot(std::string_view username) {
  for (const auto& [id, bot] : bots_) {
    if (same_name(bot->username, without_at(username))) return bot.get();
  }
  return nullptr;
}

void World::bot_changed(const Bot& bot) { tell("bot", nullptr, bot.id, ",\"entry\":" + to_wire(bot.as_json())); }

json::object World::person_json(std::int64_t id) const {
  if (const User* known = user(id)) return known->as_json();
  if (const auto found = bots_.find(id); found != bots_.end()) return found->second->as_json();
  return json::object{{"id", id}, {"is_bot", false}, {"first_name", ""}};
}

Chat& World::private_chat(std::int64_t user, std::int64_t bot) {
  std::unique_ptr<Chat>& slot = chats_[ChatKey{user, bot}];
  if (!slot) {
    slot = std::make_unique<Chat>(ChatKey{user, bot});
    chat_changed(*slot);
  }
  return *slot;
}

Chat& World::create_chat(std::string type, std::string title, std::string username) {
  const std::int64_t number = groups_++;
  const ChatKey key{(type == "group" ? first_group : first_supergroup) - number, 0};
  Chat& chat = *(chats_[key] = std::make_unique<Chat>(key));
  chat.type = std::move(type);
  chat.title = std::move(title);
  chat.username = std::string(without_at(username));
  return chat;
}

Chat* World::chat(ChatKey key) {
  const auto found = chats_.find(key);
  return found == chats_.end() ? nullptr : found->second.get();
}

Chat* World::chat(std::string_view username) {
  for (const auto& [key, chat] : chats_) {
    if (!chat->username.empty() && same_name(chat->username, without_at(username))) return chat.get();
  }
  return nullptr;
}

json::object World::chat_json(const Chat& chat) const {
  json::object object{{"id", chat.key.chat}};
  if (chat.is_private()) {
    const json::object person = person_json(chat.key.chat);
    for (const char* key : {"first_name", "last_name", "username"}) {
      if (person.contains(key)) object[key] = person.at(key);
    }
    object["type"] = "private";
    return object;
  }
  object["title"] = chat.title;
  if (!chat.username.empty()) object["username"] = chat.username;
  object["type"] = chat.type;
  if (chat.type == "group") {  // undocumented, but the real server writes both
    object["all_members_are_administrators"] = true;
    object["accepted_gift_types"] = json::object{{"unlimited_gifts", false},
                                                 {"limited_gifts", false},
                                                 {"unique_gifts", false},
                                                 {"premium_subscription", false},
                                                 {"gifts_from_channels", false}};
  }
  return object;
}

void World::chat_changed(const Chat& chat) { tell("chat", &chat, 0, ",\"entry\":" + to_wire(chat_json(chat))); }

json::object World::member_json(std::int64_t id, const Member& member) const {
  json::object object{{"user", person_json(id)}, {"status", member.status}};
  if (member.status == "creator") object["is_anonymous"] = false;
  if (member.status == "administrator") {
    for (const auto& right : rights_of_administrator()) object[right.key()] = right.value();
  }
  if (member.status == "kicked") object["until_date"] = 0;
  return object;
}

void World::tell_member(Chat& chat, Author who, const Member& before, const Member& after, Author by) {
  const json::object change{{"chat", chat_json(chat)},
                            {"from", person_json(by.id)},
                            {"date", now()},
                            {"old_chat_member", member_json(who.id, before)},
                            {"new_chat_member", member_json(who.id, after)}};
  const std::string text = to_wire(change);
  if (who.is_bot) {
    if (Bot* concerned = bot(who.id)) deliver(*concerned, "my_chat_member", text, now() + day);
  }
  for (const auto& [id, member] : chat.members) {
    Bot* watching = member.is_bot && member.administrator() && id != who.id ? bot(id) : nullptr;
    if (watching) deliver(*watching, "chat_member", text, now() + day);
  }
  tell("member", &chat, 0, fmt::format(R"(,"user":{},"status":{})", who.id, quote(after.status)));
}

void World::set_member(Chat& chat, Author who, std::string status, Author by) {
  Member before{"left", who.is_bot};
  if (const Member* known = chat.member(who.id)) before = *known;
  const Member after{std::move(status), who.is_bot};
  chat.members[who.id] = after;
  tell_member(chat, who, before, after, by);
}

void World::set_blocked(Chat& chat, bool blocked) {
  if (chat.blocked == blocked) return;
  chat.blocked = blocked;
  const Member member{"member", true};
  const Member kicked{"kicked", true};
  const Author bot_itself{chat.key.bot, true};
  const Author person{chat.key.chat, false};
  tell_member(chat, bot_itself, blocked ? member : kicked, blocked ? kicked : member, person);
}

std::int64_t World::deliver(Bot& bot, const std::string& kind, const std::string& object, UnixSeconds expires) {
  if (!bot.wants(kind) || expires <= now()) return 0;
  const std::int64_t id = queue_update(bot, kind, object, expires);
  bot.arrived.notify();
  return id;
}

std::int64_t World::queue_update(Bot& bot, const std::string& kind, const std::string& object, UnixSeconds expires) {
  std::optional<Fault> fault;
  if (faults_.any_for("update")) {
    Occasion occasion{"update", bot.id, chat_of_update(object), kind};
    fault = faults_.take(occasion);
  }
  using Action = Fault::Action;
  const Action action = fault ? fault->action : Action::delay;  // delay: nothing is done to updates
  if (action == Action::poison) bot.queue.push_raw(fault->body.empty() ? poison : fault->body, now(), expires);
  const std::int64_t id = action == Action::extra_keys ? bot.queue.push(kind, with_extra_keys(object), now(), expires)
                          : action == Action::bad_utf8 ? bot.queue.push(kind, with_bad_utf8(object), now(), expires)
                                                       : bot.queue.push(kind, object, now(), expires);
  if (action == Action::duplicate && id != 0) bot.queue.repeat_last();
  return id;
}

void World::set_webhook(Bot& bot, Webhook webhook) {
  bot.webhook = std::move(webhook);
  bot.arrived.notify();
  changed_.notify();
  if (webhook_listener_) webhook_listener_(bot);
}

const Event& World::tell(std::string kind, const Chat* chat, std::int64_t bot, std::string details) {
  Event event;
  event.kind = std::move(kind);
  event.at = exact_now();
  event.chat = chat ? chat->key.chat : 0;
  event.bot = chat && chat->key.bot != 0 ? chat->key.bot : bot;
  event.details = std::move(details);
  const Event& stored = events_.append(std::move(event));
  if (chat) const_cast<Chat*>(chat)->last_seq = stored.seq;
  changed_.notify();
  return stored;
}

void World::stop() {
  stopping_ = true;
  changed_.notify();
  for (const auto& [id, bot] : bots_) bot->arrived.notify();
}

}  // namespace sandbox
