"""Headers of the types, and sources with their tables."""

from cpp import identifier, snake, string
from schema import Union

NOTE = "// Generated from tgkit/telegram/schema; do not edit.\n"
SOURCES = 8


def forward_header(model):
    names = sorted(t.name for t in model.types.values())
    return (NOTE + "#pragma once\n#include <cstdint>\n\nnamespace tgkit::telegram {\n\n"
            + "".join(f"struct {n};\n" for n in names)
            + "enum class UpdateKind : std::uint8_t;\n\n}  // namespace tgkit::telegram\n")


def all_types_header(model):
    return (NOTE + "#pragma once\n"
            + "".join(f'#include "tgkit/telegram/types/{g}.hpp"\n' for g in sorted(model.groups))
            + '#include "tgkit/telegram/types/update_kind.hpp"\n')


def group_header(model, group):
    blocks = model.groups[group]
    body = "".join(union_text(model, b) if isinstance(b, Union) else struct_text(model, b) for b in blocks)
    project = {'"tgkit/telegram/json.hpp"', '"tgkit/telegram/fwd.hpp"'}
    project |= {f'"tgkit/telegram/types/{g}.hpp"' for g in model.header_needs(group)}
    for word, header in (("Box<", "box"), ("ChatId", "chat_id"), ("InputFile", "input_file"), ("Unknown", "unknown")):
        if word in body:
            project.add(f'"tgkit/telegram/{header}.hpp"')
    standard = [h for w, h in (("std::int64_t", "cstdint"), ("std::optional", "optional"), ("std::string ", "string"),
                               ("std::string_view", "string_view"), ("std::variant", "variant"),
                               ("std::vector", "vector")) if w in body]
    if "std::string>" in body and "string" not in standard:
        standard.append("string")
    return (NOTE + "#pragma once\n" + "".join(f"#include <{h}>\n" for h in sorted(standard)) + "\n"
            + "".join(f"#include {h}\n" for h in sorted(project))
            + "\nnamespace tgkit::telegram {\n" + body + "\n}  // namespace tgkit::telegram\n")


def constructor_slots(model, block):
    """The fields that must be given to what is sent; none when a constructor would not be readable."""
    if block.direction == "out":
        return []
    slots = [s for s in model.slots[block.name] if s.required and s.shape != "constant" and s.field.types[0].name != "True"]
    return slots if len(slots) <= 6 else []


def parameters(slots):
    return ", ".join(f"{s.target if s.shape == 'box' else s.ctype} {s.name}_" for s in slots)


def initializers(slots):
    moved = {"integer", "number", "boolean"}
    return ", ".join(f"{s.name}({s.name}_)" if s.shape in moved else f"{s.name}(std::move({s.name}_))" for s in slots)


def special_members(name):
    return (f"  {name}();\n  {name}(const {name}&);\n  {name}({name}&&) noexcept;\n  {name}& operator=(const {name}&);\n"
            f"  {name}& operator=({name}&&) noexcept;\n  ~{name}();\n")


def struct_text(model, block):
    name, slots = block.name, model.slots[block.name]
    out = f"\nstruct {name} {{\n"
    heavy = model.heavy(block)
    out += special_members(name) if heavy else f"  {name}() = default;\n"
    given = constructor_slots(model, block)
    if given:
        explicit = "explicit " if len(given) == 1 else ""
        out += f"  {explicit}{name}({parameters(given)})" + (";\n" if heavy else f" : {initializers(given)} {{}}\n")
    out += "\n"
    for slot in slots:
        if slot.shape == "constant":
            out += f"  static constexpr std::string_view {slot.name} = {string(slot.field.const)};\n"
        else:
            out += f"  {slot.ctype} {slot.name}{slot.initial};\n"
    if name == "Update":
        out += ("  UnknownMember unknown;  // a kind that the schema does not know\n\n"
                "  UpdateKind kind() const;\n")
    return out + "\n  static const json::Type& json_type();\n};\n"


def alternatives(block):
    kinds = {"object": "{}", "string": "std::string", "array": "std::vector<{}>"}
    return ["Unknown", *(kinds[m.kind].format(m.target.name) for m in block.members)]


def has_type(block):
    return block.discriminator not in ("date",)


