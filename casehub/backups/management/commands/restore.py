"""`manage.py restore`: a backup back into an empty place, or a try in a place that goes again."""

from __future__ import annotations

import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from audit import witnesses
from audit.tlog.policy import Policy
from casehub.backups import restoring, unpacking
from casehub.backups.errors import Stopped
from casehub.backups.management import asking
from casehub.backups.restoring import Outcome, Wishes
from casehub.backups.unpacking import EVENTS, SECRET


class Command(BaseCommand):
    """
    Exit codes: 0 it holds; 1 it is not what was written or signed; 2 it could not be done.

    The place is the one that the settings name. The whole log is verified either way.
    """

    help = "Restore a backup into the empty place of these settings, or only try it (--verify)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what it takes."""
        parser.add_argument("--from", dest="file", required=True, help="the backup")
        parser.add_argument("--keys", nargs="+", required=True, help="key files of two States")
        parser.add_argument(
            "--verify", action="store_true", help="only try it, in a place that is deleted again"
        )
        parser.add_argument("--within", help="of --verify: where that place is made")
        parser.add_argument("--policy", help="whose keys count (default: CASEHUB_WITNESSES)")
        parser.add_argument(
            "--witness-checkpoints",
            nargs="+",
            default=[],
            metavar="FILE",
            help="what witnesses or others hold of the logs, if they cannot be asked",
        )
        parser.add_argument(
            "--end-logs",
            action="store_true",
            help="restore although others hold more: these logs are never signed again",
        )
        parser.add_argument(
            "--lost", nargs="+", choices=[SECRET, EVENTS], default=[], help="secrets that are gone"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """
        Do it and say what was found.

        :raises CommandError: with why it is not done, by its code.
        """
        del args
        with asking.said_to_a_person():
            wishes = Wishes(
                policy=_policy(options["policy"]),
                kept=[(file, asking.read(file)) for file in options["witness_checkpoints"]],
                end_logs=options["end_logs"],
                lost=frozenset(options["lost"]),
            )
            outcome = self._do(options, wishes)
            self._tell(outcome, tried=options["verify"])

    def _do(self, options: dict[str, Any], wishes: Wishes) -> Outcome:
        try:
            source = Path(options["file"]).open("rb")  # noqa: SIM115 - closed below
        except OSError as error:
            raise Stopped("file-unreadable", f"{options['file']} cannot be read") from error
        with source:
            found = unpacking.open_file(source, options["file"], now=timezone.now())
            if not options["verify"]:
                restoring.require_empty()  # before anybody types a passphrase
            holders = asking.unlocked(options["keys"])
            if not options["verify"]:
                return restoring.restore(source, found, holders, wishes)
            within = Path(options["within"] or tempfile.gettempdir())
            return restoring.rehearse(source, found, holders, wishes, within)

    def _tell(self, outcome: Outcome, *, tried: bool) -> None:
        for words in outcome.report.sound:
            self.stdout.write(f"  ok  {words}")
        for words in outcome.report.findings:
            self.stdout.write(f"  !!  {words}")
        contents = outcome.contents
        self.stdout.write(f"  ok  {contents.pieces} pieces of files, {contents.piece_bytes} bytes")
        for name in contents.damaged:
            self.stdout.write(f"  !!  damaged already when it was backed up: {name}")
        if outcome.missing:
            self.stdout.write(
                f"  !!  {outcome.missing} pieces that the database names are not in it"
            )
        for words in (*outcome.ahead, *outcome.unknown):
            self.stdout.write(f"  --  {words}")
        made = outcome.manifest.made_at
        if tried:
            self.stdout.write(f"The backup of {made} can be restored.")
            return
        whole = "what events said is closed" if outcome.report.findings else "the log is whole"
        self.stdout.write(f"The backup of {made} is restored; {whole}.")
        if outcome.pending:
            self.stdout.write(f"Now: manage.py migrate ({len(outcome.pending)} migrations)")
        if outcome.manifest.kind == "postgresql":
            self.stdout.write("Now: manage.py database_roles")
        if outcome.ahead or outcome.unknown:
            self.stdout.write("These logs have ended: choose another CASEHUB_LOG_HOST.")
        self.stdout.write("Then, before anybody comes: docs/operations.md, After a restore.")


def _policy(file: str | None) -> Policy | None:
    try:
        return witnesses.configured() if file is None else Policy.parse(asking.read(file))
    except (ValueError, OSError) as error:
        name = file or "CASEHUB_WITNESSES"
        raise Stopped("witnesses-unreadable", f"{name} is no policy file: {error}") from error
