"""
The database as one part: read out of a moment that stands still, and put back.

SQLite's own online backup copies the file while others write; PostgreSQL's is `pg_dump`, of a
snapshot that this process holds and reads in. No password is an argument or in an environment: the
programs of PostgreSQL read it from a file that only this user reads, and that ends with them.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import quote

from django.db import connection, transaction
from psycopg import sql

from audit.guarding import REVOKED
from casehub.accounts.models import Session, SocketTicket

from .errors import Stopped
from .stream import PIECE

SERVICE: Final = "casehub"
# What the programs of PostgreSQL are not told: what psycopg alone knows, and how long a line may
# take nothing in. A server that has much to write down takes nothing in, and lives.
_UNTOLD: Final = frozenset({"client_encoding", "prepare_threshold", "tcp_user_timeout"})
_ENDS: Final = ("-wal", "-shm", "-journal")  # of SQLite's own files beside its file
# What belongs to an extension goes with that alone, and was there before. All names are gathered
# before the first goes: CASCADE takes others along, and what is gone has a number and no name.
_EMPTIED: Final = """
    DO $$ DECLARE one text; BEGIN
        FOREACH one IN ARRAY ARRAY(
            SELECT 'TABLE IF EXISTS ' || oid::regclass FROM pg_class AS found
                WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
                AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass
                    AND objid = found.oid AND deptype = 'e')
            UNION ALL
            SELECT 'ROUTINE IF EXISTS ' || oid::regprocedure FROM pg_proc AS found
                WHERE pronamespace = current_schema()::regnamespace
                AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass
                    AND objid = found.oid AND deptype = 'e')) LOOP
            EXECUTE 'DROP ' || one || ' CASCADE';
        END LOOP;
    END $$
"""


def kind() -> str:
    """Return which database this is: sqlite or postgresql."""
    return str(connection.vendor)


def is_file() -> bool:
    """Say whether the database is a file of this machine."""
    return kind() == "sqlite"


def file() -> Path:
    """Return the file of SQLite's."""
    return Path(connection.settings_dict["NAME"])


def let_go() -> None:
    """Close every connection of this process to the database."""
    connection.close()
    if not is_file():
        connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's alone has one


@contextmanager
def pointed_at(name: Path | str) -> Iterator[None]:
    """Let this process read another database instead, for a while."""
    let_go()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = str(name)
    try:
        yield
    finally:
        let_go()
        connection.settings_dict["NAME"] = before


# ---------------------------------------------------------------------- out of it


@contextmanager
def standing_still() -> Iterator[Iterable[bytes]]:
    """
    Return the database's bytes; what is read meanwhile over the connection is of the same moment.

    :raises Stopped: `postgres-failed` or `clients-missing`, also while they are taken.
    """
    with _copied() if is_file() else _held() as portions:
        yield portions


@contextmanager
def _copied() -> Iterator[Iterable[bytes]]:
    # Beside the database: on the same disk, behind the same protections.
    copy = file().with_name(f".{file().name}.{secrets.token_hex(4)}.snapshot")
    try:
        try:
            os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            live = sqlite3.connect(f"file:{quote(str(file()))}?mode=ro", uri=True)
            with closing(live), closing(sqlite3.connect(copy)) as still:
                live.backup(still)
        except (OSError, sqlite3.Error) as error:  # no room for it, say
            said = f"The copy of {file()} beside it was not made: {error}"
            raise Stopped("file-unwritable", said) from error
        with pointed_at(copy):
            yield _portions(copy)
    finally:
        forget(copy)


def forget(database: Path) -> None:
    """Remove a file of SQLite's with what lies beside it."""
    for end in ("", *_ENDS):
        Path(f"{database}{end}").unlink(missing_ok=True)


def beside() -> list[Path]:
    """Return what an earlier database of SQLite's has left: it would be played into the next."""
    ends = [Path(f"{file()}{end}") for end in _ENDS] if is_file() else []
    return [one for one in ends if one.exists()]


def unfinished() -> list[Path]:
    """Return what a backup or a restore that was killed has left beside SQLite's file."""
    return sorted(file().parent.glob(f".{file().name}.*")) if is_file() else []


def _portions(copy: Path) -> Iterator[bytes]:
    let_go()  # so that nothing of it lies beside it
    with copy.open("rb") as read:
        while portion := read.read(PIECE):
            yield portion


