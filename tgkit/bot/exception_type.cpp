#include "tgkit/bot/exception_type.hpp"

#include "tgkit/bot/state.hpp"
#include "tgkit/net/client.hpp"
#include "tgkit/storage/store.hpp"
#include "tgkit/telegram/error.hpp"

#include <cstdlib>
#include <memory>
#include <typeinfo>

#include <cxxabi.h>

namespace tgkit::bot {

namespace {

std::string readable(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(abi::__cxa_demangle(type.name(), nullptr, nullptr, &status),
                                                         &std::free);
  return status == 0 ? name.get() : type.name();
}

}  // namespace

std::string exception_type(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& e) {
    return readable(typeid(e));
  } catch (...) {
    return "unknown";
  }
}

std::string loggable_reason(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& e) {
    const bool ours = dynamic_cast<const telegram::Error*>(&e) || dynamic_cast<const net::Error*>(&e) ||
                      dynamic_cast<const storage::StorageError*>(&e) || dynamic_cast<const NewerState*>(&e);
    return ours ? e.what() : "";
  } catch (...) {
    return "";
  }
}

}  // namespace tgkit::bot
