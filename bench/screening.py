"""
How well and how fast drafts are screened: `make bench-screening`.

A finding is a rule that fails or asks in a draft. Precision: of the findings, how many stand for a
defect that its author listed, who knew the rules and is no lawyer. Recall: of the defects
listed, how many are found; those that no rule looks for count as missed. Drafts and lists:
tests/rules/drafts/. Times are medians over them, whole screening, in Python, in Node and, where
there is a Chromium, in a page under the service's own policy; a time in milliseconds means
something only with the machine, so it is also given as a part of a fixed loop, run at the same
time by the same interpreter.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from playwright.sync_api import sync_playwright

from requests_mla.rulebook import build
from requests_mla.rules import book as books
from requests_mla.rules import engine
from requests_mla.rules.book import Book
from tests.browser.pages import served
from tests.rules.drafts_at_random import draft
from tests.rules.engines import in_node
from tests.rules.fixtures import (
    ALARM,
    MISSED,
    NO_RULE,
    Fixture,
    differences,
    fixtures,
    found,
)
from tools.checks import chromium

SEVERITIES = ("blocks", "should_fix", "advice")
ROUNDS = 5
TIMES = {"whole": "whole draft", "typed": "a word typed", "first": "first draft"}
Pair = tuple[str, str]  # a draft and a rule


def main() -> int:
    """Print precision, recall, misses, false alarms and times."""
    _, problems = build.build()
    if problems:
        print("The rulebook has problems: manage.py rulebook check")
        return 1
    book = books.read(build.SERVER.read_bytes())
    drafts = list(fixtures())
    print(f"Rulebook {book.version[:16]}: {len(book.rules)} rules; {len(drafts)} drafts\n")
    _quality(book, drafts)
    _speed(book, drafts)
    return 0


def _quality(book: Book, drafts: Sequence[Fixture]) -> None:
    """Print precision and recall by severity, and everything on which rules and lists differ."""
    severity = {rule.id: rule.severity for rule in book.rules}
    wanted = {(one.file, rule): one.reasons[rule] for one in drafts for rule in one.expect}
    got = {(one.file, rule) for one in drafts for rule in found(book, one)}
    quiet = sum(len(one.clean_of) for one in drafts)
    print(f"Defects listed: {len(wanted)}; rules named as quiet in a draft: {quiet}")
    print("Drafts and lists were written by somebody who had read the rules: the figures say how")
    print("known defects are met, not how many a stranger's draft would hide.\n")
    print(f"{'severity':12}{'listed':>8}{'found':>7}{'right':>7}{'precision':>11}{'recall':>8}")
    for level in (*SEVERITIES, NO_RULE, "all"):

        def of(findings: Iterable[Pair], level: str = level) -> set[Pair]:
            return {one for one in findings if level in ("all", severity.get(one[1], NO_RULE))}

        expected, seen = of(wanted), of(got)
        right = len(expected & seen)
        precision = f"{right / len(seen):.3f}" if seen else "-"
        recall = f"{right / len(expected):.3f}" if expected else "-"
        counts = f"{len(expected):8}{len(seen):7}{right:7}"
        print(f"{level:12}{counts}{precision:>11}{recall:>8}")
    _differing("Missed", set(wanted) - got, wanted | differences(MISSED))
    _differing("False alarms", got - set(wanted), differences(ALARM))


def _differing(title: str, pairs: set[Pair], reasons: Mapping[Pair, str]) -> None:
    print(f"\n{title}: {len(pairs)}")
    for file, rule in sorted(pairs):
        name = "" if rule.startswith(NO_RULE) else f" {rule}"
        print(f"  {file.removesuffix('.yaml')}{name}: {reasons.get((file, rule), '(new)')}")


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
    theirs = [(f"Node {version.stdout.strip()}", node)]
    if browser := chromium():
        theirs.append(_in_page(browser, [one for one, _ in chosen]))
    load = os.getloadavg()[0]
    print(f"\n{platform.machine()}, {os.cpu_count()} processors, load {load:.1f}")
    python = f"Python {platform.python_version()}"
    print(f"{python:16} whole draft  {whole:6.2f} ms = {whole / own:.3f} of the fixed loop")
    for name, times in theirs:
        for key, title in TIMES.items():
            ratio = times[key] / times["reference"]
            print(f"{name:16} {title:12} {times[key]:6.2f} ms = {ratio:.3f} of the fixed loop")


def _in_page(browser: str, drafts: Sequence[Mapping[str, Any]]) -> tuple[str, dict[str, float]]:
    """Return the browser's name and its times."""
    with served("rules") as address, sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = started.new_page()
        page.goto(address)
        times = page.evaluate("drafts => bench(drafts)", drafts)
        name = f"Chromium {started.version.split('.')[0]}"
        started.close()
    return name, times


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def _reference() -> int:
    """Return the end of the loop that tasks.ts counts too: 3,000,000 steps."""
    total = 0
    for number in range(3_000_000):
        total = (total * 31 + number) % 1_000_003
    return total


if __name__ == "__main__":
    sys.exit(main())