def union_text(model, block):
    name = block.name
    members = alternatives(block)
    out = f"\nstruct {name} {{\n" + special_members(name)
    out += "".join(f"  {name}({m} member);  // NOLINT(google-explicit-constructor)\n" for m in members)
    if "std::string" in members:
        out += f"  {name}(const char* member);  // NOLINT(google-explicit-constructor)\n"
    out += f"\n  std::variant<{', '.join(members)}> value;\n\n"
    out += ("  template <class T>\n  const T* get_if() const {\n    return std::get_if<T>(&value);\n  }\n"
            "  template <class T>\n  T* get_if() {\n    return std::get_if<T>(&value);\n  }\n")
    if has_type(block):
        what = "the key that tells it" if block.discriminator == "key" else f'"{block.discriminator}" on the wire'
        out += f"  std::string_view type() const;  // {what}\n"
    return out + "\n  static const json::Type& json_type();\n};\n"


# --- sources ----------------------------------------------------------------------------------------------------------


def tables_header(model):
    return (NOTE + "#pragma once\n#include \"tgkit/telegram/json_codec.hpp\"\n\nnamespace tgkit::telegram::json::types {\n\n"
            + "".join(f"extern const Type {snake(n)};\n" for n in sorted(model.types))
            + "\n}  // namespace tgkit::telegram::json::types\n")


def source_groups(model):
    """Groups of types in SOURCES parts of about the same weight."""
    weight = {g: sum(6 + len(model.slots.get(b.name, getattr(b, "members", []))) for b in blocks)
              for g, blocks in model.groups.items()}
    parts = [[] for _ in range(SOURCES)]
    for group in sorted(weight, key=lambda g: (-weight[g], g)):
        min(parts, key=lambda p: sum(weight[g] for g in p)).append(group)
    return [sorted(p) for p in parts]


class Uses:
    """Which types are held in a Box, in a vector, in a vector of vectors."""

    def __init__(self, model):
        self.boxed, self.listed, self.rowed = set(), set(), set()
        for slots in model.slots.values():
            for slot in slots:
                {"box": self.boxed, "objects": self.listed, "rows": self.rowed}.get(slot.shape, set()).add(slot.target)
        for block in model.schema.unions():
            self.listed |= {m.target.name for m in block.members if m.kind == "array"}
        for call in model.schema.calls.values():
            self.listed |= {r.name for f in call.fields for r in f.types if r.depth}
            self.listed |= {r.name for r in call.returns if r.depth}
        self.listed |= self.rowed


def types_source(model, groups):
    uses = Uses(model)
    includes, members, tables = set(), "", ""
    for group in groups:
        includes.add(f'"tgkit/telegram/types/{group}.hpp"')
        for block in model.groups[group]:
            includes |= {f'"tgkit/telegram/types/{model.group_of(t)}.hpp"' for t in touched(model, block)}
            members += special_definitions(model, block)
            tables += union_table(block) if isinstance(block, Union) else object_table(model, block)
            tables += type_table(model, block, uses)
    if "update" in groups:
        includes.add('"tgkit/telegram/types/update_kind.hpp"')
        members += update_kind_definition(model)
    return (NOTE + '#include "tgkit/telegram/json_codec.hpp"\n#include "tgkit/telegram/json_types.hpp"\n'
            + "".join(f"#include {i}\n" for i in sorted(includes))
            + "\n#include <cstddef>\n#include <utility>\n\n"
            "// Where a member lies is defined for these types by both compilers.\n"
            '#pragma GCC diagnostic ignored "-Winvalid-offsetof"\n\nnamespace tgkit::telegram {\n\n' + members
            + "\nnamespace json::types {\n\n" + tables
            + "\n}  // namespace json::types\n\n}  // namespace tgkit::telegram\n")


def touched(model, block):
    if isinstance(block, Union):
        return [m.target.name for m in block.members if m.target.name in model.types]
    return [s.target for s in model.slots[block.name] if s.target]


def special_definitions(model, block):
    name = block.name
    out = ""
    if model.heavy(block):  # assigning through a copy is a fifth less code than member by member
        out += (f"{name}::{name}() = default;\n{name}::{name}(const {name}&) = default;\n"
                f"{name}::{name}({name}&&) noexcept = default;\n"
                f"{name}& {name}::operator=(const {name}& other) {{ return *this = {name}(other); }}\n"
                f"{name}& {name}::operator=({name}&&) noexcept = default;\n{name}::~{name}() = default;\n")
    if isinstance(block, Union):
        out += "".join(f"{name}::{name}({m} member) : value(std::move(member)) {{}}\n" for m in alternatives(block))
        if "std::string" in alternatives(block):
            out += f"{name}::{name}(const char* member) : value(std::string(member)) {{}}\n"
        if has_type(block):
            out += (f"std::string_view {name}::type() const "
                    f"{{ return json::type_of(this, *json::types::{snake(name)}.alternatives); }}\n")
    else:
        given = constructor_slots(model, block)
        if given and model.heavy(block):
            out += f"{name}::{name}({parameters(given)}) : {initializers(given)} {{}}\n"
    return out + f"const json::Type& {name}::json_type() {{ return json::types::{snake(name)}; }}\n\n"


