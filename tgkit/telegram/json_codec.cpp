#include "tgkit/telegram/json_codec.hpp"

#include "tgkit/json/reader.hpp"
#include "tgkit/telegram/chat_id.hpp"
#include "tgkit/telegram/json_writer.hpp"
#include "tgkit/telegram/request.hpp"
#include "tgkit/telegram/unknown.hpp"

#include <optional>

namespace tgkit::telegram::json {
namespace {

using tgkit::json::Reader;

constexpr int max_depth = 100;  // of objects; Telegram's own are below 30, rich texts may be deeper

const Field* find(const Type& type, std::string_view name) {
  const Key key(name);
  for (std::uint32_t slot = key.hash();; ++slot) {
    const std::uint8_t number = type.slots[slot & type.slot_mask];
    if (number == 0xff) return nullptr;
    const Field& field = type.fields[number];
    if (key.is(field.name())) return &field;
  }
}

template <class T>
T& at(void* object, std::size_t offset) {
  return *reinterpret_cast<T*>(static_cast<char*>(object) + offset);
}
template <class T>
const T& at(const void* object, std::size_t offset) {
  return *reinterpret_cast<const T*>(static_cast<const char*>(object) + offset);
}

}  // namespace

class Codec {
 public:
  static void*& box(void* object, std::size_t offset) { return at<BoxStorage>(object, offset).value_; }
  static const void* box(const void* object, std::size_t offset) { return at<BoxStorage>(object, offset).value_; }
};

namespace {

// Reads values into objects. False: nothing was consumed, the value is of another type (or the text is broken).
class Decoder {
 public:
  Decoder(Reader& reader, ReadNotes* notes) : reader_(reader), notes_(notes) {}

  bool value(void* object, const Type& type) {
    return type.alternatives ? alternative(object, type) : members(object, type);
  }

  bool items(void* items, const Type& type) {
    if (!reader_.enter_array()) return false;
    type.storage->clear(items);
    for (bool first = true; reader_.next_item(first);) item(items, type);
    return true;
  }

 private:
  bool members(void* object, const Type& type) {
    if (depth_ == max_depth || !reader_.enter_object()) return false;
    ++depth_;
    std::string_view name;
    for (bool first = true; reader_.next_key(first, name);) {
      const Field* field = find(type, name);
      if (!field) {
        unknown_member(object, type, name);
      } else if (!read(object, *field) && !reader_.null()) {
        skipped(type.name, field->name());
        reader_.skip();
      }
    }
    if (type.fills_boxes) fill_boxes(object, type);
    --depth_;
    return true;
  }

  bool read(void* object, const Field& field) {
    switch (field.shape) {
      case Shape::integer:
        return reader_.integer(at<std::int64_t>(object, field.offset));
      case Shape::opt_integer:
        return optional<std::int64_t>(object, field, &Reader::integer);
      case Shape::number:
        return reader_.number(at<double>(object, field.offset));
      case Shape::opt_number:
        return optional<double>(object, field, &Reader::number);
      case Shape::boolean:
      case Shape::flag:
        return reader_.boolean(at<bool>(object, field.offset));
      case Shape::opt_boolean:
        return optional<bool>(object, field, &Reader::boolean);
      case Shape::string:
        return text(at<std::string>(object, field.offset));
      case Shape::opt_string:
        return opt_text(at<std::optional<std::string>>(object, field.offset));
      case Shape::constant:
        return reader_.skip();
      case Shape::integers:
        return list(at<std::vector<std::int64_t>>(object, field.offset), field,
                    [this](std::int64_t& item) { return reader_.integer(item); });
      case Shape::strings:
        return list(at<std::vector<std::string>>(object, field.offset), field,
                    [this](std::string& item) { return text(item); });
      case Shape::object:
        return value(&at<char>(object, field.offset), *field.type);
      case Shape::box:
        return boxed(object, field);
      case Shape::objects:
        return items(&at<char>(object, field.offset), *field.type);
      case Shape::rows:
        return rows(&at<char>(object, field.offset), *field.type);
      case Shape::chat_id:
        return chat_id(at<ChatId>(object, field.offset));
      case Shape::opt_chat_id: {
        ChatId id;
        if (!chat_id(id)) return false;
        at<std::optional<ChatId>>(object, field.offset) = std::move(id);
        return true;
      }
      case Shape::file:
        return file(at<InputFile>(object, field.offset));
      case Shape::opt_file: {
        InputFile value("");
        if (!file(value)) return false;
        at<std::optional<InputFile>>(object, field.offset) = std::move(value);
        return true;
      }
    }
    return false;
  }

