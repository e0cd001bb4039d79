"""Writes the C++ of the Bot API's types and calls from ../schema.

  generate.py --list OUT    prints the files it will write below OUT, one per line, without writing
  generate.py --inputs      prints the files it reads, itself included
  generate.py OUT           writes those whose content changes
"""

import pathlib
import sys

sys.dont_write_bytecode = True

import emit_calls
import emit_table
import emit_types
from cpp import Model
from schema import Schema


def outputs(model):
    files = {
        "fwd.hpp": emit_types.forward_header(model),
        "types.hpp": emit_types.all_types_header(model),
        "types/update_kind.hpp": emit_types.update_kind_header(model),
        "constants.hpp": emit_types.constants_header(model),
        "json_types.hpp": emit_types.tables_header(model),
    }
    for group in model.groups:
        files[f"types/{group}.hpp"] = emit_types.group_header(model, group)
    for number, groups in enumerate(emit_types.source_groups(model), 1):
        files[f"types_{number}.cpp"] = emit_types.types_source(model, groups)
    calls = emit_calls.groups_of(model)
    files["calls.hpp"] = emit_calls.all_calls_header(calls)
    files["api.hpp"] = emit_calls.api_header(calls)
    for group, members in calls.items():
        files[f"calls/{group}.hpp"] = emit_calls.group_header(model, members)
    for number, groups in enumerate(emit_calls.source_groups(calls), 1):
        files[f"calls_{number}.cpp"] = emit_calls.calls_source(model, calls, groups)
    for number in range(emit_calls.RESULT_SOURCES):
        files[f"results_{number + 1}.cpp"] = emit_calls.results_source(model, number)
    files["schema_data.cpp"] = emit_table.Table(model.schema).text()
    return files


def write_changed(path, text):
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def main(arguments):
    generator = pathlib.Path(__file__).resolve().parent
    folder = generator.parent / "schema"
    if arguments == ["--inputs"]:
        inputs = [folder / "version", *folder.glob("*/*.schema"), *generator.glob("*.py")]
        print("\n".join(sorted(map(str, inputs))))
        return
    listing = arguments[:1] == ["--list"]
    out = pathlib.Path(arguments[-1])
    schema = Schema(folder)
    for name, text in outputs(Model(schema)).items():
        if listing:
            print(out / name)
        else:
            write_changed(out / name, text)


if __name__ == "__main__":
    main(sys.argv[1:])