def object_table(model, block):
    name, slots, base = block.name, model.slots[block.name], snake(block.name)
    if not slots:
        return ""
    slots = table_order(slots)
    rows = ""
    for slot in slots:
        key = f',"{slot.name}":'
        if slot.shape == "constant":
            key += f'"{slot.field.const}"'
        offset = "0" if slot.shape == "constant" else f"offsetof({name}, {slot.name})"
        target = f"&{snake(slot.target)}" if slot.target else "nullptr"
        rows += (f"    {{{string(key)}, {len(key)}, {len(slot.name)}, Shape::{slot.shape}, "
                 f"{'true' if slot.required else 'false'}, {offset}, {slot.run}, {target}}},\n")
    slots_text = ", ".join(map(str, hash_slots([s.name for s in slots])))
    return (f"constexpr Field {base}_fields[] = {{\n{rows}}};\n"
            f"constexpr std::uint8_t {base}_slots[] = {{{slots_text}}};\n")


OPTIONAL_ORDER = ["opt_string", "opt_integer", "opt_number", "opt_boolean", "flag", "opt_chat_id", "opt_file", "strings",
                  "integers", "objects", "rows", "box"]


def table_order(slots):
    """What is always written first, then the optional fields by shape; the codec looks at a run of one shape at once."""
    first = [s for s in slots if s.required or s.shape == "constant"]
    rest = [s for s in slots if s not in first]
    rest.sort(key=lambda s: OPTIONAL_ORDER.index(s.shape))
    for slot in first:
        slot.run = 1
    for number, slot in enumerate(rest):
        slot.run = len([s for s in rest[number:] if s.shape == slot.shape])
    return first + rest


def field_hash(name):
    data = name.encode()
    if len(data) >= 8:
        first, last = data[:8], data[-8:]
    elif len(data) >= 4:
        first, last = data[:4], data[-4:]
    else:
        first, last = data, b""
    first, last = int.from_bytes(first, "little"), int.from_bytes(last, "little")
    mask = (1 << 64) - 1
    mixed = ((first * 0x9E3779B97F4A7C15) & mask) ^ (((last + len(data)) * 0xC2B2AE3D27D4EB4F) & mask)
    return ((mixed * 0x9E3779B97F4A7C15) & mask) >> 40


def hash_slots(names):
    size = 4
    while size < 2 * len(names) + 1:
        size *= 2
    slots = [0xFF] * size
    for number, name in enumerate(names):
        at = field_hash(name) % size
        while slots[at] != 0xFF:
            at = (at + 1) % size
        slots[at] = number
    return slots


def union_table(block):
    name, base = block.name, snake(block.name)
    count = len(block.members) + 1
    rows = ""
    for m in block.members:
        target = {"object": f"&{snake(m.target.name)}", "array": f"&{base}", "string": "nullptr"}[m.kind]
        key = m.value if block.discriminator == "key" else m.key
        rows += f'    {{Member::Kind::{m.kind}, {string(m.value)}, {string(key)}, {target}}},\n'
    discriminator = "" if block.discriminator == "key" else block.discriminator
    select = "".join(f"    case {i}:\n      return &all.emplace<{i}>();\n" for i in range(1, count))
    current = "".join(f"    case {i}:\n      return std::get_if<{i}>(&all);\n" for i in range(1, count))
    return (f"void* select_{base}(void* value, std::size_t alternative) {{\n"
            f"  auto& all = static_cast<{name}*>(value)->value;\n  switch (alternative) {{\n{select}"
            f"    default:\n      return &all.emplace<0>();\n  }}\n}}\n"
            f"const void* current_{base}(const void* value, std::size_t& alternative) {{\n"
            f"  const auto& all = static_cast<const {name}*>(value)->value;\n  alternative = all.index();\n"
            f"  switch (alternative) {{\n{current}    default:\n      return std::get_if<0>(&all);\n  }}\n}}\n"
            f"constexpr Member {base}_members[] = {{\n{rows}}};\n"
            f"constexpr Union {base}_union = {{{string(discriminator)}, {base}_members, {len(block.members)}, "
            f"&select_{base}, &current_{base}}};\n")


