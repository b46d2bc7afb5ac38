"""
Make the rulebook that servers and browsers read, out of the lawyers' files.

`manage.py rulebook build`; without Django: `python -m requests_mla.rulebook.build`. One document,
written twice: beside this file for the server, into the front end's sources for the browser. With
`--check` nothing is written: what lies there is compared with the files.
"""

from __future__ import annotations

import sys

from ..rules import book as book_module
from .check import check
from .load import compile_sources, compiled
from .source import ROOT, Problem, read

SERVER = ROOT / "compiled.json"
BROWSER = ROOT.parents[1] / "frontend" / "src" / "rules" / "rulebook.json"


def build() -> tuple[str, list[Problem]]:
    """Write the files, unless something is wrong; return the version and the problems."""
    document, problems, _ = check()
    content = compiled(document)
    if not problems:
        SERVER.write_bytes(content)
        BROWSER.write_bytes(content)
    return book_module.version(content), problems


def stale() -> list[str]:
    """Return which compiled files are missing, or are not what the lawyers' files say now."""
    sources, problems = read()
    document, more = compile_sources(sources)
    if problems or more:
        return ["the lawyers' files"]  # what is wrong in them, `rulebook check` says
    content = compiled(document)
    places = {path: path.read_bytes() if path.exists() else b"" for path in (SERVER, BROWSER)}
    return [path.name for path, there in places.items() if there != content]


def look() -> int:
    """Say whether servers and browsers would read what the files say."""
    names = stale()
    if names:
        print(f"The compiled rulebook is out of date ({', '.join(names)}): run make fix")  # noqa: T201
    return 1 if names else 0


def main() -> int:
    """Build, and say what keeps it from being built."""
    version, problems = build()
    for problem in problems:
        print(problem)  # noqa: T201 - it talks to a person
    print("Nothing built: correct these first." if problems else f"Rulebook {version}")  # noqa: T201
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(look() if sys.argv[1:] == ["--check"] else main())
