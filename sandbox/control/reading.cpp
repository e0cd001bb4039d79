// Reading the world: state, transcripts, commands, recorded calls, events.
#include "sandbox/control/request.hpp"

#include <limits>

#include <fmt/format.h>

namespace sandbox {
namespace {

constexpr double longest_poll = 60;  // seconds

tgkit::TimePoint deadline_of(const ControlRequest& request) {
  const double seconds = std::clamp(request.seconds("timeout", 0), 0.0, longest_poll);
  return request.world.real_clock().now() +
         std::chrono::duration_cast<tgkit::Duration>(std::chrono::duration<double>(seconds));
}

std::size_t limit_of(const ControlRequest& request) {
  const std::int64_t limit = request.number("limit", std::numeric_limits<std::int64_t>::max());
  if (limit < 1) throw ControlError("\"limit\" must be at least 1");
  return static_cast<std::size_t>(limit);
}

std::string join(const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& item : items) out += (out.empty() ? "" : ",") + item;
  return out;
}

json::array commands_json(const CommandList& list) {
  json::array array;
  for (const CommandEntry& entry : list) {
    array.push_back(json::object{{"command", entry.command}, {"description", entry.description}});
  }
  return array;
}

const json::object& menu_button(const Bot& bot, std::int64_t chat) {
  const auto found = bot.menu_buttons.find(chat);
  return found == bot.menu_buttons.end() ? bot.menu_button : found->second;
}

// What a person sees: private chats in which something was written, and where they are members.
std::string user_entry(const ControlRequest& request, const User& user) {
  json::object entry = user.as_json();
  entry.erase("is_bot");
  for (const char* key : {"last_name", "username", "language_code"}) {
    if (!entry.contains(key)) entry[key] = "";
  }
  json::array seen;
  for (const auto& [key, chat] : request.world.chats()) {
    if (key.bot != 0 && key.chat == user.id) seen.push_back(json::object{{"chat", key.chat}, {"bot", key.bot}});
    const Member* member = key.bot == 0 ? chat->member(user.id) : nullptr;
    if (member && member->present()) seen.push_back(json::object{{"chat", key.chat}});
  }
  entry["chats"] = std::move(seen);
  return to_wire(entry);
}

// "<photo> caption", "Hello", with the inline buttons behind it.
std::string content_text(const json::object& message) {
  std::string out;
  for (const char* kind : {"photo", "video", "animation", "document", "audio", "voice", "video_note", "sticker",
                           "venue", "location", "contact", "poll", "dice", "invoice", "successful_payment",
                           "new_chat_members", "left_chat_member", "pinned_message", "new_chat_title"}) {
    if (!message.contains(kind)) continue;
    out = fmt::format("<{}> ", kind);
    break;
  }
  out += member_text(message, "text", member_text(message, "caption"));
  if (const json::object* markup = member_object(message, "reply_markup")) {
    if (const json::array* rows = member_array(*markup, "inline_keyboard")) {
      for (const json::value& row : *rows) {
        for (const json::value& button : row.as_array())
          out += fmt::format(" [{}]", member_text(button.as_object(), "text"));
      }
    }
  }
  std::string indented;
  for (const char c : out) {
    indented += c;
    if (c == '\n') indented += "  ";
  }
  return indented;
}

}  // namespace

std::string bot_entry(const ControlRequest& request, Bot& bot) {
  json::object entry{{"id", bot.id},
                     {"username", bot.username},
                     {"first_name", bot.first_name},
                     {"polling", bot.polling.waiting},
                     {"webhook", bot.webhook.url},
                     {"pending", bot.queue.size(request.world.now())},
                     {"commands", commands_json(bot.commands.get(CommandScope{}, ""))}};
  return to_wire(entry);
}

std::string chat_entry(const ControlRequest& request, Chat& chat) {
  json::object entry{{"chat", chat.key.chat}};
  if (chat.is_private()) entry["bot"] = chat.key.bot;
  entry["type"] = chat.type;
  entry["title"] = chat.title;
  if (!chat.username.empty()) entry["username"] = chat.username;
  if (chat.is_private()) {
    entry["user"] = chat.key.chat;
    entry["blocked"] = chat.blocked;
    if (const Bot* bot = request.world.bot(chat.key.bot)) entry["menu_button"] = menu_button(*bot, chat.key.chat);
  } else {
    json::array members;
    for (const auto& [id, member] : chat.members) {
      members.push_back(json::object{{"id", id}, {"is_bot", member.is_bot}, {"status", member.status}});
    }
    entry["members"] = std::move(members);
  }
  entry["last_seq"] = chat.last_seq;
  entry["last_message_id"] = chat.next_message_id() - 1;
  entry["pinned_message_id"] = chat.pinned;
  entry["keyboard"] = chat.keyboard;
  return to_wire(entry);
}

std::string read_state(const ControlRequest& request) {
  std::vector<std::string> bots, users, chats;
  for (const auto& [id, bot] : request.world.bots()) bots.push_back(bot_entry(request, *bot));
  for (const auto& [id, user] : request.world.users()) users.push_back(user_entry(request, user));
  for (const auto& [key, chat] : request.world.chats()) chats.push_back(chat_entry(request, *chat));
  return with_seq(request,
                  fmt::format(R"("bots":[{}],"users":[{}],"chats":[{}])", join(bots), join(users), join(chats)));
}

