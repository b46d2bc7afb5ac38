"""
A million entries: how long a proof takes at every size, `audit verify`, bytes stored and published.

The events are the product's own, sealed and committed to; they are copied into the tables instead
of recorded one by one, with the triggers lifted, and get the tree, tiles and signature that the
sequencer would have made. `audit verify` then reads all of it and has to find it whole.
"""

from __future__ import annotations

import multiprocessing as mp
import os
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import django

from tests.servers.casehub_server import Place

from . import figures
from .figures import Goal, both, percentile, setting, tell

END = datetime(2026, 11, 24, 15, tzinfo=UTC)
SPAN = timedelta(days=320)
PEOPLE, THREADS = 320, 4000
PROOFS = 300
PAGE = 4096  # leaves hashed at once
COLUMNS = "id, kind, actor, subject, at, states, salt, payload, leaf, directory"  # as recorded
TYPES = ("int8", "varchar", "varchar", "varchar", "timestamptz", "varchar", *["bytea"] * 3, "bool")
ENTRIES = """
INSERT INTO audit_logentry (id, log_id, position, event_id, leaf)
SELECT id, %s, id - 1, id, leaf FROM audit_auditevent WHERE id > %s AND id <= %s ORDER BY id
"""
SECONDS_TO_VERIFY = 60.0  # of a million entries
MOST_STORED, MOST_PUBLISHED = 1024, 160  # bytes of an event
MOST_PROOF = 2.0  # ms, at a million


def _person(number: int) -> str:
    return str(UUID(int=(4 << 76) + (1 << 120) + number))


def _rows(first: int, end: int, total: int) -> Iterator[Any]:
    """Return events first..end-1 of so many: messages, and every tenth the reading of a case."""
    from audit.services.recording import row_of  # noqa: PLC0415 - the very bytes of the product
    from casehub.cases.events import CaseRead  # noqa: PLC0415
    from messaging.events import MessageAccepted  # noqa: PLC0415

    from . import heads  # noqa: PLC0415

    pick = random.Random(first)  # noqa: S311 - the same in every run
    step, secret = SPAN / total, django.conf.settings.EVENTS_SECRET
    for number in range(first, end):
        thread = str(UUID(int=(4 << 76) + (1 << 121) + pick.randrange(THREADS)))
        event = (
            MessageAccepted(
                states=heads.STATES,
                thread=thread,
                seq=number,
                epoch=number % 50,
                device=_person(pick.randrange(PEOPLE)),
                digest=f"{pick.getrandbits(256):064x}",
            )
            if number % 10
            else CaseRead(states=heads.STATES, case=thread)
        )
        actor, at = _person(pick.randrange(PEOPLE)), END - step * (total - number)
        row = row_of(event, actor=actor, at=at, stored_at=at, secret=secret)
        yield number, *row.values


def _copy(first: int, end: int, total: int) -> None:
    """Copy events into their table, over a connection of this process."""
    from django.db import connection  # noqa: PLC0415

    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY audit_auditevent ({COLUMNS}) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types(TYPES)
        for row in _rows(first, end, total):
            copy.write_row(row)
    connection.close()


