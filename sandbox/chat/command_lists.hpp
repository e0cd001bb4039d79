#pragma once
// The command lists of one bot by scope and language, and which of them a person is shown (display only).
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sandbox {

struct CommandEntry {
  std::string command;
  std::string description;
};
using CommandList = std::vector<CommandEntry>;

struct CommandScope {
  std::string type = "default";
  std::int64_t chat = 0;  // chat, chat_administrators, chat_member
  std::int64_t user = 0;  // chat_member
  friend auto operator<=>(const CommandScope&, const CommandScope&) = default;
};

struct CommandViewer {
  std::int64_t chat = 0;
  std::int64_t user = 0;
  bool private_chat = true;
  bool administrator = false;
  std::string language;  // of the person
};

class CommandLists {
 public:
  void set(const CommandScope& scope, const std::string& language, CommandList list);  // an empty list removes
  const CommandList& get(const CommandScope& scope, const std::string& language) const;
  const CommandList& shown_to(const CommandViewer& viewer) const;  // the first that matches, as Telegram's order says

 private:
  std::map<std::pair<CommandScope, std::string>, CommandList> lists_;
};

}  // namespace sandbox
