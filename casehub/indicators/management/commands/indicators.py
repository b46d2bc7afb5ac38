"""`manage.py indicators`: a quarter's indicators once more, from what was exported of the log."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.bundles import checking, form
from audit.tlog.errors import Malformed

from ... import figures

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
        entries: list[form.Entry] = []
        for name in options["bundles"]:
            entries += self._read(name, options["policy"])
        bodies = [json.loads(one.event) for one in entries if one.event is not None]
        unread = sum(one.condition in {form.CLOSED, form.ERASED} for one in entries)
        try:
            found = figures.figures(bodies, quarter=options["quarter"], state=options["state"])
        except ValueError as error:
            raise CommandError("a quarter is e.g. 2026-Q4", returncode=UNDECIDED) from error
        self.stdout.write(json.dumps(found, indent=2, sort_keys=True))
        if unread:
            self.stderr.write(f"{unread} entries are closed or erased: what they said is missing.")

    def _read(self, name: str, policy: str | None) -> list[form.Entry]:
        entries: list[form.Entry] = []
        try:
            said = Path(policy).read_text("utf-8") if policy else None
            with Path(name).open("rb") as file:
                verdict = checking.check(file, policy=said, each=entries.append)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"it cannot be read: {error}", returncode=UNDECIDED) from error
        except Malformed as error:
            raise CommandError(f"the policy: {error}", returncode=UNDECIDED) from error
        if not verdict.sound:
            for one in verdict.findings:
                self.stderr.write(f"  !!  {one.at}: {one.why} ({one.code})")
            raise CommandError(f"{name} is NOT what was signed.", returncode=WRONG)
        return entries
