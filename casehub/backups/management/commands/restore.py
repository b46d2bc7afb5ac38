"""`manage.py restore`: a backup back into an empty place, or a try in a place that goes again."""

from __future__ import annotations

import re
import tempfile
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audit import witnesses
from audit.tlog.policy import Policy
from casehub.backups import restoring, target, unpacking
from casehub.backups.errors import Stopped
from casehub.backups.management import asking
from casehub.backups.restoring import Outcome, Wishes
from casehub.backups.unpacking import EVENTS, SECRET, Proof, Source


class Command(BaseCommand):
    """
    Exit codes: 0 it holds; 1 not as written or signed; 2 not done; 3 done, to be looked at.

    Of what is done 3 says that whoever read has gone, or that something of it does not go.
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
            help="under another CASEHUB_LOG_HOST: the logs in it are never signed again",
        )
        parser.add_argument(
            "--lost", nargs="+", choices=[SECRET, EVENTS], default=[], help="secrets that are gone"
        )
        parser.add_argument(
            "--sha256", type=_sha256, metavar="HEX", help="of the file, as `backup` printed it"
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
                proof=Proof(frozenset(options["lost"]), options["sha256"]),
            )
            outcome = self._do(options, wishes)
        telling = asking.Telling()
        with telling.to(self.stdout):
            self._tell(outcome, wishes.proof, tried=options["verify"])
        if telling.unheard:
            with telling.to(self.stderr):
                self.stderr.write(f"{telling.unheard}: {self._end(outcome, options['verify'])}")
        if outcome.stays is not None:
            raise CommandError(str(outcome.stays), returncode=asking.LOOK)
        if telling.unheard:
            raise CommandError("It is done, and not all was read.", returncode=asking.LOOK)

    def _do(self, options: dict[str, Any], wishes: Wishes) -> Outcome:
        try:
            file = Path(options["file"]).open("rb")  # noqa: SIM115 - closed below
        except OSError as error:
            raise Stopped("file-unreadable", f"{options['file']} cannot be read") from error
        with file:
            source = Source(file)
            found = unpacking.open_file(source, options["file"], now=timezone.now())
            if not options["verify"]:
                target.require_empty()  # before anybody types a passphrase
            holders = asking.unlocked(options["keys"])
            if not options["verify"]:
                return restoring.restore(source, found, holders, wishes)
            within = Path(options["within"] or tempfile.gettempdir())
            return restoring.rehearse(source, found, holders, wishes, within)

    def _tell(self, outcome: Outcome, proof: Proof, *, tried: bool) -> None:
        for words in outcome.report.sound:
            self.stdout.write(f"  ok  {words}")
        for words in outcome.report.findings:
            self.stdout.write(f"  !!  {words}")
        contents = outcome.contents
        self.stdout.write(f"  ok  {contents.pieces} pieces of files, {contents.piece_bytes} bytes")
        for name in contents.told_damaged():
            self.stdout.write(f"  !!  damaged already when it was backed up: {name}")
        if outcome.missing:
            self.stdout.write(
                f"  !!  {outcome.missing} pieces that the database names are not in it"
            )
        self._tell_of_others(outcome)
        if tried:
            self.stdout.write(f"Verified: {'; '.join(_verified(outcome, proof))}.")
            self.stdout.write(f"Not verified: {'; '.join(_unverified(outcome))}.")
        self.stdout.write(self._end(outcome, tried))
        if tried:
            return
        if outcome.pending:
            self.stdout.write(f"Now: manage.py migrate ({len(outcome.pending)} migrations)")
        if outcome.manifest.kind == "postgresql":
            self.stdout.write("Now: manage.py database_roles")
        for origin in outcome.ended:
            self.stdout.write(f"{origin} has ended and is never signed again.")
        self.stdout.write('Before you start it: docs/backups.md, "After a restore".')

    @staticmethod
    def _end(outcome: Outcome, tried: bool) -> str:  # noqa: FBT001 - as it was asked for
        """Return in one line what is done."""
        made = outcome.manifest.made_at
        if tried:
            against = ", ".join(reason.code for reason in outcome.refused)
            refused = f"is whole, but `restore` would refuse it now: {against}"
            return f"The backup of {made} {refused if against else 'can be restored'}."
        whole = "what events said is closed" if outcome.report.findings else "the log is whole"
        return f"The backup of {made} is restored; {whole}."

    def _tell_of_others(self, outcome: Outcome) -> None:
        for words in (*outcome.ahead, *outcome.unknown, *outcome.unasked, *outcome.told):
            self.stdout.write(f"  --  {words}")
        if not outcome.elsewhere.asked:
            self.stdout.write("  --  nobody outside was asked: there are no witnesses here")


def _verified(outcome: Outcome, proof: Proof) -> list[str]:
    """Return what a try has seen, a clause each."""
    left = [one for one in (SECRET, EVENTS) if one not in proof.lost]
    made = [f"made by the region of this {' and this '.join(left)}"] if left else []
    named = ["the file of this SHA-256"] if proof.sha256 else []
    into = {"sqlite": "a file of SQLite's", "postgresql": "a database of PostgreSQL's"}
    return [
        "opened to its end by these keys",
        *made,
        *named,
        f"its database came back, into {into[outcome.manifest.kind]}",
        "its whole log was read again",
        "each piece of a file has the digest of its name, but for those told above",
    ]


def _unverified(outcome: Outcome) -> list[str]:
    """Return what no try can see, a clause each."""
    closed = ["what events said, whose key is not here"] if outcome.report.findings else []
    first = f", after {len(outcome.pending)} migrations" if outcome.pending else ""
    return [
        *closed,
        "whether the signing keys and the key of promises are kept: they are in no backup",
        f"whether this release serves it{first}",
        "whether people's own devices open what they wrote: nothing here can",
    ]


def _sha256(text: str) -> str:
    if re.fullmatch("[0-9a-f]{64}", text.lower()) is None:
        raise ArgumentTypeError("64 digits and letters a to f, as `backup` printed them")
    return text.lower()


def _policy(file: str | None) -> Policy | None:
    try:
        return witnesses.configured() if file is None else Policy.parse(asking.read(file))
    except (ValueError, OSError) as error:
        name = file or "CASEHUB_WITNESSES"
        raise Stopped("witnesses-unreadable", f"{name} is no policy file: {error}") from error