  template <class T>
  bool optional(void* object, const Field& field, bool (Reader::*read)(T&)) {
    T value{};
    if (!(reader_.*read)(value)) return false;
    at<std::optional<T>>(object, field.offset) = value;
    return true;
  }

  // A string; also a number where Telegram documents a string.
  bool text(std::string& out) {
    if (reader_.string(out)) return true;
    if (reader_.peek() != Reader::Kind::number) return false;
    std::string_view raw;
    if (!reader_.raw(raw)) return false;
    out = raw;
    return true;
  }

  bool opt_text(std::optional<std::string>& out) {
    const Reader::Kind kind = reader_.peek();
    if (kind != Reader::Kind::string && kind != Reader::Kind::number) return false;
    return text(out.emplace());
  }

  template <class T, class Read>
  bool list(std::vector<T>& out, const Field& field, Read read) {
    if (!reader_.enter_array()) return false;
    out.clear();
    for (bool first = true; reader_.next_item(first);) {
      T item{};
      if (read(item)) {
        out.push_back(std::move(item));
      } else {
        skipped("[]", field.name());
        reader_.skip();
      }
    }
    return true;
  }

  bool boxed(void* object, const Field& field) {
    const Reader::Kind kind = reader_.peek();
    const bool fits = kind == Reader::Kind::object ||
                      (field.type->alternatives && (kind == Reader::Kind::string || kind == Reader::Kind::array));
    if (!fits || depth_ == max_depth) return false;
    void*& slot = Codec::box(object, field.offset);
    if (!slot) slot = field.type->storage->create();
    return value(slot, *field.type);
  }

  void item(void* items, const Type& type) {
    const Reader::Kind kind = reader_.peek();
    const bool fits = kind == Reader::Kind::object ||
                      (type.alternatives && (kind == Reader::Kind::string || kind == Reader::Kind::array));
    if (fits && depth_ < max_depth && value(type.storage->append(items), type)) return;
    if (reader_.null()) return;
    skipped("[]", type.name);
    reader_.skip();
  }

  bool rows(void* rows, const Type& type) {
    if (!reader_.enter_array()) return false;
    type.storage->clear_rows(rows);
    for (bool first = true; reader_.next_item(first);) {
      if (reader_.peek() == Reader::Kind::array) {
        items(type.storage->append_row(rows), type);
      } else {
        skipped("[[]]", type.name);
        reader_.skip();
      }
    }
    return true;
  }

  bool chat_id(ChatId& out) {
    if (reader_.peek() == Reader::Kind::string) {
      std::string name;
      if (!reader_.string(name)) return false;
      out = ChatId(std::move(name));
      return true;
    }
    std::int64_t id = 0;
    if (!reader_.integer(id)) return false;
    out = ChatId(id);
    return true;
  }

  bool file(InputFile& out) {
    std::string text;
    if (!reader_.string(text)) return false;
    out = InputFile(std::move(text));
    return true;
  }

  bool alternative(void* object, const Type& type) {
    const Union& all = *type.alternatives;
    const Reader::Kind kind = reader_.peek();
    if (depth_ == max_depth || kind == Reader::Kind::null || kind == Reader::Kind::none) return false;
    for (std::size_t i = 0; i != all.count; ++i) {
      const Member& member = all.members[i];
      if (kind == Reader::Kind::string && member.kind == Member::Kind::string) {
        return reader_.string(*static_cast<std::string*>(all.select(object, i + 1)));
      }
      if (kind == Reader::Kind::array && member.kind == Member::Kind::array) {
        ++depth_;
        const bool done = items(all.select(object, i + 1), *member.type);
        --depth_;
        return done;
      }
    }
    if (kind == Reader::Kind::object) {
      const std::size_t chosen = all.discriminator.empty() ? by_keys(all) : by_value(all);
      if (chosen != all.count) return members(all.select(object, chosen + 1), *all.members[chosen].type);
    }
    std::string_view raw;
    if (!reader_.raw(raw)) return false;
    static_cast<Unknown*>(all.select(object, 0))->json = raw;
    unknown(type.name, {});
    return true;
  }

