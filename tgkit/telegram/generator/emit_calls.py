"""Classes of the calls, Api, and the sources behind them."""

from cpp import BASIC, pascal, snake, string
from emit_types import NOTE

SOURCES = 4
RESULT_SOURCES = 3


class Parameter:
    """A parameter of a call: its C++ type in setters, and the statement that writes it."""

    def __init__(self, field):
        self.name, self.required = field.name, field.required
        self.object = None  # name of the type it is made of
        ref = field.types[0]
        key = f'draft().key("{field.name}")'
        names = {r.name for r in field.types}
        self.moved, self.default = False, ""
        if "InputFile" in names:
            self.ctype, self.moved = "InputFile", True
            self.write = f'draft().file("{field.name}", std::move({{}}));'
        elif names == {"Integer", "String"}:
            self.ctype, self.write = "const ChatId&", f"json::append_chat_id({key}, {{}});"
        elif len(field.types) > 1:
            raise ValueError(f"{field.name}: alternatives without a name")
        elif ref.name in BASIC:
            self._basic(ref, key)
        else:
            self.object = ref.name
            self.ctype = f"const {'std::vector<' * ref.depth}{ref.name}{'>' * ref.depth}&"
            function = ["write", "write_items"][ref.depth]
            self.write = f"json::{function}({key}, &{{}}, {ref.name}::json_type(), &draft().files());"

    def _basic(self, ref, key):
        if ref.depth:
            self.ctype = f"const std::vector<{BASIC[ref.name]}>&"
            function = {"String": "append_strings", "Integer": "append_integers"}[ref.name]
        else:
            self.ctype = "std::string_view" if ref.name == "String" else BASIC[ref.name]
            function = {"String": "append_string", "Integer": "append_integer", "Float": "append_number"}.get(
                ref.name, "append_boolean")
            if function == "append_boolean":
                self.default = " = true"
        self.write = f"json::{function}({key}, {{}});"

    def declaration(self, name, default=False):
        gap = "" if self.ctype.endswith("&") else " "
        return f"{self.ctype.rstrip('&')}{'& ' if self.ctype.endswith('&') else gap}{name}{self.default if default else ''}"

    def passed(self, name):
        return f"std::move({name})" if self.moved else name


class CallClass:
    def __init__(self, call):
        self.call, self.name, self.function = call, pascal(call.name), snake(call.name)
        self.parameters = [Parameter(f) for f in call.fields]
        self.required = [p for p in self.parameters if p.required]
        self.optional = [p for p in self.parameters if not p.required]
        self.result = result_type(call.returns)
        names = {p.name for p in self.parameters}
        self.shorthands = []
        if "parse_mode" in names:
            self.shorthands += [("html", "", 'parse_mode("HTML")'), ("markdown", "", 'parse_mode("MarkdownV2")')]
        if "disable_notification" in names:
            self.shorthands.append(("silent", "bool on = true", "disable_notification(on)"))

    def signature(self):
        return ", ".join(p.declaration(p.name) for p in self.required)


def result_type(returns):
    names = [r.name for r in returns]
    if names == ["Message", "True"]:
        return "Box<Message>"  # null: the server answered true, the message is not ours to see
    if len(returns) != 1:
        raise ValueError(f"a result of {names}")
    ref = returns[0]
    return "std::vector<" * ref.depth + BASIC.get(ref.name, ref.name) + ">" * ref.depth


def result_object(call):
    return call.returns[0].name if call.returns[0].name not in BASIC else None


def groups_of(model):
    groups = {}
    for call in model.schema.calls.values():
        if pascal(call.name) in model.types:
            raise ValueError(f"{call.name} is called like a type")
        groups.setdefault(call.group, []).append(CallClass(call))
    return groups


def class_text(c):
    explicit = "explicit " if len(c.required) == 1 else ""
    out = f"\nclass [[nodiscard]] {c.name} : public Call<{c.result}> {{\n public:\n  {explicit}{c.name}({c.signature()});\n"
    for p in c.optional:
        out += (f"  {c.name}& {p.name}({p.declaration('value', True)}) &;\n"
                f"  {c.name}&& {p.name}({p.declaration('value', True)}) && "
                f"{{ return std::move({p.name}({p.passed('value')})); }}\n")
    for name, parameter, expression in c.shorthands:
        out += (f"  {c.name}& {name}({parameter}) & {{ return {expression}; }}\n"
                f"  {c.name}&& {name}({parameter}) && {{ return std::move({expression}); }}\n")
    return out + "};\n"


def group_header(model, calls):
    body = "".join(map(class_text, calls))
    project = {"call", "fwd"}
    project |= {f"types/{model.group_of(t)}" for t in (result_object(c.call) for c in calls) if t}
    project |= {h for w, h in (("Box<", "box"), ("ChatId", "chat_id"), ("InputFile", "input_file")) if w in body}
    standard = {"utility"} | {h for w, h in (("std::int64_t", "cstdint"), ("std::string_view", "string_view"),
                                             ("std::string>", "string"), ("std::vector", "vector")) if w in body}
    return (NOTE + "#pragma once\n" + "".join(f"#include <{h}>\n" for h in sorted(standard)) + "\n"
            + "".join(f'#include "tgkit/telegram/{h}.hpp"\n' for h in sorted(project))
            + "\nnamespace tgkit::telegram {\n" + body + "\n}  // namespace tgkit::telegram\n")


