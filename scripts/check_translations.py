#!/usr/bin/env python3
"""Every text of the program has a translation in every catalogue, no translation is fuzzy or left over, and its
placeholders are those of the original."""
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PLACEHOLDER = re.compile(r"\{\d\}")
ENTRY = re.compile(r'^(msgid|msgid_plural|msgstr(?:\[\d\])?) ((?:"(?:[^"\\]|\\.)*"\n?)+)', re.M)


def texts(po):
    """Entries as lists of (keyword, text)."""
    entries, current = [], []
    for keyword, quoted in ENTRY.findall(po):
        text = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', quoted))
        if keyword == "msgid" and current:
            entries.append(current)
            current = []
        current.append((keyword, text))
    return entries + [current] if current else entries


# The sentences and figures of decisions stand in tables; the bot translates them by their English text.
TABLES = {
    "dmarket/trading/refusal.cpp": r'\{Refusal::\w+,\s*"\w+",\s*"([^"]+)"\}',
    "dmarket/trading/guards.cpp": r'^ +"([^"]+)", +//',
    "dmarket/trading/figures.cpp": r'Described\{Figure::\w+, "(\w+)"',
    "dmarket/trading/outbid.cpp": r'^    \{"\w+", "([^"]+)"\}',
    "dmarket/trading/reprice.cpp": r'^    \{"\w+", "([^"]+)"\}',
    "app/trader/bidding.cpp": r'(?:reason\.rule|standing), "([^"]+)"',
    "app/trader/stops.cpp": r'^    \{"\w+", "([^"]+)"\}',
}


def decision_texts():
    """A C++ source that names them all, for xgettext."""
    lines = []
    for name, row in TABLES.items():
        found = re.findall(row, (ROOT / name).read_text(), re.M)
        if not found:
            sys.exit(f"{name}: no texts found")
        lines += [f'tr("{text.replace("_", " ")}");\n' for text in found]
    return "".join(lines)


def placeholder_problems(catalogue):
    for entry in texts(catalogue.read_text()):
        if not entry[0][1]:
            continue
        wanted = set().union(*(PLACEHOLDER.findall(text) for keyword, text in entry if keyword.startswith("msgid")))
        for keyword, text in entry:
            if keyword.startswith("msgstr") and not set(PLACEHOLDER.findall(text)) <= wanted:
                yield f"{catalogue.name}: {entry[0][1]!r}: the translation names a placeholder the original has not"
            plain = keyword == "msgstr"
            if plain and set(PLACEHOLDER.findall(text)) != wanted:
                yield f"{catalogue.name}: {entry[0][1]!r}: placeholders differ"


def main():
    sources = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "app").rglob("*.[ch]pp"))
    catalogues = sorted((ROOT / "app/locale").glob("*.po"))
    if not catalogues:
        print("app/locale holds no catalogue", file=sys.stderr)
        return 1
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        template = pathlib.Path(folder) / "texts.pot"
        decisions = pathlib.Path(folder) / "decisions.cpp"
        decisions.write_text(decision_texts())
        subprocess.run(["xgettext", "--language=C++", "--from-code=UTF-8", "--keyword=tr", "--keyword=tr_n:1,2",
                        "--keyword=msgid", "--keyword=note:2", "--no-location", "-o", str(template), *sources, str(decisions)],
                       cwd=ROOT, check=True)
        found = len(texts(template.read_text())) - 1
        for catalogue in catalogues:
            subprocess.run(["msgfmt", "--check", "-o", "/dev/null", str(catalogue)], check=True)
            compare = subprocess.run(["msgcmp", str(catalogue), str(template)], capture_output=True, text=True)
            if compare.returncode:
                problems.append(compare.stderr)
            problems += placeholder_problems(catalogue)
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"translations: {found} texts, {len(catalogues)} catalogues, {len(problems)} problems")
    return 1 if problems or found == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
