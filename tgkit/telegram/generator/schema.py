"""Reads the schema files; their notation is described in ../schema/README.md."""

import json
import pathlib
import re


class SchemaError(Exception):
    pass


class Ref:
    """One alternative of a field's type: a basic type or a name, inside `depth` arrays."""

    def __init__(self, text):
        self.depth = 0
        while text.startswith("["):
            text = text[1:-1]
            self.depth += 1
        self.name = text

    def __repr__(self):
        return "[" * self.depth + self.name + "]" * self.depth


class Field:
    def __init__(self, line):
        name, _, rest = line.partition(" ")
        self.required = name.endswith("!")
        self.name = name.rstrip("!")
        words = split_words(rest)
        self.types = [Ref(t) for t in words[0].split("|")]
        self.int64 = self.parsed = False
        self.const = self.file = self.charset = self.default = None
        self.enum = []
        self.limits = {}  # len, bytes, items, range -> (minimum, maximum)
        self.also = []
        self.range_by = None  # (field, {value: (minimum, maximum)})
        for word in words[1:]:
            self._add(word)

    def _add(self, word):
        key, eq, value = word.partition("=")
        if word in ("int64", "parsed"):
            setattr(self, word, True)
        elif word.startswith("="):
            self.const = literal(word[1:])
        elif word.startswith("{"):
            self.enum = [literal(v) for v in word[1:-1].split("|")]
        elif key in ("len", "bytes", "items", "range"):
            self.limits[key] = bounds(value)
        elif key == "also":
            self.also = [int(v) for v in value.split(",")]
        elif key == "range_by":
            field, _, ranges = value.partition(":")
            self.range_by = (field, {k: bounds(v) for k, v in (r.split(":") for r in ranges.split(","))})
        elif key in ("charset", "file"):
            setattr(self, key, value)
        elif key == "default":
            self.default = literal(value)
        else:
            raise SchemaError(f"unknown word {word!r}")


class Object:
    def __init__(self, name, direction, group):
        self.name, self.direction, self.group = name, direction, group
        self.fields = []


class Member:
    def __init__(self, line):
        mark, target = line.split()
        self.target = Ref(target)
        self.kind = {"(string)": "string", "(array)": "array"}.get(mark, "object")
        self.value, _, self.key = mark.partition("+")


class Union:
    def __init__(self, name, direction, group, discriminator, local):
        self.name, self.direction, self.group, self.local = name, direction, group, local
        self.discriminator = discriminator  # "key": by the keys that are present
        self.members = []


class External:
    def __init__(self, name, direction, group):
        self.name, self.direction, self.group = name, direction, group


class Call:
    def __init__(self, name, returns, attach, group):
        self.name, self.group, self.attach = name, group, attach
        self.returns = [Ref(t) for t in returns.split("|")]
        self.fields = []


class Schema:
    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.version, self.release_date = (folder / "version").read_text().split()
        self.types, self.calls = {}, {}
        self.includes = {}  # group of types -> groups whose headers its header includes for convenience
        for path in sorted((folder / "types").glob("*.schema")):
            self._read(path, self.types)
        for path in sorted((folder / "calls").glob("*.schema")):
            self._read(path, self.calls)
        self._check()

    def _read(self, path, into):
        block = None
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                if not line.strip() or line.startswith("#"):
                    continue
                if line.startswith("with "):
                    self.includes[path.stem] = line.split()[1:]
                    continue
                if line.startswith("  "):
                    if isinstance(block, Union):
                        block.members.append(Member(line.strip()))
                    else:
                        block.fields.append(Field(line.strip()))
                    continue
                block = head(line, path.stem)
                if block.name in into:
                    raise SchemaError(f"{block.name} stands twice")
                into[block.name] = block
            except (SchemaError, ValueError, AttributeError, IndexError) as error:
                raise SchemaError(f"{path}:{number}: {error}") from error

    def _check(self):
        basic = {"String", "Integer", "Float", "Boolean", "True"}
        for block in [*self.types.values(), *self.calls.values()]:
            refs = [r for f in getattr(block, "fields", []) for r in f.types]
            refs += [m.target for m in getattr(block, "members", [])] + getattr(block, "returns", [])
            for ref in refs:
                if ref.name not in basic and ref.name not in self.types:
                    raise SchemaError(f"{block.name} names the unknown type {ref.name}")

    def objects(self):
        return [t for t in self.types.values() if isinstance(t, Object)]

    def unions(self):
        return [t for t in self.types.values() if isinstance(t, Union)]


def head(line, group):
    words = line.split()
    if words[0] == "type":
        return Object(words[1], words[2], group)
    if words[0] in ("union", "local"):
        return Union(words[1], words[2], group, words[4], words[0] == "local")
    if words[0] == "external":
        return External(words[1], words[2], group)
    if words[0] == "call":
        attach = [w[len("attach=") :].split(",") for w in words[4:] if w.startswith("attach=")]
        return Call(words[1], words[3], attach[0] if attach else [], group)
    raise SchemaError(f"unknown block {words[0]!r}")


def split_words(text):
    """Words are apart by blanks, except inside quotes and braces."""
    return re.findall(r'(?:[^\s"{]|"(?:[^"\\]|\\.)*"|\{[^}]*\})+', text)


def literal(text):
    if text.startswith('"') or re.fullmatch(r"-?\d+(\.\d+)?|true|false", text):
        return json.loads(text)
    return text


def bounds(text):
    low, high = text.split("..")
    return int(low), int(high)
