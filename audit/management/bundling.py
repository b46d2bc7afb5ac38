"""`manage.py audit export` and `audit verify --bundle`: what a person at a terminal is told."""

from __future__ import annotations

import os
import signal
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, OutputWrapper
from django.utils import timezone
from django.utils.module_loading import import_string

from audit import services
from audit.bundles import checking, form
from audit.models import Log
from audit.queries import directory, exporting
from audit.tlog.errors import Malformed, Unproven

WRONG, UNDECIDED = 1, 2  # exit codes


class Cancelled(Exception):
    """Somebody wants the terminal back."""


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def add_export(parser: ArgumentParser) -> None:
    """Say what can be exported."""
    parser.add_argument("file", help="where the bundle goes; there must be none yet")
    parser.add_argument("--log", required=True, help="name or origin of a log, e.g. acts-2026")
    parser.add_argument("--by", required=True, help="id of who takes it away")
    parser.add_argument("--state", help="only what concerns this State, e.g. SV")
    parser.add_argument("--since", type=_moment, help="from this moment on (UTC)")
    parser.add_argument("--until", type=_moment, help="before this moment (UTC)")
    parser.add_argument("--from", type=int, dest="first", help="first index")
    parser.add_argument("--to", type=int, dest="last", help="last index, included")
    parser.add_argument("--size", type=int, help="of the published tree (default: the newest)")


def export(log: Log, options: dict[str, Any], out: OutputWrapper, progress: OutputWrapper) -> None:
    """
    Write a bundle, whole or not at all.

    :raises CommandError: if there is nothing to export, no place for it, or somebody cancelled.
    """
    target = Path(options["file"])
    if target.exists():
        raise CommandError(f"{target} is there already", returncode=UNDECIDED)
    wishes = {k: options[k] for k in ("first", "last", "state", "since", "until", "size")}
    try:
        selection = exporting.select(log, **wishes, named=_named_in(log))
    except exporting.NothingToExport as error:
        raise CommandError(str(error), returncode=UNDECIDED) from error
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with _stoppable(), _private(unfinished) as handle, os.fdopen(handle, "wb") as file:
            # Before the first byte, and after it is known that there is a place for it.
            services.record_export(selection=selection, actor=options["by"], now=timezone.now())

            def passing(count: int) -> None:
                progress.write(f"\r  {count:,} of {selection.entries:,} entries", ending="")
                progress.flush()

            for piece in exporting.bundle(selection, passing=passing):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
            unfinished.rename(target)
    except OSError as error:
        raise CommandError(f"{target} cannot be written: {error}", returncode=UNDECIDED) from error
    except Unproven as error:
        words = f"{log.origin} is NOT what was signed: {error}. Look at `audit verify`."
        raise CommandError(words, returncode=WRONG) from error
    except (Cancelled, KeyboardInterrupt) as error:
        words = "cancelled: nothing was written; the log says that it was begun"
        raise CommandError(words, returncode=UNDECIDED) from error
    progress.write("")
    out.write(f"{selection.entries} entries of {log.origin}, of {selection.size}: {target}")


def _named_in(log: Log) -> exporting.Named | None:
    """Return what finds the statements of a log: that of the directory alone names any."""
    if log.name != directory.NAME:
        return None
    found: exporting.Named = import_string(settings.NAMED_IN_THE_DIRECTORY)
    return found


@contextmanager
def _private(file: Path) -> Iterator[int]:
    """Open a new file that only its owner reads; it is gone afterwards, unless it was renamed."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        yield handle
    finally:
        file.unlink(missing_ok=True)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let SIGTERM end the work as Ctrl-C does, by cleaning up."""

    def stop(*_: object) -> None:
        raise Cancelled

    try:
        before = signal.signal(signal.SIGTERM, stop)
    except ValueError:  # not in the main thread: then nobody sends it there
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


# ------------------------------------------------------------------ checking