  // The number of the member that the object ahead is, or all.count.
  std::size_t by_value(const Union& all) {
    Reader probe = reader_;
    std::string_view name;
    probe.enter_object();
    for (bool first = true; probe.next_key(first, name);) {
      if (name != all.discriminator) {
        probe.skip();
        continue;
      }
      std::string value;
      std::string_view raw;
      if (!probe.string(value) && probe.raw(raw)) value = raw;
      for (std::size_t i = 0; i != all.count; ++i) {
        const Member& member = all.members[i];
        if (member.kind != Member::Kind::object || member.value != value) continue;
        if (member.key.empty() || has_key(member.key)) return i;
      }
      break;
    }
    for (std::size_t i = 0; i != all.count; ++i) {
      if (all.members[i].value == "*") return i;
    }
    return all.count;
  }

  std::size_t by_keys(const Union& all) {
    for (std::size_t i = 0; i != all.count; ++i) {
      if (has_key(all.members[i].key)) return i;
    }
    return all.count;
  }

  bool has_key(std::string_view key) {
    Reader probe = reader_;
    std::string_view name;
    probe.enter_object();
    for (bool first = true; probe.next_key(first, name);) {
      if (name == key) return true;
      probe.skip();
    }
    return false;
  }

  void fill_boxes(void* object, const Type& type) {
    for (std::size_t i = 0; i != type.field_count; ++i) {
      const Field& field = type.fields[i];
      if (field.shape != Shape::box || !field.required) continue;
      void*& slot = Codec::box(object, field.offset);
      if (!slot) slot = field.type->storage->create();
    }
  }

  void unknown_member(void* object, const Type& type, std::string_view name) {
    unknown(type.name, name);
    if (type.unknown_offset == 0) {
      reader_.skip();
      return;
    }
    UnknownMember& member = at<UnknownMember>(object, type.unknown_offset);
    std::string own(name);
    std::string_view raw;
    if (!reader_.raw(raw) || !member.name.empty()) return;
    member.name = std::move(own);
    member.json = raw;
  }

  void unknown(const char* type, std::string_view name) {
    if (!notes_ || notes_->unknown++ != 0) return;
    notes_->first_unknown = path(type, name);
  }
  void skipped(const char* type, std::string_view name) {
    if (!notes_ || reader_.broken() || notes_->skipped++ != 0) return;
    notes_->first_skipped = path(type, name);
  }
  static std::string path(const char* type, std::string_view name) {
    std::string text(type);
    if (!name.empty()) text.append(".").append(name);
    return text;
  }

  Reader& reader_;
  ReadNotes* notes_;
  int depth_ = 0;
};

class Encoder {
 public:
  Encoder(std::string& out, std::vector<Part>* files) : out_(out), files_(files) {}

  void value(const void* object, const Type& type) {
    if (type.alternatives) {
      alternative(object, *type.alternatives);
    } else {
      members(object, type);
    }
  }

  void items(const void* items, const Type& type) {
    const Span all = type.storage->items(items);
    const char* item = static_cast<const char*>(all.data);
    out_ += '[';
    for (std::size_t i = 0; i != all.count; ++i, item += type.storage->size) {
      if (i != 0) out_ += ',';
      value(item, type);
    }
    out_ += ']';
  }

 private:
  void members(const void* object, const Type& type) {
    const std::size_t begin = out_.size();
    const Field* const end = type.fields + type.field_count;
    for (const Field* field = type.fields; field != end; field += field->run) write_run(object, field);
    if (type.unknown_offset != 0) {
      const UnknownMember& member = at<UnknownMember>(object, type.unknown_offset);
      if (!member.name.empty()) {
        out_ += ',';
        append_string(out_, member.name);
        out_ += ':';
        out_ += member.json;
      }
    }
    // Every member began with a comma: the first one becomes the brace.
    if (out_.size() == begin) {
      out_ += '{';
    } else {
      out_[begin] = '{';
    }
    out_ += '}';
  }

