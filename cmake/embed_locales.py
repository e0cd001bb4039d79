#!/usr/bin/env python3
"""Writes a C++ source that holds compiled message catalogues. Usage: embed_locales.py OUT.cpp FILE.mo..."""
import pathlib
import sys


def main():
    out, *files = sys.argv[1:]
    names = [pathlib.Path(name).stem for name in files]
    lines = ['#include "app/locale_files.hpp"', "", "namespace app {", "namespace {", ""]
    for name, path in zip(names, files):
        data = pathlib.Path(path).read_bytes()
        lines.append(f"constexpr unsigned char {name}_mo[] = {{")
        for at in range(0, len(data), 24):
            lines.append("    " + "".join(f"{byte}," for byte in data[at:at + 24]))
        lines.append("};")
    lines += ["", "const LocaleFile files[] = {"]
    for name in names:
        lines.append(f'    {{"{name}", {{reinterpret_cast<const char*>({name}_mo), sizeof {name}_mo}}}},')
    lines += ["};", "", "}  // namespace", "", "std::span<const LocaleFile> locale_files() { return files; }", "",
              "}  // namespace app", ""]
    pathlib.Path(out).write_text("\n".join(lines))


if __name__ == "__main__":
    main()
