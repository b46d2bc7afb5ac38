"""
What a person, a message, an entry, a file and a session cost: `make bench-costs`.

On a PostgreSQL of its own with fsync, by the product's own services in one process, a thousand
messages small: bytes by the sizes of tables with their indexes, processor seconds of that process
and of all of PostgreSQL. Beside each stands a ratio within the run: bytes of a message to those of
its ciphertext, processor time in SHA-256 of 1 MiB. Then the arithmetic to as many people as PEOPLE
says (11 States of 500, and a hundred times that), with habits that nobody has measured and that
stand above it, and where it ends first; and what else the code stands on (tried.py). What came of
it stands in docs/scaling.md.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path

import httpx

from bench.peers import conditions
from tests.servers.casehub_server import PROJECT, CaseHub, Place
from tools.region.postgres import Postgres
from tools.region.valkey import Valkey

from . import tried
from .measured import FEW, FILES, GROUP, GROUPED, PEOPLE, PIECES, SINGLE, TEXT, Told
from .sums import DAYS, HOURS, Costs, Habits, Region, ends, needed

KIB = 1024
# Of a socket in one web process, as `make bench-peers` measured it (docs/benchmarks.md).
LINE_BYTES = 176 * KIB
REGIONS = (11 * 500, 11 * 500 * 100)
PROCESSES = (2, 10)  # of the web: what compose.yaml starts, and what its max_connections carries


def measured() -> Told:
    """Measure in processes of their own, on a database and a Redis of their own."""
    with (
        tempfile.TemporaryDirectory(prefix="casehub-costs-") as folder,
        Postgres(durable=True) as postgres,
        Valkey() as layer,
    ):
        urls = {"DATABASE_URL": postgres.url(postgres.create()), "REDIS_URL": layer.url}
        place = Place("full", Path(folder), urls)
        done = subprocess.run(
            [sys.executable, "-m", "bench.costs.measured"],
            env=place.environment(DJANGO_SETTINGS_MODULE="tests.settings"),
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        told = Told(**json.loads(done.stdout.splitlines()[-1]))
        return replace(told, base_bytes=float(_base(place)))


def _base(place: Place) -> int:
    """Return the memory of a web process that has answered once, with nobody connected."""
    with CaseHub(place, signed=False) as web:
        httpx.get(f"{web.url}/healthz", timeout=60).raise_for_status()
        fields = Path(f"/proc/{web.processes[0].pid}/statm").read_text().split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")


def costs_of(told: Told, *, line_bytes: float = LINE_BYTES) -> Costs:
    """Return what the arithmetic takes of what was measured."""
    known = {one.name: getattr(told, one.name, None) for one in fields(Costs)}
    return Costs(**(known | {"line_bytes": line_bytes}))


def rows_of(told: Told) -> list[tuple[str, str, str]]:
    """Return each figure as it is printed: what, how much, and its ratio within the run."""

    def stored(name: str, count: float, beside: float = 0) -> tuple[str, str, str]:
        return name, f"{count:,.0f} B", f"{count / beside:.2f} x its ciphertext" if beside else ""

    def taken(name: str, seconds: float) -> tuple[str, str, str]:
        works = seconds / told.work_seconds
        return name, f"{seconds * 1e6:,.1f} us", f"{works:.4g} x SHA-256 of 1 MiB"

    whole = told.message_bytes + told.entry_bytes
    text = float(len(TEXT))
    return [
        stored("person: account, statements, device", told.person_bytes),
        stored("person: their entries in both logs", told.person_log_bytes),
        stored("thread, without its members", told.thread_bytes),
        stored("member of a thread, with both marks", told.member_bytes),
        stored("message, without its entry", told.message_bytes, text),
        stored("entry of the log that concerns three States", told.entry_bytes),
        stored("  of that the tiles", told.tile_bytes),
        stored("message with its entry", whole, text),
        stored("WAL of a message, its event with it", told.message_wal, text),
        stored(f"file: rows for each MiB, {FILES} files of {PIECES} MiB", told.piece_bytes),
        ("file: in the folder", f"{told.folder_bytes:.6f}", "bytes of a byte, as sent"),
        ("file: blocks of the folder", f"{told.blocks_bytes:.4f}", "bytes of a byte, as sent"),
        stored("session, gone again two days later at most", told.session_bytes),
        stored("sign-in, which stays", told.sign_in_bytes),
        taken(f"message in a thread of {FEW}, one in a transaction", told.message_seconds),
        taken("  of that the web's own process", told.web_seconds),
        taken(f"message, {GROUP} in a transaction", told.grouped_seconds),
        taken(f"message in a thread of {PEOPLE}, one in a transaction", told.large_seconds),
        taken("smallest act: a case file is read", told.act_seconds),
        taken("entry: placed, read again, signed", told.entry_seconds),
        taken("entry: read when what signs starts", told.again_seconds),
        taken("file: 1 MiB stored", told.piece_seconds),
        taken("file: 1 MiB read", told.read_seconds),
        taken("heartbeat: a thread of a socket, each 15 s", told.beat_seconds),
        taken("heartbeat: the head of a thread that is heard of", told.heads_seconds),
        taken("look each second, a session", told.look_seconds),
        taken("directory: read by a process that begins, a statement", told.begin_seconds),
        taken("directory: judged again after a change, a statement", told.change_seconds),
        taken("directory: each question, a statement", told.known_seconds),
        stored("web process with nobody connected, in memory", told.base_bytes),
        stored("directory: the list of all, a person", told.card_bytes),
        taken("directory: the same", told.card_seconds),
    ]


def tell_shares(told: Told) -> None:
    """Print where the writer's time goes, of a message alone and of many in a transaction."""
    print(f"\n== the web's writer under a profile: one in a transaction, {GROUP} in one")
    for kind in told.single_shares:
        alone, many = told.single_shares[kind], told.grouped_shares.get(kind, 0.0)
        print(f"  {kind:60} {alone:8.1%} {many:8.1%}")