class Growing:
    """The log as it grows: its rows, its tree, its signed checkpoints."""

    def __init__(self) -> None:
        from django.conf import settings  # noqa: PLC0415

        from audit import keyring, services  # noqa: PLC0415
        from audit.anchor import Anchor  # noqa: PLC0415
        from audit.tlog.merkle import Frontier  # noqa: PLC0415

        self._keys, self._logs = {}, {}
        for name, origin in keyring.origins(END.year).items():
            self._keys[name] = keyring.signing_key(origin)
            self._logs[name] = services.open_log(
                name=name, origin=origin, key=self._keys[name].public, now=END - SPAN
            )
        self.log = self._logs["acts"]
        self.note: str | None = None
        self._tree = Frontier()
        self._anchor = Anchor(settings.ANCHOR)
        self._anchor.hold()

    def grow(self, size: int, total: int) -> None:
        """Fill up to `size` entries and sign."""
        from django.db import connection, connections  # noqa: PLC0415

        from tests import emptying  # noqa: PLC0415

        from . import listing  # noqa: PLC0415

        first = self._tree.size
        connections.close_all()  # nothing of this process goes into the others
        lifting = connection.copy()
        with emptying.lifted(lifting):
            fork = mp.get_context("fork")
            middle = first + (size - first) // 2
            cuts = ((first + 1, middle + 1), (middle + 1, size + 1))
            copying = [fork.Process(target=_copy, args=(*cut, total)) for cut in cuts]
            for process in copying:
                process.start()
            for process in copying:
                process.join()
            if any(process.exitcode for process in copying):
                raise RuntimeError("the events were not copied")
            with connection.cursor() as cursor:
                cursor.execute(ENTRIES, [self.log.id, first, size])
                listing.fill(cursor, first, size)
                for table in ("auditevent", "logentry"):
                    cursor.execute(
                        f"SELECT setval(pg_get_serial_sequence('audit_{table}', 'id'), %s)", [size]
                    )
            self._plant(first, size)
            self._sign(size)
        lifting.close()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")

    def _plant(self, first: int, size: int) -> None:
        from audit.models import LogEntry, Tile  # noqa: PLC0415
        from audit.tlog import tiles  # noqa: PLC0415
        from audit.tlog.merkle import leaf_hash  # noqa: PLC0415

        held = {(t.level, t.number): bytes(t.data) for t in Tile.objects.filter(log=self.log)}
        for start in range(first, size, PAGE):
            leaves = LogEntry.objects.filter(
                log=self.log, position__gte=start, position__lt=min(size, start + PAGE)
            )
            found = leaves.order_by("position").values_list("leaf", flat=True)
            hashes = [leaf_hash(bytes(leaf)) for leaf in found]
            held.update(tiles.grow(start, hashes, lambda *place: held.get(place, b"")))
            for one in hashes:
                self._tree.append(one)
        Tile.objects.bulk_create(
            [Tile(log=self.log, level=at[0], number=at[1], data=d) for at, d in held.items()],
            batch_size=2000,
            update_conflicts=True,
            unique_fields=["log", "level", "number"],
            update_fields=["data"],
        )

    def _sign(self, size: int) -> None:
        from audit import services  # noqa: PLC0415
        from audit.models import Log  # noqa: PLC0415
        from audit.tlog.checkpoint import Checkpoint  # noqa: PLC0415

        root = self._tree.root()
        Log.objects.filter(id=self.log.id).update(size=size, root=root)
        note = Checkpoint(self.log.origin, size, root).signed(self._keys["acts"])
        self._anchor.swap(self.log.origin, self.note, note)
        services.publish(log=self.log.id, size=size, note=note, now=END)
        self.note = note

    def close(self) -> None:
        """Let go of the anchor."""
        self._anchor.release()


# ------------------------------------------------------------------ proofs


