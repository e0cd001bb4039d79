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
MATCH = re.compile(r'^(.*?:\d+:\d+): note: "(temporary|braces|conditional|range)" binds here', re.M)


# A coroutine, or a range-for over what a call of a call gives: reading everything would take ten times as long.
SUSPECT = re.compile(r"co_await|\bfor \([^;{}]* : [^;{}]*\)\s*\.\s*\w+\(")


def suspects(build):
    compiled = {pathlib.Path(entry["file"]) for entry in json.loads((build / "compile_commands.json").read_text())}
    folders = {path.parent for path in compiled if path.is_relative_to(ROOT) and not path.is_relative_to(build)}
    headers = {path for folder in folders for path in folder.glob("*.hpp")}
    for path in compiled | headers:
        if path.parent in folders and SUSPECT.search(path.read_text(errors="replace")):
            yield path


def matches(build, source):
    run = subprocess.run(
        ["clang-query-19", "-f", str(ROOT / "scripts/coroutine_lint.query"), "-p", str(build), str(source)],
        capture_output=True, text=True)
    failed = run.returncode != 0 or "error:" in run.stderr + run.stdout
    if failed:
        return [f"{source}: clang-query-19 could not read it:\n{run.stderr[-2000:]}{run.stdout[-500:]}"]
    return [f"{place}: {kind}" for place, kind in MATCH.findall(run.stdout)]


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    build = pathlib.Path(sys.argv[1]).resolve()
    sources = sorted(suspects(build))
    if not sources:
        print(f"nothing to look at found in {build}/compile_commands.json", file=sys.stderr)
        return 1
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = {line for lines in pool.map(lambda source: matches(build, source), sources) for line in lines}
    for line in sorted(found):
        print(line, file=sys.stderr)
    print(f"coroutine lint: {len(sources)} files, {len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
