"""What a step took: bytes by table, bytes of WAL, processor time of this process and PostgreSQL."""

from __future__ import annotations

import hashlib
import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

MIB = 1 << 20
_SIZES = (
    "SELECT relname, pg_table_size(oid) + pg_indexes_size(oid) FROM pg_class"
    " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
)
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Spent:
    """Of one step; complete once its block has ended."""

    tables: Counter[str] = field(default_factory=Counter)
    wal: int = 0
    own: float = 0.0  # processor seconds of this process
    database: float = 0.0  # and of all of PostgreSQL's

    @property
    def seconds(self) -> float:
        """Both together."""
        return self.own + self.database

    @property
    def log(self) -> int:
        """Bytes that the log's tables grew by."""
        return sum(count for name, count in self.tables.items() if name.startswith("audit_"))

    @property
    def rest(self) -> int:
        """Bytes that all other tables grew by."""
        return sum(self.tables.values()) - self.log


def _sizes() -> tuple[Counter[str], int]:
    """Return the bytes of each table with its indexes, and how far the WAL has come."""
    with connection.cursor() as cursor:
        cursor.execute(_SIZES)
        found = Counter({str(name): int(size) for name, size in cursor.fetchall()})
        cursor.execute("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')")
        ((wal,),) = cursor.fetchall()
    return found, int(wal)


def _fields(process: str) -> list[str]:
    """Return what stands in a process's line behind its name; nothing if it has gone."""
    with suppress(OSError):
        return Path("/proc", process, "stat").read_text().rpartition(")")[2].split()
    return []


def _postmaster() -> str:
    folder = Path("/" + os.environ["DATABASE_URL"].split("//", 1)[1].strip("/").rpartition("/")[0])
    return (folder / "data" / "postmaster.pid").read_text().split()[0]


def _of_database() -> float:
    """Return the processor seconds of PostgreSQL: those that live, and those that have ended."""
    first = _postmaster()
    ticks = sum(map(int, _fields(first)[11:15]))  # its own, and of its children that ended
    for entry in Path("/proc").glob("[0-9]*"):
        found = _fields(entry.name)
        if found and found[1] == first:
            ticks += int(found[11]) + int(found[12])
    return ticks / _TICK


@contextmanager
def spent() -> Iterator[Spent]:
    """Note what the block takes."""
    told = Spent()
    tables, wal = _sizes()
    own, database = time.process_time(), _of_database()
    yield told
    told.own, told.database = time.process_time() - own, _of_database() - database
    after, now = _sizes()
    after.subtract(tables)
    told.tables, told.wal = Counter({name: one for name, one in after.items() if one}), now - wal


def fixed_work(times: int = 40) -> float:
    """Return the processor seconds that SHA-256 of 1 MiB takes here: what others are told in."""
    piece, began = bytes(MIB), time.process_time()
    for _ in range(times):
        hashlib.sha256(piece).digest()
    return (time.process_time() - began) / times


def lying(folder: Path) -> tuple[int, int]:
    """Return the bytes of all files in a folder, and those that their blocks take."""
    found = [path.stat() for path in folder.rglob("*") if path.is_file()]
    return sum(one.st_size for one in found), sum(one.st_blocks * 512 for one in found)