def all_calls_header(groups):
    return NOTE + "#pragma once\n" + "".join(f'#include "tgkit/telegram/calls/{g}.hpp"\n' for g in sorted(groups))


def api_header(groups):
    calls = [c for g in sorted(groups) for c in groups[g]]
    out = (NOTE + "#pragma once\n// Every call of the Bot API, bound to a client: co_await api.send_message(chat, \"x\").html()\n"
           "// A source that makes a call includes tgkit/telegram/calls/<group>.hpp too.\n"
           "#include <cstdint>\n#include <string>\n#include <string_view>\n#include <utility>\n#include <vector>\n\n"
           '#include "tgkit/telegram/call_options.hpp"\n#include "tgkit/telegram/chat_id.hpp"\n'
           '#include "tgkit/telegram/fwd.hpp"\n#include "tgkit/telegram/input_file.hpp"\n\nnamespace tgkit::telegram {\n\n'
           "class Client;\n")
    out += "".join(f"class {c.name};\n" for c in sorted(calls, key=lambda c: c.name))
    out += ("\n// Cheap to copy. The client must outlive the calls.\nclass Api {\n public:\n"
            "  explicit Api(Client& client) : client_(&client) {}\n"
            "  // `options` hold for every call made through this one.\n"
            "  Api(Client& client, CallOptions options) : client_(&client), options_(std::move(options)) {}\n\n"
            "  Client& client() const { return *client_; }\n")
    for group in sorted(groups):
        out += f"\n  // calls/{group}.hpp\n"
        out += "".join(f"  {c.name} {c.function}({c.signature()}) const;\n" for c in groups[group])
    return out + "\n private:\n  Client* client_;\n  CallOptions options_;\n};\n\n}  // namespace tgkit::telegram\n"


def source_groups(groups):
    weight = {g: sum(3 + len(c.parameters) for c in calls) for g, calls in groups.items()}
    parts = [[] for _ in range(SOURCES)]
    for group in sorted(weight, key=lambda g: (-weight[g], g)):
        min(parts, key=lambda p: sum(weight[g] for g in p)).append(group)
    return [sorted(p) for p in parts]


def definitions(c):
    out = f'{c.name}::{c.name}({c.signature()}) : Call("{c.call.name}") {{\n'
    out += "".join(f"  {p.write.format(p.name)}\n" for p in c.required) + "}\n"
    for p in c.optional:
        out += (f"{c.name}& {c.name}::{p.name}({p.declaration('value')}) & {{\n  {p.write.format('value')}\n"
                f"  return *this;\n}}\n")
    out += (f"{c.name} Api::{c.function}({c.signature()}) const {{\n"
            f"  {c.name} call{{{', '.join(p.passed(p.name) for p in c.required)}}};\n" if c.required else
            f"{c.name} Api::{c.function}() const {{\n  {c.name} call;\n")
    return out + "  call.bind(*client_, options_);\n  return call;\n}\n\n"


def calls_source(model, groups, names):
    calls = [c for n in names for c in groups[n]]
    headers = {f"calls/{n}" for n in names} | {"api", "json_writer"}
    headers |= {f"types/{model.group_of(p.object)}" for c in calls for p in c.parameters if p.object}
    return (NOTE + "".join(f'#include "tgkit/telegram/{h}.hpp"\n' for h in sorted(headers))
            + "\nnamespace tgkit::telegram {\n\n" + "".join(map(definitions, calls)) + "}  // namespace tgkit::telegram\n")


def results_of(model):
    results = {}
    for call in model.schema.calls.values():
        results.setdefault(result_type(call.returns), call)
    return results


def read_expression(result, call):
    name = call.returns[0].name
    if result == "Box<Message>":
        return 'json == "true" ? Box<Message>() : Box<Message>(from_json<Message>(json))'
    if name in BASIC:
        return {"bool": "boolean_from_json(json)", "std::int64_t": "integer_from_json(json)",
                "std::string": "string_from_json(json)"}[result]
    return f"{'array_from_json' if call.returns[0].depth else 'from_json'}<{name}>(json)"


def results_source(model, number):
    """Asio's machinery of coroutines is the dear part of these: they are shared out."""
    results = results_of(model)
    mine = sorted(results)[number::RESULT_SOURCES]
    headers = {"call_run", "json", "box"} | {f"types/{model.group_of(n)}" for n in
                                             (result_object(results[r]) for r in mine) if n}
    out = (NOTE + "".join(f'#include "tgkit/telegram/{h}.hpp"\n' for h in sorted(headers))
           + "\nnamespace tgkit::telegram {\n\n")
    for result in mine:
        out += (f"template <>\n{result} read_result<{result}>(std::string_view json) {{\n"
                f"  return {read_expression(result, results[result])};\n}}\n"
                f"template class Call<{result}>;\n\n")
    return out + "}  // namespace tgkit::telegram\n"
