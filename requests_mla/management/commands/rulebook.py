"""`manage.py rulebook check | show | diff | build`: the rulebook, for those who answer for it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from requests_mla.rulebook import build, check, load, source, tell
from requests_mla.rules import answers


class Command(BaseCommand):
    """Check the lawyers' files, show one rule or pair, compare two rulebooks, build."""

    help = "Check, show, compare and build the rulebook (docs/rules.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the four tasks."""
        tasks = parser.add_subparsers(dest="task", required=True)
        one = tasks.add_parser("check", help="say what is wrong, with file, line and what to do")
        one.add_argument("patterns", nargs="*", help="path, folder or id of rules; * for any text")
        one = tasks.add_parser("show", help="print a rule, a treaty, or what binds two States")
        one.add_argument("what", help="an id, or two States: SV-MX (SV asks MX)")
        one.add_argument("--date", help="law of that day, YYYY-MM-DD; today if left out")
        one = tasks.add_parser("diff", help="say what changed between two rulebooks")
        one.add_argument("old", type=Path, help="a compiled rulebook or a folder of files")
        one.add_argument("new", type=Path, nargs="?", default=source.ROOT, help="this one if none")
        tasks.add_parser("build", help="compile for server and browser")

    def handle(self, *_: object, **options: Any) -> None:
        """Do one task; a failed one ends with exit code 1."""
        task = options["task"]
        if task == "check" and check.main(options["patterns"]):
            raise CommandError("Correct these; nothing was changed.")
        if task == "build" and build.main():
            raise CommandError("Nothing was built.")
        if task == "show":
            date = options["date"] or timezone.localdate().isoformat()
            if answers.day_of(date) is None:
                raise CommandError(f"--date {date} is no day; write it as 2026-11-24.")
            self._show(options["what"], date)
        if task == "diff":
            try:
                old, new = tell.document(options["old"]), tell.document(options["new"])
            except (OSError, ValueError) as error:
                raise CommandError(str(error)) from error
            self._print(tell.difference(old, new))

    def _show(self, what: str, date: str) -> None:
        sources, _ = source.read()
        book = load.tolerant(sources)
        if states := re.fullmatch(r"([A-Z]{2})[-/ ]([A-Z]{2})", what.upper()):
            for iso in states.groups():
                if iso not in book.states:
                    raise CommandError(f"There is no State {iso}: {', '.join(book.states)}")
            if states[1] == states[2]:
                raise CommandError("A State does not ask itself; name two, such as SV-MX.")
            self._print(tell.pair(book, states[1], states[2], date))
            return
        for one in sources:
            if one.kind == "instrument" and one.data["id"] == what.upper():
                self._print(tell.instrument(one))
                return
            if one.kind == "rule" and one.data["id"] == what.upper():
                rule = next((rule for rule in book.rules if rule.id == one.data["id"]), None)
                self._print(tell.rule(one, disclosed=bool(rule and rule.disclosed)))
                return
        raise CommandError(
            f"There is no rule and no treaty {what}; its id is the name of its file."
        )

    def _print(self, lines: Any) -> None:
        for line in lines:
            self.stdout.write(line)