  void key(const Field& field) { out_.append(field.key, field.key_size); }

  // Most fields of most objects are absent. Fields of one shape are looked at in one go, without a jump for each.
  void write_run(const void* object, const Field* field) {
    const Field* const end = field + field->run;
    switch (field->shape) {
      case Shape::box:
        for (; field != end; ++field) {
          if (Codec::box(object, field->offset) || field->required) write(object, *field);
        }
        return;
      case Shape::flag:
        for (; field != end; ++field) {
          if (at<bool>(object, field->offset)) write(object, *field);
        }
        return;
      case Shape::opt_integer:
        return write_present<std::int64_t>(object, field, end);
      case Shape::opt_boolean:
        return write_present<bool>(object, field, end);
      case Shape::opt_string:
        return write_present<std::string>(object, field, end);
      default:
        for (; field != end; ++field) write(object, *field);
    }
  }

  template <class T>
  void write_present(const void* object, const Field* field, const Field* end) {
    for (; field != end; ++field) {
      if (at<std::optional<T>>(object, field->offset).has_value()) write(object, *field);
    }
  }

  void write(const void* object, const Field& field) {
    const std::size_t offset = field.offset;
    switch (field.shape) {
      case Shape::integer:
        key(field);
        return append_integer(out_, at<std::int64_t>(object, offset));
      case Shape::opt_integer:
        return optional(field, at<std::optional<std::int64_t>>(object, offset), append_integer);
      case Shape::number:
        key(field);
        return append_number(out_, at<double>(object, offset));
      case Shape::opt_number:
        return optional(field, at<std::optional<double>>(object, offset), append_number);
      case Shape::boolean:
        key(field);
        return append_boolean(out_, at<bool>(object, offset));
      case Shape::flag:
        if (!at<bool>(object, offset)) return;
        key(field);
        out_ += "true";
        return;
      case Shape::opt_boolean:
        return optional(field, at<std::optional<bool>>(object, offset), append_boolean);
      case Shape::string:
        key(field);
        return append_string(out_, at<std::string>(object, offset));
      case Shape::opt_string:
        return optional(field, at<std::optional<std::string>>(object, offset), append_string);
      case Shape::constant:
        return key(field);
      case Shape::integers: {
        const auto& values = at<std::vector<std::int64_t>>(object, offset);
        if (values.empty() && !field.required) return;
        key(field);
        return append_integers(out_, values);
      }
      case Shape::strings: {
        const auto& values = at<std::vector<std::string>>(object, offset);
        if (values.empty() && !field.required) return;
        key(field);
        return append_strings(out_, values);
      }
      case Shape::object:
        key(field);
        return value(&at<char>(object, offset), *field.type);
      case Shape::box:
        if (const void* boxed = Codec::box(object, offset)) {
          key(field);
          value(boxed, *field.type);
        } else if (field.required) {
          key(field);
          out_ += field.type->alternatives ? "\"\"" : "{}";
        }
        return;
      case Shape::objects: {
        const void* list = &at<char>(object, offset);
        if (!field.required && field.type->storage->items(list).count == 0) return;
        key(field);
        return items(list, *field.type);
      }
      case Shape::rows:
        return rows(&at<char>(object, offset), field);
      case Shape::chat_id:
        key(field);
        return append_chat_id(out_, at<ChatId>(object, offset));
      case Shape::opt_chat_id:
        return optional(field, at<std::optional<ChatId>>(object, offset), append_chat_id);
      case Shape::file:
        key(field);
        return file(at<InputFile>(object, offset));
      case Shape::opt_file:
        if (const auto& value = at<std::optional<InputFile>>(object, offset)) {
          key(field);
          file(*value);
        }
        return;
    }
  }

  template <class T, class Append>
  void optional(const Field& field, const std::optional<T>& value, Append append) {
    if (!value) return;
    key(field);
    append(out_, *value);
  }

