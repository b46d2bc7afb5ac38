"""`manage.py backup`: everything of a region that its host could lose, sealed to several States."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from casehub import startup
from casehub.backups import making, recipients, stores
from casehub.backups.errors import Stopped
from casehub.backups.management import asking
from casehub.backups.manifest import KEPT


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= KEPT:
        raise ArgumentTypeError(f"1 to {KEPT} days")
    return int(text)


def _place(text: str) -> Path:
    """
    Return where a backup goes.

    :raises Stopped: `file-unwritable` for what is meant as a folder and is none.
    """
    to = Path(text)
    if not to.is_dir() and (text.endswith("/") or not to.suffix):
        named = f"a file with an ending, like {to}.backup"
        raise Stopped("file-unwritable", f"{to} is no folder: make it first, or name {named}")
    return to


class Command(BaseCommand):
    """
    Exit codes: 0 made; 2 not made; 3 made, and to be looked at, or its reader has gone.

    It changes nothing and may run beside the server, as the tables' owner. It holds no secret: not
    those of the web, nor the log's signing keys, nor the anchor (docs/operations.md).
    """

    help = "Write a backup of database and files, sealed to keys of at least two States."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what it takes."""
        parser.add_argument("--to", required=True, help="a new file, or a folder of backups")
        parser.add_argument(
            "--recipients", nargs="+", required=True, help="files with public lines (backup_key)"
        )
        parser.add_argument(
            "--keep",
            type=_days,
            metavar="DAYS",
            help=f"in a folder: remove older ones; 1 to {KEPT}, which is the default",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """
        Make it and say what it holds.

        :raises CommandError: with why there is none, by its code.
        """
        del args
        now, telling = timezone.now(), asking.Telling()
        with asking.said_to_a_person():
            if other := startup.why_another_s_data(settings):
                raise Stopped("another-s-data", other)
            if left := stores.half_restored():
                raise Stopped("half-restored", left)
            to = _place(options["to"])
            if options["keep"] and not to.is_dir():
                raise Stopped("file-unreadable", f"{to} is no folder, and --keep is of one")
            named = [
                one
                for file in options["recipients"]
                for one in recipients.parse(asking.read(file), where=file)
            ]
            whole = recipients.together(named)
            leapt = self._leapt(to, now)
            # First those that may not be: a full disk must not keep what was erased.
            strange = [] if leapt else self._expired(to, now, KEPT, telling)
            made = making.make(making.place_of(to, now=now), named, now=now)
            # Only now those that somebody wants no longer: until then they are the newest.
            if not leapt:
                keep = options["keep"] or KEPT
                strange = sorted({*strange, *self._expired(to, now, keep, telling)})
        with telling.to(self.stdout):
            self._tell(made, whole)
        with telling.to(self.stderr):
            self._warn(made, strange)
            if leapt:
                self.stderr.write(f"  !!  {leapt}")
        if telling.unheard:
            with telling.to(self.stderr):
                self.stderr.write(f"{telling.unheard}: {made.file}, sha256 {made.sha256}")
            raise CommandError("It is made, and not all was read.", returncode=asking.LOOK)
        if made.contents.damaged or made.unreadable or made.missing or strange or leapt:
            raise CommandError("It is made; look at these files.", returncode=asking.LOOK)

    def _leapt(self, to: Path, now: datetime) -> str:
        """
        Say so if even the newest backup would go: nobody made any, or the clock is wrong.

        By a clock of another year every backup would be too old, and the one made now would be
        refused as soon as the clock is right. It is believed when it still stands so at the next.
        """
        newest = making.newest(to) if to.is_dir() else None
        if newest is None or now - newest <= timedelta(days=KEPT):
            return ""
        return (
            f"the newest backup here was made {newest:%Y-%m-%d}, and by this machine's clock it is"
            f" {now:%Y-%m-%d}: nothing was removed. If the clock is wrong, set it, and remove what"
            " was made now; if it is right, the next backup removes the old ones"
        )

    def _expired(self, to: Path, now: datetime, days: int, telling: asking.Telling) -> list[Path]:
        if not to.is_dir():
            return []
        gone, strange = making.expire(to, keep=timedelta(days=days), now=now)
        with telling.to(self.stdout):
            for file in gone:
                self.stdout.write(f"removed, for it was too old: {file.name}")
        return strange

    def _tell(self, made: making.Made, to: tuple[recipients.Recipient, ...]) -> None:
        states = ", ".join(sorted({one.state for one in to}))
        told = made.contents
        self.stdout.write(f"{made.file}: {made.bytes} bytes, sealed to any two of {states}")
        for one in to:
            self.stdout.write(f"  to  {one}")
        self.stdout.write(f"  sha256  {made.sha256}")
        self.stdout.write(f"  database  {made.manifest.kind}, {told.database_bytes} bytes")
        place = settings.OBJECTS or settings.ATTACHMENTS
        self.stdout.write(f"  files  {told.pieces} pieces, {told.piece_bytes} bytes, of {place}")
        for log in made.manifest.logs:
            self.stdout.write(f"  log  {log.origin}, {log.size} entries, root {log.root}")

    def _warn(self, made: making.Made, strange: list[Path]) -> None:
        for file in strange:
            self.stderr.write(f"  !!  named like a backup, and cannot be read as one: {file}")
        for name in made.contents.told_damaged():
            self.stderr.write(f"  !!  damaged where it lies: {name}")
        for name in made.unreadable:
            self.stderr.write(f"  !!  cannot be read where it lies: {name}")
        if made.missing:
            self.stderr.write(f"  !!  {made.missing} pieces that the database names are not in it")
