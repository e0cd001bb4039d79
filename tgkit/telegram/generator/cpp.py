"""What the schema means in C++: names, types of fields, which header needs which, what is stored how."""

import re

from schema import External, Object, Union

KEYWORDS = {"private", "public", "default", "delete", "static", "switch", "operator", "union", "new", "return"}

BASIC = {"String": "std::string", "Integer": "std::int64_t", "Float": "double", "Boolean": "bool", "True": "bool"}


def snake(name):
    return re.sub(r"(?<=[a-z0-9])([A-Z])|(?<=[A-Z])([A-Z][a-z])", r"_\1\2", name).lower()


def pascal(name):
    return name[0].upper() + name[1:]


def string(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def identifier(text):
    return text + "_" if text in KEYWORDS else text


class Slot:
    """A field as a member of its struct."""

    def __init__(self, field, shape, ctype, target=None, initial=""):
        self.field, self.name, self.required = field, field.name, field.required
        self.shape, self.ctype, self.target, self.initial = shape, ctype, target, initial


class Model:
    def __init__(self, schema):
        self.schema = schema
        self.types = {n: t for n, t in schema.types.items() if not isinstance(t, External)}
        self.cyclic = self._cyclic_edges()
        self.slots = {t.name: [self._slot(t, f) for f in t.fields] for t in schema.objects()}
        self._heavy = {}
        self.groups = {}
        for block in self.types.values():
            self.groups.setdefault(block.group, []).append(block)
        for group, blocks in self.groups.items():
            self.groups[group] = self._ordered(blocks)
        self._check_headers()

    # --- fields -----------------------------------------------------------------------------------------------------

    def _slot(self, owner, field):
        ref = field.types[0]
        if len(field.types) > 1:
            if {r.name for r in field.types} != {"Integer", "String"}:
                raise ValueError(f"{owner.name}.{field.name}: alternatives without a name")
            return Slot(field, "chat_id" if field.required else "opt_chat_id",
                        "ChatId" if field.required else "std::optional<ChatId>")
        if field.const is not None:
            return Slot(field, "constant", None)
        if field.file:
            return (Slot(field, "file", "InputFile", initial='{""}') if field.required else
                    Slot(field, "opt_file", "std::optional<InputFile>"))
        if ref.name in BASIC:
            return self._basic_slot(owner, field, ref)
        shape = ["object", "objects", "rows"][ref.depth]
        if ref.depth:
            return Slot(field, shape, "std::vector<" * ref.depth + ref.name + ">" * ref.depth, ref.name)
        if field.required and (owner.name, ref.name) not in self.cyclic:
            return Slot(field, "object", ref.name, ref.name)
        return Slot(field, "box", f"Box<{ref.name}>", ref.name)

    @staticmethod
    def _basic_slot(owner, field, ref):
        ctype = BASIC[ref.name]
        if ref.depth == 1 and ref.name in ("String", "Integer"):
            return Slot(field, "strings" if ref.name == "String" else "integers", f"std::vector<{ctype}>")
        if ref.depth:
            raise ValueError(f"{owner.name}.{field.name}: no such array")
        if ref.name == "True":
            return (Slot(field, "boolean", ctype, initial=" = true") if field.required else
                    Slot(field, "flag", ctype, initial=" = false"))
        shape = {"String": "string", "Integer": "integer", "Float": "number", "Boolean": "boolean"}[ref.name]
        if not field.required:
            return Slot(field, "opt_" + shape, f"std::optional<{ctype}>")
        initial = {"String": "", "Boolean": " = false"}.get(ref.name, " = 0")
        return Slot(field, shape, ctype, initial=initial)

    # --- what contains what by value ----------------------------------------------------------------------------------

    def _value_edges(self, block):
        """Names of types that are stored inside this one, unless a Box breaks a cycle."""
        if isinstance(block, Union):
            return [m.target.name for m in block.members if m.kind == "object"]
        return [f.types[0].name for f in block.fields
                if f.required and len(f.types) == 1 and not f.types[0].depth and f.types[0].name in self.types]

    def _cyclic_edges(self):
        reach = {}

        def reachable(name, seen):
            for target in self._value_edges(self.types[name]):
                if target not in seen:
                    seen.add(target)
                    reachable(target, seen)
            return seen

        for name in self.types:
            reach[name] = reachable(name, set())
        return {(a, b) for a in self.types for b in self._value_edges(self.types[a])
                if isinstance(self.types[a], Object) and (b == a or a in reach[b])}

    def inside(self, block):
        """Types whose definition this one's definition needs."""
        if isinstance(block, Union):
            return self._value_edges(block)
        return [s.target for s in self.slots[block.name] if s.shape == "object"]

    def heavy(self, block):
        """Whether copying and destroying it belongs into a source file."""
        if block.name not in self._heavy:
            self._heavy[block.name] = isinstance(block, Union) or any(
                s.shape in ("box", "objects", "rows", "file", "opt_file")
                or (s.shape == "object" and self.heavy(self.types[s.target]))
                for s in self.slots[block.name])
        return self._heavy[block.name]

    # --- headers --------------------------------------------------------------------------------------------------------

    def _ordered(self, blocks):
        names = {b.name for b in blocks}
        out, done = [], set()

        def visit(block):
            if block.name in done:
                return
            done.add(block.name)
            for target in self.inside(block):
                if target in names:
                    visit(self.types[target])
            out.append(block)

        for block in blocks:
            visit(block)
        return out

    def header_needs(self, group):
        needs = {self.types[t].group for b in self.groups[group] for t in self.inside(b)}
        return sorted((needs | set(self.schema.includes.get(group, []))) - {group})

    def _check_headers(self):
        def visit(group, path):
            if group in path:
                raise ValueError("headers include each other: " + " -> ".join([*path, group]))
            for need in self.header_needs(group):
                visit(need, [*path, group])

        for group in self.groups:
            visit(group, [])

    def group_of(self, name):
        return self.types[name].group
