#include "sandbox/chat/command_lists.hpp"

namespace sandbox {
namespace {
const CommandList empty_list;
}

void CommandLists::set(const CommandScope& scope, const std::string& language, CommandList list) {
  if (list.empty()) {
    lists_.erase({scope, language});
  } else {
    lists_[{scope, language}] = std::move(list);
  }
}

const CommandList& CommandLists::get(const CommandScope& scope, const std::string& language) const {
  const auto found = lists_.find({scope, language});
  return found == lists_.end() ? empty_list : found->second;
}

const CommandList& CommandLists::shown_to(const CommandViewer& viewer) const {
  std::vector<CommandScope> order;
  if (viewer.private_chat) {
    order = {{"chat", viewer.chat, 0}, {"all_private_chats", 0, 0}};
  } else {
    order.push_back({"chat_member", viewer.chat, viewer.user});
    if (viewer.administrator) order.push_back({"chat_administrators", viewer.chat, 0});
    order.push_back({"chat", viewer.chat, 0});
    if (viewer.administrator) order.push_back({"all_chat_administrators", 0, 0});
    order.push_back({"all_group_chats", 0, 0});
  }
  order.push_back({"default", 0, 0});
  for (const CommandScope& scope : order) {
    if (const CommandList& own = get(scope, viewer.language); !viewer.language.empty() && !own.empty()) return own;
    if (const CommandList& any = get(scope, ""); !any.empty()) return any;
  }
  return empty_list;
}

}  // namespace sandbox
