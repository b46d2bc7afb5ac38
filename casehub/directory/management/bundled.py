"""The directory's log out of a bundle: what its statements say, without the server's database."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import BinaryIO

from audit.bundles import checking, form

from ..chain import Entry
from ..statements import ChainBroken, Statement, parse


class NotADirectory(Exception):
    """It is no bundle of the whole log of the directory with its statements; `str` says why."""


@dataclass(slots=True)
class Bundled:
    """
    A bundle that was checked; with findings in `verdict` nothing else in it is to be relied on.

    `at` is when it was last seen so: by a witness, or by its newest entry.
    """

    verdict: checking.Verdict
    entries: list[Entry]
    at: datetime


@dataclass(slots=True)
class _Read:
    held: list[form.Entry] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)

    def take(self, entry: form.Entry) -> None:
        self.held.append(entry)
        if entry.condition in {form.CLOSED, form.ERASED}:
            self.unread.append(entry.index)


def read(file: BinaryIO, *, policy: str | None = None) -> Bundled:
    """
    Check a bundle and return its entries, each with its statement, if it is of one.

    A statement counts by its name alone: the SHA-256 that the entry's event commits to.

    :raises Malformed: if the reader's own policy is none.
    :raises NotADirectory: if it is sound, and not the whole of the directory's log, every entry
        opened and with its statements: whoever left one out could have left out a stop.
    """
    got = _Read()
    verdict = checking.check(file, policy=policy, each=got.take)
    if not verdict.sound or verdict.manifest is None:
        return Bundled(verdict, [], datetime.min.replace(tzinfo=UTC))
    manifest, said = verdict.manifest, verdict.statements
    chosen = manifest.filter
    if said is None:
        raise NotADirectory("it holds no statements: export the directory's log with this command")
    if not chosen.whole or chosen.first != 0 or chosen.last != manifest.size - 1:
        raise NotADirectory("it is not the whole log: leave out every filter")
    if got.unread:
        raise NotADirectory(f"entries {', '.join(map(str, got.unread))} are not opened in it")
    seen = max([*verdict.cosigned.values(), *map(_second, got.held[-1:])])
    entries = [
        Entry(one.index, datetime.fromtimestamp(_second(one), UTC), _statement(one, said))
        for one in got.held
    ]
    return Bundled(verdict, entries, datetime.fromtimestamp(seen, UTC))


def _second(entry: form.Entry) -> int:
    return int(json.loads(entry.leaf)["t"])


def _statement(entry: form.Entry, said: dict[str, bytes]) -> Statement | None:
    digest = form.named_in(entry.event) if entry.event is not None else None
    if digest is None:
        return None
    try:
        statement = parse(json.loads(said[digest]))
    except ChainBroken:  # entered as it is, and of no form that anybody agreed on: no effect
        return None
    return statement if statement.digest == digest else None
