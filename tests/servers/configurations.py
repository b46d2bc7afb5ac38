"""The two ways to run: each prepares a migrated, seeded place once and copies it for every test."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from tools.region.postgres import Postgres
from tools.region.valkey import Valkey

from .casehub_server import Place

WEB_ROLE, SEQUENCER_ROLE = "casehub_web", "casehub_sequencer"


class Configuration(Protocol):
    """What a test knows of a configuration."""

    name: str
    processes: int  # server processes that make sense with it

    def fresh(self) -> Place:
        """Return a new place: demo region seeded, nobody has ever signed in."""
        ...

    def copy(self, place: Place) -> Place:
        """Return a place with what another holds now, as from a backup; nobody has it open."""
        ...


class Embedded:
    """SQLite, channel layer in memory, one process."""

    name = "embedded"
    processes = 1

    def __init__(self) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="casehub-embedded-"))
        self._numbers = itertools.count(1)
        self._template = Place(self.name, self._home / "template")

    def __enter__(self) -> Self:
        prepare(self._template)
        return self

    def fresh(self) -> Place:
        """Copy the template's whole data folder; nobody has it open."""
        return self.copy(self._template)

    def copy(self, place: Place) -> Place:
        """Copy a place's whole data folder."""
        data = self._home / str(next(self._numbers))
        shutil.copytree(place.data, data)
        return replace(place, data=data)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self._home, ignore_errors=True)


class Full:
    """PostgreSQL, Redis' protocol between two processes."""

    name = "full"
    processes = 2

    def __init__(self) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="casehub-full-"))
        self._numbers = itertools.count(1)
        self.postgres = Postgres()
        self.valkey = Valkey()

    def __enter__(self) -> Self:
        self.postgres.__enter__()
        self.valkey.__enter__()
        self._database = self.postgres.create()
        self._template = self._place(self._home / "template", self._database)
        prepare(self._template)
        return self

    def fresh(self) -> Place:
        """Copy the template's database inside the server, and its data folder."""
        return self.copy(self._template)

    def copy(self, place: Place) -> Place:
        """Copy a place's database inside the server, and its data folder."""
        data = self._home / str(next(self._numbers))
        shutil.copytree(place.data, data)
        database = place.settings["DATABASE_URL"].rpartition("/")[2]
        made = self._place(data, self.postgres.create(template=database))
        return replace(made, settings={**place.settings, **made.settings})

    def _place(self, data: Path, database: str) -> Place:
        def url(role: str = "") -> dict[str, str]:
            return {"DATABASE_URL": self.postgres.url(database, role=role)}

        web = {**url(WEB_ROLE), "REDIS_URL": self.valkey.url}
        return Place(self.name, data, web, owner=url(), sequencer=url(SEQUENCER_ROLE))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.valkey.__exit__(kind, error, trace)
        self.postgres.__exit__(kind, error, trace)
        shutil.rmtree(self._home, ignore_errors=True)


def prepare(place: Place) -> None:
    """Migrate as the owner, grant, and seed as the web would."""
    place.data.mkdir(parents=True)
    place.manage("migrate", "--verbosity", "0", **place.owner)
    if place.owner:
        roles = ("--app", WEB_ROLE, "--sequencer", SEQUENCER_ROLE)
        place.manage("database_roles", *roles, **place.owner)
    place.manage("seed_demo")
