#pragma once
// The program's own objects that handlers take as Use<T>. Filled once before the start; owns nothing.
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tgkit::bot {

struct ServiceKey {
  const void* id = nullptr;  // unique per type
  std::string_view name;     // for messages
};

namespace detail {
template <class T>
constexpr std::string_view type_name() {
  std::string_view text = __PRETTY_FUNCTION__;
  text.remove_prefix(text.find("T = ") + 4);
  return text.substr(0, text.find_first_of(";]"));
}
template <class T>
inline constexpr char type_id = 0;
}  // namespace detail

template <class T>
ServiceKey service_key() {
  return {&detail::type_id<T>, detail::type_name<T>()};
}

class Services {
 public:
  template <class T>
  void add(T& service) {
    entries_.emplace_back(service_key<T>().id, &service);
  }

  template <class T>
  T& get() const {
    if (void* found = find(&detail::type_id<T>)) return *static_cast<T*>(found);
    throw std::logic_error("no service of type " + std::string(detail::type_name<T>()) + " was given to the bot");
  }

  bool has(ServiceKey key) const { return find(key.id) != nullptr; }

 private:
  void* find(const void* id) const {
    for (const auto& [entry, service] : entries_)
      if (entry == id) return service;
    return nullptr;
  }
  std::vector<std::pair<const void*, void*>> entries_;
};

// A handler's parameter: one of the program's own objects. Cheap to copy; never null.
template <class T>
class Use {
 public:
  explicit Use(T& service) : service_(&service) {}
  T* operator->() const noexcept { return service_; }
  T& operator*() const noexcept { return *service_; }

 private:
  T* service_;
};

}  // namespace tgkit::bot
