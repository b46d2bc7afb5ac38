"""`manage.py indicators`: a quarter's indicators once more, from what was exported of the log."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.bundles import checking, form
from audit.events import type_registry
from audit.tlog.errors import Malformed
from casehub.calendars.zones import STATES

from ... import figures, quarters

WRONG, UNDECIDED = 1, 2  # exit codes


class Command(BaseCommand):
    """
    Exit codes: 0 reckoned; 1 the bundle is not what was signed; 2 it could not be decided.

    It reads no database.
    """

    help = "Reckon a quarter's indicators from bundles of the acts' log."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what it takes."""
        parser.add_argument(
            "--from",
            dest="bundles",
            action="append",
            required=True,
            help="made by: audit export FILE --log acts-YEAR --by ID; repeatable, a year each",
        )
        parser.add_argument("--quarter", required=True, help="e.g. 2026-Q4, in UTC")
        parser.add_argument("--state", default="", help="of one State (default: of the region)")
        parser.add_argument("--policy", help="whose keys of the log and witnesses count")

    def handle(self, *args: Any, **options: Any) -> None:
        """
        Print the indicators as JSON, as the page is given them.

        :raises CommandError: if something is missing, or is not what was signed.
        """
        del args
        quarter, state = options["quarter"], options["state"]
        try:
            since, until = quarters.span_of(quarter)
        except ValueError as error:
            raise CommandError("a quarter is e.g. 2026-Q4", returncode=UNDECIDED) from error
        if state and state not in STATES:
            known = ", ".join(sorted(STATES))
            raise CommandError(f"no State: {state!r}; one of {known}", returncode=UNDECIDED)
        entries: dict[tuple[str, int], form.Entry] = {}
        for name in options["bundles"]:
            log, found = self._read(name, options["policy"])
            for one in found:
                _add(entries, (log, one.index), one)
        times = {key: int(json.loads(one.leaf)["t"]) for key, one in entries.items()}
        if not any(since.timestamp() <= time < until.timestamp() for time in times.values()):
            raise CommandError(f"nothing of {quarter} is in there", returncode=UNDECIDED)
        unread = sum(
            one.condition in {form.CLOSED, form.ERASED} and times[key] < until.timestamp()
            for key, one in entries.items()
        )
        opened = [one for one in entries.values() if one.event is not None]
        newest = datetime.fromtimestamp(max(times.values()), UTC)
        self._print(opened, quarter=quarter, state=state, unread=unread, now=newest)

    def _print(
        self,
        entries: Sequence[form.Entry],
        *,
        quarter: str,
        state: str,
        unread: int,
        now: datetime,
    ) -> None:
        bodies = [json.loads(one.event) for one in entries if one.event is not None]
        try:
            found = figures.figures(
                bodies,
                quarter=quarter,
                state=state,
                known=type_registry.keys(),
                now=now,
                incomplete=bool(unread),
            )
        except figures.Unread as error:
            why = "an event has a form that this release does not know"
            raise CommandError(why, returncode=UNDECIDED) from error
        self.stdout.write(json.dumps(found, indent=2, sort_keys=True))
        if unread:
            self.stderr.write(f"Closed or erased entries: {unread}; what they said is missing.")

    def _read(self, name: str, policy: str | None) -> tuple[str, list[form.Entry]]:
        """Return a bundle's log and its entries."""
        entries: list[form.Entry] = []
        try:
            said = Path(policy).read_text("utf-8") if policy else None
            with Path(name).open("rb") as file:
                verdict = checking.check(file, policy=said, each=entries.append)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"it cannot be read: {error}", returncode=UNDECIDED) from error
        except Malformed as error:
            raise CommandError(f"the policy: {error}", returncode=UNDECIDED) from error
        if not verdict.sound or verdict.manifest is None:
            for one in verdict.findings:
                self.stderr.write(f"  !!  {one.at}: {one.why} ({one.code})")
            raise CommandError(f"{name} is NOT what was signed.", returncode=WRONG)
        return verdict.manifest.log, entries


def _add(
    entries: dict[tuple[str, int], form.Entry], key: tuple[str, int], found: form.Entry
) -> None:
    """Add an entry: in several bundles it counts once, by one that opens it if there is one."""
    known = entries.get(key)
    if known is None or known.event is None:
        entries[key] = found
