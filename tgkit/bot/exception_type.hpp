#pragma once
// What an exception is, for logs. Texts of exceptions made by handlers may quote what a person wrote; their types do
// not.
#include <exception>
#include <string>

namespace tgkit::bot {

std::string exception_type(const std::exception_ptr& error);  // "unknown" when it is no std::exception
// what() of those that our own borders make (Telegram, the network, the store, newer state); of all others nothing.
std::string loggable_reason(const std::exception_ptr& error);

}  // namespace tgkit::bot
