"""What `manage.py audit` does about a log's keys: one follows another, and all are listed."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandError, OutputWrapper
from django.db import DatabaseError
from django.utils import timezone

from audit import keyring, services, witnesses
from audit.errors import LogStalled
from audit.models import KeyChange, Log, Succession
from audit.queries import keys
from audit.tlog.note import Key
from audit.tlog.policy import Policy, brought_up
from audit.tlog.rotation import Rotation

UNDECIDED = 2  # exit code


def add_rotate(parser: ArgumentParser) -> None:
    """Say which log, and who decides."""
    parser.add_argument("log", choices=["acts", "dir"])
    parser.add_argument("--by", required=True, help="id of who decides")


def rotate(options: dict[str, Any], out: OutputWrapper) -> None:
    """
    Make a key, have the old one and it sign for the change, keep the statement, print it.

    Killed in between, it goes on with the key that lies there; run again after its end, it says
    that a change is under way.

    :raises CommandError: if the log takes no other key now, or its key is not on this machine.
    """
    log = Log.objects.filter(name=options["log"]).order_by("-id").first()
    if log is None:
        raise CommandError("there is no such log yet", returncode=UNDECIDED)
    now = timezone.now()
    try:
        old = keyring.key_of(keys.signing(log, now)[-1])
        new = keyring.next_key(log.origin, known=keys.ever(log))
        end = now + services.OVERLAP
        said = Rotation.make(old, new, start=int(now.timestamp()), end=int(end.timestamp()))
        services.rotate_key(note=said.note, actor=options["by"], now=now)
    except (keyring.NoKey, services.NotRotatable, LogStalled, ValueError) as error:
        raise CommandError(str(error), returncode=UNDECIDED) from error
    out.write(said.note, ending="")


def add_compromised(parser: ArgumentParser) -> None:
    """Say which log, and who decides."""
    parser.add_argument("log", choices=["acts", "dir"])
    parser.add_argument("--by", required=True, help="id of who decides")


def compromised(options: dict[str, Any], out: OutputWrapper) -> None:
    """
    Make the key of the log that takes over, announce it, and print its line of a policy.

    :raises CommandError: if another log takes over already, or this one's is not open.
    """
    log = Log.objects.filter(name=options["log"]).order_by("-id").first()
    if log is None:
        raise CommandError("there is no such log yet", returncode=UNDECIDED)
    origin = keyring.after(log.origin)
    try:
        if not keyring.has_key_file(origin):
            keyring.make_signing_key(origin)
        key = keyring.signing_key(origin).public
        services.succeed_log(key=key, actor=options["by"], now=timezone.now())
    except (services.NotRotatable, ValueError) as error:
        raise CommandError(str(error), returncode=UNDECIDED) from error
    out.write(f"log {key}")
    out.write(
        f"# takes over from {log.origin}: to the policy file, to all witnesses, to all readers"
    )


def successors(origins: Iterable[str]) -> list[str]:
    """Return the logs that took over from these, one after the other."""
    try:
        taken = dict(Succession.objects.values_list("log__origin", "origin"))
    except DatabaseError:  # keys are made before there is a database
        return []
    found = []
    for origin in origins:
        last = origin
        while last in taken:
            last = taken[last]
            found.append(last)
    return found


def known_key(origin: str) -> Key | None:
    """
    Return the key that an origin was opened with, or announced under, wherever its file is.

    One made anew would be a stranger's: nobody knows it, and nothing more would be signed.
    """
    try:
        held = Log.objects.filter(origin=origin).first()
        return keys.announced(origin) if held is None else Key.parse(held.vkey)
    except DatabaseError:  # keys are made before there is a database
        return None


def first_key(origin: str) -> Key:
    """
    Return the key that an origin was, or will be, opened with.

    :raises NoKey: if there is none.
    """
    return known_key(origin) or keyring.signing_key(origin).public


def as_policy(made: Sequence[Key], now: datetime) -> str:
    """
    Return the policy that this region publishes under, with these keys in it.

    With the keys that follow on them, and since when; without configured witnesses, the keys alone.

    :raises Malformed: if the file of the witnesses is none.
    :raises OSError: if it is there and cannot be read.
    """
    note = ""
    try:
        text = witnesses.configured_text()
    except FileNotFoundError:
        text = None
        note = "# CASEHUB_WITNESSES names a file that is not there yet: no witness is asked for\n"
    given = Policy.parse("quorum none\n" if text is None else text)
    known = {key.name for key in given.logs}
    lines = "".join(f"log {key}\n" for key in made if key.name not in known)
    text = lines + ("quorum none\n" if text is None else text) + note
    try:
        told = keys.rotations()
        waiting = set(KeyChange.objects.filter(entry=None).values_list("new", flat=True))
    except DatabaseError:
        return text
    names = {key.name for key in made}
    dates = []
    for one in told:
        if one.origin in names:
            entered = "not entered yet" if str(one.new) in waiting else "entered"
            dates.append(
                f"# {one.origin}: {one.new.id.hex()} follows {one.old.id.hex()}, both from"
                f" {_day(one.start)}, alone from {_day(one.end)}, {entered}\n"
            )
    return brought_up(text, told, now=int(now.timestamp())) + "".join(dates)


def _day(posix: int) -> str:
    return datetime.fromtimestamp(posix, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
