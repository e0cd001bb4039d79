"""The data behind tgkit/telegram/schema_table.hpp."""

import json

from cpp import string
from emit_types import NOTE
from schema import External, Object, Union

BASIC = {"String": "string", "Integer": "integer", "Float": "number", "Boolean": "boolean", "True": "true_flag"}
DIRECTION = {"out": "received", "in": "sent", "both": "both"}


class Table:
    """Rows are collected in arrays, to which the tables of objects and methods refer by offset."""

    def __init__(self, schema):
        self.schema = schema
        self.objects = [t for t in schema.types.values() if isinstance(t, Object)]
        self.unions = [t for t in schema.types.values() if isinstance(t, Union)]
        self.object_index = {t.name: i for i, t in enumerate(self.objects)}
        self.union_index = {t.name: i for i, t in enumerate(self.unions)}
        self.values, self.limits, self.dependent, self.texts, self.numbers = [], [], [], [], []
        self.fields, self.members = [], []
        self._seen = {}  # rows that stand in a table already

    def text(self):
        objects = "".join(self._object(t) for t in self.objects)
        unions = "".join(self._union(t) for t in self.unions)
        methods = "".join(self._method(c) for c in self.schema.calls.values())
        arrays = [("std::int64_t", "numbers", self.numbers), ("std::string_view", "texts", self.texts),
                  ("DependentRange", "dependent", self.dependent), ("Limits", "limits", self.limits),
                  ("ValueType", "values", self.values), ("Field", "fields", self.fields),
                  ("Member", "members", self.members)]
        return (NOTE + '#include "tgkit/telegram/schema_table.hpp"\n\nnamespace tgkit::telegram::schema {\nnamespace {\n\n'
                f"extern const Object object_table[{len(self.objects)}];\n"
                f"extern const Union union_table[{len(self.unions)}];\n\n"
                "template <class T, std::size_t N>\n"
                "constexpr std::span<const T> cut(const T (&table)[N], std::size_t from, std::size_t count) {\n"
                "  return std::span<const T>(table, N).subspan(from, count);\n}\n\n"
                + "".join(f"constexpr {t} {n}[] = {{\n{''.join(f'    {row},' + chr(10) for row in rows)}}};\n\n"
                          for t, n, rows in arrays)
                + f"constexpr Object object_table[] = {{\n{objects}}};\n\n"
                f"constexpr Union union_table[] = {{\n{unions}}};\n\n"
                f"constexpr Method method_table[] = {{\n{methods}}};\n\n}}  // namespace\n\n"
                f"std::string_view version() {{ return {string(self.schema.version)}; }}\n"
                f"std::string_view release_date() {{ return {string(self.schema.release_date)}; }}\n"
                "std::span<const Method> methods() { return method_table; }\n"
                "std::span<const Object> objects() { return object_table; }\n"
                "std::span<const Union> unions() { return union_table; }\n\n"
                "}  // namespace tgkit::telegram::schema\n")

    def _cut(self, name, rows):
        if not rows:
            return "{}"
        key = (name, tuple(rows))
        if key not in self._seen:
            table = getattr(self, name)
            self._seen[key] = len(table)
            table += rows
        return f"cut({name}, {self._seen[key]}, {len(rows)})"

    def _value(self, ref):
        name = ref.name
        if name in BASIC:
            return f"{{Basic::{BASIC[name]}, {ref.depth}, nullptr, nullptr}}"
        if isinstance(self.schema.types[name], External):
            return f"{{Basic::input_file, {ref.depth}, nullptr, nullptr}}"
        if name in self.object_index:
            return f"{{Basic::object, {ref.depth}, &object_table[{self.object_index[name]}], nullptr}}"
        return f"{{Basic::one_of, {ref.depth}, nullptr, &union_table[{self.union_index[name]}]}}"

    def _values(self, refs):
        return self._cut("values", [self._value(r) for r in refs])

    @staticmethod
    def _range(bounds):
        return f"{{{bounds[0]}, {bounds[1]}}}" if bounds else "{}"

    def _limits(self, f):
        if not (f.limits or f.also or f.range_by or f.charset):
            return "nullptr"
        by = f.range_by or ("", {})
        dependent = [f"{{{string(by[0])}, {string(v)}, {self._range(r)}}}" for v, r in by[1].items()]
        row = ", ".join([*(self._range(f.limits.get(k)) for k in ("len", "bytes", "items", "range")),
                         self._cut("numbers", [str(n) for n in f.also]), self._cut("dependent", dependent),
                         string(f.charset or "")])
        row = "{" + row + "}"
        if row not in self.limits:
            self.limits.append(row)
        return f"&limits[{self.limits.index(row)}]"

    def _field(self, f):
        def plain(value):
            return value if isinstance(value, str) else json.dumps(value)

        known = self._cut("texts", [string(plain(v)) for v in f.enum])
        flags = ", ".join("true" if v else "false" for v in (f.required, f.int64, f.parsed))
        return (f"{{{string(f.name)}, {self._values(f.types)}, {flags}, File::{f.file or 'none'}, "
                f"{string(plain(f.const or ''))}, {known}, {string('' if f.default is None else plain(f.default))}, "
                f"{self._limits(f)}}}")

    def _fields(self, fields):
        return self._cut("fields", [self._field(f) for f in fields])

    def _object(self, t):
        return f"    {{{string(t.name)}, Direction::{DIRECTION[t.direction]}, {self._fields(t.fields)}}},\n"

    def _union(self, t):
        rows = [f"{{Member::Kind::{m.kind}, {string(m.value)}, {string(m.key)}, {self._value(m.target)}}}"
                for m in t.members]
        discriminator = "" if t.discriminator == "key" else t.discriminator
        return (f"    {{{string(t.name)}, Direction::{DIRECTION[t.direction]}, {string(discriminator)}, "
                f"{self._cut('members', rows)}, {'false' if t.local else 'true'}}},\n")

    def _method(self, c):
        return (f"    {{{string(c.name)}, {self._values(c.returns)}, {self._fields(c.fields)}, "
                f"{self._cut('texts', [string(a) for a in c.attach])}}},\n")
