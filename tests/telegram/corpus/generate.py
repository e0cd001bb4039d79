"""Writes the decoding corpus from the schema: every type with each of its fields, every member of every union.

  generate.py GENERATOR_FOLDER SCHEMA_FOLDER OUT

OUT/corpus.txt: one line per value, the type's name, a blank, the JSON as Telegram's server writes it (ASCII only).
OUT/corpus_types.inc: TYPE(Name) for every type.
"""

import json
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])

from schema import External, Object, Schema, Union  # noqa: E402

TEXTS = ["plain", "\u0426\u0435\u043d\u0430: 12 \u20ac", "\U0001f600 astral", 'quote " slash \\ / tab \t line \n', ""]


class Corpus:
    def __init__(self, schema):
        self.schema = schema
        self.count = 0

    def lines(self):
        for block in self.schema.types.values():
            if isinstance(block, Object):
                yield block.name, self.object(block, [])
                for field in block.fields:
                    yield block.name, self.object(block, [], field)
                if len(block.fields) < 60:
                    yield block.name, self.object(block, [], everything=True)
            elif isinstance(block, Union):
                for member in block.members:
                    yield block.name, self.member(member, [])
        for field in self.schema.types["Update"].fields:
            if field.name != "update_id":
                block = self.schema.types[field.types[0].name]
                yield "Update", {"update_id": self.integer(), field.name: self.object(block, [], everything=True)}

    def object(self, block, stack, extra=None, everything=False):
        stack = [*stack, block.name]
        return {f.name: self.field(block, f, stack) for f in block.fields if f.required or f is extra or everything}

    def member(self, member, stack):
        if member.kind == "string":
            return self.text()
        if member.kind == "array":
            return [self.text(), self.text()]
        value = self.object(self.schema.types[member.target.name], stack)
        if member.value == "0":
            value["date"] = 0
        return value

    def field(self, block, field, stack):
        if field.const is not None:
            return field.const
        if field.enum:
            return field.enum[self.next() % len(field.enum)]
        if block.name == "Message" and field.name == "date":
            return 1790000000
        if len(field.types) > 1:  # a chat: its id or its name
            return self.integer() if self.next() % 2 else "@channel"
        return self.value(field.types[0], stack)

    def value(self, ref, stack, depth=None):
        depth = ref.depth if depth is None else depth
        if depth:
            deep = len(stack) > 4 or ref.name in stack
            if len(stack) > 8 or stack.count(ref.name) > 1:
                return []
            return [self.value(ref, stack, depth - 1) for _ in range(1 if deep else 2)]
        if ref.name == "String":
            return self.text()
        if ref.name == "Integer":
            return self.integer()
        if ref.name == "Float":
            return [0.5, -12.25, 55.755826, 3][self.next() % 4]
        if ref.name in ("Boolean", "True"):
            return ref.name == "True" or self.next() % 2 == 0
        block = self.schema.types[ref.name]
        if isinstance(block, Object):
            return self.object(block, stack)
        if isinstance(block, Union):
            members = [m for m in block.members if m.kind == "string" or m.target.name not in stack]
            return self.member(members[self.next() % len(members)] if len(stack) < 4 else members[0], [*stack, ref.name])
        assert isinstance(block, External)
        return self.text()

    def next(self):
        self.count += 1
        return self.count

    def text(self):
        return TEXTS[self.next() % len(TEXTS)]

    def integer(self):
        return [7, -1001234567890, 2**52 - 1, 0, -(2**63), 2**63 - 1, 1790000000][self.next() % 7]


def main():
    schema = Schema(sys.argv[2])
    out = pathlib.Path(sys.argv[3])
    lines = [f"{name} {json.dumps(value, separators=(',', ':'))}\n" for name, value in Corpus(schema).lines()]
    (out / "corpus.txt").write_text("".join(lines))
    names = [t.name for t in schema.types.values() if not isinstance(t, External)]
    (out / "corpus_types.inc").write_text("".join(f"TYPE({n})\n" for n in names))


if __name__ == "__main__":
    main()