def tell_region(region: Region, costs: Costs) -> None:
    """Print what so many people need."""
    print(f"\n== {region.people:,.0f} people, {region.processes} web processes")
    for name, value in needed(region, costs).items():
        print(f"  {name:60} {value:16,.2f}")


def tell_ends(region: Region, costs: Costs) -> None:
    """Print where it ends, the first end first."""
    print(f"\n== ends, with {region.processes} web processes: at so many people")
    for name, people in ends(region, costs):
        print(f"  {name:60} {people:16,.0f}")


def main(people: Sequence[int] = REGIONS) -> int:
    """Print the conditions, the figures and the arithmetic."""
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{conditions.processor()}, {os.cpu_count()} cores, load before {load}", end=", ")
    print(f"nice {os.nice(0)}, commit {conditions.commit()}")
    print(f"Python {sys.version.split()[0]}, {conditions.databases()}")
    print(f"{PEOPLE} people, {SINGLE} + {GROUPED} messages of {len(TEXT)} bytes of ciphertext\n")
    told = measured()
    print(f"SHA-256 of 1 MiB: {told.work_seconds * 1e6:,.0f} us of a processor")
    for name, figure, ratio in rows_of(told):
        print(f"  {name:56} {figure:>14}  {ratio}")
    tell_shares(told)
    costs, habits = costs_of(told), Habits()
    print(f"\nput in by hand: {habits}, {HOURS} hours a day, {DAYS} days a year")
    print(f"a socket: {LINE_BYTES // KIB} KiB of memory (docs/benchmarks.md)")
    for count in people:
        tell_region(Region(count, PROCESSES[0]), costs)
    for processes in PROCESSES:
        tell_ends(Region(1, processes), costs)
    print("\n== tried once, with no load put on it", flush=True)
    tried.tell()
    print(f"\nload after {' '.join(f'{one:.1f}' for one in os.getloadavg())}")
    return 0


if __name__ == "__main__":
    asked = [int(one) for one in os.environ.get("PEOPLE", "").split()]
    sys.exit(main(asked or REGIONS))
