#pragma once
// The schema of the Bot API at run time: which calls and types there are, their parameters, and the limits of those.
// For a server or a test that checks what a bot sends; a bot does not need it.
#include <cstdint>
#include <span>
#include <string_view>

namespace tgkit::telegram::schema {

struct Object;
struct Union;

enum class Basic : std::uint8_t { object, one_of, string, integer, number, boolean, true_flag, input_file };

// One of the types a value may have: `depth` arrays around a basic type, an object or a union.
struct ValueType {
  Basic basic;
  std::uint8_t depth;
  const Object* object;  // of Basic::object
  const Union* one_of;   // of Basic::one_of
};

struct Range {
  std::int64_t minimum = 0;
  std::int64_t maximum = -1;
  constexpr explicit operator bool() const { return minimum <= maximum; }
  constexpr bool holds(std::int64_t value) const { return minimum <= value && value <= maximum; }
};

// A range that holds when another field has a value.
struct DependentRange {
  std::string_view field;
  std::string_view value;
  Range range;
};

// Rarely used facts of a field.
struct Limits {
  Range length;                        // characters; after entities were parsed when `parsed`
  Range bytes;                         // of UTF-8
  Range items;                         // of an array
  Range range;                         // of a number
  std::span<const std::int64_t> also;  // numbers allowed beside the range
  std::span<const DependentRange> dependent;
  std::string_view charset;  // a bracket expression: "[a-z0-9_]"
};

enum class File : std::uint8_t { none, upload, attach };  // a part of the request; a text that may be attach://part

struct Field {
  std::string_view name;
  std::span<const ValueType> types;  // alternatives
  bool required = false;
  bool int64 = false;   // surely does not fit 32 bits
  bool parsed = false;  // its length counts after entities were parsed
  File file = File::none;
  std::string_view constant;                // the only value, of a discriminator
  std::span<const std::string_view> known;  // enumerated values; numbers as text
  std::string_view fallback;                // documented default, as text
  const Limits* limits = nullptr;           // null: none
};

enum class Direction : std::uint8_t { received, sent, both };

struct Object {
  std::string_view name;
  Direction direction;
  std::span<const Field> fields;  // in the order of the documentation
  const Field* find(std::string_view name) const;
};

struct Member {
  enum class Kind : std::uint8_t { object, string, array };
  Kind kind;
  std::string_view value;  // of the discriminator; "*": any other; of a union without one: the key that tells it
  std::string_view key;    // that must be present too
  ValueType type;
};

struct Union {
  std::string_view name;
  Direction direction;
  std::string_view discriminator;  // empty: told apart by keys, the first member that fits wins
  std::span<const Member> members;
  bool named;  // by the Bot API; else a list of alternatives that we gave a name
};

struct Method {
  std::string_view name;
  std::span<const ValueType> returns;  // alternatives
  std::span<const Field> parameters;
  std::span<const std::string_view> attach;  // parameters in which attach:// may stand
  const Field* find(std::string_view parameter) const;
};

std::string_view version();       // of the Bot API: "10.3"
std::string_view release_date();  // "2026-08-24"

std::span<const Method> methods();
std::span<const Object> objects();
std::span<const Union> unions();

// Null when there is none. A method's name is compared without regard to case, as Telegram's server does.
const Method* find_method(std::string_view name);
const Object* find_object(std::string_view name);
const Union* find_union(std::string_view name);

}  // namespace tgkit::telegram::schema
