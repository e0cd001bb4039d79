#!/usr/bin/env python3
"""Finds what g++ 12.2 compiles into something else than clang: coroutine shapes, and temporaries of a range-for that die
before its body. Usage: scripts/coroutine_lint.py BUILD_DIR (made with clang)"""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHAPES = ROOT / "tests/lint/shapes.cpp"
MATCH = re.compile(r'^(.*?:\d+):\d+: note: "(temporary|braces|conditional|condition|range)" binds here', re.M)
# A coroutine, or a range-for over what a call of a call gives: reading everything would take ten times as long.
SUSPECT = re.compile(r"co_await|\bfor \([^;{}]* : [^;{}]*\)\s*\.\s*\w+\(")


def suspects(build):
    compiled = {pathlib.Path(entry["file"]) for entry in json.loads((build / "compile_commands.json").read_text())}
    folders = {path.parent for path in compiled if path.is_relative_to(ROOT) and not path.is_relative_to(build)}
    headers = {path for folder in folders for path in folder.glob("*.hpp")}
    for path in compiled | headers:
        if path.parent in folders and SUSPECT.search(path.read_text(errors="replace")):
            yield path


def matches(source, *flags):
    """Places and kinds, or what kept clang-query from reading the source."""
    run = subprocess.run(["clang-query-19", "-f", str(ROOT / "scripts/coroutine_lint.query"), str(source), *flags],
                         capture_output=True, text=True)
    if run.returncode != 0 or "error:" in run.stderr + run.stdout:
        return {f"{source}: clang-query-19 could not read it:\n{run.stderr[-2000:]}{run.stdout[-500:]}"}
    return {f"{place}: {kind}" for place, kind in MATCH.findall(run.stdout)}


def own_test():
    """What the lint does not find of its shapes, or finds beside them."""
    lines = SHAPES.read_text().splitlines()
    wanted = {f"{SHAPES}:{number}: {found.group(1)}" for number, line in enumerate(lines, 1)
              if (found := re.search(r"// finds: (\w+)", line))}
    found = matches(SHAPES, "--", "-std=c++23", f"-I{ROOT}", "-DBOOST_ASIO_SEPARATE_COMPILATION")
    return [f"{line} (not found)" for line in wanted - found] + [f"{line} (not wanted)" for line in found - wanted]


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    build = pathlib.Path(sys.argv[1]).resolve()
    sources = sorted(suspects(build))
    if not sources:
        print(f"nothing to look at found in {build}/compile_commands.json", file=sys.stderr)
        return 1
    blind = own_test()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = {line for lines in pool.map(lambda source: matches(source, "-p", str(build)), sources) for line in lines}
    for line in blind + sorted(found):
        print(line, file=sys.stderr)
    print(f"coroutine lint: {len(sources)} files, {len(found)} findings")
    return 1 if found or blind else 0


if __name__ == "__main__":
    sys.exit(main())