def verify(file: str, policy: str | None, out: OutputWrapper) -> None:
    """
    Check a bundle without the database; `policy` is the text of the reader's own policy file.

    :raises CommandError: if something in it is not as it was signed, or it cannot be read.
    """
    try:
        with Path(file).open("rb") as opened:
            verdict = checking.check(opened, policy=policy)
    except Malformed as error:
        raise CommandError(f"the policy: {error}", returncode=UNDECIDED) from error
    except OSError as error:
        raise CommandError(f"{file} cannot be read", returncode=UNDECIDED) from error
    if not verdict.sound:
        for one in verdict.findings:
            where = f"entry {one.at}" if isinstance(one.at, int) else one.at or file
            out.write(f"  !!  {where}: {one.why} ({one.code})")
        raise CommandError("The bundle is NOT what was signed.", returncode=WRONG)
    said = [f"  ok  {words}" for words in _proved(verdict)]
    said += [f"  --  {words}" for words in _not_proved(verdict, believed=policy is None)]
    said += [f"  ..  {words}" for words in told(verdict)]
    out.write("\n".join([*said, "The bundle is what was signed."]))


def _proved(verdict: checking.Verdict) -> Iterator[str]:
    manifest, conditions = verdict.manifest, verdict.conditions
    assert manifest is not None  # noqa: S101 - there is one if nothing was found
    yield f"{manifest.log} had {manifest.size} entries when {_keys(verdict)} signed"
    for name, time in sorted(verdict.cosigned.items(), key=lambda one: one[1]):
        yield f"its witness {name} saw it so at {form.instant(time)}"
    yield f"{manifest.entries} entries stand in it at the places that are given"
    if opened := conditions.get(form.OPENED, 0):
        yield f"{opened} events are the ones that their entries commit to"
    if manifest.filter.whole:
        yield f"they are all entries from {manifest.filter.first} to {manifest.filter.last}"
    yield "the table says what the entries say"
    if verdict.statements is not None:
        yield f"{len(verdict.statements)} statements are those that opened events name"


_STEPS = {
    "entered": "entered",
    "nominated": "nominated",
    "approved": "approved, hand {count}",
    "designated": "designated, {count} signatures",
    "bound": "key vouched for, {count} signatures",
    "devices": "{count} devices",
    "cases": "in {count} cases by what is opened here",
}


def told(verdict: checking.Verdict) -> Iterator[str]:
    """Say of each person how they came to act, and which steps are not in the bundle."""
    for chain in verdict.chains:
        steps = [
            _STEPS[one.step].format(count=one.count)
            + ("" if one.index is None else f" (entry {one.index})")
            for one in chain.steps
        ]
        lacks = f"; not in it: {', '.join(chain.lacks)}" if chain.lacks else ""
        # Whoever made the bundle chose these: nothing in them may move a terminal's cursor.
        who = [one for one in (chain.name, chain.person) if one and one.isprintable()]
        yield f"{' · '.join(who)}: {', '.join(steps)}{lacks}"


def _keys(verdict: checking.Verdict) -> str:
    # Whole: the four bytes by which a key is called can be made to fit.
    return ", ".join(map(str, verdict.signed))


def _not_proved(verdict: checking.Verdict, *, believed: bool) -> Iterator[str]:
    manifest, conditions = verdict.manifest, verdict.conditions
    if believed:
        yield "whose keys these are: they are the bundle's own (name yours with --policy)"
    if not verdict.cosigned:
        yield "that others saw the same log: no witness has cosigned it"
    elif len(verdict.cosigned) < verdict.witnesses:
        yield f"what {verdict.witnesses - len(verdict.cosigned)} other witnesses saw"
    if manifest is not None and not manifest.filter.whole:
        chosen = manifest.filter
        of = [f"State {chosen.state}"] if chosen.state else []
        of += [f"since {form.instant(chosen.since)}"] if chosen.since is not None else []
        of += [f"until {form.instant(chosen.until)}"] if chosen.until is not None else []
        yield f"that nothing else fits what was asked for ({', '.join(of)})"
    if count := conditions.get(form.CLOSED, 0):
        yield f"what {count} closed entries are about: they are not for this reader"
    if count := conditions.get(form.ERASED, 0):
        yield f"what {count} erased entries were about"
    yield "that what was recorded is true; and the pages in the bundle are signed by nobody"
