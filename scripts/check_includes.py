#!/usr/bin/env python3
"""Checks that includes point only in the allowed directions. Usage: scripts/check_includes.py [ROOT]"""
import pathlib
import re
import sys

# folder -> the folders it may include besides itself. The longest matching prefix of a path is its folder.
ALLOWED = {
    "tgkit/async": [],
    "tgkit/json": [],
    "tgkit/net": ["tgkit/async"],
    "tgkit/ops": ["tgkit/async", "tgkit/net"],
    "tgkit/storage": ["tgkit/async", "tgkit/net"],
    "tgkit/telegram": ["tgkit/async", "tgkit/json", "tgkit/net"],
    "tgkit/bot": ["tgkit/async", "tgkit/json", "tgkit/net", "tgkit/ops", "tgkit/storage", "tgkit/telegram"],
    "dmarket/trading": ["dmarket"],
    "dmarket": ["tgkit/async", "tgkit/json", "tgkit/net"],
    "app": ["tgkit", "dmarket"],
    "sandbox": ["tgkit/async", "tgkit/json", "tgkit/net", "tgkit/ops", "tgkit/telegram", "dmarket"],
    "examples": ["tgkit"],
    "bench": ["tgkit", "dmarket", "app"],
    "fuzz": ["tgkit", "dmarket", "app", "sandbox"],
    "tests": ["tgkit", "dmarket", "app", "sandbox", "tests"],
    "cmake": [],
}
# dmarket/trading is pure: it never waits, logs or reads a clock.
TRADING_MAY_USE = {"dmarket/money.hpp", "dmarket/fee_rate.hpp"}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)
PURE_FORBIDDEN = re.compile(r"co_await|spdlog|system_clock::now|steady_clock::now|boost/asio")


def folder_of(path):
    candidates = [name for name in ALLOWED if path == name or path.startswith(name + "/")]
    return max(candidates, key=len) if candidates else None


def problems(root):
    found = []
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.suffix not in (".hpp", ".cpp") or name.startswith(("build", ".git")) or "node_modules" in name:
            continue
        folder = folder_of(name)
        if folder is None:
            found.append(f"{name}: stands in no folder that scripts/check_includes.py knows")
            continue
        text = path.read_text(errors="replace")
        if folder == "dmarket/trading" and PURE_FORBIDDEN.search(text):
            found.append(f"{name}: dmarket/trading must not wait, log or read a clock")
        for target in INCLUDE.findall(text):
            target_folder = folder_of(target)
            if target_folder is None:
                found.append(f'{name}: "{target}" is not given by its full path from the root')
            elif target_folder == "dmarket" and folder == "dmarket/trading" and target not in TRADING_MAY_USE:
                found.append(f"{name}: dmarket/trading must not include {target}")
            elif not any((target_folder + "/").startswith(base + "/") for base in [folder, *ALLOWED[folder]]):
                found.append(f"{name}: {folder} must not include {target}")
    return found


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent).resolve()
    found = problems(root)
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
