#include "sandbox/bot_api/methods.hpp"

#include "sandbox/entities/unicode.hpp"

#include <unordered_map>

namespace sandbox {
namespace {

std::unordered_map<std::string, const Method*> index_methods() {
  std::unordered_map<std::string, const Method*> index;
  for (const auto& family :
       {bot_methods(), webhook_methods(), text_methods(), media_methods(), copy_methods(), edit_methods(),
        callback_methods(), payment_methods(), inline_methods(), command_methods(), chat_methods(), file_methods()}) {
    for (const Method& method : family) index[ascii_lower(method.name)] = &method;
  }
  return index;
}

}  // namespace

const Method* find_method(std::string_view name) {
  static const auto index = index_methods();
  const auto found = index.find(ascii_lower(name));
  return found == index.end() ? nullptr : found->second;
}

}  // namespace sandbox
