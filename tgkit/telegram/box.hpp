#pragma once
// An optional object on the heap: null or owning, copied with what it holds. T may be incomplete where a Box is
// declared.
#include <cassert>
#include <utility>

namespace tgkit::telegram {

namespace json {
class Codec;
}

// What the codec sees of a Box whatever it holds.
class BoxStorage {
 protected:
  BoxStorage() = default;
  explicit BoxStorage(void* value) : value_(value) {}
  ~BoxStorage() = default;
  void* value_ = nullptr;
  friend class json::Codec;
};

template <class T>
class Box : public BoxStorage {
 public:
  Box() = default;
  Box(T value) : BoxStorage(new T(std::move(value))) {}  // NOLINT(google-explicit-constructor)
  Box(const Box& other) : BoxStorage(other ? new T(*other) : nullptr) {}
  Box(Box&& other) noexcept : BoxStorage(std::exchange(other.value_, nullptr)) {}
  Box& operator=(const Box& other) {
    if (this != &other) *this = Box(other);
    return *this;
  }
  Box& operator=(Box&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~Box() {
    if (value_) delete get();
  }

  explicit operator bool() const { return value_ != nullptr; }
  bool has_value() const { return value_ != nullptr; }
  T* get() { return static_cast<T*>(value_); }
  const T* get() const { return static_cast<const T*>(value_); }

  T& operator*() {
    assert(value_);
    return *get();
  }
  const T& operator*() const {
    assert(value_);
    return *get();
  }
  T* operator->() {
    assert(value_);
    return get();
  }
  const T* operator->() const {
    assert(value_);
    return get();
  }

  // Holds a new T afterwards, made of `arguments`.
  template <class... A>
  T& emplace(A&&... arguments) {
    *this = Box(T(std::forward<A>(arguments)...));
    return *get();
  }
  void reset() { *this = Box(); }
};

}  // namespace tgkit::telegram
