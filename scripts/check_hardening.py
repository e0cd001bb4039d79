#!/usr/bin/env python3
"""Whether the shipped programs are hardened as cmake/hardening.cmake says: read from the files themselves by readelf.
Names each that lacks something, and what."""
import pathlib
import platform
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAMS = ("dmarket-bot", "sandbox")
LANDING_PAD = bytes.fromhex("f30f1efa")  # endbr64
LEAST_LANDING_PADS = 100  # every function that may be called by its address begins with one


def readelf(option, program):
    return subprocess.run(["readelf", "-W", option, str(program)], check=True, capture_output=True, text=True).stdout


def lacks(program):
    head, segments = readelf("-h", program), readelf("-l", program)
    dynamic, symbols = readelf("-d", program), readelf("--dyn-syms", program)
    checks = {
        "position-independent": re.search(r"Type:\s+DYN", head) and "INTERP" in segments,
        "read-only relocations (RELRO)": "GNU_RELRO" in segments,
        "no lazy binding (BIND_NOW)": re.search(r"BIND_NOW|FLAGS_1.*NOW", dynamic),
        "stack that is not executable": re.search(r"GNU_STACK.*\sRW\s", segments),
        "stack protector": "__stack_chk_fail" in symbols,
        "checked calls of libc (FORTIFY)": re.search(r"__\w+_chk@", symbols.replace("__stack_chk_fail", "")),
        "checked library containers (_GLIBCXX_ASSERTIONS)": "__glibcxx_assert_fail" in symbols,
        "no text relocations": "TEXTREL" not in dynamic,
    }
    if platform.machine() == "x86_64":
        checks["shadow stack (CET)"] = "SHSTK" in readelf("-n", program)
        checks["landing pads for indirect calls (CET)"] = program.read_bytes().count(LANDING_PAD) > LEAST_LANDING_PADS
    return [what for what, there in checks.items() if not there]


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build/release/bin")
    bad = 0
    for program in (folder / name for name in PROGRAMS):
        missing = lacks(program)
        bad += bool(missing)
        print(f"{program.name}: {'lacks ' + ', '.join(missing) if missing else 'hardened'}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
