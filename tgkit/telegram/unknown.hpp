#pragma once
// What arrived and is not in our schema, kept as it came.
#include <string>
#include <utility>

namespace tgkit::telegram {

// The member of a union that is none of those we know.
struct Unknown {
  Unknown() = default;
  explicit Unknown(std::string json_) : json(std::move(json_)) {}
  std::string json;  // the whole value; empty in a union that was never set
};

// A member of an object whose name we do not know.
struct UnknownMember {
  UnknownMember() = default;
  UnknownMember(std::string name_, std::string json_) : name(std::move(name_)), json(std::move(json_)) {}
  std::string name;
  std::string json;
};

}  // namespace tgkit::telegram