@contextmanager
def _held() -> Iterator[Iterable[bytes]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        ((snapshot,),) = cursor.fetchall()
        yield _dumped(snapshot)


def _dumped(snapshot: str) -> Iterator[bytes]:
    # Owners and grants are of this installation: whoever restores owns, and grants anew.
    options = ["--format=custom", "--no-owner", "--no-acl", f"--snapshot={snapshot}"]
    with _program("pg_dump", *options, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None  # noqa: S101 - a pipe was asked for
        while portion := running.stdout.read(PIECE):
            yield portion


# ---------------------------------------------------------------------- back into it


def tables() -> int:
    """Return how many tables there are."""
    if is_file() and not file().exists():
        return 0
    try:
        with connection.cursor() as cursor:
            return len(connection.introspection.table_names(cursor))
    finally:
        let_go()  # an open one has files beside SQLite's, and goes on reading what had its name


def fill(dump: Path) -> None:
    """
    Put a dump of PostgreSQL's into the empty database, all of it or nothing.

    :raises Stopped: `postgres-failed` or `clients-missing`.
    """
    let_go()
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-acl"]
    with _program("pg_restore", *options, f"--dbname=service={SERVICE}", str(dump)):
        pass
    with connection.cursor() as cursor:
        # What migrations take from PUBLIC; grants of roles follow (`manage.py database_roles`).
        cursor.execute(REVOKED)


def empty() -> None:
    """Take away everything that `fill` has put into PostgreSQL's."""
    with connection.cursor() as cursor:
        cursor.execute(_EMPTIED)


@contextmanager
def spare() -> Iterator[str]:
    """
    Make an empty database beside this one in PostgreSQL; it is gone afterwards.

    :raises Stopped: `postgres-failed` if this role may not.
    """
    name = f"casehub_rehearsal_{secrets.token_hex(4)}"
    try:
        _at_once("CREATE DATABASE {}", name)
    except Exception as error:
        raise Stopped(
            "postgres-failed", f"no database can be made to try it in: {error}"
        ) from error
    try:
        yield name
    finally:
        _at_once("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _at_once(statement: str, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(sql.Identifier(name)))


def forget_sessions() -> None:
    """Let nobody be signed in who was when it was backed up."""
    # Not by models: the columns may be of an earlier release.
    with connection.cursor() as cursor:
        for model in (SocketTicket, Session):
            table = connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001 - Django's own way
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - a name of ours


def sound() -> str:
    """Return what SQLite says against its file, or nothing."""
    if not is_file():
        return ""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check(5)")
        said = "; ".join(str(line) for (line,) in cursor.fetchall())
    return "" if said == "ok" else said


# ---------------------------------------------------------------------- PostgreSQL's programs


@contextmanager
def _program(name: str, *options: str, **streams: Any) -> Iterator[subprocess.Popen[bytes]]:
    with (
        tempfile.TemporaryDirectory(prefix="casehub-") as private,
        tempfile.TemporaryFile() as said,
    ):
        environment = {
            **{one: os.environ[one] for one in ("PATH", "HOME", "TMPDIR") if one in os.environ},
            "LC_ALL": "C.UTF-8",
            "PGSERVICE": SERVICE,
            "PGSERVICEFILE": str(_service(Path(private))),
        }
        try:
            running = subprocess.Popen(  # noqa: S603 - a program of PostgreSQL's, by name
                [name, "--no-password", *options],
                env=environment,
                stdin=subprocess.DEVNULL,
                stderr=said,
                **streams,
            )
        except OSError as error:
            raise Stopped("clients-missing", name) from error
        with running:
            try:
                yield running
                running.wait()
            except BaseException:
                running.kill()  # before it is waited for: it may wait for this process
                raise
        if running.returncode:
            raise Stopped("postgres-failed", f"{name}: {_end_of(said)}")


def _service(private: Path) -> Path:
    told = connection.get_connection_params()
    lines = [f"[{SERVICE}]"]
    for name, value in told.items():
        if not isinstance(value, str | int) or isinstance(value, bool) or name in _UNTOLD:
            continue
        if str(value) != str(value).strip() or "\n" in str(value):
            raise Stopped("postgres-failed", f"its {name} begins or ends with a space")
        lines.append(f"{name}={value}")
    handle = os.open(private / "service", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write("\n".join([*lines, ""]))
    return private / "service"


def _end_of(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines()
    return "; ".join(lines[-3:]) or "it failed"
