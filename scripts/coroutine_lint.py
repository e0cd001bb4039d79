#!/usr/bin/env python3
"""Finds coroutine shapes that g++ 12.2 miscompiles. Usage: scripts/coroutine_lint.py BUILD_DIR (made with clang)"""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MATCH = re.compile(r'^(.*?:\d+:\d+): note: "(temporary|braces|conditional)" binds here', re.M)


def coroutine_sources(build):
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = pathlib.Path(entry["file"])
        if path.is_relative_to(ROOT) and not path.is_relative_to(build) and "co_await" in path.read_text(errors="replace"):
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
    sources = sorted(set(coroutine_sources(build)))
    if not sources:
        print(f"no coroutine found in {build}/compile_commands.json", file=sys.stderr)
        return 1
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = [line for lines in pool.map(lambda source: matches(build, source), sources) for line in lines]
    for line in sorted(set(found)):
        print(line, file=sys.stderr)
    print(f"coroutine lint: {len(sources)} files, {len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
