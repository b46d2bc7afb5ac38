"""
Scratch tables of the bench, and the one act that is measured: a head row in its transaction.

`Plain` has no log at all: neither event nor the column that names it. `Logged` is what every act's
table has: NOT NULL UNIQUE reference, deferred trigger. The others are what one could have instead.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar
from uuid import UUID, uuid4

from auditlog.registry import auditlog
from django.conf import settings
from django.db import connection, models, transaction
from pymerkle import SqliteTree

from audit import services
from audit.events import Event

STATES = ("MX", "SV")
OWNER = UUID(int=1 << 100)


@dataclass(frozen=True, slots=True)
class HeadMade(Event):
    """What the bench's act leaves in the log: as many fields as an act of the product."""

    kind: ClassVar[str] = "bench.head.made"
    subject_field: ClassVar[str] = "head"
    head: str
    client: str
    digest: str


class _Head(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4)
    owner = models.UUIDField()
    client_id = models.UUIDField()
    request_digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.id)


class Plain(_Head):
    """Without any log."""

    class Meta:
        app_label = "bench"


class Logged(_Head):
    """With ours."""

    audit_event_id = models.BigIntegerField(unique=True)

    class Meta:
        app_label = "bench"


class Followed(_Head):
    """With django-auditlog's, which hears of it by a signal."""

    class Meta:
        app_label = "bench"


class Proven(_Head):
    """With a tree of pymerkle's in a file, which is told after the commit."""

    class Meta:
        app_label = "bench"


MODELS: tuple[type[_Head], ...] = (Plain, Logged, Followed, Proven)


def make_tables() -> None:
    """Make the tables, as migrations make those of the product."""
    auditlog.register(Followed)
    with connection.schema_editor() as editor:
        for model in MODELS:
            editor.create_model(model)
            table = model._meta.db_table  # noqa: SLF001 - Django's own way
            editor.execute(f"CREATE UNIQUE INDEX ON {table} (owner, client_id)")
        table = Logged._meta.db_table  # noqa: SLF001
        editor.execute(
            f"CREATE CONSTRAINT TRIGGER {table}_has_event AFTER INSERT OR UPDATE OR DELETE"
            f" ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
            " EXECUTE FUNCTION audit_demand('{}')"
        )


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the bench is an edge


def _fields(now: datetime) -> dict[str, object]:
    client = uuid4()
    return {"owner": OWNER, "client_id": client, "request_digest": client.hex * 2, "at": now}


def _event(head: _Head) -> HeadMade:
    return HeadMade(
        states=STATES,
        head=str(head.id),
        client=str(head.client_id),
        digest=str(head.request_digest),
    )


# An act returns the id of its event, 0 if it has none.
Act = Callable[[], int]


def plain() -> int:
    """Do it without a log."""
    with transaction.atomic():
        Plain.objects.create(**_fields(_now()))
    return 0


def logged() -> int:
    """Do it as every service of the product does."""
    now = _now()
    with transaction.atomic():
        head = Logged(**_fields(now))
        head.audit_event_id = services.record(_event(head), actor=str(OWNER), at=now)
        head.save(force_insert=True)
    return head.audit_event_id


def followed() -> int:
    """Do it under django-auditlog."""
    with transaction.atomic():
        Followed.objects.create(**_fields(_now()))
    return 0


def proven_in(file: Path) -> Callable[[], Act]:
    """Return what makes the act of a writer of its own with one common tree in a file."""

    def prepare() -> Act:
        tree = SqliteTree(str(file))
        tree.con.execute("PRAGMA busy_timeout = 20000")

        def proven() -> int:
            with transaction.atomic():
                head = Proven.objects.create(**_fields(_now()))
            while True:
                try:
                    tree.append_entry(f"{head.id} {head.client_id} {head.request_digest}".encode())
                except sqlite3.OperationalError:  # locked by another writer for too long
                    continue
                return 0

        return proven

    return prepare


def acts() -> dict[str, Callable[[], Act]]:
    """Return by name what a writer calls once to have its act."""
    file = Path(settings.DATA_DIR) / "pymerkle.sqlite3"
    return {
        "no log": lambda: plain,
        "the log": lambda: logged,
        "django-auditlog": lambda: followed,
        "pymerkle after it": proven_in(file),
    }


# ------------------------------------------------------------------ many in one transaction


def plain_batch(size: int) -> None:
    """Make many heads in one transaction without a log."""
    now = _now()
    with transaction.atomic():
        Plain.objects.bulk_create(Plain(**_fields(now)) for _ in range(size))


def logged_batch(size: int) -> None:
    """Make many heads in one transaction, each with its event, as a group commit does."""
    now = _now()
    with transaction.atomic():
        heads = [Logged(**_fields(now)) for _ in range(size)]
        ids = services.record_many(
            [_event(head) for head in heads], actors=[str(OWNER)] * size, at=now
        )
        for head, id_ in zip(heads, ids, strict=True):
            head.audit_event_id = id_
        Logged.objects.bulk_create(heads)
