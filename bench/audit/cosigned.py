"""
From an act to the witnesses, in the demo: `manage.py serve` on SQLite with its three witnesses.

People read and open case files over HTTP at a steady pace. An act's time is the one in its event,
read before anything is written, so what is measured begins a little before the commit. It ends when
`GET /api/log/NAME/checkpoint` hands out a checkpoint over its entry, which it does only with a
quorum's cosignatures. The sequencer's signature is read from the database afterwards.
"""

from __future__ import annotations

import http.client
import sqlite3
import tempfile
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from tests.faults import crowd
from tests.servers.casehub_server import CaseHub, Place

from .figures import Goal, percentile, setting, tell

PEOPLE = 4
PACE = 5  # acts a second, of all
LOOK = 0.05  # seconds between looks at the checkpoint
MOST = 3.0  # seconds until a quorum has cosigned
LATEST = 10.0  # seconds that the last act is waited for
SIGNED = """
SELECT e.position, v.at, min(c.at) FROM audit_logentry e
JOIN audit_auditevent v ON v.id = e.event_id JOIN audit_log l ON l.id = e.log_id
JOIN audit_signedcheckpoint c ON c.log_id = l.id AND c.size > e.position
WHERE l.name = 'acts' AND v.at >= ? AND v.at <= ? AND v.kind LIKE 'cases.case.%'
GROUP BY e.position, v.at ORDER BY e.position
"""


class Looking:
    """Fetches the published checkpoint again and again, and notes when each size came."""

    def __init__(self, port: int, slug: str) -> None:
        self._port, self._path = port, f"/api/log/{slug}/checkpoint"
        self.seen: list[tuple[float, int]] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        line = http.client.HTTPConnection("localhost", self._port, timeout=5)
        while not self._stop.wait(LOOK):
            with suppress(OSError, http.client.HTTPException):
                line.request("GET", self._path)
                answer = line.getresponse()
                text = answer.read().decode()
                if answer.status == http.HTTPStatus.OK:
                    self._note(int(text.split("\n")[1]))
                continue
            line.close()
        line.close()

    def _note(self, size: int) -> None:
        if not self.seen or size > self.seen[-1][1]:
            self.seen.append((time.time(), size))

    def when(self, position: int) -> float:
        """Return when the entry was first published; infinity if it was not."""
        return next((at for at, size in self.seen if size > position), float("inf"))


def _act(people: list[crowd.Person], until: float) -> int:
    """Act at the pace; return how many were refused for a rate."""
    slowed = number = 0
    began = time.monotonic()
    while (now := time.monotonic()) < until:
        time.sleep(max(0.0, began + number / PACE - now))
        person = people[number % len(people)]
        number += 1
        try:
            person.read_case() if number % 10 else people[0].open_case()
        except crowd.Refused as refused:
            if refused.code != "too-many":
                raise
            slowed += 1
    return slowed


def _stamp(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def _measure(place: Place, casehub: CaseHub, seconds: float) -> None:
    port = casehub.processes[0].port
    people = crowd.enter(place, [port], PEOPLE)
    with Looking(port, f"acts-{datetime.now(UTC).year}") as looking:  # noqa: TID251 - an edge
        time.sleep(2)  # what entering them recorded is cosigned first
        first = datetime.now(UTC)  # noqa: TID251 - as above
        slowed = _act(people, time.monotonic() + seconds)
        last = datetime.now(UTC)  # noqa: TID251 - as above
        ends = time.monotonic() + LATEST
        database = sqlite3.connect(f"file:{place.data / 'casehub.sqlite3'}?mode=ro", uri=True)
        span = [one.strftime("%Y-%m-%d %H:%M:%S.%f") for one in (first, last)]
        time.sleep(1)  # for the last to be signed
        rows = database.execute(SIGNED, span).fetchall()
        while looking.when(rows[-1][0]) == float("inf") and time.monotonic() < ends:
            time.sleep(LOOK)
        database.close()
    signed = [_stamp(done) - _stamp(at) for _, at, done in rows]
    cosigned = [looking.when(position) - _stamp(at) for position, at, _ in rows]
    print(f"{len(rows)} acts in {seconds:g} s, {slowed} refused for a rate", end=", ")
    print(f"{len(looking.seen)} checkpoints published")
    for name, waits in (("signed", signed), ("cosigned by a quorum, published", cosigned)):
        p50, p99 = percentile(waits, 0.5), percentile(waits, 0.99)
        times = p50 / percentile(signed, 0.5)
        print(f"  from the act to {name:32} p50 {p50:.2f} s, p99 {p99:.2f} s,", end=" ")
        print(f"{times:.1f} of signed")
    tell(Goal("from the act to cosigned, p99, demo", percentile(cosigned, 0.99), MOST, "s"))


def main() -> None:
    """Serve, act, look, print."""
    seconds = setting("WATCH", 60)
    print(f"embedded: SQLite, one process, three witnesses of whom two must sign; {PACE} acts/s")
    with tempfile.TemporaryDirectory(prefix="casehub-bench-") as folder:
        place = Place("embedded", Path(folder), {"CASEHUB_WITNESSES": ""})
        place.manage("migrate", "--verbosity", "0")
        with CaseHub(place) as casehub:
            _measure(place, casehub, seconds)


if __name__ == "__main__":
    main()