def type_table(model, block, uses):
    name, base = block.name, snake(block.name)
    boxed, listed, rowed = name in uses.boxed, name in uses.listed, name in uses.rowed
    of, rows = f"StorageOf<{name}>", f"StorageOf<std::vector<{name}>>"
    storage = ", ".join([
        f"sizeof({name})",
        f"&{of}::create" if boxed else "nullptr",
        *((f"&{of}::append", f"&{of}::items", f"&{of}::clear") if listed else ("nullptr",) * 3),
        *((f"&{rows}::append", f"&{rows}::items", f"&{rows}::clear") if rowed else ("nullptr",) * 3)])
    out = f"constexpr Storage {base}_storage = {{{storage}}};\n"
    union = isinstance(block, Union)
    slots = [] if union else model.slots[name]
    fills = any(s.shape == "box" and s.required for s in slots)
    fields = f"{base}_fields, {len(slots)}, {len(hash_slots([s.name for s in slots])) - 1}, {base}_slots"
    if not slots:
        fields = "nullptr, 0, 0, no_slots"
    unknown = "offsetof(Update, unknown)" if name == "Update" else "0"
    return (out + f"constinit const Type {base} = {{{string(name)}, {fields}, "
            f"{f'&{base}_union' if union else 'nullptr'}, {unknown}, {'true' if fills else 'false'}, &{base}_storage}};\n\n")


# --- kinds of updates -------------------------------------------------------------------------------------------------


def update_kinds(model):
    return [s.name for s in model.slots["Update"] if s.name != "update_id"]


def update_kind_header(model):
    kinds = update_kinds(model)
    return (NOTE + "#pragma once\n#include <array>\n#include <cstdint>\n#include <string_view>\n\nnamespace tgkit::telegram {\n\n"
            "// Which member of an Update is there.\nenum class UpdateKind : std::uint8_t {\n  unknown,\n"
            + "".join(f"  {k},\n" for k in kinds) + "};\n\n"
            f"inline constexpr std::array<std::string_view, {len(kinds) + 1}> update_kind_names = {{\n"
            '    "unknown",\n' + "".join(f'    "{k}",\n' for k in kinds) + "};\n\n"
            "// As allowed_updates calls it.\n"
            "constexpr std::string_view to_text(UpdateKind kind) { return update_kind_names[static_cast<std::size_t>(kind)]; }\n\n"
            "constexpr UpdateKind update_kind(std::string_view name) {\n"
            "  for (std::size_t i = 1; i != update_kind_names.size(); ++i) {\n"
            "    if (update_kind_names[i] == name) return static_cast<UpdateKind>(i);\n  }\n"
            "  return UpdateKind::unknown;\n}\n\n}  // namespace tgkit::telegram\n")


def update_kind_definition(model):
    return ("UpdateKind Update::kind() const {\n"
            + "".join(f"  if ({k}) return UpdateKind::{k};\n" for k in update_kinds(model))
            + "  return UpdateKind::unknown;\n}\n\n")


# --- constants of enumerated strings ------------------------------------------------------------------------------------


def constants_header(model):
    seen, out = set(), ""

    def add(name, values):
        nonlocal out
        names = [identifier(v) for v in values if isinstance(v, str) and v.isidentifier() and v.isascii()]
        if name in seen or not names:
            return
        seen.add(name)
        out += (f"namespace {name} {{\n"
                + "".join(f'inline constexpr std::string_view {n} = "{n.rstrip("_")}";\n' for n in names) + "}\n")

    for block in sorted(model.schema.objects(), key=lambda b: b.name):
        for field in block.fields:
            if field.enum and field.name != "parse_mode" and not field.name.endswith("_parse_mode"):
                add(f"{snake(block.name)}_{field.name}", field.enum)
    calls = model.schema.calls
    add("parse_mode", next(f.enum for f in calls["sendMessage"].fields if f.name == "parse_mode"))
    add("chat_action", next(f.enum for f in calls["sendChatAction"].fields if f.name == "action"))
    return (NOTE + "#pragma once\n// Known values of enumerated strings; what is received may have others.\n"
            "#include <string_view>\n\nnamespace tgkit::telegram {\n\n" + out + "\n}  // namespace tgkit::telegram\n")