  void rows(const void* rows, const Field& field) {
    const Span all = field.type->storage->rows(rows);
    if (all.count == 0 && !field.required) return;
    key(field);
    out_ += '[';
    const char* row = static_cast<const char*>(all.data);
    for (std::size_t i = 0; i != all.count; ++i, row += sizeof(std::vector<int>)) {
      if (i != 0) out_ += ',';
      items(row, *field.type);
    }
    out_ += ']';
  }

  void file(const InputFile& value) {
    if (files_) {
      append_string(out_, attach(value, *files_));
    } else {
      append_string(out_, value.is_upload() ? "attach://" + value.name() : value.text());
    }
  }

  void alternative(const void* object, const Union& all) {
    std::size_t index = 0;
    const void* current = all.current(object, index);
    if (index == 0) {
      const std::string& json = static_cast<const Unknown*>(current)->json;
      out_ += json.empty() ? std::string_view("{}") : std::string_view(json);
      return;
    }
    const Member& member = all.members[index - 1];
    switch (member.kind) {
      case Member::Kind::object:
        return value(current, *member.type);
      case Member::Kind::string:
        return append_string(out_, *static_cast<const std::string*>(current));
      case Member::Kind::array:
        return items(current, *member.type);
    }
  }

  std::string& out_;
  std::vector<Part>* files_;
};

void finish(Reader& reader, bool fits, const char* expected) {
  if (!fits && !reader.broken()) throw ParseError(std::string("not ") + expected, reader.offset());
  if (!reader.at_end()) throw ParseError("broken JSON", reader.offset());
}

}  // namespace

void read(std::string_view text, void* object, const Type& type, ReadNotes* notes) {
  Reader reader(text);
  const bool fits = Decoder(reader, notes).value(object, type);
  finish(reader, fits, "an object");
}

namespace {

// The tables know how to handle a list of T only where the Bot API has such a list.
const Type& listed(const Type& type) {
  if (!type.storage->items) throw std::logic_error(std::string("the Bot API has no list of ") + type.name);
  return type;
}

}  // namespace

void read_items(std::string_view text, void* items, const Type& type, ReadNotes* notes) {
  Reader reader(text);
  const bool fits = Decoder(reader, notes).items(items, listed(type));
  finish(reader, fits, "an array");
}

void write(std::string& out, const void* object, const Type& type, std::vector<Part>* files) {
  Encoder(out, files).value(object, type);
}

void write_items(std::string& out, const void* items, const Type& type, std::vector<Part>* files) {
  Encoder(out, files).items(items, listed(type));
}

std::string_view type_of(const void* value, const Union& alternatives) {
  std::size_t index = 0;
  const void* current = alternatives.current(value, index);
  if (index != 0) return alternatives.members[index - 1].value;
  // The raw text was read once, so it is well-formed; an escaped discriminator does not exist.
  Reader reader(static_cast<const Unknown*>(current)->json);
  std::string_view name, raw;
  if (!reader.enter_object()) return {};
  for (bool first = true; reader.next_key(first, name);) {
    const bool found = name == alternatives.discriminator;
    if (!reader.raw(raw)) return {};
    if (found) return raw.size() >= 2 && raw.front() == '"' ? raw.substr(1, raw.size() - 2) : raw;
  }
  return {};
}

}  // namespace tgkit::telegram::json

namespace tgkit::telegram {
namespace {

template <class T>
T scalar(std::string_view text, bool (tgkit::json::Reader::*read)(T&), const char* expected) {
  tgkit::json::Reader reader(text);
  T value{};
  const bool fits = (reader.*read)(value);
  json::finish(reader, fits, expected);
  return value;
}

}  // namespace

bool boolean_from_json(std::string_view text) { return scalar<bool>(text, &tgkit::json::Reader::boolean, "a boolean"); }

std::int64_t integer_from_json(std::string_view text) {
  return scalar<std::int64_t>(text, &tgkit::json::Reader::integer, "an integer");
}

std::string string_from_json(std::string_view text) {
  return scalar<std::string>(text, &tgkit::json::Reader::string, "a string");
}

}  // namespace tgkit::telegram