std::string read_transcript(const ControlRequest& request) {
  const Chat& chat = named_chat(request);
  const auto after = static_cast<std::uint64_t>(request.number("after"));
  const std::size_t limit = limit_of(request);
  std::int64_t next = request.number("from", 1);
  std::vector<std::string> entries;
  for (std::size_t i = chat.position_of(next); i < chat.messages().size() && entries.size() < limit; ++i) {
    const Message& message = chat.messages()[i];
    next = message.id + 1;
    if (message.seq <= after) continue;
    entries.push_back(fmt::format(R"({{"seq":{},"message":{},"outgoing":{},"edits":{},"deleted":{}}})", message.seq,
                                  message.text, message.outgoing, message.edits, message.deleted));
  }
  const std::string bot = chat.key.bot == 0 ? "" : fmt::format("\"bot\":{},", chat.key.bot);
  return with_seq(request,
                  fmt::format(R"("chat":{},{}"next":{},"messages":[{}])", chat.key.chat, bot, next, join(entries)));
}

std::string transcript_text(const ControlRequest& request) {
  const Chat& chat = named_chat(request);
  const auto after = static_cast<std::uint64_t>(request.number("after"));
  std::string out;
  for (const Message& message : chat.messages()) {
    if (message.deleted || message.seq <= after) continue;
    const json::object object = message.object();
    const json::object* from = member_object(object, "from");
    out += fmt::format("{} {}: {}\n", message.id, from ? member_text(*from, "first_name") : chat.title,
                       content_text(object));
  }
  return out;
}

std::string read_commands(const ControlRequest& request) {
  const Bot& bot = named_bot(request);
  const User& user = named_user(request);
  CommandViewer viewer;
  viewer.user = user.id;
  viewer.language = user.language_code;
  viewer.chat = request.number("chat", user.id);
  viewer.private_chat = viewer.chat > 0;
  if (const Chat* chat = request.world.chat(ChatKey{viewer.chat, viewer.private_chat ? bot.id : 0})) {
    const Member* member = chat->member(user.id);
    viewer.administrator = member && member->administrator();
  }
  return to_wire(json::object{{"commands", commands_json(bot.commands.shown_to(viewer))},
                              {"menu_button", menu_button(bot, viewer.chat)}});
}

// Entries of a log above "since" that `wanted` names, at most "limit" of them; waits for the first up to "timeout".
template <class Log, class Wanted>
tgkit::Task<std::string> read_log(const ControlRequest& request, const Log& log, const char* name, Wanted wanted) {
  const auto since = static_cast<std::uint64_t>(request.number("since"));
  const std::size_t limit = limit_of(request);
  const tgkit::TimePoint deadline = deadline_of(request);
  std::uint64_t seen = since;
  while (true) {
    const bool missed = since + 1 < log.oldest();
    std::string entries;
    std::size_t count = 0;
    for (std::size_t i = log.first_above(seen); i < log.entries().size() && count < limit; ++i) {
      seen = Log::number_of(log.entries()[i]);
      if (!wanted(log.entries()[i])) continue;
      entries += (count++ == 0 ? "" : ",") + log.entries()[i].text();
    }
    if (count < limit) seen = log.last();
    bool enough = count > 0 || missed || request.world.stopping();
    if (!enough) {
      const bool changed = co_await request.world.changed().wait_until(deadline);
      enough = !changed;
    }
    if (enough) {
      co_return fmt::format(R"({{"next":{},{}"{}":[{}]}})", seen, missed ? "\"missed\":true," : "", name, entries);
    }
  }
}

tgkit::Task<std::string> read_calls(const ControlRequest& request) {
  const std::string method = request.text("method");
  const std::int64_t bot = request.has("bot") ? named_bot(request).id : 0;
  const auto wanted = [&](const RecordedCall& call) {
    return (method.empty() || call.method == method) && (bot == 0 || call.bot == bot);
  };
  co_return co_await read_log(request, request.bot_api.calls(), "calls", wanted);
}

tgkit::Task<std::string> read_exchange_calls(const ControlRequest& request) {
  const std::string method = request.text("method"), path = request.text("path");
  const bool writes = request.flag("writes");
  const auto wanted = [&](const RecordedExchangeCall& call) {
    return (method.empty() || call.method == method) && call.path.starts_with(path) && (!writes || call.writes);
  };
  std::string calls = co_await read_log(request, request.venue.calls(), "calls", wanted);
  calls.pop_back();
  co_return fmt::format("{},\"write_calls\":{},\"changing_calls\":{}}}", calls, request.venue.write_calls(),
                        request.venue.changing_calls());
}

tgkit::Task<std::string> read_deliveries(const ControlRequest& request) {
  const std::int64_t bot = request.has("bot") ? named_bot(request).id : 0;
  const auto wanted = [bot](const RecordedDelivery& delivery) { return bot == 0 || delivery.bot == bot; };
  co_return co_await read_log(request, request.courier.log(), "deliveries", wanted);
}

tgkit::Task<std::string> read_events(const ControlRequest& request) {
  EventLog& log = request.world.events();
  if (!request.has("since")) co_return fmt::format(R"({{"next":{},"events":[]}})", log.last());
  const std::int64_t chat = request.number("chat");
  const std::string kind = request.text("kind");
  const std::int64_t bot = request.has("bot") ? named_bot(request).id : 0;
  const auto wanted = [&](const Event& event) {
    return (chat == 0 || event.chat == chat) && (bot == 0 || event.bot == bot) && (kind.empty() || event.kind == kind);
  };
  co_return co_await read_log(request, log, "events", wanted);
}

const StoredFile& read_file(const ControlRequest& request) {
  const StoredFile* file = request.has("file_id") ? request.world.files().by_id(request.text("file_id"))
                                                  : request.world.files().by_unique_id(request.text("file_unique_id"));
  if (!file) throw ControlError("no such file: give the file_id or file_unique_id of a message's file", 404);
  return *file;
}

}  // namespace sandbox
