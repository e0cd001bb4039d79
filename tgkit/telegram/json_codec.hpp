#pragma once
// How an object of the Bot API lies in memory and is called on the wire: tables that the generator writes, and the
// codec that walks them. Included by generated sources only.
#include "tgkit/telegram/json.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tgkit::telegram::json {

// The C++ type of a field.
enum class Shape : std::uint8_t {
  integer,      // std::int64_t
  opt_integer,  // std::optional<std::int64_t>
  number,       // double
  opt_number,   // std::optional<double>
  boolean,      // bool, always written
  flag,         // bool, written when true
  opt_boolean,  // std::optional<bool>
  string,       // std::string
  opt_string,   // std::optional<std::string>
  constant,     // no storage: the name and the value are in Field::key
  integers,     // std::vector<std::int64_t>
  strings,      // std::vector<std::string>
  object,       // T
  box,          // Box<T>
  objects,      // std::vector<T>
  rows,         // std::vector<std::vector<T>>
  chat_id,      // ChatId
  opt_chat_id,  // std::optional<ChatId>
  file,         // InputFile
  opt_file,     // std::optional<InputFile>
};

struct Field {
  const char* key;  // ,"name": or, of a constant, ,"name":"value"
  std::uint8_t key_size;
  std::uint8_t name_size;
  Shape shape;
  bool required;  // written even when empty; a required Box is never null after reading
  std::uint16_t offset;
  std::uint8_t
      run;  // how many fields from this one on are optional and of the same shape: they lie together in a table
  const Type* type;  // of T

  std::string_view name() const { return {key + 2, name_size}; }
};

struct Span {
  const void* data;
  std::size_t count;
};

// What the codec needs to know of std::vector<T>, Box<T> and std::vector<std::vector<T>>.
struct Storage {
  std::size_t size;              // sizeof(T)
  void* (*create)();             // a new T for a Box<T>
  void* (*append)(void* items);  // adds a T, returns it
  Span (*items)(const void* items);
  void (*clear)(void* items);
  void* (*append_row)(void* rows);  // adds a std::vector<T>, returns it
  Span (*rows)(const void* rows);
  void (*clear_rows)(void* rows);
};

// How a member of a union is recognised.
struct Member {
  enum class Kind : std::uint8_t { object, string, array };
  Kind kind;
  std::string_view value;  // of the discriminator; "*": any other value
  std::string_view key;    // that must be present too; may be empty
  const Type* type;
};

struct Union {
  std::string_view discriminator;  // empty: members are told apart by their keys alone
  const Member* members;           // alternative 0 of the variant is Unknown, members[i] is alternative i + 1
  std::uint8_t count;
  void* (*select)(void* value, std::size_t alternative);  // makes it the current one, returns it
  const void* (*current)(const void* value, std::size_t& alternative);
};

struct Type {
  const char* name;
  const Field* fields;
  std::uint16_t field_count;
  std::uint16_t slot_mask;  // slots is an open hash table of field numbers, see Key::hash(); 0xff is an empty one
  const std::uint8_t* slots;
  const Union* alternatives;     // null: an object
  std::uint16_t unknown_offset;  // of an UnknownMember; 0: none
  bool fills_boxes;              // some field is a required Box
  const Storage* storage;
};

// A field's name in two words, of which the generator computes the same hash.
inline std::uint64_t load(const char* at, std::size_t size) {
  std::uint64_t value = 0;
  if constexpr (std::endian::native == std::endian::little) {
    __builtin_memcpy(&value, at, size);
  } else {
    for (std::size_t i = size; i-- > 0;) value = value << 8 | static_cast<unsigned char>(at[i]);
  }
  return value;
}
struct Key {
  explicit Key(std::string_view name) : text(name) {
    const std::size_t size = name.size();
    if (size >= 8) {
      first = load(name.data(), 8);
      last = load(name.data() + size - 8, 8);
    } else if (size >= 4) {
      first = load(name.data(), 4);
      last = load(name.data() + size - 4, 4);
    } else {
      for (std::size_t i = size; i-- > 0;) first = first << 8 | static_cast<unsigned char>(name[i]);
    }
  }
  std::uint32_t hash() const {
    const std::uint64_t mixed = (first * 0x9e3779b97f4a7c15u) ^ ((last + text.size()) * 0xc2b2ae3d27d4eb4fu);
    return static_cast<std::uint32_t>((mixed * 0x9e3779b97f4a7c15u) >> 40);
  }
  // Nearly every name we are asked for is a known one, and at most 16 bytes long: no call of memcmp.
  bool is(std::string_view name) const {
    const std::size_t size = text.size();
    if (size != name.size()) return false;
    if (size < 4)
      return size == 0 || (text[0] == name[0] && text[size - 1] == name[size - 1] && text[size / 2] == name[size / 2]);
    if (size < 8) return load(name.data(), 4) == first && load(name.data() + size - 4, 4) == last;
    if (load(name.data(), 8) != first || load(name.data() + size - 8, 8) != last) return false;
    return size <= 16 || text.substr(8, size - 16) == name.substr(8, size - 16);
  }

  std::string_view text;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

inline constexpr std::uint8_t no_slots[] = {0xff};  // of a type without fields

std::string_view type_of(const void* value, const Union& alternatives);

template <class T>
struct StorageOf {
  static void* create() { return new T; }
  static void* append(void* items) { return &static_cast<std::vector<T>*>(items)->emplace_back(); }
  static Span items(const void* items) {
    const auto& all = *static_cast<const std::vector<T>*>(items);
    return {all.data(), all.size()};
  }
  static void clear(void* items) { static_cast<std::vector<T>*>(items)->clear(); }
};

}  // namespace tgkit::telegram::json
