"""One bit changes in PostgreSQL's own files: found before it is used, named, never signed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.faults.copied import copied
from tests.faults.ground import Ground
from tests.faults.world import reading
from tests.servers.configurations import Configuration

PAGE = 8192  # bytes; rows are filled in from the end of a page
ONLINE, SETTLED = 30.0, 60.0  # seconds
FOUND = "the database cannot be read: invalid page in block 0 of relation"
#  What the log is made of, and its sequencer reads.
LOG = ["audit_auditevent", pytest.param("audit_logentry", marks=pytest.mark.further)]
LOG += [pytest.param("audit_tile", marks=pytest.mark.further)]


@pytest.fixture(scope="module")
def ground(configuration: Configuration) -> Iterator[Ground]:
    with copied(configuration) as ground:
        yield ground


def flip(file: Path, at: int) -> None:
    """Change one bit."""
    with file.open("r+b") as both:
        both.seek(at)
        (byte,) = both.read(1)
        both.seek(at)
        both.write(bytes([byte ^ 1]))


def cluster(ground: Ground) -> Path:
    """Return the folder of PostgreSQL."""
    (folder,) = (ground.region.home / "volumes").glob("database")
    return folder


def written(ground: Ground, seconds: float = 2.0) -> None:
    """Let people write for a while, until all of it is with everybody and signed."""
    with ground.traffic.flowing():
        time.sleep(seconds)
    assert ground.traffic.settle(SETTLED)
    assert ground.signed() == 0


@contextmanager
def rotten(ground: Ground, table: str) -> Iterator[None]:
    """Let one bit of a table's first page be another one."""
    with psycopg.connect(ground.owner) as connection:
        row = connection.execute("SELECT pg_relation_filepath(%s)", [table]).fetchone()
    assert row is not None
    file = cluster(ground) / row[0]
    flipped(ground, file)
    try:
        yield
    finally:
        flipped(ground, file)


def flipped(ground: Ground, file: Path) -> None:
    """Stop PostgreSQL, change the bit, start it again."""
    ground.stop("postgres")
    flip(file, PAGE - 40)
    ground.region.again("postgres")
    assert ground.traffic.online(ONLINE)


@pytest.mark.timeout(600)
@pytest.mark.faults
@pytest.mark.parametrize("configuration", ["full"], indirect=True, scope="session")
class TestABitOfAPage:
    def test_of_messages_is_found_by_who_reads_them_and_named(self, ground: Ground) -> None:
        written(ground)
        with rotten(ground, "messaging_entry"):
            with pytest.raises(psycopg.errors.DataCorrupted):
                reading.postgresql(ground.owner)
            assert FOUND in ground._verified()
        assert ground._verified().endswith("The log is whole.\n")

    @pytest.mark.parametrize("table", LOG)
    def test_of_the_log_is_signed_by_nobody_and_all_goes_on_once_it_is_right_again(
        self, ground: Ground, table: str
    ) -> None:
        written(ground)
        with rotten(ground, table):
            before = reading.sizes(ground.owner)
            with ground.traffic.flowing():
                time.sleep(3)
            assert FOUND in ground._verified()
            assert reading.sizes(ground.owner) == before
        written(ground)
        assert ground._verified().endswith("The log is whole.\n")
        assert all(line["holds"] for line in ground._watched()[0])


@pytest.mark.timeout(600)
@pytest.mark.faults
@pytest.mark.parametrize("configuration", ["full"], indirect=True, scope="session")
class TestABitOfTheWriteAheadLog:
    """PostgreSQL takes what follows it for never written, and starts without a word of it."""

    def test_is_signed_by_nobody_who_remembers_more_and_told_by_whoever_watches(
        self, ground: Ground
    ) -> None:
        """The last in this region: it never signs again. What is done then is in operations.md."""
        with psycopg.connect(ground.owner) as connection:
            connection.execute("CHECKPOINT")
            row = connection.execute(
                "SELECT f.* FROM pg_walfile_name_offset(pg_current_wal_insert_lsn()) f"
            ).fetchone()
        assert row is not None
        written(ground)
        assert all(line["holds"] for line in ground._watched()[0])
        before = reading.sizes(ground.owner)
        ground.said()
        ground.kill("postgres")
        flip(cluster(ground) / "pg_wal" / row[0], row[1] + 60)
        ground.region.again("postgres")
        assert ground.traffic.online(ONLINE)
        left = reading.sizes(ground.owner)
        acts = next(origin for origin in left if origin.startswith("audit."))
        assert left[acts] < before[acts]
        with ground.traffic.flowing():
            time.sleep(5)
        assert ground.tells("sequencer", f"{acts}: this database was rolled back")
        assert reading.sizes(ground.owner) == left
        assert f"the anchor says {before[acts]} entries" in ground._verified()
        seen, _ = ground._watched()
        assert [line["holds"] for line in seen if line["log"] == acts] == [False]
