"""
How well and how fast drafts are screened: `make bench-screening`.

Precision: of the findings of a kind, how many a lawyer expected. Recall: of those expected, how
many were found. Drafts: tests/rules/drafts/. Times are medians over them, whole screening; a time
in milliseconds means something only with the machine, so it is also given as a part of a fixed
loop, run at the same time by the same interpreter.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from requests_mla.rulebook import build
from requests_mla.rules import book as books
from requests_mla.rules import engine
from requests_mla.rules.book import Book
from tests.rules.drafts_at_random import draft
from tests.rules.engines import in_node
from tests.rules.fixtures import FOUND, Fixture, fixtures, found

SEVERITIES = ("blocks", "should_fix", "advice")
ROUNDS = 5


def main(arguments: Sequence[str]) -> int:
    """Print precision, recall and times; with `-v` also every finding that was not expected."""
    _, problems = build.build()
    if problems:
        print("The rulebook has problems: manage.py rulebook check")
        return 1
    book = books.read(build.SERVER.read_bytes())
    drafts = list(fixtures())
    print(f"Rulebook {book.version[:16]}: {len(book.rules)} rules; {len(drafts)} drafts\n")
    _quality(book, drafts, tell="-v" in arguments)
    _speed(book, drafts)
    return 0


def _quality(book: Book, drafts: Sequence[Fixture], *, tell: bool) -> None:
    severity = {rule.id: rule.severity for rule in book.rules}
    wanted, got = set(), set()
    for one in drafts:
        wanted |= {(one.file, rule, out) for rule, out in one.expect.items() if out in FOUND}
        got |= {(one.file, rule, out) for rule, out in found(book, one).items() if out in FOUND}
    print(f"{'severity':12}{'outcome':9}{'expected':>9}{'found':>7}{'precision':>11}{'recall':>8}")
    for level in (*SEVERITIES, "all"):
        for outcome in (engine.FAILED, engine.ASK):

            def of(
                findings: set[tuple[str, str, str]], level: str = level, outcome: str = outcome
            ) -> set[tuple[str, str, str]]:
                return {
                    one
                    for one in findings
                    if one[2] == outcome and level in ("all", severity.get(one[1]))
                }

            expected, seen = of(wanted), of(got)
            right = len(expected & seen)
            precision = f"{right / len(seen):.3f}" if seen else "-"
            recall = f"{right / len(expected):.3f}" if expected else "-"
            counts = f"{len(expected):9}{len(seen):7}"
            print(f"{level:12}{outcome:9}{counts}{precision:>11}{recall:>8}")
    if tell:
        for sign, ones in (("not expected", got - wanted), ("not found", wanted - got)):
            for file, rule, outcome in sorted(ones):
                print(f"{sign}: {file} {rule} {outcome}")


def _speed(book: Book, drafts: Sequence[Fixture]) -> None:
    chosen = [(one.draft, one.stage) for one in drafts] or [draft(book, n) for n in range(40)]
    whole = statistics.median(
        _milliseconds(lambda one=one, stage=stage: engine.screen(book, one, stage=stage))
        for _ in range(ROUNDS)
        for one, stage in chosen
    )
    own = statistics.median(_milliseconds(_reference) for _ in range(ROUNDS))
    node = json.loads(in_node(build.SERVER, [[one for one, _ in chosen]], "bench")[0])
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    load = os.getloadavg()[0]
    print(f"\n{platform.machine()}, {os.cpu_count()} processors, load {load:.1f}")
    python = f"Python {platform.python_version()}"
    print(f"{python:16} whole draft {whole:7.2f} ms = {whole / own:.3f} of the fixed loop")
    for title, key in (
        ("whole draft", "whole"),
        ("a word typed", "typed"),
        ("first draft", "first"),
    ):
        ratio = node[key] / node["reference"]
        name = f"Node {version.stdout.strip()}"
        print(f"{name:16} {title:11} {node[key]:7.2f} ms = {ratio:.3f} of the fixed loop")


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def _reference() -> int:
    """Return the end of the loop that run.mjs counts too: 3,000,000 steps."""
    total = 0
    for number in range(3_000_000):
        total = (total * 31 + number) % 1_000_003
    return total


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