def _proofs(growing: Growing, size: int, theirs: Any) -> float:
    """Print what proofs take at this size; return the median of inclusion in ms."""
    from django.db import connection  # noqa: PLC0415

    from audit.models import AuditEvent  # noqa: PLC0415
    from audit.queries import receipts, trees  # noqa: PLC0415
    from audit.tlog.merkle import consistency_path, inclusion_path  # noqa: PLC0415

    pick = random.Random(size)  # noqa: S311 - the same in every run
    log = growing.log

    def trip() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchall()

    def include() -> None:
        inclusion_path(pick.randrange(size), size, trees.node_of(log))

    def extend() -> None:
        consistency_path(pick.randrange(1, size), size, trees.node_of(log))

    def hand_out() -> None:
        event = pick.randrange(1, size + 1)
        actor = AuditEvent.objects.values_list("actor", flat=True).get(id=event)
        (one,) = receipts.of([event], actor=actor)
        if one.proof is None or one.payload is None:
            raise RuntimeError(f"event {event} has no receipt")

    trips = figures.timed(trip, PROOFS)
    ours = figures.timed(include, PROOFS)
    base = percentile(trips, 0.5)
    few = max(5, min(PROOFS, 1_000_000 // size * 10))
    measured = {
        "one round trip (SELECT 1)": trips,
        "inclusion, tiles read anew": ours,
        "consistency, tiles read anew": figures.timed(extend, PROOFS),
        "a whole receipt": figures.timed(hand_out, PROOFS),
        f"pymerkle inclusion, {few} of them": figures.timed(
            lambda: theirs.prove_inclusion(pick.randrange(size) + 1, size), few
        ),
    }
    for name, took in measured.items():
        print(f"  {size:>9,} {name:34} {both(took)}  {percentile(took, 0.5) / base:8.1f}")
    return percentile(ours, 0.5) * 1000


def _leaves(first: int, size: int) -> Iterator[bytes]:
    from audit.models import LogEntry  # noqa: PLC0415

    held = LogEntry.objects.filter(log__name="acts", position__gte=first, position__lt=size)
    for leaf in held.order_by("position").values_list("leaf", flat=True).iterator(PAGE):
        yield bytes(leaf)


# ------------------------------------------------------------------ verify


def _read_all() -> float:
    """Return the seconds in which the same rows are only read: what any check begins with."""
    from django.db import connection  # noqa: PLC0415

    began = time.monotonic()
    for table in ("audit_auditevent", "audit_logentry", "audit_tile", "audit_concern"):
        with connection.connection.cursor(name="all") as cursor:
            cursor.itersize = 2000
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - names of ours
            for _ in cursor:
                pass
        connection.connection.rollback()
    return time.monotonic() - began


def _verify(size: int) -> None:
    from django.db import connection  # noqa: PLC0415

    place = Place(
        "full",
        Path(os.environ["CASEHUB_DATA"]),
        {"DATABASE_URL": os.environ["DATABASE_URL"], "DJANGO_SETTINGS_MODULE": "casehub.settings"},
    )
    connection.close()
    connection.ensure_connection()
    connection.connection.autocommit = False
    reading = _read_all()
    connection.close()
    began, before = time.monotonic(), os.times()
    said = place.manage("audit", "verify")
    took, after = time.monotonic() - began, os.times()
    own = after.children_user - before.children_user + after.children_system
    own -= before.children_system
    print(
        f"audit verify of {size:,} entries: {took:.1f} s, {size / took:,.0f}/s,"
        f" {took / reading:.1f} times only reading the rows ({reading:.1f} s),"
        f" {own:.1f} s of processor beside PostgreSQL's; it says"
    )
    print("".join(f"  {line}\n" for line in said.splitlines()), end="")
    most = SECONDS_TO_VERIFY * size / 1_000_000
    tell(Goal(f"audit verify of {size:,} entries", took, most, "s"))


# ------------------------------------------------------------------ all of it


def main() -> None:
    """Fill, prove, store, verify, print."""
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from pymerkle import SqliteTree  # noqa: PLC0415

    import casehub.urls  # noqa: F401, PLC0415 - so that every kind of act is known

    from . import storing  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    total = int(setting("ENTRIES", 1_000_000))
    sizes = [size for size in (10_000, 100_000) if size < total] + [total]
    growing, medians, filling, done = Growing(), [], 0.0, 0
    theirs = SqliteTree(str(Path(os.environ["CASEHUB_DATA"]) / "pymerkle.sqlite3"))
    print(f"  {'entries':>9} {'':34} {'p50 ms':>9} {'p99 ms':>9}  of a trip")
    for size in sizes:
        began = time.monotonic()
        growing.grow(size, total)
        theirs.append_entries(_leaves(done, size))
        filling, done = filling + time.monotonic() - began, size
        medians.append(_proofs(growing, size, theirs))
    growing.close()
    theirs.close()
    print(f"filled in {filling:.0f} s; inclusion at the largest size / at the one before,", end=" ")
    print(f"at the least: {medians[-1] / medians[-2:][0]:.2f}x, {medians[-1] / medians[0]:.2f}x")
    tell(
        Goal(f"inclusion proof at {total:,}, p50", medians[-1], MOST_PROOF, "ms"),
        Goal("the same / a tenth of the entries (flat)", medians[-1] / medians[-2:][0], 1.2, "x"),
    )
    stored, published = storing.show(connection)
    tell(
        Goal("stored of an event, indexes among it", stored, MOST_STORED, "B"),
        Goal("published of an event", published, MOST_PUBLISHED, "B"),
    )
    _verify(total)


if __name__ == "__main__":
    main()
